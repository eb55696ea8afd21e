"""An answer as JSON values that are kept, and back. A paper is held once, whole, so that an answer stays what it was when papers change."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, get_args

from rag.types import Answer, Citation, Claim, Hit, Paper, Passage, Refusal, RefusalCode, Span

REMEMBERED = 256
"""Answers that are kept as they were read, some 50 kB each."""
_PLAIN = ("question", "standalone_question", "status", "text", "writer")


def packed(answer: Answer) -> str:
    """The answer as one line of JSON."""
    papers = {
        paper.id: _paper(paper)
        for paper in (
            *(each.paper for each in answer.citations),
            *(each.paper for each in answer.hits),
            *(answer.refusal.nearest if answer.refusal else ()),
        )
    }
    return json.dumps(
        {
            **{name: getattr(answer, name) for name in _PLAIN},
            "claims": [[claim.text, claim.citations, claim.verdict, claim.score, claim.reason] for claim in answer.claims],
            "citations": [[each.number, each.paper.id, each.span.start, each.span.end] for each in answer.citations],
            "hits": [[hit.passage.id, hit.paper.id, hit.passage.span.start, hit.passage.span.end, hit.score, hit.found_by] for hit in answer.hits],
            "papers": papers,
            "notices": answer.notices,
            "seconds": dict(answer.seconds),
            "usage": dict(answer.usage),
            "refusal": _refusal(answer.refusal),
            "corrected": answer.corrected,
            "suggestions": answer.suggestions,
        }
    )  # fmt: skip


@lru_cache(REMEMBERED)
def unpacked(text: str) -> Answer:
    """The answer that `packed` made the text of; not to be changed, as it is remembered: each answer reads the whole conversation thrice."""
    kept: dict[str, Any] = json.loads(text)
    papers = {id: Paper(**{**paper, "authors": tuple(paper["authors"])}) for id, paper in kept["papers"].items()}
    return Answer(
        **{name: kept[name] for name in _PLAIN},
        claims=tuple(Claim(text, tuple(numbers), *rest) for text, numbers, *rest in kept["claims"]),
        citations=tuple(Citation(number, papers[id], Span(start, end)) for number, id, start, end in kept["citations"]),
        hits=tuple(_hit(papers, *each) for each in kept["hits"]),
        notices=tuple(kept["notices"]),
        seconds=kept["seconds"],
        usage=kept["usage"],
        refusal=_refused(kept.get("refusal"), papers),
        corrected=str(kept.get("corrected", "")),
        suggestions=tuple(kept.get("suggestions", ())),
    )


def _refusal(refusal: Refusal | None) -> list[Any] | None:
    return None if refusal is None else [refusal.code, refusal.names, [paper.id for paper in refusal.nearest]]


def _refused(kept: Sequence[Any] | None, papers: Mapping[str, Paper]) -> Refusal | None:
    """None of an answer, and of one that was kept before refusals had codes."""
    if kept is None or kept[0] not in get_args(RefusalCode):
        return None
    code, names, nearest = kept
    return Refusal(code, tuple(names), tuple(papers[id] for id in nearest))


def _hit(papers: Mapping[str, Paper], passage: str, id: str, start: int, end: int, score: float, found_by: Any) -> Hit:
    return Hit(Passage(passage, papers[id], Span(start, end)), score, found_by)


def _paper(paper: Paper) -> dict[str, Any]:
    names = ("id", "title", "abstract", "authors", "year", "venue", "url", "source")
    return {name: getattr(paper, name) for name in names}
