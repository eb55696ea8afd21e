"""Tells a title from an abstract by how it is written: length, sentences, how it ends. Pure; knows no page and no paper."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["title", "prose", "either"]

SHORTEST_ABSTRACT = 150
"""Characters from which a block of text may be an abstract. Chosen."""
LONGEST_TITLE = 250
"""Characters from which a block of text is no title. Chosen."""

_OPENING = "([{\"'\u201c\u2018"
_CLOSING = ")]}\"'\u201d\u2019"
_BREAKING_OFF = ",:-\u2013("  # en dash
_CLOSED = rf"[{re.escape(_CLOSING)}]*"
_SENTENCE_END = re.compile(rf"(?<=[^\s.!?…])[.!?…]+{_CLOSED}(?=\s+[{re.escape(_OPENING)}$\\]*[A-Z0-9]|\s*$)")
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|(?i:e\.g|i\.e|vs|al|cf|etc|resp|approx|w\.r\.t|a\.k\.a|fig|eq|dr|mr|ms|st|jr))$")
_ENDED = re.compile(rf"[.!?…]{_CLOSED}$")
_ADDRESS = re.compile(r"(?:^|\s)(?:https?://|www\.)\S*[^\s/_-]$")
_STOPPED = re.compile(rf"[.…]{_CLOSED}$")
_SENTENCE_WORDS = re.compile(
    r"\b(?:we|our|us|i|is|are|was|were|has|have|can|it|in this|this (?:paper|study|work|article|thesis|report|survey)|"
    r"shows?|introduces?|presents?|proposes?|remains?|requires?)\b",
    re.IGNORECASE,
)
_LINKING_WORDS = frozenset(
    "a an the of for and or in on at to by from with via into over under between through using that which as its their".split()
)


def kind(text: str) -> Kind:
    """`title` or `prose` where the writing shows it; `either` for long titles and short sentences, which neighbours decide."""
    size = len(text)
    if size >= LONGEST_TITLE:
        return "prose"
    ends = sentence_ends(text)
    asks = ended(text) and not stopped(text)
    if ends >= 2:
        return "either" if asks and ends == 2 else "prose"
    if size >= SHORTEST_ABSTRACT:
        return "prose" if ends == 1 and not asks else "either"
    return "either" if stopped(text) or (ends and reads_as_sentence(text)) else "title"


def sentence_ends(text: str) -> int:
    """How many sentences end in the text; a dot after an abbreviation or an initial ends none unless it is the last character."""
    return sum(
        1
        for match in _SENTENCE_END.finditer(text)
        if match.end() == len(text) or not _ABBREVIATION.search(text, max(0, match.start() - 10), match.start())
    )


def ended(text: str) -> bool:
    """Whether a sentence ends with the text (brackets and quotation marks after it allowed); a web address needs no full stop."""
    return bool(_ENDED.search(text)) or bool(_ADDRESS.search(text))


def stopped(text: str) -> bool:
    """Whether it ends with a full stop, as titles rarely do."""
    return bool(_STOPPED.search(text))


def reads_as_sentence(text: str) -> bool:
    """Whether it has words that sentences have and titles rarely do (`we`, `is`, `this paper`)."""
    return bool(_SENTENCE_WORDS.search(text))


def continues(before: str, after: str) -> bool:
    """Whether `after` goes on with a sentence that `before` left open: it starts in lower case, or `before` breaks off."""
    if not before or ended(before):
        return False
    return starts_low(after) or before[-1] in _BREAKING_OFF or before.split()[-1].lower() in _LINKING_WORDS


def in_title_case(text: str) -> bool:
    """Whether most of the longer words begin with a capital."""
    return share_of_capitals(text) >= 0.6


def share_of_capitals(text: str) -> float:
    """How many of the words of more than three letters begin with a capital, in 0…1; a word with hyphens counts once."""
    words = [word for word in (word.lstrip(_OPENING) for word in text.split()) if len(word) > 3 and word[0].isalpha()]
    return sum(word[0].isupper() for word in words) / len(words) if words else 0.0


def starts_low(text: str) -> bool:
    """Whether the first word is plainly in lower case; names such as `nnU-Net`, `wav2vec` and `pi:` are not plain."""
    first = text.split()[0].lstrip(_OPENING).rstrip(f",;.{_CLOSING}")
    return first.replace("-", "").isalpha() and first.islower()
