"""Reads the records of a file of answers: JSON Lines, a JSON list or an object that holds one, CSV or TSV, packed or not. A broken one is named and left out."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from eval.answers.columns import by_columns
from eval.answers.fields import written_list
from eval.answers.types import AnswersError
from rag.errors import ImportFailed, why_unreadable
from rag.ingestion.containers import Source, unpacked
from rag.ingestion.encodings import encoding_of

Record = Mapping[str, Any]
Placed = tuple[str, int, Record]
"""What an error calls a record, its number (of its line, where there are lines), and itself."""
WANTED = "Each record needs `question`, `answer` and `sources` (a list of texts)."
_TABLES = {".csv": ",", ".tsv": "\t"}
_NOT_GIVEN = frozenset(("nan", "<na>"))
"""Cells that pandas writes where there is nothing."""
_OBJECT = re.compile(r"\n\{")
"""Where the next object begins, where one is broken."""
_LISTS = ("claims", "gold")
_OF_SOURCES = ("context", "source", "documents", "passages")
"""Columns of lists beside those of sources."""
_HOLDERS = (
    "results", "test_cases", "testCases", "test_results", "goldens", "samples", "records", "answers", "data", "rows", "items", "examples",
    "evaluations", "predictions",
)  # fmt: skip
"""What an object calls its list of answers: RAGChecker, DeepEval, promptfoo, …"""
_BINARY = (b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"ARROW1", b"SQLite")
"""How files begin that are no text: Parquet, Excel, Arrow, SQLite."""
LONGEST_CELL = 10_000_000
"""Characters of a cell, which may hold all sources. Chosen."""


def read_records(path: Path, bad: list[str] | None) -> Iterator[Placed]:
    """The records in order. Raises AnswersError for what is broken; with a list `bad`, what is wrong goes there."""
    text, suffix = _text(path)
    if suffix in _TABLES:
        yield from _rows(path, text, _TABLES[suffix], bad)
        return
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        yield from _lines(path, text, bad)
        return
    listed = whole if isinstance(whole, list) else _inner_list(whole) if isinstance(whole, dict) else None
    if listed is None:
        raise AnswersError(f"{path} holds no list of answers. {WANTED}")
    for number, one in enumerate(listed, 1):
        if isinstance(one, dict):
            yield f"{path}: record {number}", number, one
        else:
            wrong(f"{path}: record {number} is no JSON object. {WANTED}", bad)


def _text(path: Path) -> tuple[str, str]:
    """The text of the file, unpacked and decoded, and the suffix it has without its packing."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
        source = unpacked(Source(path.name, path.suffix.lower(), lambda: path.open("rb"), path), head)
        with source.opened() as file:
            data = file.read()
        if data.startswith(_BINARY):
            raise AnswersError(f"{path} is no text. Export JSON Lines, JSON or CSV.")
        return data.decode(encoding_of(data[:64], source.opened), "replace"), source.suffix
    except ImportFailed as error:
        raise AnswersError(str(error)) from None
    except OSError as error:
        raise AnswersError(f"{path} cannot be read ({why_unreadable(error)}). Give a file of JSON Lines.") from None


def wrong(said: str, bad: list[str] | None) -> None:
    """Keeps what is wrong with a record. Raises AnswersError where nobody keeps it."""
    if bad is None:
        raise AnswersError(said)
    bad.append(said)


def _inner_list(whole: Record) -> list[Any]:
    """What an object holds the answers in; its values where it holds answers by their ids; the object itself where it is one answer."""
    if (rows := by_columns(whole)) is not None:
        return rows
    for name in _HOLDERS:
        held = whole.get(name)
        if isinstance(held, list) and any(isinstance(one, dict) for one in held):
            return list(held)
        if isinstance(held, dict) and any(isinstance(held.get(inner), list) for inner in _HOLDERS):
            return _inner_list(held)
    if len(whole) > 1 and all(isinstance(one, dict) and len(one) > 1 for one in whole.values()):
        return [{"id": name, **one} for name, one in whole.items()]
    return [whole]


def _lines(path: Path, text: str, bad: list[str] | None) -> Iterator[Placed]:
    if _is_printed(text):
        yield from _printed(path, text, bad)
        return
    if text.lstrip(_AROUND)[:1] not in ("{", ""):
        wrong(f"{path} is neither JSON nor JSON Lines. {WANTED} CSV needs the suffix .csv.", bad)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if not (line := line.strip(_AROUND)):
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            wrong(f"{path}:{number} is not JSON. {WANTED}", bad)
            continue
        if isinstance(record, dict):
            yield f"{path}:{number}", number, record
        else:
            wrong(f"{path}:{number} is no JSON object. {WANTED}", bad)


_AROUND = " \t\r\n\x00\x1e,[]"
"""What may stand around an object in its line: the commas and brackets of a list, the mark of a JSON text sequence, a file's padding."""


def _is_printed(text: str) -> bool:
    """Whether the first object goes over several lines."""
    start = text.lstrip()
    try:
        end = json.JSONDecoder().raw_decode(start)[1]
    except (ValueError, RecursionError):
        return False
    return "\n" in start[:end]


def _printed(path: Path, text: str, bad: list[str] | None) -> Iterator[Placed]:
    """Objects one after the other, each over several lines."""
    decoder, at, number = json.JSONDecoder(), 0, 0
    while at < len(text):
        at = _next_object(text, at)
        number += 1
        try:
            record, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            following = _OBJECT.search(text, at + 1)
            if at < len(text):
                wrong(f"{path}: record {number} is not JSON. {WANTED}", bad)
            at = following.start() + 1 if following else len(text)
            continue
        at = end
        if isinstance(record, dict):
            yield f"{path}: record {number}", number, record
        else:
            wrong(f"{path}: record {number} is no JSON object. {WANTED}", bad)


def _next_object(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _rows(path: Path, text: str, delimiter: str, bad: list[str] | None) -> Iterator[Placed]:
    """The rows of a table with a head, lists read as pandas and DeepEval write them; an empty cell is a field that is not given."""
    csv.field_size_limit(LONGEST_CELL)
    head = text.split("\n", 1)[0]
    delimiter = next((other for other in (delimiter, ";", "\t", ",") if other in head), delimiter)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, row in enumerate(reader, 1):
            if None in row or None in row.values():
                wrong(f"{path}:{reader.line_num} has not as many cells as the head. {WANTED}", bad)
                continue
            yield (
                f"{path}:{reader.line_num}",
                number,
                {name: _cell(name, value) for name, value in row.items() if _is_given(value)},
            )
    except csv.Error as error:
        wrong(f"{path}:{reader.line_num} is not CSV ({error}). {WANTED}", bad)


def _is_given(value: str) -> bool:
    return bool(value.strip()) and value.strip().lower() not in _NOT_GIVEN


def _cell(name: str, value: str) -> Any:
    """A cell; of a column that holds several, the list that is written there, or texts with `|` between them."""
    column = name.lower()
    if column not in _LISTS and (column.endswith("id") or not any(part in column for part in _OF_SOURCES)):
        return value
    found = written_list(value)
    return found if found is not None else [part.strip() for part in value.split("|") if part.strip()]
