"""Which language a question is in, and whether the built-in readers read it: English, and others as far as their glossaries reach."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from unicodedata import normalize

from rag.query.glossary import LANGUAGES
from rag.query.translation import language_of, to_english, unread
from rag.text.english import is_english
from rag.text.foreign import is_foreign
from rag.text.names import is_coined
from rag.text.scripts import other_script
from rag.text.words import ASKING_WORDS, FUNCTION_WORDS, WORD, fold, is_content

UNKNOWN = "und"
"""A language that has no name here, as ISO 639-2 calls it."""
_ENOUGH = 2
"""Different small words and letters that show a language; one is enough where nothing else in the question is English. Chosen."""
_TELLING = 5
"""Letters of an English word from which it shows that a question may be English. Chosen."""
LOST = 0.3
"""Share of unknown content words above which a question in another language is lost on its glossary. Chosen."""
_BY_SCRIPT = {
    "CJK": "zh", "KATAKANA": "ja", "HANGUL": "ko", "CYRILLIC": "ru", "ARABIC": "ar", "DEVANAGARI": "hi", "BENGALI": "bn",
}  # fmt: skip
"""Scripts, as Unicode names them, and the language that is written in each by most people."""
_ARABIC_LETTERS = (("ur", frozenset("ٹڈڑںےہھ")), ("fa", frozenset("پچژگک")))
"""Letters that Urdu, and then Persian, have and Arabic has not."""
READ = frozenset(("en", *LANGUAGES))
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
    """Whether the built-in readers read a question; one of a glossary's language unless nobody knows too many of the words that it leaves.

    `holds` tells whether the collection has a word.
    """
    own = language_of(question)
    if own is None or language not in LANGUAGES:
        return language == "en"
    translated = to_english(question)
    return not is_lost(translated, unread(translated, own), holds)


def is_lost(translated: str, left: Sequence[str], holds: Callable[[str], bool]) -> bool:
    """Whether too many words of a question that was put into English are `left` in its own language, and the collection has none of them."""
    words = [word for word in WORD.findall(translated) if is_content(fold(word)) and not is_coined(word)]
    return sum(not holds(word) for word in left) > LOST * len(words)


def _in_latin_letters(question: str) -> str:
    words = set(WORD.findall(normalize("NFC", question).casefold()))
    english = sum(fold(word) in FUNCTION_WORDS or fold(word) in ASKING_WORDS for word in words)
    letters = set(normalize("NFC", question).casefold())
    counts = {code: len(words & own.words) + len(own.letters & letters) for code, own in languages().items()}
    best = max(counts, key=lambda code: counts[code])
    if counts[best] > english and (counts[best] >= _ENOUGH or not (english or _is_english(words - languages()[best].words))):
        return best
    unknown = is_foreign(question) and not english and not any(len(word) >= _TELLING and is_english(word) for word in words)
    return UNKNOWN if unknown else "en"


def _is_english(words: Collection[str]) -> bool:
    """Whether all of the words are English, at least one of them long enough to tell."""
    told = [word for word in words if word.isalpha()]
    return all(map(is_english, told)) and any(len(word) >= _TELLING for word in told)
