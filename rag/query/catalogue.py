"""Looks papers up by what a question may call them: names, authors, venues, years. Each look-up touches what it finds, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

from rag.query.paper_names import LONGEST_NAME, names
from rag.text.words import WORD, fold, words
from rag.types import Paper

Kind = Literal[
    "name", "title word", "first author", "family", "given", "beside", "person", "venue", "venue acronym", "venue word", "citation key"
]  # fmt: skip
Field = Literal["year", "authors", "url"]

VERSION = 3
"""Changes with the entries that a paper has: those of another version are rebuilt."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What papers must have; what is None or empty asks for nothing. `author` and `venue` are single folded words."""

    years: tuple[int, int] | None = None
    author: str = ""
    venue: str = ""
    lacking: Field | None = None

    def hold(self, paper: Paper) -> bool:
        return (
            (self.years is None or (paper.year is not None and self.years[0] <= paper.year <= self.years[1]))
            and (not self.author or any(self.author in words(name) for name in paper.authors))
            and (not self.venue or (paper.venue is not None and self.venue in words(paper.venue)))
            and (self.lacking is None or not getattr(paper, self.lacking))
        )


class Catalogue(Protocol):
    """What a collection knows of its papers besides their sentences. Papers come in the library's order."""

    def holders(self, kind: Kind, key: str, limit: int) -> list[Paper]:
        """At most `limit` papers that have this entry."""
        ...

    def has(self, kind: Kind, key: str) -> bool:
        """Whether any paper has this entry."""
        ...

    def venues(self, word: str) -> list[str]:
        """Some venues with this word, as papers give them."""
        ...

    def count(self, limits: Limits | None = None) -> int:
        """How many papers there are, or are within the limits."""
        ...

    def select(self, limits: Limits | None, limit: int) -> list[Paper]:
        """The first papers within the limits."""
        ...

    def years(self, limits: Limits | None = None) -> tuple[int, int] | None:
        """The first and the last year that is known of the papers within the limits."""
        ...


def entries(paper: Paper) -> set[tuple[Kind, str]]:
    """Under which (kind, key) a paper is found."""
    found: set[tuple[Kind, str]] = {("name", " ".join(name)) for name in names(paper) if len(name) <= LONGEST_NAME}
    found |= {("title word", word) for word in words(paper.title)}
    found |= {("citation key", key.casefold()) for key in paper.keys}
    for place, author in enumerate(paper.authors):
        found |= set(_of_author(words(author), first=place == 0))
    if paper.venue:
        found |= set(_of_venue(paper.venue))
    return found


def _of_author(name: Sequence[str], first: bool) -> Iterator[tuple[Kind, str]]:
    """`given` is the family name and another word of the name; `beside` any other pair."""
    if not name:
        return
    yield "family", name[-1]
    if first:
        yield "first author", name[-1]
    for word in name:
        yield "person", word
        for other in name:
            if other != word:
                yield ("given" if word == name[-1] else "beside"), f"{word} {other}"


def _of_venue(venue: str) -> Iterator[tuple[Kind, str]]:
    yield "venue", " ".join(words(venue))
    for word in words(venue):
        yield "venue word", venue_key(word, venue)
    for word in WORD.findall(venue):
        if len(word) > 2 and sum(map(str.isupper, word)) > 1:
            yield "venue acronym", fold(word)


def venue_key(word: str, venue: str = "") -> str:
    """Keys of one word begin alike, whatever the venue."""
    return f"{word}\t{venue}"


@dataclass(frozen=True)
class PaperList:
    """The catalogue of papers in memory: of a selection, or in tests."""

    papers: Sequence[Paper]

    def holders(self, kind: Kind, key: str, limit: int) -> list[Paper]:
        return self._entries.get((kind, key), [])[:limit]

    def has(self, kind: Kind, key: str) -> bool:
        return (kind, key) in self._entries

    def venues(self, word: str) -> list[str]:
        return sorted({paper.venue for paper in self.papers if paper.venue and word in words(paper.venue)})

    def count(self, limits: Limits | None = None) -> int:
        return len(self.select(limits, len(self.papers)))

    def select(self, limits: Limits | None, limit: int) -> list[Paper]:
        return [paper for paper in self.papers if limits is None or limits.hold(paper)][:limit]

    def years(self, limits: Limits | None = None) -> tuple[int, int] | None:
        known = [paper.year for paper in self.select(limits, len(self.papers)) if paper.year is not None]
        return (min(known), max(known)) if known else None

    @cached_property
    def _entries(self) -> dict[tuple[Kind, str], list[Paper]]:
        return _by_entry(self.papers)


def _by_entry(papers: Iterable[Paper]) -> dict[tuple[Kind, str], list[Paper]]:
    found: dict[tuple[Kind, str], list[Paper]] = {}
    for paper in papers:
        for entry in entries(paper):
            found.setdefault(entry, []).append(paper)
    return found
