"""Cuts tagged formats (a short tag at the start of each line) into records. Knows no format: a `Dialect` says how one is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rag.ingestion.fields import YEAR_IN, UnusableError, foreign_paper_of
from rag.ingestion.outcomes import LONGEST_ABSTRACT, Outcome, Unreadable, report
from rag.types import Paper, Refused

LONGEST_RECORD = 2 * LONGEST_ABSTRACT
PREAMBLE = 30
"""Lines that may stand before the first record."""


@dataclass(slots=True)
class Record:
    """One paper's tags while they are read. `damage` says why it cannot be taken."""

    line: int
    values: dict[str, list[str]] = field(default_factory=dict)
    size: int = 0
    damage: str = ""
    last: str = ""
    tags: int = 0

    def add(self, tag: str, text: str, kept: bool = True, again: bool = True) -> None:
        """`kept` is whether anybody will ask for the tag: the others may be as long as they like. Not `again`, a value counts once."""
        self.last = tag if kept else ""
        self.tags += 1
        if kept and (again or text not in self.values.get(tag, ())) and self._grows(len(text)):
            self.values.setdefault(tag, []).append(text)

    def go_on(self, text: str, as_new: bool = False) -> None:
        """A line without a tag belongs to the one before, or is a further value of it."""
        if self.last and self._grows(len(text)):
            if as_new:
                self.values[self.last].append(text)
            else:
                self.values[self.last][-1] += f" {text}"

    def all(self, tags: Sequence[str]) -> list[str]:
        """The values of the first of these tags that has any."""
        return next((values for tag in tags if (values := [one for one in self.values.get(tag, ()) if one])), [])

    def dated(self, tags: Sequence[str]) -> str:
        """The first value of these tags that has a year in it; a date is often written without one."""
        return next((value for tag in tags for value in self.values.get(tag, ()) if YEAR_IN.search(value)), "")

    def _grows(self, by: int) -> bool:
        """Whether it may; a record that is too long is refused without being held."""
        self.size += by
        if self.size > LONGEST_RECORD:
            self.values, self.last = {}, ""
            self.damage = self.damage or f"This record is longer than {LONGEST_RECORD:,} characters: no paper's is."
        return not self.damage


@dataclass(frozen=True)
class Dialect:
    """How a tagged format is written: `tag` finds a tag (group 1) and its text (group 2) in a line without its end.

    A record begins with a tag of `begins` (without any, with whatever tag stands first) and ends with one of `ends`, at a blank line
    where `blank_ends`, or where the next begins. Lines without a tag go on with the one before; after a tag in `lists` they are further
    values. `same` names tags that are written for others; `editors` are asked where no tag of `authors` is there; `groups`, who wrote it together with them, come behind.
    """

    name: str
    tag: re.Pattern[str]
    begins: frozenset[str]
    sources: Mapping[str, Sequence[str]]
    authors: Sequence[str]
    ends: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    blank_ends: bool = False
    needs_end: bool = False
    same: Mapping[str, str] = field(default_factory=dict)
    editors: Sequence[str] = ()
    groups: Sequence[str] = ()
    keys: Sequence[str] = ()
    shaped: Callable[[Record, dict[str, str]], None] = lambda record, fields: None

    @property
    def kept(self) -> frozenset[str]:
        return frozenset(
            [*self.authors, *self.editors, *self.groups, *self.keys, *(tag for tags in self.sources.values() for tag in tags)]
        )

    def begun_by(self, tag: str) -> bool:
        return tag in self.begins if self.begins else bool(tag)


class TaggedImporter:
    """Reads one dialect; a record without a title is refused, one that breaks off too where the dialect has an end mark."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    @property
    def name(self) -> str:
        return self._dialect.name

    def recognises(self, head: str) -> bool:
        """Whether a record begins within the first lines and its title follows."""
        written = islice((line for line in head.lstrip("\ufeff").splitlines() if line.strip()), 3000)
        tags = [found[1] for line in written if (found := self._dialect.tag.fullmatch(line.rstrip()))]
        begun = next((place for place, tag in enumerate(tags[:PREAMBLE]) if self._dialect.begun_by(tag)), None)
        titles = self._dialect.sources["title"]
        return begun is not None and any(tag in titles for tag in tags[begun:])

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        return report(self._outcomes(lines, source), source)

    def _outcomes(self, lines: Iterable[str], source: str) -> Iterator[Outcome]:
        for record in _records(lines, self._dialect):
            yield record.line, self._taken(record, source)

    def _taken(self, record: Record, source: str) -> Paper | str:
        if record.damage:
            return record.damage
        fields = {
            name: " ".join(values) if name in ("abstract", "title") else values[0]
            for name, tags in self._dialect.sources.items()
            if (values := record.all(tags))
        }
        fields["year"] = record.dated(self._dialect.sources["year"])
        self._dialect.shaped(record, fields)
        authors = [*(record.all(self._dialect.authors) or record.all(self._dialect.editors)), *record.all(self._dialect.groups)]
        try:
            return foreign_paper_of(fields, authors, source, record.all(self._dialect.keys))
        except UnusableError as reason:
            return str(reason)


def _records(lines: Iterable[str], dialect: Dialect) -> Iterator[Record]:
    record: Record | None = None
    kept = dialect.kept
    for number, line in enumerate(lines, start=1):
        if isinstance(line, Unreadable):
            if record is None:
                yield Record(number, damage=line.reason)
            else:
                record.damage = record.damage or line.reason
            continue
        line = line.lstrip("\ufeff").rstrip()
        found = dialect.tag.fullmatch(line)
        written, text = (found[1], (found[2] or "").strip()) if found else ("", line.strip())
        tag = dialect.same.get(written, written)
        ended = tag in dialect.ends or (dialect.blank_ends and not line)
        begins = tag in dialect.begins if record is not None else dialect.begun_by(tag)
        if record is not None and (ended or (begins and record.tags > 1)):
            yield record
            record = None
        if ended:
            continue
        if begins and record is None:
            record = Record(number)
        if record is not None and tag:
            record.add(tag, text, tag in kept, again=tag == written)
        elif record is not None and text:
            record.go_on(text, as_new=record.last in dialect.lists)
    if record is not None:
        if dialect.needs_end:
            record.damage = record.damage or "The file breaks off in this record: its end is missing."
        yield record
