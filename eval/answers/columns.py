"""Tables that JSON keeps by their columns, as pandas and Hugging Face's datasets write them, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def by_columns(whole: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The rows of `{"question": ["A?", "B?"], …}`, of `{"question": {"0": "A?"}, …}` or of `{"columns": […], "data": [[…]]}`; None for anything else."""
    names, data = whole.get("columns"), whole.get("data")
    if isinstance(names, list) and isinstance(data, list) and all(isinstance(row, list) for row in data):
        return [dict(zip(map(str, names), row, strict=False)) for row in data]
    columns = list(whole.values())
    if len(columns) < 3:
        return None
    if all(isinstance(one, list) for one in columns) and len({len(one) for one in columns}) == 1 and _texts(columns):
        return [dict(zip(whole, row, strict=True)) for row in zip(*columns, strict=True)]
    if all(isinstance(one, dict) and all(map(str.isdecimal, one)) for one in columns):
        places = list(dict.fromkeys(place for one in columns for place in one))
        return [{name: one.get(place) for name, one in whole.items()} for place in places]
    return None


def _texts(columns: list[list[Any]]) -> bool:
    """Whether at least two columns hold texts, as questions and answers are."""
    return sum(bool(one) and all(isinstance(cell, str) for cell in one) for one in columns) >= 2
