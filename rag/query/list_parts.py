"""Long lists are told in parts: `More`, `the rest` and `show all` after one ask for what it left out, and say so when they stand alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")

LIST_PAPERS = 12
"""Papers of a part at most. Chosen."""
MOST_LISTED = 100
"""The same of a list from the records, which gives titles. Chosen."""
MOST_AT_ONCE = 1_000
"""Papers that are told where all are asked for. Chosen."""


@dataclass(frozen=True, slots=True)
class ListPart:
    """The part of a list from place `first`, counted from 0, `most` items long; `to_end` where all behind it are wanted."""

    first: int = 0
    to_end: bool = False
    most: int = LIST_PAPERS

    @property
    def end(self) -> int:
        """The place behind the part."""
        return self.first + (MOST_AT_ONCE if self.to_end else self.most)

    @property
    def continues(self) -> bool:
        """Whether it is more than the beginning."""
        return self.first > 0 or self.to_end

    def of(self, items: Sequence[Item]) -> Sequence[Item]:
        return items[self.first : self.end]

    def left(self, count: int) -> int:
        """How many of so many items stand behind this part."""
        return max(count - self.end, 0)


BEGINNING = ListPart()
OF_RECORDS = ListPart(most=MOST_LISTED)
"""The beginning of a list from the records."""

_ASK = r"(?:(?:and|so|ok(?:ay)?|yes|please|und|ja|bitte)\W+)*"
_SHOW = r"(?:(?:(?:can|could|will) you )?(?:show|list|give|tell|name|see|get|display)(?: me)?(?: the)? |(?:zeig|nenn|gib)e? (?:mir )?)"
_OF_THEM = r"(?: (?:of (?:them|those|these)|papers?|ones|results|studies|articles|davon|arbeiten))?"
_END = r"(?: (?:please|bitte|anzeigen|zeigen))?\W*"
_EVERYTHING = re.compile(
    rf"(?i)^\W*{_ASK}(?:{_SHOW}?(?:all|everything|them all|alle|alles)|(?:{_SHOW}|the |die )(?:whole|full|complete|entire|ganze|vollständige) (?:list|liste)){_OF_THEM}{_END}"
)
_OTHERS = re.compile(
    rf"(?i)^\W*{_ASK}{_SHOW}?(?:the )?(?:(?:all )?(?:the )?(?:rest|remaining|remainder)|the others|(?:alle )?(?:die |den )?(?:restlichen|übrigen|anderen)|den rest|der rest){_OF_THEM}{_END}"
)
_MORE = re.compile(
    rf"(?i)^\W*{_ASK}(?:{_SHOW}|(?:are|is) there |do you have |gibt es )?(?:(?:any|some|even|noch|a few|the) )*(?:more|others?|further|next(?: (?:page|\d{{1,2}}))?|mehr|weitere|welche|andere){_OF_THEM}{_END}"
    rf"|(?i:^\W*{_ASK}(?:(?:go on|continue|what else|who else|which others?|anything else|weiter|was noch)){_END})"
)
_PART = re.compile(r" \((?:all papers|papers (?P<first>\d{1,6}) (?:on|(?P<end>to the last)))\)$")


def part_asked(question: str, before: ListPart) -> ListPart | None:
    """The part that a question asks for after another part of a list, if it asks for nothing else."""
    if _EVERYTHING.fullmatch(question):
        return ListPart(to_end=True)
    if _OTHERS.fullmatch(question):
        return ListPart(before.end, to_end=True)
    return ListPart(before.end) if _MORE.fullmatch(question) else None


def with_part(question: str, part: ListPart) -> str:
    """The question for a list, with the part that it asks for in words."""
    if not part.continues:
        return question
    if part.to_end and not part.first:
        return f"{question} (all papers)"
    return f"{question} (papers {part.first + 1} {'to the last' if part.to_end else 'on'})"


def without_part(question: str) -> tuple[str, ListPart]:
    """The opposite of `with_part`."""
    found = _PART.search(question)
    if found is None:
        return question, ListPart()
    first = max(int(found["first"] or 1) - 1, 0)
    return question[: found.start()], ListPart(first, to_end=found["first"] is None or found["end"] is not None)
