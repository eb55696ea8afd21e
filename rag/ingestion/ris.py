"""Reads RIS, the tagged format of reference managers and publishers: `TY  - JOUR` to `ER  -` is one paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rag.ingestion.fields import UnusableError, foreign_paper_of
from rag.ingestion.outcomes import LONGEST_ABSTRACT, Outcome, Unreadable, report
from rag.types import Paper, Refused

_TAGGED = re.compile(r"\s*([A-Z][A-Z0-9]) {1,3}-(?:\s+(.*)|)", re.DOTALL)
_BEGINS = re.compile(r"\s*TY {1,3}- *[A-Z]{2,}\s*")
_PREAMBLE = 20
"""Lines that a publisher may put before the first paper."""
LONGEST_RECORD = 2 * LONGEST_ABSTRACT
_SOURCES: Mapping[str, Sequence[str]] = {
    "title": ("TI", "T1", "CT", "BT"),
    "abstract": ("AB", "N2"),
    "year": ("PY", "Y1", "YR", "DA"),
    "venue": ("JO", "JF", "T2", "JA", "J1", "J2", "BT", "C3"),
    "url": ("UR", "L1", "LK", "L2", "L3"),
    "doi": ("DO",),
}
_AUTHORS = ("AU", "A1")


@dataclass(slots=True)
class _Record:
    """One paper's tags while they are read. `damage` says why it cannot be taken."""

    line: int
    values: dict[str, list[str]] = field(default_factory=dict)
    size: int = 0
    damage: str = ""
    last: str = ""

    def add(self, tag: str, text: str) -> None:
        if self._grows(len(text)):
            self.values.setdefault(tag, []).append(text)
            self.last = tag

    def go_on(self, text: str) -> None:
        """A line without a tag belongs to the one before."""
        if self._grows(len(text)) and self.last:
            self.values[self.last][-1] += f" {text}"

    def _grows(self, by: int) -> bool:
        """Whether it may; a record that is too long is refused without being held."""
        self.size += by
        if self.size > LONGEST_RECORD:
            self.values, self.last = {}, ""
            self.damage = self.damage or f"This record is longer than {LONGEST_RECORD:,} characters: no paper's is."
        return not self.damage


class RisImporter:
    """Takes title (TI, T1), abstract (AB, N2), authors (AU, A1), year, journal, address and DOI; other tags are passed over."""

    @property
    def name(self) -> str:
        return "ris"

    def recognises(self, head: str) -> bool:
        """Whether a record begins within the first lines."""
        written = (line for line in head.lstrip("\ufeff").splitlines() if line.strip())
        return any(_BEGINS.fullmatch(line) for line in islice(written, _PREAMBLE))

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        """Papers in the file's order; refused are records without title or abstract, repeats, and a last one that breaks off."""
        return report(_outcomes(lines, source), source)


def _outcomes(lines: Iterable[str], source: str) -> Iterator[Outcome]:
    record: _Record | None = None
    for number, line in enumerate(lines, start=1):
        if isinstance(line, Unreadable):
            if record is None:
                yield number, line.reason
            else:
                record.damage = record.damage or line.reason
            continue
        tag, text = _tag(line)
        if tag in ("TY", "ER") and record is not None:
            yield _outcome(record, source)
            record = None
        if tag == "TY":
            record = _Record(number)
        elif record is not None and tag:
            record.add(tag, text)
        elif record is not None and text:
            record.go_on(text)
    if record is not None:
        record.damage = record.damage or "The file breaks off in this record: its end (`ER  -`) is missing."
        yield _outcome(record, source)


def _tag(line: str) -> tuple[str, str]:
    found = _TAGGED.fullmatch(line.lstrip("\ufeff").rstrip())
    return (found[1], (found[2] or "").strip()) if found else ("", line.strip())


def _outcome(record: _Record, source: str) -> Outcome:
    if record.damage:
        return record.line, record.damage
    fields = {name: value for name, tags in _SOURCES.items() if (value := _first(record, tags))}
    authors = [name for tag in _AUTHORS for name in record.values.get(tag, ())]
    try:
        return record.line, foreign_paper_of(fields, authors, source)
    except UnusableError as reason:
        return record.line, str(reason)


def _first(record: _Record, tags: Sequence[str]) -> str:
    """The first value of the best tag that has one."""
    values = (value for tag in tags for value in record.values.get(tag, ()) if value)
    return next(values, "")
