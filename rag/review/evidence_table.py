"""An evidence table: for each paper and each aspect one sentence of the abstract, word for word, or nothing; filled row by row.

The learned reader decides whether a sentence tells what a column asks. Its log-odds depend on how a question is worded, so they are held
against what the same question gets of sentences that tell nothing in particular.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rag.errors import WrongTable
from rag.protocols import PassageReader
from rag.query.question import understand
from rag.retrieval.reranker import around
from rag.retrieval.sentence_ranker import Match, SentenceRanker
from rag.review.aspects import Aspect
from rag.text.numerals import CARDINAL, LARGE
from rag.text.words import fold, is_content, stem, words
from rag.types import Evidence, Hit, Paper, Span

MOST_PAPERS = 500
"""Rows of one table."""
TOGETHER = 4
"""Papers that are read together: the questions are encoded once for them."""
CANDIDATES, OF_SEVERAL = 4, 2
"""Sentences of an abstract that the reader sees for the wording of a column, and for each of several, the best by late interaction."""
SURE, DOUBTFUL = 1.5, -0.5
"""Log-odds, less what the wording alone brings, from which a sentence stands in a cell, and from which with a doubt:
of questions whose twin cannot be answered, 57 % of the gold sentences and 6 % of the others reach the first, 80 and 20 % the second."""
USUAL_BIAS = -2.0
"""Wordings whose log-odds on sentences that tell nothing stay below this bring nothing by themselves."""
WEAK_ROLE = 0.65
"""Strength of a role's wording under which a cell is doubtful."""
HINTED = {"counts": 2.5, "data": 1.5}
"""How much less the reader must be sure of a sentence that a rule has found as well: one that counts participants, or is about data."""
DECOYS = (
    "We propose a new method for this problem.",
    "The results are discussed in the light of earlier work.",
    "However, earlier work does not consider this case.",
    "These findings suggest a role in the process.",
    "Extensive experiments show that it outperforms earlier methods.",
    "It was also shown that the two interact.",
)
"""Sentences that tell nothing in particular."""
_NUMBER = re.compile(r"(?<![\w.])\d[\d,. ]{0,12}+(?:k\b)?(?![\d%])")
_SPELLED = re.compile(rf"(?i)\b(?:{CARDINAL}|{LARGE})\b")
_GROUP_SIZE = re.compile(r"\b[nN] ?= ?\d")
_WORDS_BEHIND, REACH = 7, 90
"""Words behind a number among which the thing that it counts is, and the characters in which they are looked for."""
MET = 0.5
"""Best cosine from which a sentence has something like a word."""


