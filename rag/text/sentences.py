"""Finds the sentences of a scientific abstract, as exact offsets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from rag.text import latex
from rag.text.cues import word_list
from rag.types import Span

VERSION = 1
"""Grows whenever the same text may be cut otherwise, so that a library knows that its passages are old."""


def sentences(text: str) -> list[Span]:
    """Spans of the sentences, in order and without surrounding white space; every other character is in exactly one."""
    return list(_sentences(text))


@lru_cache(maxsize=256)
def _sentences(text: str) -> tuple[Span, ...]:
    """Kept for a while: an abstract that is added is cut into passages, read by the encoder and searched for orders."""
    spans: list[Span] = []
    start = before = 0
    for end in _ends(text):
        only_signs = not _WORD.search(text, before, end)
        before = end
        if only_signs and not spans:
            continue  # they go with the first sentence
        span = _trimmed(text, start, end)
        if not only_signs:
            spans.append(span)
        elif span.start < span.end:
            spans[-1] = Span(spans[-1].start, span.end)
        start = end
    return tuple(spans) or ((whole,) if (whole := _trimmed(text, 0, len(text))).start < whole.end else ())


# Below: candidates are found by one pattern; `_is_end` says no to those that an abbreviation, a bracket or a formula explains.

Opening = Literal["none", "starter", "upper", "sign", "digit", "number", "name", "lower"]
"""How what follows a stop begins: with no sentence at all, a word that begins sentences, another capital, a sign such as `$`,
digits, a number that goes on (`5%`), a name or item in lower case (`t-SNE`, `ii)`), or just in lower case."""

_OPEN_TO_CLOSE = {"(": ")", "[": "]", "{": "}", "（": "）", "「": "」", "『": "』", "【": "】"}
_CLOSE_TO_OPEN = {close: opened for opened, close in _OPEN_TO_CLOSE.items()}
_BRACKET = re.compile("[" + re.escape("".join((*_OPEN_TO_CLOSE, *_CLOSE_TO_OPEN))) + "]")
_WORD = re.compile(r"\w")
_CANDIDATE = re.compile(
    r"""
    (?<![.!?…])(?!(?<=\.\s)\.)(?P<stop>(?:\.(?:\s?\.)++|[.!?…])++)
    (?P<close>(?:["'”’»)\]}*]|\$(?!\w)|\s["”](?=\s|$))*+)                     # quotes, brackets
    (?:\s?\[\d[\d,;\s–-]*+\]|[\s~]?"""
    + latex.CITATION
    + r""")?                             # a reference set behind the stop
    (?P<gap>\s++|(?=[A-Z][\w’'-]*+[\s,:]))                                               # the space may be missing
    | (?P<hard>[。！？｡．।॥؟۔]++(?P<shut>[”’»）」』】"')\]]*+) | \n(?=[^\S\n]*+\n|\s*•\s))
    """,
    re.VERBOSE,
)
_RUN = re.compile(r"(?:\.(?:\s?\.)++|[.!?…])++")
_FIRST_SIGN = re.compile(r"[.!?…。！？｡．।॥؟۔\n]")
_TOKEN = re.compile(r"\w{1,40}(?:\.\w{1,40}){0,20}$")
_LONGEST_TOKEN = 40
"""Characters before a full stop that may be an abbreviation. Chosen."""
_LONGEST_HEADING = 40
"""Characters of a heading such as `Methods.` Chosen."""
_LONGEST_BRACKET = 250
"""Characters of a bracket within which no sentence ends. Chosen."""
_DATA = "sentence_ends.txt"
_NEVER_LAST = word_list(_DATA, "never_last")
_RARELY_LAST = word_list(_DATA, "rarely_last")
_BEFORE_NUMBER = word_list(_DATA, "before_number")
_WITH_BANG = word_list(_DATA, "with_exclamation_mark")
_STARTERS = word_list(_DATA, "starters")
_HEADINGS = word_list(_DATA, "headings")
_LOWER_STARTERS = word_list(_DATA, "lower_starters")
_ITEM = r"(?:[ivx]{1,4}|[a-z]|\d{1,2})\)"
_FOLLOWS_ON = re.compile(rf"[,;:)\]}}.!?+=<>~&/|^@]|\((?!{_ITEM})(?=[a-z$]|(?:19|20)\d\d\b)|\\(?:[cC]?ref|eqref|cite|footnote)")
"""A sentence does not begin like this: a sign that belongs to what precedes, an aside in brackets, a reference."""
_GOES_ON = re.compile(
    r"[(\[<{]{0,8}+(?:\\url|\\href|https?:|www\.|com/|[\w-]{1,60}+\.(?:com|org|io|ai|net)/|(?:e\.g|i\.e|and|or|nor|whose|which)\b)"
)
"""An address or a mere remainder after a full stop: of no use as a sentence of its own, so it stays with what it explains."""
_OPENING = re.compile(rf"""(?:["'“‘«„`(\[{{*%\#•–—_\s-]|{latex.OPENING})*""")
_FIRST_WORD = re.compile(r"\w+")
_LIKE_A_NAME = re.compile(rf"\(?{_ITEM}|[a-z]{{1,40}}+(?:-?[A-Z0-9]|_[a-z])|[a-z]-[A-Za-z]")
_ARTICLE = re.compile(r"A\s\w\w")
_PLAIN_NUMBER = re.compile(r"\d{1,40}+(?:\\?%|[)\],.;:/])")
_ITEM_MARK = re.compile(
    r"(?:^[\s({*[]*(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[)\]]?|[:;]\s+[({*[]*(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4}))$"
)
_SPACED_EG = re.compile(r"(?:\bi\.\s+e|\be\.\s+g)$")
_DOTTED = re.compile(r"[A-Za-z]{1,2}(?:\.[A-Za-z]{1,2})+")
_COMPOUND = re.compile(r"\w[-/‐‑–]\w+$")
_PLAIN_WORD = re.compile(r"[a-z]{4,}")
_LETTERED = re.compile(
    r"(?i)\b(?:vitamins?|hepatitis|types?|groups?|class|phase|stage|grade|protein|factor|complex|matrix|graph|set|space|tables?|figure"
    r"|appendix|section|track|part|point|case|model|budget)\s\w$"
)
"""Nouns that a single capital letter completes, where it is not somebody's initial."""


def _ends(text: str) -> Iterator[int]:
    """Where sentences end; the last is the text's own end."""
    closed = _Closed(text)
    start = 0
    for found in _candidates(text):
        end = found.end() if found["gap"] is None else found.start("gap")
        if _is_new_block(found) or (not closed.holds(end) and _is_end(text, start, found, closed)):
            yield end
            start = end
    yield len(text)


def _candidates(text: str) -> Iterator[re.Match[str]]:
    """Signs that may end a sentence. To look for the first sign alone is faster than for the whole pattern.

    Signs in a row are read once: what does not end a sentence behind the first of them does not behind the others.
    """
    past = 0
    for sign in _FIRST_SIGN.finditer(text):
        if sign.start() < past:
            continue
        if found := _CANDIDATE.match(text, sign.start()):
            past = found.end()
            yield found
        elif run := _RUN.match(text, sign.start()):
            past = run.end()


def _is_new_block(found: re.Match[str]) -> bool:
    """Whether a blank line or a bullet follows, which ends whatever came before."""
    return found["hard"] == "\n" or (found["gap"] or "").count("\n") > 1


def _is_end(text: str, start: int, found: re.Match[str], closed: _Closed) -> bool:
    """Whether a sentence that began at `start` ends with these signs."""
    if found["hard"]:
        return not _in_mid_sentence(start, found, "shut", closed)
    opening = _beginning(text, found.end())
    if opening == "none":
        return False
    stop = found.start()
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    token = word[0] if (word := _TOKEN.search(text, max(start, stop - _LONGEST_TOKEN), stop)) else ""
    if found["close"] and (opening == "lower" or (opening != "starter" and _in_mid_sentence(start, found, "close", closed))):
        return False
    if not found["gap"] and opening != "starter":
        return _PLAIN_WORD.fullmatch(token) is not None and opening == "upper" and not _in_address(text, stop)
    if found["stop"] != ".":
        return _ends_loudly(found, text[stop - 1 : stop], token, opening)
    return not _heads_more(text, start, stop, token) and _full_stop_ends(text, stop, token, opening)


def _beginning(text: str, at: int) -> Opening:
    """What kind of word or sign begins at `at`."""
    if at == len(text) or _FOLLOWS_ON.match(text, at) or _GOES_ON.match(text, at):
        return "none"
    if _LIKE_A_NAME.match(text, at):
        return "name"
    if opening := _OPENING.match(text, at):
        at = opening.end()
    first = _FIRST_WORD.match(text, at)
    if not first:
        return "sign"
    word = first[0]
    if word in _STARTERS or _ARTICLE.match(text, at):
        return "starter"
    if word[0].isdigit():
        return "number" if _PLAIN_NUMBER.match(text, at) else "digit"
    if word[0].islower():
        return "name" if _LIKE_A_NAME.match(text, at) or word in _LOWER_STARTERS or not word[0].isascii() else "lower"
    return "upper"


def _full_stop_ends(text: str, stop: int, token: str, opening: Opening) -> bool:
    """Whether one full stop after `token` ends a sentence, where the next begins with `opening`."""
    if _COMPOUND.search(text, max(0, stop - _LONGEST_TOKEN), stop):  # `CIFAR-C`, `CHA-Gen`: no initial, no abbreviation
        return opening != "lower" or _PLAIN_WORD.fullmatch(token) is not None
    if token in _NEVER_LAST or _SPACED_EG.search(text, max(0, stop - 5), stop):
        return False
    if token in _RARELY_LAST or _DOTTED.fullmatch(token):
        return opening == "starter"
    if len(token) == 1 and token.isupper():
        lettered = _LETTERED.search(text, max(0, stop - 20), stop) is not None
        return opening in ("starter", "sign") or (opening == "upper" and lettered)
    if opening in ("digit", "number") and token in _BEFORE_NUMBER:
        return False
    if (opening == "number" and token.isdigit()) or (opening == "digit" and token == "0"):  # a decimal torn apart
        return False
    if opening == "lower":
        return _PLAIN_WORD.fullmatch(token) is not None
    return opening != "name" or len(token) != 1 or token.isdigit()


def _ends_loudly(found: re.Match[str], before: str, token: str, opening: Opening) -> bool:
    """The same for question and exclamation marks and for dots in a row."""
    if opening == "starter":
        return True
    if opening == "lower":
        return False
    if "?" in found["stop"]:
        return True
    if "!" in found["stop"]:
        return token not in _WITH_BANG
    return before != "," and opening not in ("digit", "number")


def _in_mid_sentence(start: int, found: re.Match[str], group: str, closed: _Closed) -> bool:
    """Whether a bracket that closes after the stop was opened within the sentence: `models (BERT, etc.) Then`."""
    opened = [closed.opened_at.get(found.start(group) + i) for i, sign in enumerate(found[group]) if sign in ")]）」』】"]
    return any(at is None or at > start + 2 for at in opened)


def _heads_more(text: str, start: int, stop: int, token: str) -> bool:
    """Whether `token` only numbers or heads what follows: at the start, after a colon, or after the number before it."""
    alone = token in _HEADINGS and stop - start < _LONGEST_HEADING and text[start:stop].strip() == token
    if alone or _ITEM_MARK.search(text[max(start, stop - 12) : stop]):
        return True
    return token.isdecimal() and len(token) < 3 and text.find(f" {int(token) - 1}. ", max(start, stop - 1000), stop) >= 0


def _in_address(text: str, stop: int) -> bool:
    chunk = text[max(0, stop - 200) : stop].split()[-1:]
    return any("://" in part or "www." in part for part in chunk)


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


class _Closed:
    """The short brackets and the formulas of a text; within them no sentence ends."""

    def __init__(self, text: str) -> None:
        self.opened_at: dict[int, int] = {}
        inner = [found.span() for found in latex.FORMULA_IN_SENTENCE.finditer(text)] if "$" in text else []
        waiting: dict[str, list[int]] = {opened: [] for opened in _OPEN_TO_CLOSE}
        for found in _BRACKET.finditer(text):
            sign, at = found[0], found.start()
            if sign in waiting:
                waiting[sign].append(at)
            elif waiting[_CLOSE_TO_OPEN[sign]]:
                self.opened_at[at] = opened = waiting[_CLOSE_TO_OPEN[sign]].pop()
                if at - opened <= _LONGEST_BRACKET:
                    inner.append((opened, at + 1))
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(inner):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def holds(self, at: int) -> bool:
        """Whether a cut at `at` would go through one of them."""
        before = bisect_right(self._starts, at - 1)
        return before > 0 and at < self._ends[before - 1]
