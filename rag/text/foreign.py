"""Tells sentences that are not English by their script, or by words that the encoder does not know where English has small words."""

from __future__ import annotations

import re
import unicodedata

from rag.text.frequency import in_vocabulary
from rag.text.names import is_coined
from rag.text.words import fold

_ADDRESS = re.compile(r"https?://\S+")
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset(
    "the of and is are was were for with that this these those we our it its by from which be been can has have had not at their they "
    "using based than then such also between into while when how what where who there both each more most other new show paper".split()
)
"""English words that no other language has in common use."""
FEWEST_WORDS = 3
"""Words of a sentence below which its language is not guessed. Chosen."""
LONG = 4
"""Letters of a word that tells a language: shorter ones of many languages are in the encoder's vocabulary."""
KNOWN = 0.5
"""Share of long words (those in capitals aside) that a sentence without any small English word must know to pass for English.
Chosen so that, of the sentences of 100,000 abstracts, hardly one that is English is called foreign."""
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff\uff21-\uff5a]")
_FEWEST_LETTERS = 4
"""Letters of another script from which a sentence may be in it. Chosen."""


def is_foreign(sentence: str) -> bool:
    """Whether a sentence is in a language other than English. Formulas, names and lists of terms by themselves are not."""
    words = _WORD.findall(_ADDRESS.sub("", unicodedata.normalize("NFKC", sentence)))
    letters = sum(map(len, words))
    other = sum(len(_LATIN.sub("", word)) for word in words if len(_LATIN.sub("", word)) > 1)
    if other >= _FEWEST_LETTERS and other > letters - other:
        return True
    plain = [word for word in words if len(word) > 1 and not word.isupper()]
    if len(plain) < FEWEST_WORDS or any(word.casefold() in _SMALL and not is_coined(word) for word in plain):
        return False
    plain = [word for word in plain if not is_coined(word)]
    if len(plain) < FEWEST_WORDS:
        return False
    long = [word for word in plain if len(word) >= LONG]
    return len(long) > 1 and sum(_is_known(word) for word in long) < KNOWN * len(long)


def _is_known(word: str) -> bool:
    """Whether the encoder knows the word whole, or what is left of it without an English ending."""
    folded = fold(word)
    return word.isascii() and any(in_vocabulary(form) for form in (folded, *_stems(folded)))


def _stems(word: str) -> list[str]:
    endings = ("s", "es", "ed", "d", "ing", "ly", "ized", "izing", "ization", "ity", "al", "ic")
    return [word[: -len(ending)] for ending in endings if word.endswith(ending) and len(word) - len(ending) > 2]
