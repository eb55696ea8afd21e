"""What is written as a name: coined ones by their form (`NoProp`, `wav2vec`, `GPT-4`, `SE(3)`, `pass@1`), others by a capital."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ADDRESS = r"(?<![\w.-])(?:\w++://\S*+|[\w-]++(?:\.[\w-]++)++(?:/\S*+|(?<=\.com|\.org|\.net|\.edu)))"
_WORD = re.compile(rf"{_ADDRESS}|(?<![\w\\@.-])(?P<word>[A-Z]{{1,3}}\((?:\d{{1,2}}|n)\)|[^\W_]++(?:[-@][^\W_]++)*+)(?!\w)")
"""A word with all that hyphens and `@` join to it, or a group such as `SE(3)`; no part of an address or a path."""
_MIXED = re.compile(r"[^\W\d_]{2}\d|[^\W\d_]\d+[^\W\d_]|\d[^\W\d_]\d|\d[A-Z]|[a-z]{2}[A-Z]|\b[a-z][A-Z][a-z]{2}|[@(]")
_NUMBERED = re.compile(r"[^\W\d_]-?\d|\d[A-Z]")
_AMOUNT = re.compile(r"^\d++[^\W\d_]{1,2}(?:-\w++)*+")
_PAIR = re.compile(r"[A-Z][a-z]+(?:[-–][A-Z][a-z]+)+")
_BEFORE_FIRST_WORD = " \"'“”‘’(<>-—–"
CAPITALISED = re.compile(r"(?:(?<![.?!:;“”\"'‘(\[–—-] )(?<=[\w,)’'”] )|(?<=\b[A-Z]\. ))[A-Z][a-z][\w’'-]*")
"""A word with a capital inside a sentence, or behind an initial."""
ABBREVIATION = re.compile(r"\b[A-Z][A-Za-z-]*[A-Z]\w*?(?=s?\b)")


def coined(text: str) -> list[str]:
    """The coined names of a text, each once, in order."""
    # No name reaches over white space, and what is plainly none is let pass before the pattern is tried.
    telling = [part for part in text.split() if not _is_plain(part)]
    return list(dict.fromkeys(found[0] for part in telling for found in _words(part) if is_coined(found[0])))


def _is_plain(text: str) -> bool:
    """Whether no word in a text without white space has a second capital, a digit or `@`."""
    return text[1:].islower() and (text.isalpha() or (text[0].islower() and _SIGN_OF_NAME.search(text) is None))


_SIGN_OF_NAME = re.compile(r"[\d@]")


def is_coined(word: str) -> bool:
    """Whether a word has two capitals, a capital or digits within its letters, `@` or a group's brackets.

    `16GB` and `3D` are amounts, `dB` is a unit, `top-1` is a word.
    """
    if word.isalpha() and word[1:].islower():
        return False  # nearly every word, and none of the forms below
    return _AMOUNT.fullmatch(word) is None and (sum(map(str.isupper, word)) > 1 or _MIXED.search(word) is not None)


def coined_or_numbered(text: str) -> Iterator[re.Match[str]]:
    """Coined names and what a number sets apart from its like (`top-1`, `phase-2`, `A100`), where they stand."""
    return (found for found in _words(text) if is_coined(found[0]) or _NUMBERED.search(found[0]))


def is_name(word: str) -> bool:
    """Whether a word is written as a name, wherever it stands: with a capital, or coined."""
    return any(map(str.isupper, word)) or is_coined(word)


def names(text: str) -> Iterator[str]:
    """The words of a question written as names; at the beginning of a sentence only such as no other word is written like."""
    for found in _words(text):
        word = found[0]
        first = begins_sentence(text, found.start())
        written = is_own_spelling(word) or is_pair(word) if first else word[0].isupper() or is_coined(word)
        if len(word) > 1 and written:
            yield word


def is_own_spelling(word: str) -> bool:
    """Whether no other word is spelled so, even by those who write in capitals: `NoProp`, `GPT-4` and `wav2vec`, but not `BERT`."""
    return is_coined(word) and (not word.removesuffix("s").isupper() or any(map(str.isdigit, word)))


def is_pair(word: str) -> bool:
    """Whether it is two names or more in one, such as `Kolmogorov-Arnold`."""
    return _PAIR.fullmatch(word) is not None


def begins_sentence(text: str, place: int) -> bool:
    """Whether the word at this place is the first of a sentence, where a capital says nothing."""
    before = text[:place].rstrip(_BEFORE_FIRST_WORD)
    return not before or before[-1] in ".?!:;"


def _words(text: str) -> Iterator[re.Match[str]]:
    return (found for found in _WORD.finditer(text) if found["word"])
