"""Papers and the stretches of their abstracts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: characters `start` (included) to `end` (excluded)."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an abstract under a label of its own, such as `Results`."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `id` is `arxiv:…`, `doi:…` or, where neither is known, `title:` and a hash of the normalised title.

    `abstract` may be empty: such a paper is found and listed but never quoted. `keys` are its citation keys, `parts` the labelled
    parts of its abstract, `links` the ids of other records of the same paper (its preprint, its journal version).
    """

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    url: str | None = None
    source: str = ""
    keys: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def title_only(self) -> bool:
        return not self.abstract.strip()

    @property
    def byline(self) -> str:
        """Authors and year for people: `Lin & Kriegeskorte, 2023`, `Yariv et al., 2021`; empty if nothing is known."""
        names = [name.split()[-1] for name in self.authors if name.split()]
        who = " & ".join(names) if len(names) <= 2 else f"{names[0]} et al."
        return ", ".join(part for part in (who, str(self.year) if self.year else "") if part)


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of one paper's abstract: the unit that is indexed. `id` is the same in every run while title and text stay."""

    id: str
    paper: Paper
    span: Span

    @property
    def text(self) -> str:
        return self.span.of(self.paper.abstract)
