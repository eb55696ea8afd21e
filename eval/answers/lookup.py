"""Finds the fields of a record under the names that systems give them, in the record and in the objects in it (`outputs.answer`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eval.answers.fields import MOST_DEPTH, is_null, only_names, parsed, sources, text
from eval.answers.names import ALIKE, ANY, ASIDE, NUMBERED, Form
from eval.answers.records import Record
from rag.grounding.citation_markers import Source

_ASKS, _SAYS = ("user", "human"), ("assistant", "ai")
_RETRIEVING = ("retriev", "get_relevant", "search", "context")
"""Words in the name of a call that gives sources back."""


def text_of(record: Record, form: Form, field: str, otherwise: str | None = None) -> str:
    """The first field of these names that can be read, one further in only where none further out is a plain value.

    Raises TypeError for one that is no text, and KeyError where there is none and nothing to take otherwise.
    """
    error: TypeError | None = None
    null = False
    for level in _levels(record):
        given = list(_given(level, form, field))
        null = null or any(value is None for value in given)
        for value in given:
            try:
                if value is not None:
                    return text(value, field)
            except TypeError as found:
                error = error or found
        if any(not isinstance(value, Mapping | list) for value in given):
            break
    if error is not None:
        raise error
    if otherwise is not None:
        return otherwise
    return text(None, field) if null else _missing(field)


def _given(level: Sequence[Record], form: Form, field: str) -> Iterator[Any]:
    """The values of the fields that may be meant, the likeliest first."""
    names: tuple[str, ...] = getattr(form, field)
    yield from (one[name] for name in names for one in level if name in one)
    if form.alike:
        right = field == "reference"
        yield from (
            value
            for one in level
            for name, value in one.items()
            if name not in names and ALIKE[field].search(name) and right == bool(ASIDE.match(name))
        )


def _missing(field: str) -> str:
    raise KeyError(field)


def sources_of(record: Record, form: Form) -> tuple[Source, ...]:
    """The sources of the outermost field that holds texts and not only names. Raises TypeError, or KeyError where there is none."""
    error: TypeError | None = None
    best: tuple[Source, ...] | None = () if "record_json" in record else None
    for level in _levels(record):
        listed = (listed for one in level for listed in (_numbered(one), _returned(one)) if listed is not None)
        for value in (*_given(level, form, "sources"), *listed):
            try:
                found = () if is_null(value) else sources(value)
            except TypeError as unread:
                error = error or unread
                continue
            if found and not only_names(found):
                return found
            best = best or found
    if best is None or (error and not best):
        raise error or KeyError("sources")
    return best


def _levels(record: Record) -> Iterator[list[Record]]:
    """The record, then the objects in it, then those in them; not those of its sources, nor what is put beside an answer."""
    level = [record]
    for _ in range(MOST_DEPTH):
        yield level
        level = [
            named(inner)
            for one in level
            for name, value in one.items()
            if name not in ANY.sources and not ASIDE.match(name)
            for inner in _objects(value)
        ]


def _objects(value: object) -> list[Record]:
    """The object that a field holds: itself, alone in a list, or written as JSON."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str) and value[:1] == "{":
        value = parsed(value)
    return [value] if isinstance(value, Mapping) else []


def named(record: Record) -> dict[str, Any]:
    """The fields with names as Python writes them: `actualOutput`, `Actual Output`; `outputs.answer` stands in `outputs`."""
    found = {name: value for name, value in record.items() if _plain(name) == name}
    inner: dict[str, Any] = {}
    for name, value in record.items():
        *path, last = _plain(name).split(".")
        held = inner
        for part in path:
            held = held.setdefault(part, {})
            if not isinstance(held, dict):
                break
        else:
            held.setdefault(last, value)
    found = {**inner, **{name: value for name, value in found.items() if "." not in name}}
    return {**_turn(found.get("messages")), **found}


def _plain(name: object) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[ -]+", "_", str(name).strip()).lower()


def _turn(messages: object) -> dict[str, Any]:
    """The question and the answer of a conversation of one turn; nothing of others."""
    said = [one for one in messages if isinstance(one, Mapping)] if isinstance(messages, list) else []
    asked = [one.get("content") for one in said if one.get("role", one.get("type")) in _ASKS]
    answered = [one.get("content") for one in said if one.get("role", one.get("type")) in _SAYS]
    return {"question": asked[0], "answer": answered[-1]} if len(asked) == 1 and answered else {}


def _numbered(record: Record) -> list[Any] | None:
    """The sources of a record that numbers its fields: `context_1`, `context_2`."""
    found = sorted(
        (int(match[1]), value) for name, value in record.items() if (match := NUMBERED.match(name)) and isinstance(value, str)
    )
    return [value for _, value in found] or None


def _returned(record: Record) -> list[Any] | None:
    """The texts or nodes that the first retrieving call of a TruLens record gave back; nothing where there is no such call."""
    calls = record.get("calls")
    for call in calls if isinstance(calls, list) else ():
        stack, given = (call.get("stack") or [{}], call.get("rets")) if isinstance(call, dict) else ([{}], None)
        method = stack[-1].get("method") if isinstance(stack[-1], dict) else None
        name = str(method.get("name") if isinstance(method, dict) else "")
        if isinstance(given, list) and given and any(word in name for word in _RETRIEVING):
            return given
    return None
