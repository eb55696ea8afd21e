"""A case, its answers and its papers, to be scored."""

from __future__ import annotations

from typing import Any

from eval.cases.reading import Case
from rag.types import Answer, Citation, Claim, Hit, Paper, Passage, Span, Status

# Sentences of bees: 0–11, 12–37, 38–60.
BEES = Paper("bees", "On bees", "Bees dance. They do so in the night. 18x faster than flies.")


ANTS = Paper("ants", "On ants", "Ants walk in lines.")


FLIES = Paper("flies", "On flies", "Flies fly.")


WASPS = Paper("wasps", "On wasps", "Wasps sting.")


BY_ID = {paper.id: paper for paper in (BEES, ANTS, FLIES, WASPS)}


DANCE, NIGHT, FASTER = Span(0, 11), Span(12, 36), Span(37, 59)


WHOLE = {ANTS: Span(0, 19), FLIES: Span(0, 10), WASPS: Span(0, 12)}


def case(kind: Any = "fact", papers: tuple[str, ...] = ("bees",), **fields: Any) -> Case:
    return Case("one", kind, "dev", "What do bees do?", papers=papers, **fields)


def answer(*cited: tuple[Paper, Span], hits: tuple[Paper, ...] = (), text: str | None = None) -> Answer:
    """An answer that quotes these in order, one claim each."""
    citations = tuple(Citation(number, paper, span) for number, (paper, span) in enumerate(cited, 1))
    claims = tuple(Claim(citation.quote, (citation.number,)) for citation in citations)
    written = " ".join(f"{citation.quote} [{citation.number}]" for citation in citations) if text is None else text
    status: Status = "answered" if cited else "not_found"
    return Answer("What do bees do?", "What do bees do?", status, written, "quotes", claims, citations, tuple(map(hit, hits)))


def hit(paper: Paper) -> Hit:
    return Hit(Passage(f"{paper.id}#1", paper, Span(0, len(paper.abstract))), 1.0, "both")


def whole(*papers: Paper) -> list[tuple[Paper, Span]]:
    return [(paper, WHOLE.get(paper, DANCE)) for paper in papers]
