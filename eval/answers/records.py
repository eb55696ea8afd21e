"""Reads the records of a file of answers: JSON Lines, a JSON list or an object that holds one, CSV or TSV. A broken one is named and left out."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from eval.answers.types import AnswersError

Record = Mapping[str, Any]
Placed = tuple[str, int, Record]
"""What an error calls a record, its number (of its line, where there are lines), and itself."""
WANTED = "Each record needs `question`, `answer` and `sources` (a list of texts)."
_TABLES = {".csv": ",", ".tsv": "\t"}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""How a file begins that Windows wrote as “Unicode”."""
_NOT_GIVEN = frozenset(("nan", "<na>"))
"""Cells that pandas writes where there is nothing."""
_ARRAY = re.compile(r"\A\s*(?:np\.|numpy\.)?array\((?P<list>\[.*\])(?:,\s*dtype=[^()]{1,30})?\)\s*\Z", re.DOTALL)
_NO_COMMA = re.compile(r"(?<=['\"])(?<!\[['\"])\s*\n\s*(?=['\"])")
"""Between the texts of a NumPy array as it is printed."""
_OBJECT = re.compile(r"\n\{")
"""Where the next object begins, where one is broken."""
_LISTS = ("claims", "gold")
_OF_SOURCES = ("context", "source", "documents", "passages")
"""Columns of lists beside those of sources."""
LONGEST_CELL = 10_000_000
"""Characters of a cell, which may hold all sources. Chosen."""


def read_records(path: Path, bad: list[str] | None) -> Iterator[Placed]:
    """The records in order. Raises AnswersError for what is broken; with a list `bad`, what is wrong goes there."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-16" if data[:2] in _UTF_16 else "utf-8-sig")
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
    """What an object holds the answers in: RAGChecker's `results`, DeepEval's `test_cases`, …; its values where it
    holds answers by their ids; the object itself where it is one answer."""
    for name in ("results", "test_cases", "testCases", "samples", "records", "answers", "data"):
        if isinstance(whole.get(name), list):
            return list(whole[name])
    if len(whole) > 1 and all(isinstance(one, dict) and len(one) > 1 for one in whole.values()):
        return [{"id": name, **one} for name, one in whole.items()]
    return [whole]


def _lines(path: Path, text: str, bad: list[str] | None) -> Iterator[Placed]:
    if _is_printed(text):
        yield from _printed(path, text, bad)
        return
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
    """A cell; of a column that holds several, the list that is written there: JSON, Python, NumPy, or texts with `|` between them."""
    if name.lower() not in _LISTS and not any(part in name.lower() for part in _OF_SOURCES):
        return value
    array = _ARRAY.match(value)
    written = _NO_COMMA.sub(", ", array["list"] if array else value) if value.lstrip()[:1] in "[an" else value
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(written)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(found, list | tuple):
            return list(found)
    return [part.strip() for part in value.split("|") if part.strip()]
