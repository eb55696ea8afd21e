"""First stage of reading a model's stream: tags, code fences, reasoning, tokens of the chat format and hidden characters go.

What comes out does not depend on how the stream was cut: what cannot be decided yet is kept back, and the look ahead is bounded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LOOK_AHEAD = 300
"""Characters within which a tag, a link or an address must close to count as one."""
LONGEST_FENCE_NAME = 24
"""Characters of a language's name behind the fence of a code block. Chosen."""


@dataclass(frozen=True, slots=True)
class Restart:
    """All text up to here was reasoning."""


_KEPT_CONTROLS = frozenset("\n\t ")


def seen(text: str) -> str:
    """The text without characters that a person does not see: controls, zero-width, writing direction, variation selectors, half pairs."""
    return text if text.isascii() and text.isprintable() else "".join(char for char in text if _is_seen(char))


def _is_seen(char: str) -> bool:
    if char in _KEPT_CONTROLS:
        return True
    return unicodedata.category(char)[0] != "C" and char not in "\u2028\u2029\u115f\u1160\u3164\uffa0" and not _selects(char)


def _selects(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


_HTML = (
    "a abbr article aside audio b base blockquote body br button canvas center cite code dd del details dialog div dl dt em embed "
    "figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label li link main map "
    "mark marquee math meta nav noscript object ol option p param picture pre s samp script section select small source span "
    "strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video xml "
    "sys inst evidence question answer papers paper system user assistant instructions tool_call tool function"
)
_HTML_NAMES = frozenset(_HTML.split())
_REASONING = frozenset("think thinking reasoning thought thoughts reflection scratchpad analysis".split())
_UNSHOWN = frozenset("script style template svg iframe object noscript head title textarea".split())
_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)((?:\s[^<>]*)?)/?>")
_FORMAT_TOKEN = re.compile(r"<\|[^<>\n]{0,60}\|>|<(?:start|end)_of_turn>|</?s>|<(?:bos|eos|pad|unk)>")
_NAMES_A_ROLE = {"<|im_start|>": "\n", "<|start_header_id|>": "<|end_header_id|>", "<start_of_turn>": "\n"}
_FENCE = re.compile(r"```[\w+-]{0,20}[ \t]*\n")


class Untagged:
    """First stage: text without tags, reasoning, fences and tokens of the chat format."""

    def __init__(self) -> None:
        self._pending = ""
        self._until = ""

    def feed(self, text: str, final: bool = False) -> Iterator[str | Restart]:
        self._pending += seen(text)
        while self._pending:
            if self._until and not self._skipped():
                return
            found = re.search(r"[<`*]", self._pending)
            at = found.start() if found else len(self._pending)
            if at:
                yield self._take(at)
            if not self._pending or self._until:
                continue
            token = self._decided(final)
            if token is None:
                return
            if token != "":
                yield token

    def _take(self, count: int) -> str:
        taken, self._pending = self._pending[:count], self._pending[count:]
        return taken

    def _skipped(self) -> bool:
        """Passes over what is not shown, as far as it has come; whether its end was there."""
        end = re.search(re.escape(self._until), self._pending, re.IGNORECASE)
        if end is None:
            self._pending = self._pending[-len(self._until) + 1 :] if len(self._until) > 1 else ""
            return False
        self._take(end.end())
        self._until = ""
        return True

    def _decided(self, final: bool) -> str | Restart | None:
        """What the sign that comes next stands for, taken from what is pending; None if more must be seen."""
        sign = self._pending[0]
        if sign == "*":
            return self._stars(final)
        return self._ticks(final) if sign == "`" else self._tag(final)

    def _stars(self, final: bool) -> str | None:
        if self._pending == "*" and not final:
            return None
        if self._pending.startswith("**"):
            self._take(2)
            return ""
        return self._take(1)

    def _ticks(self, final: bool) -> str | None:
        if not final and len(self._pending) < 3 and "```".startswith(self._pending):
            return None
        if not self._pending.startswith("```"):
            self._take(1)
            return ""
        name = self._pending[3 : 3 + LONGEST_FENCE_NAME]
        if not final and len(name) < LONGEST_FENCE_NAME and re.fullmatch(r"[\w+-]{0,20}[ \t]*", name):
            return None
        fence = _FENCE.match(self._pending)
        self._take(fence.end() if fence and fence.end() <= 3 + LONGEST_FENCE_NAME else 3)
        return "\n" if fence else ""

    def _tag(self, final: bool) -> str | Restart | None:
        window = self._pending[:LOOK_AHEAD]
        following = window[1:2]
        if not following and not final:
            return None
        if not following or following.isspace() or following.isdigit() or following in "=-":
            return self._take(1)
        if not (following.isalpha() or following in "/!|?"):
            return self._not_a_tag()
        close = re.search(r"[>\n]|(?<!^)<", window)
        if close is None and len(window) < LOOK_AHEAD and not final:
            return None
        if close is None or close[0] != ">":
            return self._not_a_tag()
        return self._closed_tag(window[: close.end()])

    def _closed_tag(self, tag: str) -> str | Restart:
        if tag.startswith(("<!--", "<?")):
            self._take(4 if tag.startswith("<!--") else len(tag))
            self._until = "-->" if tag.startswith("<!--") else ""
            return " "
        if tag.startswith("<!"):
            self._take(len(tag))
            return " "
        if _FORMAT_TOKEN.fullmatch(tag):
            self._take(len(tag))
            self._until = _NAMES_A_ROLE.get(tag, "")
            return "\n"
        found = _TAG.fullmatch(tag)
        return self._not_a_tag() if found is None else self._named_tag(tag, found)

    def _named_tag(self, tag: str, found: re.Match[str]) -> str | Restart:
        closing, name, attributes = bool(found[1]), found[2].casefold(), found[3]
        if name in _REASONING:
            self._take(len(tag))
            self._until = "" if closing else f"</{name}>"
            return Restart() if closing else ""
        if "://" in tag or name in _HTML_NAMES or name in _UNSHOWN or "=" in attributes:
            self._take(len(tag))
            self._until = f"</{name}>" if name in _UNSHOWN and not closing and not tag.endswith("/>") else ""
            return "\n" if name in ("br", "p", "div", "li", "tr") else ""
        return self._not_a_tag()

    def _not_a_tag(self) -> str:
        """A space behind the sign, so that what is taken out further on cannot make a tag of it."""
        self._take(1)
        return "< "
