"""Reads loose JSON values: services write a text as text, as a list of one, or as `{"value": …}`, and people in a dozen ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_IN_AN_OBJECT = ("value", "name", "display_name", "title", "text", "full_name", "p", "#text", "$")
_NAMES = (
    ("given", "non-dropping-particle", "family"), ("firstName", "lastName"), ("first_name", "last_name"), ("first", "last"), ("givenName", "familyName"),
)  # fmt: skip
_WHOLE_NAMES = (
    "literal", "name", "fullName", "full_name", "display_name", "raw_author_name", "raw_name", "authname", "author_name", "creator", "$", "text", "lastName",
    "last_name", "collectiveName",
)  # fmt: skip


def text_of(value: object) -> str:
    """The first text in a value; numbers as they are written, nothing for true, false and null."""
    if isinstance(value, Mapping):
        return next((text for name in _IN_AN_OBJECT if (text := text_of(value.get(name)))), "")
    if isinstance(value, list):
        return next((text for one in value if (text := text_of(one))), "")
    return "" if value is None or isinstance(value, bool) else str(value)


def inside(record: object, *path: str) -> Any:
    """What stands there; None if a step is missing."""
    for name in path:
        record = record.get(name) if isinstance(record, Mapping) else None
    return record


def listed(value: object) -> list[Any]:
    """The list; empty if it is none."""
    return value if isinstance(value, list) else []


def texts(**known: object) -> dict[str, str]:
    """Those that have a text."""
    return {name: text for name, value in known.items() if (text := text_of(value))}


def people(value: object) -> str | list[str]:
    """The names in a list of people, or the text as it is."""
    if isinstance(value, Mapping):
        value = next((one for name in ("author", "authors", "name") if (one := value.get(name))), value)
    if isinstance(value, str):
        return value
    found = [_name(one) for one in (value if isinstance(value, list) else [value])]
    return [name for name in found if name]


def _name(one: object) -> str:
    if not isinstance(one, Mapping):
        return one if isinstance(one, str) else ""
    if isinstance(one.get("author"), Mapping):
        one = {**one, **one["author"]}
    joined = next((name for parts in _NAMES if all(one.get(part) for part in (parts[0], parts[-1])) and (name := " ".join(filter(None, (text_of(one.get(part)) for part in parts))))), "")  # fmt: skip
    if joined and (suffix := text_of(one.get("suffix"))):
        return f"{joined} {suffix}"
    return joined or next((text for name in _WHOLE_NAMES if (text := text_of(one.get(name)))), "") or text_of(one.get("family"))
