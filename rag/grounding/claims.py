"""A claim as it is checked: without citation markers and LaTeX's dress, cut into sentences, found word for word in a source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.text.instructions import reporting, without_quoted_orders
from rag.text.latex import DRESS
from rag.text.polarity import DENIAL
from rag.text.surrogates import without_surrogates
from rag.text.words import fold, is_content, stem, words

LONGEST = 4_000
"""Characters of a claim and of each sentence of a source that are read: the encoder takes some 1,200."""
_MARKERS = re.compile(r"(?<!\s)\s*+\[\d+(?:\s*[,;–-]\s*\d+)*\]")
_END = " \t\n.!?;:,\"'“”‘’"
_BLANK_LINE = re.compile(r"\n\s*\n")
_LEFT_OPEN = re.compile(rf"(?i)(?:{DENIAL}|\b(?:whether|if))\W+(?:\w+\W+){{0,3}}$")
"""What denies the words behind it, or does not say whether they hold."""


_NAMED_SUBJECT = re.compile(r"^\[[^\[\]\d][^\[\]]{0,80}\]\s*")


def bare(claim: str) -> str:
    """The claim without its citation markers."""
    return _MARKERS.sub("", without_surrogates(claim)).strip()[:LONGEST]


def without_subject(claim: str) -> str:
    """The claim without a subject that is named in square brackets at its start, as editors do: `[NoProp] needs no labels`."""
    return _NAMED_SUBJECT.sub("", claim)


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[str, ...]:
    """The sentences of a source that report something; a blank line ends one. What gives orders is no evidence."""
    parts = (part for part in _BLANK_LINE.split(without_surrogates(text)) if part.strip())
    cleaned = (without_quoted_orders(span.of(part)[:LONGEST]) for part in parts for span in reporting(part))
    return tuple(piece for one in cleaned if (piece := one.strip()))


def has_content(text: str) -> bool:
    return any(is_content(word) for word in words(text))


def verbatim(claim: str, sources: Sequence[str]) -> bool:
    """Whether the claim stands in the sources word for word, spacing, letter case and LaTeX aside, and not behind a denial."""
    wanted, _ = _squeezed(without_subject(claim).strip(_END))
    if not wanted:
        return False
    source = " ".join(sources)
    text, places = _squeezed(source)
    at = text.find(wanted)
    while at >= 0:
        start, end = places[at], places[at + len(wanted) - 1] + 1
        whole = not _joined(source, start) and not _joined(source, end)
        if whole and not _LEFT_OPEN.search(source[max(0, start - 60) : start]):
            return True
        at = text.find(wanted, at + 1)
    return False


def in_order(claim: str, source: str) -> bool:
    """Whether the source has every content word of the claim, by stem, in the claim's order."""
    rest = iter([stem(word) for word in words(source)])
    return all(stem(word) in rest for word in words(claim) if is_content(word))


def _joined(text: str, place: int) -> bool:
    """Whether a cut there goes through a word or a figure."""
    before, after = text[place - 1 : place], text[place : place + 1]
    figure = after in {".", ","} and text[place + 1 : place + 2].isdigit() and before.isdigit()
    return place > 0 and (figure or (before.isalnum() and after.isalnum()))


@lru_cache(maxsize=4096)
def _squeezed(text: str) -> tuple[str, tuple[int, ...]]:
    """The text folded, without spaces and dress, and for each of its characters its place in the original."""
    dressed = {place for match in DRESS.finditer(text) for place in range(*match.span())}
    kept = [
        (char, place)
        for place, original in enumerate(text)
        if place not in dressed and not original.isspace()
        for char in fold(original)
        if not char.isspace()
    ]
    return "".join(char for char, _ in kept), tuple(place for _, place in kept)
