"""Which language a question is in, and whether the built-in readers read it: English, and German and French as far as the glossary reaches."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from unicodedata import normalize

from rag.query.translation import language_of, to_english
from rag.text.foreign import is_foreign
from rag.text.frequency import in_vocabulary
from rag.text.names import is_coined
from rag.text.scripts import other_script
from rag.text.words import ASKING_WORDS, FUNCTION_WORDS, WORD, fold, is_content

UNKNOWN = "und"
"""A language that has no name here, as ISO 639-2 calls it."""
_ENOUGH = 2
"""Small words and letters that show a language beside English small words; without any of those, one is enough. Chosen."""
_TELLING = 5
"""Letters of a word that the encoder's vocabulary has, from which it shows that a question of names may be English. Chosen."""
LOST = 0.5
"""Share of unknown content words above which a German or French question is lost on the glossary. Chosen."""
_BY_SCRIPT = {
    "CJK": "zh", "KATAKANA": "ja", "HANGUL": "ko", "CYRILLIC": "ru", "ARABIC": "ar", "DEVANAGARI": "hi", "BENGALI": "bn",
}  # fmt: skip
"""Scripts, as Unicode names them, and the language that is written in each by most people."""
_ARABIC_LETTERS = (("ur", frozenset("ٹڈڑںےہھ")), ("fa", frozenset("پچژگک")))
"""Letters that Urdu, and then Persian, have and Arabic has not."""
_GLOSSARIES = frozenset(("de", "fr"))
READ = frozenset(("en", *_GLOSSARIES))
"""Languages of questions that the built-in readers read."""


@dataclass(frozen=True, slots=True)
class Language:
    """Small words and letters by which it is told, and the eight questions, in the order of the English ones, by which an encoder is tried."""

    words: frozenset[str]
    letters: frozenset[str]
    questions: tuple[str, ...]


@cache
def languages() -> Mapping[str, Language]:
    """ISO 639 code to language, from `data/languages.toml`."""
    read = tomllib.loads((files("rag") / "data" / "languages.toml").read_text(encoding="utf-8"))
    return {
        code: Language(frozenset(own["words"].split()), frozenset(own.get("letters", "")), tuple(own["questions"]))
        for code, own in read.items()
    }


def language_asked(question: str) -> str:
    """The language of a question, by its script or its small words; `en` where nothing shows another."""
    script = other_script(question)
    if script == "ARABIC":
        return next((code for code, letters in _ARABIC_LETTERS if letters & set(question)), "ar")
    return _in_latin_letters(question) if script is None else _BY_SCRIPT.get(script, UNKNOWN)


def is_read(question: str, language: str, holds: Callable[[str], bool]) -> bool:
    """Whether the built-in readers read a question; one in German or French where nobody knows too many of the words that the glossary leaves.

    `holds` tells whether the collection has a word.
    """
    if language not in _GLOSSARIES or language_of(question) is None:
        return language == "en"
    words = [word for word in WORD.findall(to_english(question)) if is_content(fold(word)) and not is_coined(word)]
    unknown = sum(not in_vocabulary(fold(word)) and not holds(word) for word in words)
    return unknown <= LOST * len(words)


def _in_latin_letters(question: str) -> str:
    words = WORD.findall(normalize("NFC", question).casefold())
    english = sum(fold(word) in FUNCTION_WORDS or fold(word) in ASKING_WORDS for word in words)
    letters = set(normalize("NFC", question).casefold())
    counts = {code: sum(word in own.words for word in words) + len(own.letters & letters) for code, own in languages().items()}
    best = max(counts, key=lambda code: counts[code])
    if counts[best] > english and (not english or counts[best] >= _ENOUGH):
        return best
    unknown = is_foreign(question) and not english and not any(len(word) >= _TELLING and in_vocabulary(word) for word in words)
    return UNKNOWN if unknown else "en"
