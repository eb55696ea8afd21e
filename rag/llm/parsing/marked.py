"""Second stage of reading a model's stream: citation marks, the sentinel, the words of links and images without their addresses.

What comes out does not depend on how the stream was cut: what cannot be decided yet is kept back, and the look ahead is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from rag.llm.parsing.markers import numbers_in, plausible_in_brackets
from rag.llm.parsing.untagged import LOOK_AHEAD, Restart, Untagged

SENTINEL = "NOT_IN_THE_PAPERS"
"""What a model is asked to reply where the evidence does not contain the answer."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation marker: the numbers that it names."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NotInPapers:
    """The model says that the papers do not hold the answer."""


Token = str | Mark | NotInPapers | Restart

_OPENS = {"[": "]", "【": "】", "［": "］"}
_NOTICED = re.compile(r"[\[【［(!NhHwW]")
_ADDRESS_BEGINS = ("http://", "https://", "www.")
_ADDRESS_ENDS = re.compile(r"[\s<>\"“”‘’]")
_ROUND = re.compile(r"\([\d\s,;^&–—-]*\)?")
_REMEMBERED = 40
"""Characters before the current one that decide what a sign means. Chosen."""


class Marked:
    """Second stage: text, marks, and the sentinel; of links and images the words stay, an address stays only if it is `known`."""

    def __init__(self, known: Collection[str] = ()) -> None:
        self._known = known
        self._pending = ""
        self._before = "\n"
        self._square_seen = False
        self._in_address = False

    def feed(self, text: str, final: bool = False) -> Iterator[Token]:
        self._pending += text
        while self._pending:
            if self._in_address and not self._address_over():
                return
            found = _NOTICED.search(self._pending)
            at = found.start() if found else len(self._pending)
            if at:
                yield self._take(at)
            if not self._pending:
                continue
            token = self._decided(final)
            if token is None:
                return
            if token != "":
                yield token

    def _take(self, count: int, shown: bool = True) -> str:
        taken, self._pending = self._pending[:count], self._pending[count:]
        if shown:
            self._before = (self._before + taken)[-_REMEMBERED:]
        return taken

    def _decided(self, final: bool) -> Token | None:
        sign = self._pending[0]
        if sign in _OPENS:
            return self._square(final, 0)
        if sign == "(":
            return self._round(final)
        if sign == "!":
            if self._pending == "!" and not final:
                return None
            return self._square(final, 1) if self._pending.startswith("![") else self._take(1)
        return self._word(final)

    def _word(self, final: bool) -> Token | None:
        """The sentinel or an address, where a word begins that may be one."""
        if self._before[-1:].isalnum():
            return self._take(1)
        if self._pending.startswith(SENTINEL):
            self._take(len(SENTINEL), shown=False)
            return NotInPapers()
        lowered = self._pending[:8].casefold()
        if any(lowered.startswith(begin) for begin in _ADDRESS_BEGINS):
            return self._address(final)
        waiting = SENTINEL.startswith(self._pending) or any(begin.startswith(lowered) for begin in _ADDRESS_BEGINS)
        return None if waiting and not final else self._take(1)

    def _address(self, final: bool) -> str | None:
        window = self._pending[:LOOK_AHEAD]
        end = _ADDRESS_ENDS.search(window)
        if end is None and len(window) < LOOK_AHEAD and not final:
            return None
        address = window[: end.start() if end else len(window)]
        trimmed = address.rstrip(".,;:!?)]}'*")
        if trimmed in self._known:
            return self._take(len(trimmed))
        over = end is not None or final
        self._take(len(trimmed) if over else len(window), shown=False)
        self._in_address = not over
        return ""

    def _address_over(self) -> bool:
        """Passes over the rest of an address that was too long; whether its end was there."""
        end = _ADDRESS_ENDS.search(self._pending)
        self._take(end.start() if end else len(self._pending), shown=False)
        self._in_address = end is None
        return end is not None

    def _square(self, final: bool, at: int) -> Token | None:
        """From the bracket at `at`: a link's or an image's words, a marker, or just a bracket."""
        window = self._pending[:LOOK_AHEAD]
        close = _closing(window, at)
        if close is None:
            return None if len(window) < LOOK_AHEAD and not final else self._take(at + 1)
        if close < 0:
            return self._take(at + 1)
        if len(window) == close + 1 and len(window) < LOOK_AHEAD and not final:
            return None
        if window[close + 1 : close + 2] == "(":
            end = _link_end(window, close + 1)
            if end is None and len(window) < LOOK_AHEAD and not final:
                return None
            if end is not None and end > 0:
                return self._linked(window[at + 1 : close], end)
        return self._marker(window[at + 1 : close], at, close + 1)

    def _linked(self, words: str, end: int) -> Token:
        numbers = numbers_in(words)
        self._take(end, shown=False)
        if numbers is not None:
            return self._mark(numbers)
        self._pending = words + self._pending
        return " " if not words.strip() else ""

    def _marker(self, inside: str, at: int, end: int) -> Token:
        numbers = numbers_in(inside) if at == 0 else None
        if numbers is None:
            return self._take(at + 1)
        self._take(end, shown=False)
        return self._mark(numbers)

    def _mark(self, numbers: tuple[int, ...]) -> Mark:
        self._square_seen = True
        return Mark(numbers)

    def _round(self, final: bool) -> Token | None:
        """`(1)`, where the model does not use square brackets and the place is one for a marker."""
        window = self._pending[:_REMEMBERED]
        found = _ROUND.match(window)
        whole = found is not None and found[0].endswith(")")
        if found is None or (not whole and (found.end() < len(window) or len(window) == _REMEMBERED)):
            return self._take(1)
        after = window[found.end() :]
        if not final and len(window) < _REMEMBERED and (not whole or not after.strip(" ")):
            return None
        numbers = numbers_in(found[0][1:-1]) if whole else None
        if numbers is None or self._square_seen or not plausible_in_brackets(self._before, after):
            return self._take(1)
        self._take(found.end(), shown=False)
        return Mark(numbers)


def _closing(window: str, at: int) -> int | None:
    """Where the bracket at `at` closes; -1 where another opens or the line ends before, None if neither is in view."""
    wanted = _OPENS[window[at]]
    for place in range(at + 1, len(window)):
        if window[place] == wanted:
            return place
        if window[place] in "[【［\n":
            return -1
    return None


def _link_end(window: str, at: int) -> int | None:
    """Behind the bracket that closes a link's address; -1 where it is no link, None if the end is not in view."""
    end = re.compile(r"[)\n]").search(window, at + 1)
    if end is None:
        return None
    return end.end() if end[0] == ")" else -1


def tokens(known: Collection[str] = ()) -> Callable[[str, bool], Iterator[Token]]:
    """Both stages as one: give it pieces and, last, `final`."""
    untagged, marked = Untagged(), Marked(known)

    def feed(text: str, final: bool) -> Iterator[Token]:
        for token in untagged.feed(text, final):
            if isinstance(token, Restart):
                yield from marked.feed("", True)
                yield token
            else:
                yield from marked.feed(token, False)
        if final:
            yield from marked.feed("", True)

    return feed
