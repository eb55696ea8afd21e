"""What opens a sentence and means nothing without those before it: “However,”, “To this end,”, “(2) ” of a list."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_BEFORE_COMMA = re.compile(r"\A([A-Za-z][A-Za-z' -]{1,90}),\s+(?=\S)")
_BARE = re.compile(r"\A(?:But|And|Yet|So),?\s+(?=\S)")
_ITEM = re.compile(r"\A(?:\((?:[1-9]\d?|[a-h]|i{1,3}|iv|vi{0,3})\)|(?:[1-9]|[a-h]|i{1,3}|iv)\))\s+(?=[A-Z“\"])")
"""The number of a sentence in a list that the abstract runs through."""
LONGEST = 120
"""Characters in which a connective ends."""
MOST = 2
"""Connectives taken from one sentence: “However, in this work, …”."""


def opening(sentence: str) -> int:
    """How many characters of the sentence its list number and connectives take; 0 where it opens with something else."""
    number = _ITEM.match(sentence[:LONGEST])
    end = number.end() if number else 0
    for _ in range(MOST):
        rest = sentence[end : end + LONGEST]
        found = _BARE.match(rest) or _BEFORE_COMMA.match(rest)
        if found is None or (found.re is _BEFORE_COMMA and not _pattern().fullmatch(found.group(1).lower())):
            break
        end += found.end()
    return end


@cache
def _pattern() -> re.Pattern[str]:
    lines = (files("rag") / "data" / "connectives.txt").read_text(encoding="utf-8").splitlines()
    phrases = [re.escape(line.strip()) for line in lines if line.strip() and not line.startswith("#")]
    return re.compile("|".join(phrases).replace(r"\*", r"\S+(?: \S+){0,7}").replace(r"\+", r"\S+"))
