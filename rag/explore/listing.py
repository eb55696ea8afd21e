"""Chooses papers as a list that is searched while typing: by words, author, venue and years, in an order. Pure but for the search it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from rag.text.words import fold
from rag.types import Paper

Order = Literal["relevance", "year", "title", "added"]
ORDERS: tuple[Order, ...] = get_args(Order)
Matching = Callable[[str, int], Sequence[tuple[str, float]]]
"""Text and limit to (paper id, score), best first: all words must stand in a paper, the last may be cut."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a paper must have; what is empty or None asks for nothing. Both years are included."""

    text: str = ""
    author: str = ""
    venue: str = ""
    first_year: int | None = None
    last_year: int | None = None

    def holds(self, paper: Paper) -> bool:
        """Whether the metadata fit; `text` is not examined."""
        return self._in_years(paper.year) and self._by(paper) and (not self.venue.strip() or _same(self.venue, paper.venue or ""))

    def _in_years(self, year: int | None) -> bool:
        if self.first_year is None and self.last_year is None:
            return True
        return year is not None and (self.first_year or year) <= year <= (self.last_year or year)

    def _by(self, paper: Paper) -> bool:
        """Each word of `author` must begin a word of one and the same name."""
        asked = fold(self.author).split()
        names = (fold(name).split() for name in paper.authors)
        return not asked or any(all(any(part.startswith(word) for part in name) for word in asked) for name in names)


def browse(papers: Sequence[Paper], matching: Matching, wanted: Filter, order: Order = "relevance") -> list[Paper]:
    """The papers that fit. `added` puts the latest first; without a text `relevance` is the order of the library."""
    if wanted.text.strip():
        known = {paper.id: paper for paper in papers}
        papers = [known[id] for id, _ in matching(wanted.text, max(len(papers), 1)) if id in known]
        if order == "added":
            places = {id: place for place, id in enumerate(known)}
            papers = sorted(papers, key=lambda paper: places[paper.id])
    return _ordered([paper for paper in papers if wanted.holds(paper)], order)


def _ordered(papers: list[Paper], order: Order) -> list[Paper]:
    if order == "added":
        return papers[::-1]
    if order == "year":
        return sorted(papers, key=lambda paper: -(paper.year or 0))
    return sorted(papers, key=lambda paper: fold(paper.title)) if order == "title" else papers


def _same(one: str, other: str) -> bool:
    return " ".join(fold(one).split()) == " ".join(fold(other).split())
