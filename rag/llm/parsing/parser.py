"""A model's stream as sentences: `Prose` while one is under way, `Sentence` once it is complete, with the numbers that it cites.

A marker before or behind a sentence's full stop belongs to that sentence. However the stream is cut, the sentences are the same, and
so is all the prose put together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from rag.llm.parsing.marked import Mark, NotInPapers, Token, tokens
from rag.llm.parsing.untagged import Restart
from rag.text.sentences import sentences


@dataclass(frozen=True, slots=True)
class Prose:
    """A further stretch of the sentence under way; the first one brings the gap before it."""

    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A complete sentence without its markers, the numbers that it cites, and the gap between it and the one before."""

    text: str
    numbers: tuple[int, ...]
    gap: str


Part = Prose | Sentence | NotInPapers | Restart

ITEM = "- "
_ROLES = ("assistant:", "system:", "user:", "human:", "answer:", "ai:")
_LINE_MARK = re.compile(r"[-*•+#>]{1,6}|\d{1,2}[.)]")
_MAY_BE_LINE_MARK = re.compile(r"[-*•+#>]{0,6}|\d{1,2}[.)]?")
_ITEM_MARK = re.compile(r"[-*•+]|\d{1,2}[.)]")
_STOP = re.compile(r"[.!?…。！？]+[)\]\"'”’»]*")
_STOPPED = re.compile(r"(?<!\bal)[.!?…。！？][)\]\"'”’»]*$")
_CLOSING = ".,;:!?)”’"


@dataclass
class _Line:
    """The sentences under way: their text with single spaces, and where in it the marks stand."""

    text: str = ""
    marks: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    shown: int = 0
    space: bool = False

    def add(self, char: str) -> bool:
        """Whether the character ended a word."""
        if char.isspace():
            ended, self.space = bool(self.text) and not self.space, bool(self.text)
            return ended
        marked = bool(self.marks) and self.marks[-1][0] == len(self.text)
        if self.space and not (marked and char in _CLOSING):
            self.text += " "
        self.text, self.space = self.text + char, False
        return False

    def mark(self, numbers: tuple[int, ...]) -> None:
        self.marks.append((len(self.text), numbers))
        self.space = bool(self.text)

    def cut(self, end: int, rest: int) -> tuple[str, tuple[int, ...], str]:
        """Takes the sentence up to `end`: its text, its numbers, and the part of it that was not shown yet; the next begins at `rest`."""
        text, unseen = self.text[:end], self.text[self.shown : end]
        own = [numbers for place, numbers in self.marks if place <= end]
        self.marks = [(place - rest, numbers) for place, numbers in self.marks if place > end]
        self.text, self.shown = self.text[rest:], max(0, self.shown - rest)
        return text, tuple(dict.fromkeys(number for numbers in own for number in numbers)), unseen

    def first_end(self) -> tuple[int, int] | None:
        """Where the first sentence ends and the next begins, if there are two; a marker behind a stop ends one, unless it goes on."""
        spans = sentences(self.text + " ")
        ends = [(spans[0].end, spans[1].start)] if len(spans) > 1 else []
        for place, _ in self.marks:
            rest = len(self.text) - len(self.text[place:].lstrip())
            if _STOPPED.search(self.text[:place]) and rest < len(self.text) and not self.text[rest].islower():
                ends.append((place, rest))
        return min(ends, default=None)

    def showable(self) -> int:
        """Up to where the text surely belongs to this sentence: behind a stop, a whole word must have come."""
        for stop in _STOP.finditer(self.text):
            after = self.text[stop.end() :].lstrip()
            if " " not in after and not (after and self.space):
                return stop.end()
        return len(self.text)


