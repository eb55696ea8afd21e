"""Knows the lines of a page of papers that are the site's, not a paper's: menus, dates, counts, buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_BUTTON = (
    r"new|subscribe|upvoted?|upvotes?|(?:read|show|see|load|view) (?:more|less|all)|view (?:arxiv page|pdf|paper|abstract)|"
    r"arxiv page|pdf|abs|abstract|github|code|project page|comments?|share|likes?|community|discuss(?:ion)?|models?|datasets?|"
    r"spaces?|papers|docs|enterprise|pricing|log ?in|sign ?(?:up|in)|search|trending|daily|weekly|monthly|today|yesterday|"
    r"previous|next|"
    r"submitted by(?: \S+)?|hugging face|daily papers|get trending papers\b.*|\+?add to collections?|back to .{1,30}"
)
_BOILERPLATE = re.compile(
    rf"(?:{_BUTTON})(?:\W*[0-9][0-9.,]*[km]?)?\W*"
    r"|[^\w]*[0-9][0-9.,]*[km]?(?<!\.)\W{0,2}(?<!\.)"
    r"|\W*"
    r"|\W*[0-9][0-9,]* ?(?:authors?|upvotes?|likes?|comments?|stars?|views?|replies|papers)"
    rf"|(?:published (?:on )?)?(?:{_WEEKDAY},? )?(?:{_MONTH} [0-9]{{1,2}}|[0-9]{{1,2}} {_MONTH})(?:,? [0-9]{{4}})?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[0-9]+ (?:minutes?|hours?|days?|weeks?|months?|years?) ago"
    r"|by ?\S{1,80} and the research community",
    re.IGNORECASE,
)
_LAST_WORDS = frozenset({"Code", "Comments", "Community", "Datasets", "Discussion", "Models", "Papers", "Search", "Spaces"})
_LONGEST = 80
"""Characters of a line; a longer one is never the site's own. Chosen."""
_HEADER = re.compile(r"daily papers|by ?\S{1,80} and the research community", re.IGNORECASE)
_SUBMITTED = re.compile(r"submitted by:?", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+")


def is_boilerplate(line: str) -> bool:
    """Whether the whole line is the site's: `Upvote 12`, `·`, `5 authors`, `Aug 20`, `Read more`."""
    return len(line) <= _LONGEST and bool(_BOILERPLATE.fullmatch(line))


def without_submitters(numbered: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines, but blank for the one word that follows `Submitted by`: a name on the site, which looks like a title."""
    expected = False
    for number, line in numbered:
        words = line.split()
        if expected and len(words) == 1:
            yield number, ""
        else:
            yield number, line
        if words:
            expected = bool(_SUBMITTED.fullmatch(" ".join(words)))


def is_header(line: str) -> bool:
    """Whether the line is the page's own heading: what stands above it is its menu."""
    return bool(_HEADER.fullmatch(line))


def may_end_title(line: str) -> bool:
    """Whether a line that looks like a button may as well be the last word of a wrapped title."""
    return line in _LAST_WORDS


def is_link(line: str) -> bool:
    """Whether the line is nothing but a web address."""
    return bool(_LINK.fullmatch(line))
