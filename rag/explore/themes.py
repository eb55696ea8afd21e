"""The themes of a collection: the groups of its map, each with the papers that stand for it and questions to ask about it. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag import prompts
from rag.explore.map import PaperMap, Point
from rag.explore.suggestions import about, telling_name
from rag.types import Paper

KINDS = ("fact", "how")
ASKED_ABOUT = 3
"""Papers of a theme, those in its middle, that questions are made about."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Papers that belong together. `papers` are all of its ids, those in the middle of the theme first; `x` and `y` are its middle on the map."""

    name: str
    terms: tuple[str, ...]
    papers: tuple[str, ...]
    x: float
    y: float


def themes(drawn: PaperMap) -> list[Theme]:
    """The groups of the map as themes, the largest first; two with the same name are distinguished by their terms."""
    inside: list[list[Point]] = [[] for _ in drawn.groups]
    for point in drawn.points:
        inside[point.group].append(point)
    found: list[Theme] = []
    for group, points in zip(drawn.groups, inside, strict=True):
        x, y = (_median([getattr(point, axis) for point in points]) for axis in ("x", "y"))
        middle_first = sorted(points, key=lambda point: (math.hypot(point.x - x, point.y - y), point.paper))
        taken = {theme.name for theme in found}
        found.append(
            Theme(_free(group.name, group.terms, taken), group.terms, tuple(point.paper for point in middle_first), x, y)
        )
    return found


def questions(theme: Theme, papers: Mapping[str, Paper], language: str = "en") -> list[str]:
    """What may be asked about a theme, the most telling first; whether the papers answer is for the caller to find out."""
    middle = [papers[id] for id in theme.papers if id in papers]
    named = [paper for paper in middle if telling_name(paper)]
    # Another way of asking for another theme, so that not all cards ask the same.
    kinds = [KINDS[(len(theme.name) + at) % len(KINDS)] for at in range(ASKED_ABOUT)]
    single = [about(kind, paper, language) for kind, paper in zip(kinds, named, strict=False)]
    listed = [prompts.suggestion("list", language, topic=term) for term in theme.terms]
    return [*single, *listed]


def within(theme_name: str, found: Sequence[Theme]) -> frozenset[str]:
    """The papers of the theme of this name; none if there is no such theme (any more)."""
    return next((frozenset(theme.papers) for theme in found if theme.name == theme_name), frozenset())


def _free(name: str, terms: Sequence[str], taken: set[str]) -> str:
    """A name that no other theme has."""
    if name not in taken:
        return name
    longer = (f"{name}: {term}" for term in terms if term.casefold() not in name.casefold())
    numbered = (f"{name} ({number})" for number in range(2, len(taken) + 3))
    return next(each for each in (*longer, *numbered) if each not in taken)


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.5
