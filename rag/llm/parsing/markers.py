"""What counts as a citation marker in a text, and which numbers it names: `[1]`, `[1, 2]`, `[1-3]`, `[^1]`, `【1†source】`, `(1)`."""

from __future__ import annotations

import re

LONGEST_RANGE = 20
"""Numbers that a range may stand for; a longer one counts as its two ends."""

_MARKER = re.compile(
    r"^\s*+(?:(?:sources?|evidence|sentences?|quotes?|refs?|citations?|no)\b\.?:?\s*)?"
    r"(\^?\d{1,3}(?:\s*(?:[,;&–—-]|and)\s*\^?\d{1,3})*)\s*(?:†.*)?",
    re.IGNORECASE | re.DOTALL,
)
_PART = re.compile(r"\^?(\d+)(?:\s*[–—-]\s*\^?(\d+))?")
_LABELLED = re.compile(
    r"(?i)\b(?:eqs?|equations?|figs?|figures?|tables?|tabs?|theorems?|thms?|lemmas?|sections?|secs?|steps?|parts?|case|cases|points?|items?|"
    r"definitions?|algorithms?|chapters?|phases?|stages?|and|or)\.?\s*$"
)


def numbers_in(inside: str) -> tuple[int, ...] | None:
    """The numbers that a marker with this text between its brackets names, or None if it is no marker: a year, `0, 1`, words."""
    found = _MARKER.fullmatch(inside)
    if found is None:
        return None
    numbers = [number for part in _PART.finditer(found[1]) for number in _range(part)]
    return None if 0 in numbers and len(numbers) > 1 else tuple(dict.fromkeys(numbers))


def plausible_in_brackets(before: str, after: str) -> bool:
    """Whether `(1)` between these texts cites: behind a sentence's words and before its stop or the next sentence, no item of a list."""
    if not before.strip() or before.endswith("\n") or _LABELLED.search(before):
        return False
    following = after.lstrip(" ")
    ended = before.rstrip()[-1:] in '.!?”"'
    return not following or following[0] in ".,;:!?\n[(" or (ended and following[0].isupper())


def _range(part: re.Match[str]) -> range | tuple[int, ...]:
    first = int(part[1])
    last = int(part[2] or first)
    return range(first, last + 1) if first <= last < first + LONGEST_RANGE else (first, last)
