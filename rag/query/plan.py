"""What a question asks for, worked out once; retrieval, refusing and writing go by it and never parse the question again."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from rag.query.list_parts import BEGINNING, ListPart
from rag.query.metadata_questions import CatalogueQuestion
from rag.query.paper_names import described, named, short_name
from rag.text.words import content_words, words
from rag.types import Paper

Kind = Literal["fact", "method", "list", "compare", "summary"]
Want = Literal[
    "number", "participants", "data", "evaluation", "reason", "manner", "difficulty", "definition", "code", "result", "approach"
]


_OR = re.compile(r"(?i),? (?:or|nor) |, (?:and )?")
"""Between several things that are left out."""


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """A question as it was understood. `text` is what is matched, in English as far as the glossary reaches.

    `standalone` is the question as people read it, with no conversation before it; `filters` what it asks of the records, if it
    does; `papers` those that it calls by name, or describes, among the papers found; `language` the language that it is asked in
    (`en`, `de`, …).
    """

    text: str
    kind: Kind
    wants: frozenset[Want] = frozenset()
    sides: tuple[str, ...] = ()
    topic: str = ""
    excluded: str = ""
    """What a list is to leave out, “graphs, but not the temporal kind”; where it says so more than once, with `; ` between."""
    language: str = "en"
    standalone: str = ""
    filters: CatalogueQuestion | None = None
    papers: tuple[Paper, ...] = ()
    asked_of: str = ""
    """The title of the only paper that it is asked of; no part of `text`."""
    of_one_paper: bool = False
    """Whether a single paper is spoken of, as in “the paper that …”."""
    unread: tuple[str, ...] = ()
    """Words of another language that no glossary knows."""
    is_empty: bool = False
    """Whether nothing is asked that could be looked up: no words, mere function words, a greeting."""

    worded: tuple[str, ...] = ()
    """The words that the papers asked for are to have: `which papers mention bees and wasps`."""
    part: ListPart = BEGINNING
    """Which part of a long list."""

    @property
    def lists(self) -> bool:
        """Whether its answer is a list of papers, by their texts or by the records."""
        return self.kind == "list" or (self.filters is not None and self.filters.intent in ("list", "newest", "oldest"))

    @property
    def compares_group(self) -> bool:
        """Whether all papers that deal with its topic are to be compared, and none is named."""
        return self.kind == "compare" and not self.sides

    @property
    def foreign(self) -> bool:
        """Whether some of it is still in another language: that says nothing about the collection."""
        return bool(self.unread)

    @property
    def asks_records(self) -> bool:
        """Whether the collection's records answer it, without retrieval."""
        return self.filters is not None and not self.filters.needs_retrieval

    @property
    def left_out(self) -> tuple[str, ...]:
        """The things that it excludes, one by one: `graphs, trees or maps` are three, `medical or biological images` are one."""
        return tuple(thing for part in self.excluded.split("; ") for thing in _things(part))

    @property
    def asks_for_rest(self) -> bool:
        """Whether it asks for the papers that do not deal with something, and says nothing of what they deal with."""
        if self.kind != "list" or not self.left_out:
            return False
        return set(content_words(self.topic)) <= set(content_words(self.excluded))

    def naming(self, found: list[Paper]) -> QueryPlan:
        """The plan with those of the papers found that the question calls by name; two of them are compared."""
        if own := [paper for paper in found if self.asked_of in (paper.title, short_name(paper))]:
            return replace(self, papers=(own[0],))
        called = tuple(named(self.text, found) or described(self.text, found))
        if self.kind in ("fact", "method") and len(called) == 2:
            return replace(self, papers=called, kind="compare", sides=tuple(short_name(paper) for paper in called))
        return replace(self, papers=called)


def _things(excluded: str) -> tuple[str, ...]:
    parts = [part for part in _OR.split(excluded) if content_words(part)]
    lengths = [len(words(part)) for part in parts]
    return tuple(parts) if lengths and lengths[-1] <= min(lengths) else (excluded,) if parts else ()
