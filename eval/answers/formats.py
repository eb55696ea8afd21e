"""Turns records into answers of other systems: Paperchat's own form, and what other tools and traces export.

A form is the names of its fields. Where none is asked for by name, the names of all are tried.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from eval.answers.fields import first
from eval.answers.lookup import named, sources_of, text_of
from eval.answers.names import ANY, FORMS, OWN, Form
from eval.answers.records import WANTED, Placed, Record, read_records, wrong
from eval.answers.types import AnswersError, SystemAnswer


def read_answers(path: Path, form: str = "", bad: list[str] | None = None) -> Iterator[SystemAnswer]:
    """The answers of a file of JSON Lines, of CSV, of a JSON list, or of an object that holds the list; packed as `.gz` too.

    `form` is a name of FORMS; without it all names are tried. Raises AnswersError, which names the record that is wrong; with a list `bad`,
    what is wrong goes there and the other records are read.
    """
    yield from _read(read_records(path, bad), form, bad)


def answers_of(
    records: Iterable[Record], form: str = "", where: str = "the answers", bad: list[str] | None = None
) -> Iterator[SystemAnswer]:
    """The same, of records that are read already; `where` is what an error calls them."""
    yield from _read(((f"{where}: record {number}", number, record) for number, record in enumerate(records, 1)), form, bad)


def _read(records: Iterable[Placed], form: str, bad: list[str] | None) -> Iterator[SystemAnswer]:
    if form and form not in FORMS:
        raise AnswersError(f"There is no form {form!r} of answers. There are: {', '.join(FORMS)}.")
    ids: Counter[str] = Counter()
    for where, number, record in records:
        try:
            answer = _answer(named(record), number, FORMS.get(form))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            said = f"the field {error} is missing" if isinstance(error, KeyError) else str(error)
            has = f"; its fields are {', '.join(sorted(map(str, record))[:8]) or 'none'}" if isinstance(error, KeyError) else ""
            wrong(f"{where} cannot be read ({said}{has}). {WANTED}", bad)
        else:
            ids[answer.id] += 1
            yield answer if ids[answer.id] == 1 else replace(answer, id=f"{answer.id} ({ids[answer.id]})")


def _answer(record: Record, number: int, form: Form | None) -> SystemAnswer:
    form = form or (OWN if {"question", "answer", "sources"} <= record.keys() else ANY)
    claims = _claims(record.get("claims"))
    claimed = " ".join(said for said, _ in claims)
    question = text_of(record, form, "question")
    answer = text_of(record, form, "answer", claimed or None) or claimed
    found = sources_of(record, form)
    return SystemAnswer(
        str(first(record, *form.id) or number), question, answer, found, claims,
        text_of(record, form, "reference", ""), _gold(record.get("gold"), len(found)),
    )  # fmt: skip


def _claims(given: object) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Claims by their texts alone, or with the numbers they cite. Raises TypeError for what is neither."""
    if isinstance(given, str):
        given = [given]
    if not isinstance(given or [], list):
        raise TypeError("`claims` is no list")
    return tuple(_claim(one) for one in given or ())  # type: ignore[attr-defined]


def _claim(one: object) -> tuple[str, tuple[int, ...]]:
    if isinstance(one, str):
        return one, ()
    said = first(one, "text", "claim", "statement", "sentence") if isinstance(one, Mapping) else None
    if not isinstance(said, str) or not isinstance(one, Mapping):
        raise TypeError("a claim has no `text`")
    return said, _numbers(one.get("citations"), "citations")


def _numbers(given: object, field: str) -> tuple[int, ...]:
    """Whole numbers, alone or in a list, also as `"2"` or `"[2]"`. Raises TypeError for anything else."""
    listed = given if isinstance(given, list | tuple) else [] if given is None else [given]
    found = [re.fullmatch(r"\W*(\d{1,6})\W*", str(one)) for one in listed if not isinstance(one, bool)]
    if len(found) < len(listed) or None in found:
        raise TypeError(f"`{field}` does not list numbers of sources, from 1")
    return tuple(int(one[1]) for one in found if one)


def _gold(given: object, count: int) -> tuple[int, ...]:
    found = _numbers(given, "gold")
    beyond = next((number for number in found if not 1 <= number <= count), None)
    if beyond is not None:
        raise ValueError(f"`gold` names source {beyond}, and there are {count}")
    return found
