"""Answers where the built-in readers read neither: the sentence that an encoder's vectors put nearest to the question, if it stands out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.citations import Block, Draft
from rag.errors import ModelFailed
from rag.query.frames import framed
from rag.query.languages import READ, UNKNOWN, is_read, language_asked
from rag.query.paper_names import named, named_by_title
from rag.query.plan import QueryPlan
from rag.retrieval.hybrid import HybridSearch
from rag.retrieval.vector_reader import PAPERS, Ranked, VectorReader, written_in_another
from rag.types import Evidence, Hit, PastTurn, Refusal

FURTHER = 2
"""Sentences of the same paper that may add to the nearest one."""
MARGIN = 0.75
"""Standard deviations behind the nearest sentence up to which one adds to it. Chosen."""
BUILT_IN_FIRST = frozenset(("en", "de", "fr"))
"""Languages that the built-in readers read even where an encoder does; of others only questions that are asked as in a frame."""
OFFERED = 13
"""Sentences offered to a language model. Chosen as many as it is offered of any question."""

_LATIN = re.compile(r"[^\W\u0370-\uffff]+|[^\w\s]+")
"""Words in Latin letters and signs: in a Chinese question the names of papers, which stand there without spaces."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What the vectors say: the answer, the papers, the sentences for a language model, and what a person must know."""

    draft: Draft
    hits: tuple[Hit, ...] = ()
    offered: Draft = field(default_factory=Draft)
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class VectorWriter:
    """Answers by `reader`'s encoder; `name` is what people call the encoder."""

    reader: VectorReader
    name: str

    def unread(self, question: str, search: HybridSearch) -> str | None:
        """The language of a question that the built-in readers cannot read; None if they can, or if only they can."""
        language = language_asked(question)
        if is_read(question, language, search.holds) and (language in BUILT_IN_FIRST or framed(question, language) is not None):
            return None
        try:
            known = language not in READ or self.reader.reads(language)
        except ModelFailed:
            known = False  # the glossary reads something of it
        return language if known else None

    def is_needed(self, asked: QueryPlan, hits: Sequence[Hit]) -> bool:
        """Whether the first paper found for a question on one point is in another language than English."""
        return asked.kind in ("fact", "method") and bool(hits) and written_in_another(hits[0].paper)

    def is_nearer(self, asked: QueryPlan, search: HybridSearch) -> bool:
        """The same of the paper that the vectors alone find; False where a server fails."""
        try:
            return self.is_needed(asked, self._hits(asked.text, search, 1))
        except ModelFailed:
            return False

    def answer(self, question: str, language: str, search: HybridSearch, history: Sequence[PastTurn], sources: int) -> Compared:
        """The answer, or why there is none; a question that nothing stands out for is asked once more behind the one before it."""
        try:
            if not self.reader.reads(language):
                return Compared(Draft(refusal=Refusal("unread_language", (self.name,))))
            said = self._found(question, language, search, sources)
            if history and said.draft.refusal is not None:
                together = self._found(f"{history[-1].question} {question}", language, search, sources)
                said = said if together.draft.refusal is not None else together
            return said
        except ModelFailed as error:
            return Compared(Draft(refusal=Refusal("encoder_failed", (self.name,))), notices=(str(error),))

    def _found(self, question: str, language: str, search: HybridSearch, sources: int) -> Compared:
        hits = self._hits(question, search, sources)
        ranked = self.reader.rank(question, language, hits)
        notice = f"This was compared by the vectors of {self.name}, because the built-in reader does not read the language of {_what(language)}."
        if not ranked.answers:
            return Compared(Draft(refusal=Refusal("nothing_found")), tuple(hits), notices=(notice,))
        return Compared(_quoted(_nearest(ranked)), tuple(hits), _quoted(ranked.sentences[:OFFERED]), (notice,))

    def _hits(self, question: str, search: HybridSearch, limit: int) -> list[Hit]:
        """Papers by meaning, those called by name first: the words of another language would only find chance likenesses."""
        self.reader.encoder.encode([question])  # kept, so that a failure is not taken for a search by words
        best = search.by_meaning(question)
        ids = list(best)
        passages = {passage.paper.id: passage for passage in search.collection.records.passages([best[id][0] for id in ids])}
        found = [passages[id] for id in ids if id in passages]
        names = " ".join(_LATIN.findall(question))
        called = [paper for paper in named(names, [passage.paper for passage in found]) if named_by_title(names, paper)]
        first = sorted(found, key=lambda passage: passage.paper not in called)[: max(limit, PAPERS)]
        highest = max((best[passage.paper.id][1] for passage in first), default=0.0)
        return [
            Hit(passage, max(0.0, best[passage.paper.id][1] / highest) if highest > 0 else 0.0, "meaning") for passage in first
        ]


def plan_of(question: str) -> QueryPlan:
    """The plan of a question whose wording is not understood."""
    return QueryPlan(question, "fact", language=UNKNOWN, standalone=question)


def _nearest(ranked: Ranked) -> list[Evidence]:
    """The nearest sentence and those of its paper close behind it, as they stand in the abstract."""
    first = ranked.sentences[0]
    own = [one for one in ranked.sentences[1:] if one.paper.id == first.paper.id and one.score >= first.score - MARGIN]
    return sorted([first, *own[:FURTHER]], key=lambda one: one.span.start)


def _quoted(evidence: Sequence[Evidence]) -> Draft:
    return Draft((Block(tuple(evidence)),))


def _what(language: str) -> str:
    return "the papers found" if language == "en" else "the question"
