"""Tells greetings, thanks and questions about Paperchat or the whole collection from questions to the papers, by a list of phrases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args
from unicodedata import normalize

Kind = Literal["greeting", "thanks", "help", "overview"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""The later one counts where several are said: “Hello, what can I ask?” asks for help."""

DATA = Path(__file__).parents[1] / "data" / "small_talk.tsv"
MOST_WORDS = 16
"""Words of the longest small talk. Chosen."""
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"['’`]")


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """What was said, and in which language (`en`, `de`)."""

    kind: Kind
    language: str


def small_talk(asked: str) -> SmallTalk | None:
    """What a question says if nothing of it is for the papers: phrases of the list, one after the other, and nothing else."""
    words = _words(asked[: MOST_WORDS * 20])
    if not words or len(words) > MOST_WORDS:
        return None
    found = _cut(words)
    if not found:
        return None
    last = max(found, key=lambda each: KINDS.index(each.kind))
    return SmallTalk(last.kind, "de" if any(each.language == "de" for each in found) else "en")


def _cut(words: tuple[str, ...]) -> list[SmallTalk]:
    """The phrases that the words are made of, the longest first; none if a word is left over."""
    found: list[SmallTalk] = []
    at, phrases = 0, _phrases()
    while at < len(words):
        length = next((n for n in range(len(words) - at, 0, -1) if words[at : at + n] in phrases), 0)
        if not length:
            return []
        found.append(phrases[words[at : at + length]])
        at += length
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(_APOSTROPHE.sub("", normalize("NFC", text).casefold())))


@cache
def _phrases() -> dict[tuple[str, ...], SmallTalk]:
    lines = [line for line in DATA.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    rows = [line.split("\t") for line in lines]
    return {_words(phrase): SmallTalk(kind, language) for kind, language, phrase in rows if kind in KINDS}