@dataclass(frozen=True, slots=True)
class EvidenceCell:
    """A sentence of the abstract, or none if it states nothing; `doubtful` where it may not be what the column asks."""

    evidence: Evidence | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A paper and its cells, one a column."""

    paper: Paper
    cells: tuple[EvidenceCell, ...]


def checked(papers: Sequence[Paper]) -> Sequence[Paper]:
    """The papers, if a table may have so many rows. Raises WrongTable."""
    if not papers:
        raise WrongTable("No papers are chosen for the table. Name papers, a collection or a question.")
    if len(papers) > MOST_PAPERS:
        raise WrongTable(
            f"A table may have {MOST_PAPERS} rows, and {len(papers):,} papers were chosen: choose a collection or ask a question."
        )
    return papers


@dataclass
class TableFiller:
    """Fills tables. Without a `pairs` reader, cells are chosen by wording and late interaction alone, and more of them are doubtful."""

    ranker: SentenceRanker
    pairs: PassageReader | None
    _bias: dict[str, float] = field(default_factory=dict)

    def rows(self, papers: Sequence[Paper], aspects: Sequence[Aspect]) -> Iterator[EvidenceRow]:
        """One row a paper, in their order, each as soon as it is filled."""
        for together in (papers[at : at + TOGETHER] for at in range(0, len(papers), TOGETHER)):
            found = {aspect.name: self._column(together, aspect) for aspect in aspects}
            for paper in together:
                yield EvidenceRow(paper, tuple(found[aspect.name][paper.id] for aspect in aspects))

    def _column(self, papers: Sequence[Paper], aspect: Aspect) -> dict[str, EvidenceCell]:
        if aspect.role is not None and not aspect.questions:
            return {paper.id: self._of_role(paper, aspect) for paper in papers}
        read = [self._matches(papers, wording) for wording in aspect.questions]
        return {paper.id: self._read(paper, aspect, [matches.get(paper.id, []) for matches in read]) for paper in papers}

    def _matches(self, papers: Sequence[Paper], wording: str) -> dict[str, list[Match]]:
        own: dict[str, list[Match]] = {}
        for match in self.ranker.matches(understand(wording), [Hit.of(paper) for paper in papers]):
            own.setdefault(match.evidence.paper.id, []).append(match)
        return own

    # --- by the role that a sentence has in its abstract

    def _of_role(self, paper: Paper, aspect: Aspect) -> EvidenceCell:
        reading = self.ranker.read(paper)
        labelled = [place for place, span in enumerate(reading.spans) if _labelled(paper, span, aspect.labels)]
        own = labelled or [place for place, part in enumerate(reading.parts) if part.role == aspect.role]
        if not own:
            return EvidenceCell()

        def strength(place: int) -> float:
            part = reading.parts[place]
            return part.strength if part.role == aspect.role else 0.0

        best = max(own, key=lambda place: (strength(place), -place))
        return EvidenceCell(Evidence(paper, reading.spans[best], strength(best)), not labelled and strength(best) < WEAK_ROLE)

    # --- by the learned reader

    def _read(self, paper: Paper, aspect: Aspect, by_wording: Sequence[list[Match]]) -> EvidenceCell:
        """The sentence that some wording is surest of."""
        best: tuple[float, Match] | None = None
        first = self._behind(paper) if aspect.among != "all" else 0
        most = CANDIDATES if len(aspect.questions) == 1 else OF_SEVERAL
        for wording, matches in zip(aspect.questions, by_wording, strict=True):
            fitting = (match for match in matches if _fits(match, aspect, first))
            for match, sure in self._sure(wording, matches, list(islice(fitting, most)), aspect):
                if best is None or sure > best[0]:
                    best = (sure, match)
        # A sentence that counts participants is the sample, or next to it, however sure the reader is.
        if best is None or (best[0] < DOUBTFUL and aspect.among != "counts"):
            return EvidenceCell()
        return EvidenceCell(best[1].evidence, best[0] < SURE)

    def _sure(self, wording: str, own: Sequence[Match], chosen: Sequence[Match], aspect: Aspect) -> list[tuple[Match, float]]:
        """How sure it is that each of the `chosen` sentences answers, all its paper's `own` being read."""
        if self.pairs is None or not chosen:
            return [(match, DOUBTFUL if _met(match) else DOUBTFUL - 1) for match in chosen]
        read = around(chosen[0], own)
        (odds,) = self.pairs.answers(wording, [(read[0].evidence.paper.title, [match.text for match in read])])
        found = {match.position: one for match, one in zip(read, odds, strict=True)}
        less = max(0.0, self._bias_of(wording) - USUAL_BIAS)
        more = HINTED.get(aspect.among, 0.0) if aspect.role is None else HINTED["counts"]
        return [(match, found[match.position] - less + more) for match in chosen if match.position in found]

    def _bias_of(self, wording: str) -> float:
        """The log-odds that the wording gets of a sentence that tells nothing in particular, at most."""
        if wording not in self._bias and self.pairs is not None:
            self._bias[wording] = max(max(own) for own in self.pairs.answers(wording, [("A study", [decoy]) for decoy in DECOYS]))
        return self._bias[wording]

    def _behind(self, paper: Paper) -> int:
        """The place of the first sentence that tells what the authors did."""
        parts = self.ranker.read(paper).parts
        return next((place for place, part in enumerate(parts) if part.role in ("approach", "result")), 0)


def _labelled(paper: Paper, span: Span, labels: Sequence[str]) -> bool:
    return any(part.span.start <= span.start < part.span.end and fold(part.name).strip(" :") in labels for part in paper.parts)


def _fits(match: Match, aspect: Aspect, first: int) -> bool:
    """Whether the column reads this sentence at all."""
    if aspect.role is not None and match.role != aspect.role:
        return False
    if aspect.among == "counts":
        return _counts(match.text, aspect.units)
    if aspect.among != "all" and match.position < first:
        return False
    if aspect.among == "own" and match.role == "approach":
        return False
    return not aspect.cues or not aspect.cues.isdisjoint(map(stem, words(match.text)))


def _counts(text: str, units: frozenset[str]) -> bool:
    """Whether a number in the text counts one of the units, which are stems: `303 nondiabetic patients`, `n = 17`."""
    if _GROUP_SIZE.search(text):
        return True
    numbers = (*_NUMBER.finditer(text), *_SPELLED.finditer(text))
    return any(
        not units.isdisjoint(map(stem, words(text[found.end() : found.end() + REACH])[:_WORDS_BEHIND])) for found in numbers
    )


def _met(match: Match) -> bool:
    """Whether the sentence has something like every content word of the question."""
    return all(score >= MET for word, score in match.words.items() if is_content(word))
