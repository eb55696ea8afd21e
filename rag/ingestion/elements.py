"""Cuts JSON text into its records while it comes in, so that one bad record does not spoil the others. Knows no paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.ingestion.outcomes import Unreadable

LONGEST_RECORD = 8 * 1024 * 1024
"""Characters. A longer record is refused without being held."""

# A string cannot run over a line's end in JSON, so one left open ends with its line and only its own record suffers.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?$)|[\[\]{},]', re.DOTALL)

DEEPEST = 200
"""Open brackets; what nests deeper is no record."""

Record = tuple[int, str]
"""The number of the line where a record begins, and its text (an `Unreadable` where a part of it is missing)."""


def elements(lines: Iterable[Record], in_list: bool, only: bool = False) -> Iterator[Record]:
    """The elements of a JSON list (`in_list`), or objects that stand one after another, each over as many lines as it likes.

    Takes no line after that in which the list closes; with `only`, nothing after the list on that line either. A record that the text breaks off in comes out as far as it goes.
    """
    cutter = _Cutter(outer=1 if in_list else 0, only=only)
    for number, line in lines:
        yield from cutter.take(number, line)
        if cutter.closed:
            return
    yield from cutter.cut()


class _Cutter:
    """How deep in brackets the text stands, and the record so far (`begun`: the number of its first line, 0 for none)."""

    def __init__(self, outer: int, only: bool = False) -> None:
        self.outer = outer
        self._only = only
        self.closed = False
        self._depth = 0
        self._begun = 0
        self._pieces: list[str] = []
        self._size = 0
        self._damage = ""

    def take(self, number: int, line: str) -> Iterator[Record]:
        """The records that end in this line."""
        if isinstance(line, Unreadable):
            self._begun, self._damage = self._begun or number, line.reason
            return
        if self._begun and line.lstrip().startswith("{") and (self._depth <= self.outer + 1 or self._is_lost()):
            yield from self.cut()  # An object inside an object never begins a line, so the one before lacks its end.
            self._depth = self.outer
        at = 0
        for token in _TOKEN.finditer(line):
            end = self._after(token)
            if end is None:
                continue
            self._keep(number, line[at:end])
            at = token.end()
            yield from self.cut()
            if self.closed:
                break
        if self.closed and self._only:
            return
        self._keep(number, f"{line[at:]}\n")
        if self.closed:
            yield from self.cut()

    def cut(self) -> Iterator[Record]:
        """The record so far, if any; the next one begins after it."""
        if self._begun:
            yield self._begun, Unreadable(self._damage) if self._damage else "".join(self._pieces)
        self._begun, self._size, self._pieces, self._damage = 0, 0, [], ""

    def _is_lost(self) -> bool:
        """Whether nothing but brackets was opened, or more than any record has: a slip that must not take the next record with it."""
        return self._depth > DEEPEST or not "".join(self._pieces).strip("[{ \t\r\n")

    def _after(self, token: re.Match[str]) -> int | None:
        """Follows the brackets; where the record ends if it ends at this token, else None."""
        mark = token[0]
        if mark in "[{":
            self._depth += 1
            return token.start() if self._depth == self.outer and not self._begun else None
        if mark in "]}":
            self._depth -= 1
            self.closed = self._depth < self.outer and self.outer == 1
            ends_object = self.outer == 0 and self._depth <= 0
            self._depth = max(self._depth, 0)
            return token.start() if self.closed else token.end() if ends_object else None
        return token.start() if mark == "," and self._depth == self.outer else None

    def _keep(self, number: int, text: str) -> None:
        if not self._begun:
            self._begun = number if text.strip() else 0
        self._size += len(text)
        if self._size > LONGEST_RECORD:
            self._pieces, self._damage = [], f"This record is longer than {LONGEST_RECORD:,} characters: no paper's is."
        if self._begun and not self._damage:
            self._pieces.append(text)
