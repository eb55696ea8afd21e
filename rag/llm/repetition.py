"""Tells a reply that repeats itself without end, as small models fall into."""

from __future__ import annotations

WINDOW = 4_000
"""Characters at the end of a reply that are examined."""
SHORTEST = 300
"""Characters that must repeat: a rule under a table's head is shorter."""
TIMES = 4
"""How often a text must repeat. Chosen."""


def repeats(text: str) -> bool:
    """Whether the end of the text is one stretch, four times or more in a row, over 300 characters or more.

    By the prefix function (Knuth, Morris & Pratt 1977) of the reversed end: its borders give the periods of every suffix.
    """
    end = text[: -WINDOW - 1 : -1]
    borders = [0] * len(end)
    border = 0
    for at in range(1, len(end)):
        while border and end[at] != end[border]:
            border = borders[border - 1]
        border += end[at] == end[border]
        borders[at] = border
        length = at + 1
        if length >= SHORTEST and length >= TIMES * (length - border):
            return True
    return False
