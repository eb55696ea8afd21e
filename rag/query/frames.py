"""Everyday questions in other languages as they are asked in English: whole sentences with a gap for what they are about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from unicodedata import combining, normalize

from rag.query.glossary import rows

GAP = "{}"
_LONGEST = 400
"""Characters of a question that is compared with the frames; longer ones are stories. Chosen."""
_EDGES = " \t\n¿¡?!.…"
_QUOTES = re.compile(r"[’`´]")


@dataclass(frozen=True, slots=True)
class Framed:
    """The English frame, and what stands in its gaps, as it was typed."""

    english: str
    gaps: tuple[str, ...]


def framed(text: str, language: str) -> Framed | None:
    """The question as one of the frames of a language, by the first that fits; None if none does."""
    bare = " ".join(_QUOTES.sub("'", text).split()).strip(_EDGES)
    if len(bare) > _LONGEST:
        return None
    for pattern, english in _frames().get(language, ()):
        if found := pattern.fullmatch(bare):
            return Framed(english, tuple(found[f"gap{place}"] for place in range(english.count(GAP))))
    return None


@cache
def _frames() -> Mapping[str, Sequence[tuple[re.Pattern[str], str]]]:
    frames: dict[str, list[tuple[re.Pattern[str], str]]] = defaultdict(list)
    for language, frame, english in rows("question_frames.tsv"):
        frames[language].append((_pattern(frame), english))
    return frames


def _pattern(frame: str) -> re.Pattern[str]:
    first, *others = frame.split(GAP)
    gaps = (f"(?P<gap{place}>.+?){_any_accents(text)}" for place, text in enumerate(others))
    return re.compile(f"(?i){_any_accents(first)}{''.join(gaps)}")


def _any_accents(text: str) -> str:
    """Letters with accents may be typed without."""
    return "".join(f"[{char}{normalize('NFD', char)[0]}]" if _is_accented(char) else char for char in text)


def _is_accented(char: str) -> bool:
    return any(combining(part) for part in normalize("NFD", char))
