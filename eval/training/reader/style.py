"""How far a question's wording alone tells that it is unanswerable: what the reader must not learn."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from eval.training.reader.passages import WORD


@dataclass
class QuestionOnly:
    """Logistic regression on a question's words alone."""

    weights: dict[str, float] = field(default_factory=dict)

    @staticmethod
    def _features(question: str) -> set[str]:
        tokens = WORD.findall(question.lower())
        return {"1 " + (tokens[0] if tokens else ""), "2 " + " ".join(tokens[:2])} | set(tokens)

    def fit(self, rows: Iterable[tuple[str, int]], passes: int = 4, seed: int = 3) -> None:
        """Fit by stochastic steps; the label is 1 for an unanswerable question."""
        data = [(self._features(q), y) for q, y in rows]
        shuffler = random.Random(seed)
        for _ in range(passes):
            shuffler.shuffle(data)
            for features, label in data:
                error = label - self._value(features)
                for name in features:
                    self.weights[name] = self.weights.get(name, 0.0) * 0.9999 + 0.1 * error

    def _value(self, features: set[str]) -> float:
        total = sum(self.weights.get(name, 0.0) for name in features)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def __call__(self, question: str) -> float:
        """The probability, from style alone, that the question is unanswerable."""
        return self._value(self._features(question))
