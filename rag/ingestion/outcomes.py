"""Turns what was found on each line into papers and refusals, and refuses a paper that comes twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rag.identity import normalised_title
from rag.types import Paper, Refused

REMEMBERED = 200_000
"""Papers by which a repeat is known; in a longer file, the library itself knows the others."""
LONGEST_ABSTRACT = 100_000
"""Characters. What is longer is a book or a damaged file, and would be in memory whole."""

_First = tuple[int, int, int | None, int]
"""The line of a paper, and what stands for its first author (0: none), its year and its abstract (0: none)."""

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
    """Each outcome in order, refusals with their place in `source`; a paper that comes again is refused.

    Two papers with one id but other titles, authors, years or texts are let through: a DOI may stand on both by mistake.
    """
    first: dict[int, _First] = {}
    for line, outcome in outcomes:
        if isinstance(outcome, str):
            yield Refused(f"{source}, line {line}", outcome, kind_of(outcome))
            continue
        known = hash((outcome.id, normalised_title(outcome.title)))
        before = first.get(known)
        if before is not None and not _differ(before, outcome):
            yield Refused(f"{source}, line {line}", f"“{outcome.title}” repeats line {before[0]}, which was taken.", "repeat")
            continue
        if len(first) >= REMEMBERED:
            del first[next(iter(first))]
        first.setdefault(known, (line, hash(outcome.authors[:1]) if outcome.authors else 0, outcome.year, _beginning(outcome)))
        yield outcome


def _differ(before: _First, paper: Paper) -> bool:
    """Whether both records name a first author or a year, and another one, or have abstracts that begin in another way."""
    _, author, year, text = before
    other_author = bool(author and paper.authors) and author != hash(paper.authors[:1])
    other_text = bool(text and paper.abstract) and text != _beginning(paper)
    return other_author or other_text or (year is not None and paper.year is not None and year != paper.year)


def _beginning(paper: Paper) -> int:
    """Stands for the first letters of the abstract; 0 without one."""
    return hash("".join(char for char in paper.abstract[:200].casefold() if char.isalnum())[:60]) if paper.abstract else 0


def kind_of(reason: str) -> str:
    """What the reasons have in common that one may count together."""
    return next((kind for kind, words in _KINDS.items() if any(word in reason for word in words)), "other")


_KINDS = {
    "no_title": ("`title` is missing", "`title` is empty", "has no title"),
    "no_text": ("no abstract under it", "no title above it"),
    "not_json": ("This is not JSON", "not a JSON object"),
    "too_long": ("characters: no", "longer than"),
    "broken_off": ("breaks off", "closing brace", "never closed"),
    "unreadable": ("not UTF-8", "could not be read"),
}
