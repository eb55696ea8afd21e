"""Lists of words and patterns from data files: each list once, with its origin beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def lists(file: str) -> Mapping[str, tuple[str, ...]]:
    """The lists of a file of `rag/data`, by the names in brackets above them; `#` begins a comment line."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in (files("rag") / "data" / file).read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"^\[(\w+)\]", line):
            found[name := heading[1]] = []
        elif line and not line.startswith("#"):
            found[name].append(line)
    return {name: tuple(entries) for name, entries in found.items()}


def word_list(file: str, name: str) -> frozenset[str]:
    """The words of a list, however they are spread over lines."""
    return frozenset(word for line in lists(file)[name] for word in line.split())


def any_of(file: str, name: str) -> str:
    """The list as one pattern that takes any of its entries, the longest first."""
    return "|".join(sorted(lists(file)[name], key=len, reverse=True))


def alternatives(file: str, name: str) -> str:
    """The list as one pattern that takes any of its entries, in the order of the file; entries are patterns themselves."""
    return "|".join(lists(file)[name])
