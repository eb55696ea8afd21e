"""Which words are English, and how common they are: by a frequency dictionary and the encoder's own vocabulary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from rag.text.frequency import in_vocabulary

_DICTIONARY = "frequency_dictionary_en_82_765.txt"
_PREFIX = re.compile(
    r"^(?:re|un|non|pre|multi|sub|over|under|super|semi|anti|inter|intra|hyper|co|de|bi|mis|auto|meta|micro|neuro|bio)(?=\w{5})"
)
_PLURAL = re.compile(r"(?<=[^s])s$")
_BRITISH = re.compile(r"is(?=e(?:d|s|r|rs)?$|ing$|ations?$)|our(?=s?$|ed$|ing$|al$)")


def is_english(word: str) -> bool:
    """Whether the word (folded), its singular, its American spelling, or what is behind a prefix, is English, a common name or a common foreign word."""
    bare = _PREFIX.sub("", word)
    forms = (word, _PLURAL.sub("", word), _BRITISH.sub(_american, word), bare, _PLURAL.sub("", bare))
    return in_vocabulary(word) or any(form in frequencies() for form in forms)


@cache
def frequencies() -> Mapping[str, int]:
    """82,765 words with how often they stand in print: symspellpy's dictionary, from Google's n-grams and the SCOWL word lists."""
    text = (files("symspellpy") / _DICTIONARY).read_text(encoding="utf-8-sig")
    pairs = (line.split() for line in text.splitlines())
    return {word: int(count) for word, count in pairs}


def _american(found: re.Match[str]) -> str:
    return found.group().replace("is", "iz").replace("our", "or")
