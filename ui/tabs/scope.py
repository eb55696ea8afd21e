"""Within which papers a question is asked: chips that a person sets, as the ids of papers. Pure but for the search it is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast, get_args

from rag.explore.listing import Filter
from rag.types import Paper
from ui.conversations.types import Chip, ChipKind

Browse = Callable[[Filter], Sequence[Paper]]
Inside = Callable[[str], frozenset[str]]
"""The ids of the papers in the collection, or of the theme, of a name, or in an area of the map."""
MOST = 200
LONGEST = 300
LONGEST_AREA = 2000
"""Characters of what was drawn on the map: some hundred corners."""
_YEARS = re.compile(r"\s*(\d{4})?\s*(?:([-–])\s*(\d{4})?)?\s*")


def chips_from(given: object) -> tuple[Chip, ...]:
    """What the browser sent, as far as it makes sense."""
    entries = given if isinstance(given, list) else []
    found = (_chip(entry) for entry in entries[:MOST] if isinstance(entry, dict))
    return tuple(dict.fromkeys(chip for chip in found if chip is not None))


def ids_within(chips: Sequence[Chip], browse: Browse, inside: Inside, themed: Inside, drawn: Inside) -> frozenset[str] | None:
    """The papers that fit: chips of one kind widen each other, chips of different kinds narrow. None stands for all papers."""
    if not chips:
        return None
    kinds = dict.fromkeys(chip.kind for chip in chips)
    sets = [_union((chip for chip in chips if chip.kind == kind), browse, inside, themed, drawn) for kind in kinds]
    return frozenset.intersection(*sets)


def _union(chips: Iterable[Chip], browse: Browse, inside: Inside, themed: Inside, drawn: Inside) -> frozenset[str]:
    return frozenset[str]().union(*(_ids(chip, browse, inside, themed, drawn) for chip in chips))


def _ids(chip: Chip, browse: Browse, inside: Inside, themed: Inside, drawn: Inside) -> frozenset[str]:
    if chip.kind == "paper":
        return frozenset([chip.value])
    if chip.kind == "collection":
        return inside(chip.value)
    if chip.kind == "theme":
        return themed(chip.value)
    if chip.kind == "area":
        return drawn(chip.value)
    return frozenset(paper.id for paper in browse(_filter(chip)))


def _filter(chip: Chip) -> Filter:
    if chip.kind == "year":
        first, last = years(chip.value) or (None, None)
        return Filter(first_year=first, last_year=last)
    if chip.kind == "author":
        return Filter(author=chip.value)
    return Filter(venue=chip.value) if chip.kind == "venue" else Filter(text=chip.value)


def years(text: str) -> tuple[int | None, int | None] | None:
    """`2021`, `2019-2023`, `2019-` or `-2023` as first and last year; None if it is nothing of the kind."""
    found = _YEARS.fullmatch(text)
    if found is None or not (found[1] or found[3]):
        return None
    first, last = (int(found[1]) if found[1] else None), (int(found[3]) if found[3] else None)
    return (first, last) if found[2] else (first, first)


def _chip(entry: dict[str, Any]) -> Chip | None:
    kind, value, label = entry.get("kind"), entry.get("value"), entry.get("label", "")
    if kind not in get_args(ChipKind) or not isinstance(value, str) or not isinstance(label, str) or not value.strip():
        return None
    if len(value) > (LONGEST_AREA if kind == "area" else LONGEST) or (kind == "year" and years(value) is None):
        return None
    return Chip(cast(ChipKind, kind), value.strip(), label.strip()[:LONGEST])
