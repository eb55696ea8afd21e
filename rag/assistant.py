"""Question to events to answer: understand, search, choose what to say, cite. `ask` is the last event of `stream`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rag import prompts
from rag.catalogue import CatalogueAnswer, CatalogueQuestion, answer_catalogue, understand_catalogue
from rag.cite import Block, Composer, heading
from rag.naming import named, short_name
from rag.question import Question, clean, understand
from rag.rewrite import standalone
from rag.search import HybridSearch
from rag.sentences import sentences
from rag.translate import to_english
from rag.types import Answer, AskOptions, Event, Finished, Hit, Paper, Passage, Searched, Span, Status, Wrote
from rag.writers.quotes import Draft, QuoteWriter

HITS_FOR_LISTS = 30
NAMED_NEAREST = 3
EXAMPLE = "Which papers deal with graphs?"


@dataclass(slots=True)
class Clock:
    """Seconds by stage."""

    seconds: dict[str, float] = field(default_factory=dict)
    _started: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self._started, 6)
        self._started = now


@dataclass(frozen=True)
class LibraryAssistant:
    """Answers over one library. `sources` is how many hits an answer brings back."""

    search: HybridSearch
    writer: QuoteWriter
    papers: Callable[[], Sequence[Paper]]
    sources: int = 10

    def ask(self, question: str, history: Sequence[str] = (), options: AskOptions | None = None) -> Answer:
        *_, last = self.stream(question, history, options)
        assert isinstance(last, Finished)
        return last.answer

    def stream(self, question: str, history: Sequence[str] = (), options: AskOptions | None = None) -> Iterator[Event]:
        """`Searched`, then `Wrote` for each piece of text, then `Finished`. Never fails because of what the question holds."""
        yield from self._with(options or AskOptions())._stream(question, history)

    def _with(self, options: AskOptions) -> LibraryAssistant:
        """This assistant as the options want it for one question."""
        chosen = self if options.sources is None else replace(self, sources=options.sources)
        if options.scope is None:
            return chosen
        within = replace(self.search, scope=options.scope)
        inside = [paper for paper in self.papers() if paper.id in options.scope]
        return replace(
            chosen, search=within, writer=replace(self.writer, search=within.search, holds=within.holds), papers=lambda: inside
        )

    def _stream(self, question: str, history: Sequence[str]) -> Iterator[Event]:
        clock = Clock()
        alone = self._standalone(clean(question), [clean(earlier) for earlier in history])
        clock.lap("rewrite")
        asked = understand(alone)
        papers = self.papers()
        catalogue = understand_catalogue(asked.text, papers)
        if catalogue is None and asked.is_empty:
            yield from self._finish(question, alone, Draft(missing=""), [], clock)
            return
        if catalogue is not None and not (catalogue.topic and catalogue.filters):
            yield from self._from_catalogue(question, alone, catalogue, papers, clock)
            return
        if catalogue is not None:
            asked = replace(asked, kind="list")
        hits = self._hits(asked, catalogue, papers)
        clock.lap("search")
        yield Searched(alone, tuple(hits[: self.sources]))
        yield from self._finish(question, alone, self.writer.write(asked, hits), hits, clock)

    def _standalone(self, question: str, history: Sequence[str]) -> str:
        """By rule, which knows English: a question in another language is put into it only where there is a history to look at."""
        return (
            standalone(to_english(question), [to_english(earlier) for earlier in history], self.subject_of)
            if history
            else question
        )

    def subject_of(self, question: str) -> str | None:
        """The name of the paper (or of the two) that a question is about, found by asking the library."""
        asked = understand(clean(question))
        hits = [] if asked.is_empty else self.search.search(asked.text, NAMED_NEAREST)
        if not hits:
            return None
        called = named(asked.text, [hit.paper for hit in hits])
        return " and ".join(short_name(paper) for paper in called[:2]) if called else short_name(hits[0].paper)

    def _hits(self, asked: Question, catalogue: CatalogueQuestion | None, papers: Sequence[Paper]) -> list[Hit]:
        wide = asked.kind in ("list", "summary")
        brief = wide and asked.topic and len(sentences(asked.text)) == 1
        text = self.search.corrected(asked.topic if brief else asked.text)
        if catalogue is None:
            return self.search.search(text, max(self.sources, HITS_FOR_LISTS) if wide else self.sources)
        return [hit for hit in self.search.search(text, len(papers)) if catalogue.selects(hit.paper)]

    def _from_catalogue(
        self, question: str, alone: str, asked: CatalogueQuestion, papers: Sequence[Paper], clock: Clock
    ) -> Iterator[Event]:
        answer: CatalogueAnswer = answer_catalogue(asked, papers, self._one_paper)
        hits = [Hit(_whole(paper), 1.0, "words") for paper in answer.papers]
        clock.lap("search")
        yield Searched(alone, tuple(hits[: self.sources]))
        draft = Draft(answer.blocks) if answer.blocks else Draft(missing="no paper of the collection fits")
        yield from self._finish(question, alone, draft, hits, clock)

    def _one_paper(self, text: str) -> Paper | None:
        hits = self.search.search(text, self.sources)
        called = named(text, [hit.paper for hit in hits])
        return called[0] if called else hits[0].paper if hits else None

    def _finish(self, question: str, alone: str, draft: Draft, hits: Sequence[Hit], clock: Clock) -> Iterator[Event]:
        composer = Composer()
        for block in draft.blocks or (_refusal(draft, hits),):
            yield Wrote(composer.add(block))
        clock.lap("write")
        status: Status = "answered" if draft.blocks else "not_found"
        claims = tuple(composer.claims) if draft.blocks else ()
        yield Finished(
            Answer(
                question, alone, status, composer.text, self.writer.name, claims, tuple(composer.citations), tuple(hits[: self.sources]),
                seconds={**clock.seconds, "total": round(sum(clock.seconds.values()), 6)},
            )
        )  # fmt: skip


def _refusal(draft: Draft, hits: Sequence[Hit]) -> Block:
    if not draft.missing:
        return Block(plain=prompts.render("no_question", example=EXAMPLE))
    nearest = "; ".join(heading(hit.paper) for hit in hits[:NAMED_NEAREST])
    if nearest:
        return Block(plain=prompts.render("not_found_nearest", reason=draft.missing, nearest=nearest))
    return Block(plain=prompts.render("not_found", reason=draft.missing))


def _whole(paper: Paper) -> Passage:
    return Passage(f"{paper.id}#abstract", paper, Span(0, len(paper.abstract)))
