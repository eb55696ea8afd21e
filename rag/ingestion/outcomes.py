"""Turns what was found on each line into papers and refusals, and refuses a paper that comes twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rag.types import Paper, Refused

LONGEST_ABSTRACT = 100_000
"""Characters. What is longer is a book or a damaged file, and would be in memory whole."""

Outcome = tuple[int, Paper | str]
"""A line number (from 1), and the paper that begins there or the reason why there is none."""


class Unreadable(str):
    """Stands in for a line that could not be read. As text it is empty; `reason` says why, as a sentence."""

    __slots__ = ("reason",)
    reason: str

    def __new__(cls, reason: str) -> Unreadable:
        line = super().__new__(cls)
        line.reason = reason
        return line


def report(outcomes: Iterable[Outcome], source: str) -> Iterator[Paper | Refused]:
    """Each outcome in order, refusals with their place in `source`; the second paper with one id is refused."""
    first: dict[str, int] = {}
    for line, outcome in outcomes:
        if isinstance(outcome, str):
            yield Refused(f"{source}, line {line}", outcome)
        elif outcome.id in first:
            yield Refused(f"{source}, line {line}", f"“{outcome.title}” repeats line {first[outcome.id]}, which was taken.")
        else:
            first[outcome.id] = line
            yield outcome
