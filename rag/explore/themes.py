"""The themes of a collection: the groups of its map, each with the papers that stand for it and questions to ask about it. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from rag.explore.map import PaperMap, Point
from rag.explore.suggestions import Suggestion, about, on, telling_name
from rag.explore.topics import is_plain
from rag.types import Paper

KINDS = ("fact", "topic", "how", "list")
"""Ways of asking about a theme, in turn for one theme after the other, so that not all ask the same."""
NEAREST = 10
"""Papers in the middle of a theme among which one with a name is looked for."""
ASKED_ABOUT = 2
"""Of those, and terms of the theme, that questions are made about."""


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


def questions(theme: Theme, papers: Mapping[str, Paper], language: str = "en", turn: int = 0) -> list[Suggestion]:
    """What may be asked about a theme, the most telling first; whether the papers answer is for the caller to find out. `turn` is the
    place of the theme among the others: the next begins with another kind of question."""
    middle = (papers[id] for id in theme.papers[:NEAREST] if id in papers)
    named = list(islice((paper for paper in middle if telling_name(paper)), ASKED_ABOUT))
    kinds = KINDS[turn % len(KINDS) :] + KINDS[: turn % len(KINDS)]
    by_paper = [[about(kind, paper, language) for paper in named] for kind in kinds if kind in ("fact", "how")]
    terms = sorted(theme.terms, key=is_plain)[:ASKED_ABOUT]
    by_term = [[on(kind, term, language) for term in terms] for kind in kinds if kind in ("topic", "list")]
    first, then = (by_paper, by_term) if kinds[0] in ("fact", "how") else (by_term, by_paper)
    return [each for pair in zip(first, then, strict=True) for asked in pair for each in asked]


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
