"""Measures that need the sources a system retrieved, or a reference answer: for answers of any system.

Definitions after Ragas (Es et al., EACL 2024) and RAGChecker (Ru et al., NeurIPS 2024), with the grounding checker in place of a language model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eval.answers.types import SystemAnswer
from eval.scores.claim_verdicts import Judged
from eval.scores.registry import declare
from eval.types import Score
from rag.protocols import Checker
from rag.text.sentences import sentences
from rag.text.words import content_words

SAYS_SOMETHING = 2

declare("context_precision", "Search", "context precision", "0–1")
declare("context_recall", "Search", "context recall")
declare("completeness", "Answers", "points of the reference said")
declare("noise_sensitivity", "Answers", "claims from sources beside the point", better="less")


def outside_scores(answer: SystemAnswer, judged: Judged, checker: Checker) -> Iterator[Score]:
    """The scores that apply: context precision and recall, completeness and noise sensitivity need a reference."""
    if not answer.reference or (not judged.answer.claims and not answer.sources):
        return
    points = _points(answer.reference)
    if not points:
        return
    texts = [source.text for source in answer.sources]
    yield _share(
        "context_recall", [_says(checker, point, texts) for point in points], "points of the reference stand in the sources"
    )
    useful = [any(_says(checker, point, [text]) for point in points) for text in texts]
    yield _precision(useful)
    said = [claim.text for claim in judged.answer.claims]
    yield _share("completeness", [_says(checker, point, said) for point in points], "points of the reference are said")
    yield _noise(answer, judged, checker, useful)


def _points(reference: str) -> list[str]:
    found = [span.of(reference) for span in sentences(reference)]
    return [point for point in found if len(content_words(point)) >= SAYS_SOMETHING] or ([reference] if reference.strip() else [])


def _says(checker: Checker, claim: str, texts: Sequence[str]) -> bool:
    return bool(texts) and checker.check(claim, texts).verdict == "supported"


def _precision(useful: Sequence[bool]) -> Score:
    """Mean precision at the rank of each useful source (average precision)."""
    at = [sum(useful[: rank + 1]) / (rank + 1) for rank, one in enumerate(useful) if one]
    value = sum(at) / len(at) if at else 0.0 if useful else None
    return Score("context_precision", value, f"{sum(useful)} of {len(useful)} sources hold a point of the reference")


def _noise(answer: SystemAnswer, judged: Judged, checker: Checker, useful: Sequence[bool]) -> Score:
    """Share of the claims that the reference does not hold and a source without any point of it does."""
    idle = [source.text for source, one in zip(answer.sources, useful, strict=True) if not one]
    misled = [
        not _says(checker, claim.text, [answer.reference]) and _says(checker, claim.text, idle) for claim in judged.answer.claims
    ]
    return _share("noise_sensitivity", misled, "claims rest on sources beside the point")


def _share(name: str, right: Sequence[bool], what: str) -> Score:
    if not right:
        return Score(name, None, "the answer has no claim")
    return Score(name, sum(right) / len(right), f"{sum(right)} of {len(right)} {what}", len(right))
