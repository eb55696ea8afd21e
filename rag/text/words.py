"""Words of a text as search and evidence compare them: folded, split, stemmed; and which of them carry no content."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

WORD = re.compile(r"[^\W_]+")
_HYPHENATED = re.compile(r"(?<![\w-])[^\W\d_]{2,}[-‐‑][^\W\d_]{2,}(?![\w-])")

FUNCTION_WORDS = frozenset(
    """
    a about above across after again against all almost along also although always am among an and another any are aren around as at
    away back be became because become been before being below between both but by can cannot could couldn d did didn do does doesn
    doing don done down during each either else enough etc even ever every few for from further get gets give given gives go goes got had
    has hasn have haven having he hence her here hers him his how however i if in indeed instead into is isn it its itself just
    kind kinds know let like ll m made make makes many may maybe me might more most much must my myself need neither no nor not
    of off often on once one only onto or other others our ours out over own per perhaps please quite rather re really s same say says
    shall she should shouldn since so some somehow something sort such t than that the their theirs them themselves then there
    thereby therefore these they thing things this those though through thus to too toward towards under until up upon us use used
    uses using ve very via was wasn way ways we well were weren what whatever when where whether which while who whom whose why
    will with within without won would wouldn yet you your yours
    """.split()
)

ASKING_WORDS = frozenset(
    """
    abstract abstracts anybody anyone anything article articles ask asked author authors claim claimed claims collection
    describe described describes discuss discussed discusses exactly explain explained explains find finds found idea
    introduce introduced introduces literature main mention mentioned mentions paper papers present presented presents
    propose proposed proposes publication publications report reported reports research researcher researchers someone state stated states
    studies study suggest suggested suggests summarise summarize summary tell tells text topic topics work works wonder
    curious actually specific called name named
    """.split()
)
"""Words that speak of asking and of papers, not of what is asked."""


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
    """Porter's second English stemmer, the same as the word index uses; words with digits stay as they are."""
    return word if any(char.isdigit() for char in word) else str(_stemmer().stemWord(word))


def stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text))


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
