"""Every measure registers itself here, once, with what people read for it and which way it is better.

A new measure is one function in one file of this package, with `@measure(…)` above it; `measures` imports the files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from eval.scores.claim_verdicts import Judged
from eval.types import Score

Better = Literal["more", "less", ""]
"""Empty if a measure only describes."""
Unit = Literal["%", "0–1", ""]
"""% for a share, 0–1 for a measure of a ranking, and empty for a count."""
Group = Literal["Grounding", "Citations", "Answers", "Refusals", "Search", "Length and cost", "Other"]
GROUPS: tuple[Group, ...] = get_args(Group)
"""In the order in which people are shown them."""
Scoring = Callable[[Judged], Score | None]
"""It gives None if it says nothing about the case."""


@dataclass(frozen=True, slots=True)
class Measure:
    """`score` is None if the figure does not come from a judged answer alone, such as the stages of search."""

    name: str
    group: Group
    text: str
    unit: Unit
    better: Better
    glance: bool = False
    score: Scoring | None = None


REGISTERED: dict[str, Measure] = {}


def measure(
    name: str, group: Group, text: str, unit: Unit = "%", better: Better = "more", glance: bool = False
) -> Callable[[Scoring], Scoring]:
    """Registers the function below it; `glance` puts the measure among those shown first. Raises ValueError at a name that is taken."""

    def register(score: Scoring) -> Scoring:
        _put(Measure(name, group, text, unit, better, glance, score))
        return score

    return register


def declare(name: str, group: Group, text: str, unit: Unit = "%", better: Better = "more") -> None:
    """Registers a figure that is computed elsewhere."""
    _put(Measure(name, group, text, unit, better))


def _put(one: Measure) -> None:
    if one.name in REGISTERED:
        raise ValueError(f"There are two measures called {one.name}.")
    REGISTERED[one.name] = one
