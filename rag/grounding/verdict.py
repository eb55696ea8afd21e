"""The fitted score of a claim: what its words, the rules and the learned reader say together, as one probability.

Two models, as they read different things: up to three sentences, which the learned reader reads with the claim, so that words are
compared out of context; and longer sources, where it is of no use and a rule that fires is often wrong. Their weights are `data/checker.json`, made by `python -m eval.training.checker`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

SHORT = 3
"""Sentences of a source up to which the reader reads them."""
_RECORD: Mapping[str, Any] = json.loads((resources.files("rag") / "data" / "checker.json").read_text(encoding="utf-8"))
SUPPORTED: float = _RECORD["thresholds"]["supported"]
"""From this score on a claim is supported, whatever it is held against: the one threshold of verdicts, and of the card."""
PARTLY: float = _RECORD["thresholds"]["partly"]
"""Under this score it is unsupported: one in twenty of the supported held-out claims of the reading set lies there."""
SETTLES: float = _RECORD["thresholds"]["settles"]
"""Log-odds from which on a second or third sentence is named as settling a claim: best F1 on SciFact's training claims."""
FLAGS = ("number", "denial", "reversal", "overclaim", "in_order")
SHORT_SIGNS = ("unmet", "absent", *FLAGS, "length", "read")
LONG_SIGNS = ("base", "comparison", "opposite", "name", *FLAGS)
"""What the two models weigh."""
MOST_ABSENT = 2
"""Names that no source has, beyond which more count no more. Chosen."""
CLEAREST = 9.0
"""Log-odds beyond which a score is as sure as it gets."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a claim and its source.

    `base` is the log-odds of the score by words alone (`Met.score`); `unmet` the share of the claim's words that no sentence has or means;
    `absent` how many of its names no source has; `length` the logarithm of its content words and one; `read` the log-odds that the reader
    gives to “supported”, None where it has not read; `in_order` whether one sentence has all words of the claim in their order; the other
    flags whether a rule that is not sure fired. `sentences` is how many the source has.
    """

    base: float
    sentences: int
    read: float | None = None
    unmet: float = 0.0
    absent: int = 0
    length: float = 0.0
    number: bool = False
    comparison: bool = False
    opposite: bool = False
    name: bool = False
    denial: bool = False
    reversal: bool = False
    overclaim: bool = False
    in_order: bool = False

    def values(self) -> dict[str, float]:
        """The signs by name, as the model for this length of source weighs them."""
        names = LONG_SIGNS if self.read is None else SHORT_SIGNS
        return {name: float(getattr(self, name)) for name in names}


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression over signs."""

    intercept: float
    weights: Mapping[str, float]

    def log_odds(self, signs: Mapping[str, float]) -> float:
        return math.fsum([self.intercept, *(own * signs.get(name, 0.0) for name, own in self.weights.items())])


def fitted_score(signs: Signs) -> float:
    """How surely the claim is supported, in 0…1, by the model for this length of source."""
    return probability(models()["short" if signs.read is not None else "long"].log_odds(signs.values()))


@cache
def models() -> Mapping[str, Model]:
    """The models that come along: `short` and `long` for claims, `rationale` for sentences."""
    return {name: Model(one["intercept"], one["weights"]) for name, one in _RECORD["models"].items()}


def probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-CLEAREST, min(CLEAREST, log_odds))))


def log_odds(share: float) -> float:
    held = max(1e-4, min(1 - 1e-4, share))
    return math.log(held / (1 - held))
