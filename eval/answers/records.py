"""Reads the records of a file of answers: JSON Lines, a JSON list or an object that holds one, CSV or TSV. A broken one is named and left out."""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from eval.answers.types import AnswersError

Record = Mapping[str, Any]
Placed = tuple[str, int, Record]
"""What an error calls a record, its number (of its line, where there are lines), and itself."""
WANTED = "Each record needs `question`, `answer` and `sources` (a list of texts)."
_TABLES = {".csv": ",", ".tsv": "\t"}
_LISTS = ("claims", "gold")
"""Columns of lists beside those of sources."""
LONGEST_CELL = 10_000_000
"""Characters of a cell, which may hold all sources. Chosen."""


def read_records(path: Path, bad: list[str] | None) -> Iterator[Placed]:
    """The records in order. Raises AnswersError for what is broken; with a list `bad`, what is wrong goes there."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AnswersError(f"{path} cannot be read ({type(error).__name__}). Give a UTF-8 file of JSON Lines.") from None
    if path.suffix.lower() in _TABLES:
        yield from _rows(path, text, _TABLES[path.suffix.lower()], bad)
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


def wrong(said: str, bad: list[str] | None) -> None:
    """Keeps what is wrong with a record. Raises AnswersError where nobody keeps it."""
    if bad is None:
        raise AnswersError(said)
    bad.append(said)


def _inner_list(whole: Record) -> list[Any]:
    """What an object holds the answers in: RAGChecker's `results`, DeepEval's `test_cases`, …; the object itself where it is one answer."""
    for name in ("results", "test_cases", "testCases", "samples", "records", "answers", "data"):
        if isinstance(whole.get(name), list):
            return list(whole[name])
    return [whole]


def _lines(path: Path, text: str, bad: list[str] | None) -> Iterator[Placed]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
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


def _rows(path: Path, text: str, delimiter: str, bad: list[str] | None) -> Iterator[Placed]:
    """The rows of a table with a head, lists read as pandas and DeepEval write them; an empty cell is a field that is not given."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, row in enumerate(reader, 1):
            if None in row or None in row.values():
                wrong(f"{path}:{reader.line_num} has not as many cells as the head. {WANTED}", bad)
                continue
            yield f"{path}:{reader.line_num}", number, {name: _cell(name, value) for name, value in row.items() if value.strip()}
    except csv.Error as error:
        wrong(f"{path}:{reader.line_num} is not CSV ({error}). {WANTED}", bad)


def _cell(name: str, value: str) -> Any:
    """A cell; of a column that holds several, the list that is written there: JSON, Python, or texts with `|` between them."""
    if name not in _LISTS and not any(part in name.lower() for part in ("context", "source")):
        return value
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(value)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(found, list | tuple):
            return list(found)
    return [part.strip() for part in value.split("|") if part.strip()]
