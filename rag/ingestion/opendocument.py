"""Reads the rows of an OpenDocument spreadsheet, streamed; a document with a type declaration is refused, so that nothing in it expands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO
from xml.parsers import expat

from rag.errors import ImportFailed
from rag.ingestion.outcomes import LONGEST_ABSTRACT

MOST_CELLS = 1000
"""Cells of a row; a sheet is written as if it had a row of a thousand or more, nearly all of them empty. Chosen."""
_STEP = 64 * 1024
_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
_NO_TEXT = frozenset({"office:annotation"})
"""Comments on a cell stand in it."""


def sheet_rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """The rows of `content.xml`, each with the number of its sheet. Raises `expat.ExpatError` where the XML is damaged."""
    rows = _Rows()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = rows.start, rows.end, rows.text
    parser.StartDoctypeDeclHandler = _refuse
    while piece := file.read(_STEP):
        parser.Parse(piece, False)
        yield from rows.taken()
    parser.Parse(b"", True)
    yield from rows.taken()


def _refuse(*_: object) -> None:
    raise ImportFailed("This spreadsheet declares a document type, as none does. Save its table as CSV.")


class _Rows:
    """What the parser has met: the finished rows, and the row and cell that it is in."""

    def __init__(self) -> None:
        self._done: list[tuple[int, list[str]]] = []
        self._sheet = 0
        self._row: list[str] = []
        self._empty = 0
        self._cell: list[str] = []
        self._size = 0
        self._repeated, self._date = 1, ""
        self._inside = False
        self._hidden = 0

    def taken(self) -> list[tuple[int, list[str]]]:
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "table:table":
            self._sheet += 1
        elif name == "table:table-row":
            self._row, self._empty = [], 0
        elif name in _CELLS:
            self._cell, self._size, self._inside = [], 0, True
            repeated = attributes.get("table:number-columns-repeated", "1")
            self._repeated = int(repeated) if repeated.isdecimal() and len(repeated) < 9 else 1
            self._date = attributes.get("office:date-value", "")
        elif name in _NO_TEXT:
            self._hidden += 1
        elif name in ("text:p", "text:line-break", "text:s", "text:tab"):
            self.text(" ")

    def end(self, name: str) -> None:
        if name in _CELLS:
            self._end_cell()
        elif name == "table:table-row":
            self._done.append((self._sheet, self._row))
        elif name in _NO_TEXT:
            self._hidden -= 1

    def text(self, text: str) -> None:
        self._size += len(text)
        if self._inside and not self._hidden and self._size <= 2 * LONGEST_ABSTRACT:
            self._cell.append(text)

    def _end_cell(self) -> None:
        self._inside = False
        value = self._date or "".join(self._cell).strip()
        if not value:
            self._empty += self._repeated
            return
        self._row += [""] * min(self._empty, max(MOST_CELLS - len(self._row), 0))
        self._empty = 0
        self._row += [value] * min(self._repeated, max(MOST_CELLS - len(self._row), 0))
