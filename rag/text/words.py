"""Words of a text as search and evidence compare them: folded, split, stemmed; and which of them carry no content."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

from rag.text.cues import word_list
from rag.text.variants import american

WORD = re.compile(r"[^\W_]+")
_HYPHENATED = re.compile(r"(?<![\w-])[^\W\d_]{2,}[-‐‑][^\W\d_]{2,}(?![\w-])")

FUNCTION_WORDS = word_list("english.txt", "function")
ASKING_WORDS = word_list("english.txt", "asking")
"""Words about asking and about papers, not about the subject."""


def fold(text: str) -> str:
    """Lower case, compatibility forms and accents folded, so that `Poincaré` and `poincare` are one word."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def words(text: str) -> list[str]:
    """All words in order, folded; numbers are words too."""
    return WORD.findall(fold(text))


def content_words(text: str) -> list[str]:
    """The words that carry content, in order, each once."""
    return list(dict.fromkeys(word for word in words(text) if is_content(word)))


def joined(text: str) -> list[str]:
    """The words that a hyphen parts, written as one: `backpropagation` for `back-propagation`."""
    return ["".join(words(found.group())) for found in _HYPHENATED.finditer(text)]


def is_content(word: str) -> bool:
    return word not in FUNCTION_WORDS and word not in ASKING_WORDS and (len(word) > 1 or not word.isascii() or word.isdigit())


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Porter's second English stemmer, the same as the word index uses, of the American spelling; words with digits stay as they are."""
    return word if any(char.isdigit() for char in word) else str(_stemmer().stemWord(american(word)))


def stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text))


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
