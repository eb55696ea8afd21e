"""Scores of checked drafts: counted by hand over a few made findings; the cases that come along are whole."""

from __future__ import annotations

from collections import Counter

from eval.checker.drafts import OUTCOMES, DraftCase, DraftScore, bundled_cases, scored
from rag.ingestion.bundled import bundled_papers
from rag.review.draft import DraftSentence, Finding
from rag.types import Evidence, Paper, Span

RIGHT, OTHER = (Paper(f"title:{name}", name, "It is so.") for name in ("right", "other"))


def found(outcome: str, paper: Paper | None = None) -> DraftSentence:
    findings = (Finding(Evidence(paper, Span(0, 9)), "supports", 0.9, False, ""),) if paper is not None else ()
    return DraftSentence("A sentence.", Span(0, 11), outcome, findings)  # type: ignore[arg-type]


def test_recall_wants_the_right_paper_and_precision_the_right_outcome() -> None:
    cases = [
        DraftCase("a", "supports", RIGHT.id),
        DraftCase("b", "supports", RIGHT.id),
        DraftCase("c", "contradicts", RIGHT.id),
        DraftCase("d", "nothing"),
    ]
    checked = [found("supported", RIGHT), found("supported", OTHER), found("supported", RIGHT), found("nothing")]
    assert scored(cases, checked) == [
        DraftScore("supports", 2, 1, 3, 2),
        DraftScore("contradicts", 1, 0, 0, 0),
        DraftScore("nothing", 1, 1, 1, 1),
    ]


def test_the_bundled_cases_name_bundled_papers() -> None:
    cases, known = bundled_cases(), {paper.id for paper in bundled_papers()}  # type: ignore[union-attr]
    assert set(Counter(case.stance for case in cases)) == set(OUTCOMES)
    assert all((case.paper in known) == (case.stance != "nothing") for case in cases)
    assert len({case.sentence for case in cases}) == len(cases) == 64
