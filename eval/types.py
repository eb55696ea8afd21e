"""The nouns of an evaluation run: what was measured on which case, and what the whole run went by. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eval.cases.reading import Case
from rag.types import Answer, Citation, Hit, Judgement

AROUND = 300
"""Characters of the abstract kept before and after a quote, so that a report can show it in its place."""
OF_OTHERS = "sources"
"""What a run of other systems' answers has in place of the name of a library of papers."""


@dataclass(frozen=True, slots=True)
class Score:
    """One measure of one case and why it has this value; `value` is None if it applies but cannot be scored.

    `of` is how many things it is a share of (sentences, citations), which is its weight in a mean; 1 where the case as a whole is scored.
    A measure that says nothing about a case, such as the precision of a list for a case that asks for none, has no score at all there.
    """

    name: str
    value: float | None
    why: str
    of: int = 1


@dataclass(frozen=True, slots=True)
class Result:
    """A case, the answer that it got as JSON (None if asking failed, which `error` tells), and what that is worth.

    `judgements` are the checker's words on the answer's claims, one a claim, in order. `found` holds the papers that each stage of
    search brought (`words`, `meaning`, `both`), best first.
    """

    case: Case
    answer: Mapping[str, Any] | None
    judgements: tuple[Judgement, ...] = ()
    found: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scores: tuple[Score, ...] = ()
    error: str = ""

    def score(self, name: str) -> Score | None:
        """The score of this name; None if the measure does not apply to the case."""
        return next((score for score in self.scores if score.name == name), None)


@dataclass(frozen=True, slots=True)
class Hashed:
    """Something that a run depended on: its name, the SHA-256 of its content, and how many there are of it where it is many."""

    name: str
    sha256: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Header:
    """All that a run's results depend on, without secrets and without anything that changes from one run to the next."""

    writer: str
    cases: Hashed
    papers: Hashed
    encoder: Hashed
    prompts: Hashed
    checker: str
    card: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds by stage of one case's answer; `cached` where the answer was not asked for again and they are those of that time."""

    id: str
    seconds: Mapping[str, float]
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One whole run. `notices` tell what a reader should know of it, such as that it was interrupted."""

    header: Header
    results: tuple[Result, ...]
    notices: tuple[str, ...] = ()


def answer_record(answer: Answer) -> dict[str, Any]:
    """The answer as JSON values, without its seconds: the same answer gives the same record."""
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "status": answer.status,
        "text": answer.text,
        "writer": answer.writer,
        "claims": [
            {
                "text": claim.text,
                "citations": list(claim.citations),
                "verdict": claim.verdict,
                "score": claim.score,
                "reason": claim.reason,
            }
            for claim in answer.claims
        ],
        "citations": [_citation(citation) for citation in answer.citations],
        "hits": [_hit(hit) for hit in answer.hits],
        "notices": list(answer.notices),
        "usage": dict(answer.usage),
        "refusal": answer.refusal.code if answer.refusal else None,
        "corrected": answer.corrected,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    paper, span = citation.paper, citation.span
    return {
        "number": citation.number,
        "paper": paper.id,
        "title": paper.title,
        "byline": paper.byline,
        "url": paper.url,
        "start": span.start,
        "end": span.end,
        "before": paper.abstract[max(0, span.start - AROUND) : max(0, span.start)],
        "quote": citation.quote,
        "after": paper.abstract[span.end : span.end + AROUND],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {"paper": hit.paper.id, "title": hit.paper.title, "score": round(hit.score, 6), "found_by": hit.found_by}
