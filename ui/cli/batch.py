"""Answers many questions in one process: JSON Lines in, JSON Lines out; a bad line gets a line of its own and the rest go on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

from rag.errors import PaperchatError
from rag.types import Answer, PastTurn
from ui.export.plain import answer_json, past_turns

LONGEST_LINE = 1_000_000
"""Bytes. A longer line is passed over without being held."""
HOW = 'Write each question as {"question": "…"}, one a line.'

Ask = Callable[[str, Sequence[PastTurn]], Answer]


@dataclass(frozen=True, slots=True)
class Asked:
    """A line that asks: the question, the earlier ones, and what the asker calls it (any JSON value)."""

    id: object
    question: str
    history: tuple[PastTurn, ...] = ()


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that cannot be taken, and why, as a sentence."""

    id: object
    error: str


def answers(lines: Iterable[Asked | Bad], ask: Ask) -> Iterator[dict[str, Any]]:
    """One JSON object for each line, in order."""
    for line in lines:
        yield _answered(line, ask) if isinstance(line, Asked) else _error(line.id, line.error)


def read_lines(file: BinaryIO) -> Iterator[Asked | Bad]:
    """What each line asks; empty lines are passed over. A line is read when it is wanted."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE)
            yield Bad(None, f"Line {number} is longer than {LONGEST_LINE:,} bytes. Ask one question a line.")
        elif line.strip():
            yield _read(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, number)


def _read(line: bytes, number: int) -> Asked | Bad:
    try:
        record = json.loads(line.decode("utf-8"), parse_constant=_refuse)
    except UnicodeDecodeError:
        return Bad(None, f"Line {number} is not UTF-8 text.")
    except (ValueError, RecursionError):
        return Bad(None, f"Line {number} is not JSON. {HOW}")
    if not isinstance(record, dict):
        return Bad(None, f"Line {number} is not a JSON object. {HOW}")
    return _asked(record, number)


def _asked(record: dict[str, Any], number: int) -> Asked | Bad:
    name, question, history = record.get("id"), record.get("question"), record.get("history")
    if "question" not in record:
        return Bad(name, f"Line {number} has no `question`. {HOW}")
    if not isinstance(question, str):
        return Bad(name, f"Line {number}: `question` is not a string.")
    turns = past_turns(history)
    if turns is None:
        return Bad(
            name,
            f"Line {number}: `history` is not a list of strings (the earlier questions, oldest first), "
            'or of objects such as {"question": "…", "cited": ["a paper\'s id"]}.',
        )
    return Asked(name, question, turns)


def _answered(line: Asked, ask: Ask) -> dict[str, Any]:
    try:
        return {"id": line.id, **answer_json(ask(line.question, line.history))}
    except PaperchatError as error:
        return _error(line.id, str(error))


def _error(name: object, why: str) -> dict[str, Any]:
    return {"id": name, "status": "error", "error": why}


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