class Reply:
    """Reads one reply: `feed` its pieces, then `end`. Addresses are kept only where they are `known`."""

    def __init__(self, known: Collection[str] = ()) -> None:
        self._tokens = tokens(known)
        self._start()

    def _start(self) -> None:
        self._line = _Line()
        self._head: str | None = ""
        self._breaks = 0
        self._item = self._was_item = False
        self._gap: str | None = None

    def feed(self, piece: str) -> Iterator[Part]:
        for token in self._tokens(piece, False):
            yield from self._take(token)
        yield from self._show()

    def end(self) -> Iterator[Part]:
        for token in self._tokens("", True):
            yield from self._take(token)
        if self._head:
            yield from self._begin(self._head)
        yield from self._close()

    def _take(self, token: Token) -> Iterator[Part]:
        if isinstance(token, str):
            for char in token:
                yield from self._char(char)
        elif isinstance(token, Mark):
            yield from self._mark(token)
        else:
            if isinstance(token, Restart):
                self._start()
            else:
                yield from self._close()
            yield token

    def _mark(self, mark: Mark) -> Iterator[Part]:
        if self._head:
            yield from self._begin(self._head)
        self._line.mark(mark.numbers)

    def _char(self, char: str) -> Iterator[Part]:
        if char == "\n":
            yield from self._break()
        elif self._head is not None:
            yield from self._at_line_start(char)
        elif self._line.add(char):
            yield from self._cut()

    def _break(self) -> Iterator[Part]:
        """A line ends; whether the sentence goes on is seen when the next one begins."""
        if self._head:
            yield from self._begin(self._head)
        self._head = ""
        self._breaks += 1

    def _at_line_start(self, char: str) -> Iterator[Part]:
        """Keeps back what may be the sign of an item, a heading, a quotation, or the name of a role."""
        head = self._head or ""
        if char.isspace():
            if not head:
                return
            if _LINE_MARK.fullmatch(head):
                yield from self._close()
                self._item, self._head = _ITEM_MARK.fullmatch(head) is not None, ""
            elif head.casefold() in _ROLES:
                self._head = ""
            else:
                yield from self._begin(head + char)
            return
        head += char
        if _MAY_BE_LINE_MARK.fullmatch(head) or any(role.startswith(head.casefold()) for role in _ROLES):
            self._head = head
        else:
            yield from self._begin(head)

    def _begin(self, head: str) -> Iterator[Part]:
        """A line's own text begins: it goes on with the sentence before, or that one is complete."""
        if self._breaks > 1 or self._line.text.endswith((".", "!", "?", ":", "。")):
            yield from self._close()
        if self._line.text:
            self._line.add(" ")
        else:
            self._gap = self._gap_of_line()
        self._head, self._breaks, self._item = None, 0, False
        for char in head:
            yield from self._char(char)

    def _close(self) -> Iterator[Part]:
        """All that is under way is complete."""
        while self._line.text:
            yield from self._cut_at(*(self._line.first_end() or (len(self._line.text), len(self._line.text))))

    def _cut(self) -> Iterator[Part]:
        """The sentences behind which another one has begun are complete."""
        while _STOP.search(self._line.text) and (ends := self._line.first_end()) is not None:
            yield from self._cut_at(*ends)

    def _cut_at(self, end: int, rest: int) -> Iterator[Part]:
        gap, begun = self._gap or "", self._line.shown > 0
        text, numbers, unseen = self._line.cut(end, rest)
        if unseen:
            yield Prose(unseen if begun else gap + unseen)
        yield Sentence(text.strip(), numbers, gap)
        self._gap = " " if rest > end else ""

    def _show(self) -> Iterator[Part]:
        until, shown = self._line.showable(), self._line.shown
        if until > shown:
            stretch = self._line.text[shown:until]
            yield Prose(stretch if shown else (self._gap or "") + stretch)
            self._line.shown = until

    def _gap_of_line(self) -> str:
        """What stands between a sentence that begins a line and the one before."""
        first, follows_item = self._gap is None, self._was_item
        self._was_item = self._item
        if self._item:
            return ITEM if first else f"\n{ITEM}" if follows_item else f"\n\n{ITEM}"
        return "" if first else "\n\n"
