"""Which papers lie within a line that somebody drew on the map of the home. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.explore.map import Point
from ui.html.home import placing

MOST = 200
"""Corners of the line."""
_CORNER = re.compile(r"(-?\d{1,5}),(-?\d{1,5})")
Corner = tuple[int, int]


def papers_in(corners: str, points: Sequence[Point]) -> frozenset[str]:
    """The ids of the papers inside the line, whose corners are `x,y x,y …` in the places of the page's map; none where that is no line."""
    line = [(int(x), int(y)) for x, y in _CORNER.findall(corners)[:MOST]]
    if len(line) < 3 or not points:
        return frozenset()
    put = placing([(point.x, point.y) for point in points])
    return frozenset(point.paper for point in points if _is_inside(line, put(point.x, point.y)))


def _is_inside(line: Sequence[Corner], place: Corner) -> bool:
    """Whether a ray from the place to the right crosses the line an odd number of times."""
    x, y = place
    crossed = 0
    for (ax, ay), (bx, by) in zip(line, (*line[1:], line[0]), strict=True):
        crossed += (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax
    return crossed % 2 == 1
