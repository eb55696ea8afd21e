"""Abstracts as the reader is given them, and the words that texts share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

JOINT = " | "
"""Stands between a paper's title and a sentence in the model's second text."""
WORD = re.compile(r"[a-z0-9]+")
_STOP = frozenset(
    "a an and are as at be by can do does for from has have how in is it its of on or that the "
    "their this to was were what when where which who why with we our".split()
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(])")


@dataclass
class Passage:
    """Sentences of one abstract that are read together, under its title."""

    title: str
    sentences: list[str]


def words(text: str) -> list[str]:
    """Lower-case words of a text without the commonest ones."""
    return [w for w in WORD.findall(text.lower()) if w not in _STOP]


def overlap(question: str, sentence: str) -> float:
    """How many of the question's words the sentence has, long words counting more."""
    have = set(words(sentence))
    return sum(min(len(w), 8) for w in set(words(question)) if w in have)


def split_sentences(text: str) -> list[str]:
    """A plain sentence splitter for public evidence that comes as one string."""
    return [s for s in _SENTENCE_END.split(text.replace("\n", " ").strip()) if s.strip()]


def nearest(claim: str, sentences: Sequence[str], count: int) -> list[str]:
    """The sentences that share most with the claim, in their order."""
    order = sorted(range(len(sentences)), key=lambda i: -overlap(claim, sentences[i]))
    return [sentences[i] for i in sorted(order[:count])]
