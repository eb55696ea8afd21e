"""Draws what grows with a collection: one line a kind of question, both scales logarithmic."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT, EDGE, RIGHT = 720, 360, 56, 140
COLOURS = ("#1f6f78", "#b5482a", "#6a4c93", "#5b7f2b", "#444444")
Line = Sequence[tuple[int, float]]


def svg(lines: Mapping[str, Line], title: str, unit: str) -> str:
    """An SVG picture of (papers, figure) by name; figures must be above 0. With a white ground, as pages may be dark."""
    points = [point for line in lines.values() for point in line]
    across, up = _Scale([x for x, _ in points], EDGE, WIDTH - RIGHT), _Scale([y for _, y in points], HEIGHT - EDGE, 40)
    sizes = sorted({x for x, _ in points})
    ticks = [
        10.0**power for power in range(-2, 6) if min(y for _, y in points) / 2 <= 10.0**power <= max(y for _, y in points) * 2
    ]
    parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>', _text(EDGE, 20, title, "start", 14)]
    for size in sizes:
        parts.append(_text(across(size), HEIGHT - EDGE + 20, f"{size:,}", "middle"))
    parts.append(_text((EDGE + WIDTH - RIGHT) / 2, HEIGHT - 12, "papers", "middle"))
    for tick in ticks:
        parts += [_text(EDGE - 8, up(tick) + 4, f"{tick:g} {unit}", "end"), _grid(up(tick))]
    ends = _apart([up(line[-1][1]) for line in lines.values()])
    for (name, line), colour, end in zip(lines.items(), COLOURS, ends, strict=False):
        way = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in line)
        parts.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(_text(WIDTH - RIGHT + 8, end + 4, name, "start", 12, colour))
    body = "\n".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"><title>{escape(title)}</title>\n{body}\n</svg>\n'


class _Scale:
    """Places on a logarithmic axis."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self._least = math.log10(min(values))
        self._span = (math.log10(max(values)) - self._least) or 1.0
        self._start, self._end = start, end

    def __call__(self, value: float) -> float:
        return self._start + (self._end - self._start) * (math.log10(value) - self._least) / self._span


def _apart(places: Sequence[float], least: float = 15.0) -> list[float]:
    """The same places, moved down where two are so near that their names would cover each other."""
    moved = dict(enumerate(places))
    last = -math.inf
    for index in sorted(moved, key=lambda index: places[index]):
        moved[index] = last = max(moved[index], last + least)
    return [moved[index] for index in range(len(places))]


def _text(x: float, y: float, text: str, anchor: str, size: int = 11, colour: str = "#333333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-family="sans-serif" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _grid(y: float) -> str:
    return f'<line x1="{EDGE}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>'
