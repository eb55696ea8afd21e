"""How much a word tells: how rare it is in general English, which names many abstracts share, and which words only questions have."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path

from rag.text.cues import word_list
from rag.text.words import stem, words

_VOCABULARY = Path(__file__).parents[1] / "data" / "encoder" / "tokenizer.json"
_FIRST_WORD = "the"
_SMOOTHING = 10
"""Ranks added, so that the commonest words differ little. Chosen."""


def rarity(word: str) -> float:
    """From about 0.25 for the commonest to 1 for words outside the encoder's vocabulary.

    The vocabulary (WordPiece of BERT, uncased) stands in the order of frequency, so a word's rank gives its frequency after Zipf.
    """
    ranks = _ranks()
    unknown = max(len(ranks), 2)
    rank = max(ranks.get(word, unknown) - ranks.get(_FIRST_WORD, 0), 0)
    return min(1.0, math.log(rank + _SMOOTHING) / math.log(unknown))


def in_vocabulary(word: str) -> bool:
    """Whether the encoder knows the word (folded) whole, and not only in pieces."""
    return word in _ranks()


def is_common_name(name: str) -> bool:
    """Whether many abstracts have this coined name (`GPU`, `ImageNet`, `HIV`), or its singular, so that it tells no paper from others."""
    own = "_".join(words(name))
    return own in _common_names() or own.removesuffix("s") in _common_names()


def tells_nothing_by_lacking(word: str) -> bool:
    """Whether papers that answer a question mostly lack this word of it (folded): `able`, `happen`, `people`."""
    return stem(word) in _question_words()


@cache
def _question_words() -> frozenset[str]:
    return word_list("question_words.txt", "stems")


@cache
def _common_names() -> frozenset[str]:
    return word_list("common_names.txt", "names")


@cache
def _ranks() -> dict[str, int]:
    ranks: dict[str, int] = json.loads(_VOCABULARY.read_text(encoding="utf-8"))["model"]["vocab"]
    return ranks
