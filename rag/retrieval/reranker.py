"""Ranks the sentences that late interaction found once more, by a reader that sees question and sentence together.

The reader's score of 0 stands for "none of these sentences", so the same scores say how surely the question is answered at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.protocols import PairReader
from rag.retrieval.sentence_ranker import Match

CANDIDATES = 8
"""Sentences that are read, the best by late interaction: to read twelve changes the first sentence of none of 1,600 questions."""
LATE_SHARE = 15.0
"""What a point recently interaction counts beside the reader's log-odds: a conditional logit over some 700 questions on held-out and bundled papers gives 14.8."""

MOST_ODDS = 12.0
"""Log-odds beyond which the reader is as sure as it can be."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Sentences best first, and the log-odds that one of them answers the question."""

    matches: tuple[Match, ...]
    answered: float

    @property
    def signs(self) -> dict[str, float]:
        """What the reader says, for a decision whether the papers answer: log-odds of any sentence and of the first, bounded."""
        first = self.matches[0].answers if self.matches else None
        return {"answered": _bounded(self.answered), "first answers": _bounded(first if first is not None else -math.inf)}


class Reranker:
    """Reads the best candidates of each question; what is not read stays behind, in its order."""

    def __init__(self, reader: PairReader, candidates: int = CANDIDATES) -> None:
        self._reader = reader
        self._candidates = candidates

    @property
    def reader(self) -> PairReader:
        return self._reader

    def rank(self, question: str, matches: Sequence[Match]) -> Ranked:
        read = matches[: self._candidates]
        odds = self._reader.answers(question, [(match.evidence.paper.title, match.text) for match in read])
        scored = [(one + LATE_SHARE * match.score, replace(match, answers=one)) for one, match in zip(odds, read, strict=True)]
        best = sorted(scored, key=lambda pair: (-pair[0], pair[1].evidence.paper.id, pair[1].position))
        return Ranked((*(match for _, match in best), *matches[self._candidates :]), _either(odds))


def _bounded(odds: float) -> float:
    return max(-MOST_ODDS, min(MOST_ODDS, odds))


def _either(odds: Sequence[float]) -> float:
    """The log-odds that any of them answers: log of the sum of their odds; minus infinity if there is none."""
    most = max(odds, default=-math.inf)
    return most + math.log(math.fsum(math.exp(one - most) for one in odds)) if odds else most
