"""Which script a text is written in: Latin letters are what the encoder and English papers know."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

SHARE = 0.25
"""From this share of a text's letters on it is written in another script; below it, `α` and `Δ` are symbols."""
FEWEST = 2
"""Letters of another script below which they are symbols. Chosen."""
_JAPANESE = frozenset(("HIRAGANA", "KATAKANA"))


def other_script(text: str) -> str | None:
    """The script, other than Latin, that a text is written in, as Unicode names it (`CYRILLIC`, `CJK`, `HANGUL`); None if it is Latin."""
    found = Counter(script for char in text if char.isalpha() and (script := _script(char)))
    others = {script: count for script, count in found.items() if script != "LATIN"}
    count = sum(others.values())
    if count < FEWEST or count < SHARE * found.total():
        return None
    return "KATAKANA" if _JAPANESE & others.keys() else max(sorted(others), key=others.__getitem__)


def stands_in_script(text: str, script: str) -> bool:
    """Whether the text is written in this script."""
    return not text.isascii() and other_script(text) == script


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    """The first word of a letter's Unicode name; full-width and mathematical letters count as what they stand for."""
    plain = unicodedata.normalize("NFKC", char)[:1] or char
    return unicodedata.name(plain, "").partition(" ")[0]
