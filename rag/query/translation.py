"""German, French, Spanish, Portuguese and Italian questions over English abstracts: everyday ones by frames, the rest word by word.

Names stay as they are. No grammar is attempted: retrieval and matching are to meet English words, and people still see their own question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import normalize

from rag.query.frames import GAP, framed
from rag.query.glossary import Glossary, glossaries
from rag.text.english import is_english
from rag.text.names import is_coined
from rag.text.words import ASKING_WORDS, FUNCTION_WORDS, fold

_WORD = re.compile(r"São (?:Paulo|Tomé|Luís|Francisco|José|Carlos|Vicente|Bernardo)\b|[^\W\d_]+(?:['’](?=[^\W\d_]))?")
"""A word with its apostrophe; `São` of a place is no word of its own."""
_ENOUGH = 2
"""So many of a language's own words show that a question is in it; of a very short question, one."""
_MANY = 3
"""The same of words that English, its names and abbreviations know too, with no small word of English beside them. Chosen."""
_PHRASES = (
    (re.compile(r"(?i)\bqu['’]est[- ]ce qu(?:e\b|i\b|['’])"), "what is "),
    (re.compile(r"(?i)\best[- ]ce qu(?:e\b|['’])"), " "),
    (re.compile(r"(?i)\by a[- ]t[- ]il\b"), "are there"),
    (re.compile(r"(?i)\b(?:jeux?|ensembles?) de donn[ée]es\b"), "dataset"),
    (re.compile(r"(?i)-(?:t-)?(?:ils?|elles?|on|ce)\b"), ""),
)
_DATASET = re.compile(r"(?i)\b(?:conjuntos? de d(?:atos|ados)|insiem[ei] di dati)\b")
_TOLD = 4
"""Letters of a word that tells something. Chosen."""
_ENGLISH = FUNCTION_WORDS | ASKING_WORDS
_ALWAYS_WORDS = frozenset(("ki", "ia"))
"""Words that people write in capitals."""


def to_english(text: str) -> str:
    """The text in English as far as frames and glossary reach, when it is in one of their languages; otherwise the text itself."""
    language = language_of(text)
    return text if language is None else _english(normalize("NFC", text), language)


@lru_cache(maxsize=256)
def language_of(text: str) -> str | None:
    """`de`, `fr`, `es`, `pt`, `it`, or None for English and whatever is not known."""
    tokens = _WORD.findall(normalize("NFC", text))
    own_only = not any(_key(token) in _ENGLISH for token in tokens)
    best, own, shown = "", 0, 0
    for language, glossary in glossaries().items():
        pairs = [(token, glossary.entry(_key(token))) for token in tokens]
        entries = [(token, entry) for token, entry in pairs if entry is not None and _is_own(token, entry)]
        showing = sum(_accented(token) or _shows(entry, glossary) for token, entry in entries)
        showing = showing or (own_only and len(entries) >= _MANY)
        if (showing, len(entries)) > (shown, own):
            best, own, shown = language, len(entries), showing
    if not shown or own < min(_ENOUGH, max(1, len(tokens) // 3)) or _may_be_english(tokens, glossaries()[best]):
        return best if own and _is_framed(text, best) else None
    english = sum(_key(token) in _ENGLISH - glossaries()[best].words.keys() for token in tokens)
    if own > english:
        return best
    return best if _is_framed(text, best) else None


def _may_be_english(tokens: Sequence[str], glossary: Glossary) -> bool:
    """Whether all that shows the language is English too, `Uber` or `dire`, beside at least as many English words that it does not have."""
    own = [token for token in tokens if glossary.entry(_key(token)) is not None]
    other = [
        token for token in tokens if glossary.entry(_key(token)) is None and _key(token) not in _ENGLISH and not is_coined(token)
    ]
    return len(other) >= len(own) and all(token.isascii() and is_english(token.casefold()) for token in (*own, *other))


def _is_framed(text: str, language: str) -> bool:
    """Whether the question is asked as one is in this language, with at least two words of it around what it is about."""
    found = framed(text, language)
    return found is not None and len(_WORD.findall(text)) - sum(len(_WORD.findall(gap)) for gap in found.gaps) >= _ENOUGH


def unread(translated: str, language: str) -> tuple[str, ...]:
    """The words of a question put into English that are still in its own language: neither English nor names."""
    typed = dict.fromkeys(_WORD.findall(translated))
    named = str.istitle if language != "de" else lambda word: False
    return tuple(
        word for word in typed if len(word) >= _TOLD and not is_coined(word) and not named(word) and not is_english(fold(word))
    )


def _english(text: str, language: str) -> str:
    found = framed(text, language)
    if found is None:
        return _word_by_word(text, glossaries()[language], language)
    english = found.english
    for gap in found.gaps:
        english = english.replace(GAP, _english(gap, language), 1)
    return f"{english}?" if text.rstrip().endswith("?") and not english.endswith("?") else english


def _word_by_word(text: str, glossary: Glossary, language: str) -> str:
    for phrase, english in _PHRASES if language == "fr" else ((_DATASET, "dataset"),):
        text = phrase.sub(english, text)
    return " ".join(_WORD.sub(lambda match: _translated(match.group(), glossary), text).replace("¿", "").replace("¡", "").split())


def _shows(entry: str, glossary: Glossary) -> bool:
    return entry not in glossary.shared and glossary.words[entry] != entry


def _is_own(token: str, entry: str) -> bool:
    """An inflected form shows a language by its accent only: `under` is no form of `und`."""
    return entry in (_key(token), fold(token)) or _accented(token)


def _accented(token: str) -> bool:
    return fold(token) != token.casefold()


def _key(word: str) -> str:
    return word.casefold().replace("’", "'")


def _translated(word: str, glossary: Glossary) -> str:
    entry = glossary.entry(_key(word))
    if entry is None:
        return (None if is_coined(word) else glossary.english(_key(word))) or word
    if len(word) > 1 and word.isalpha() and word.isupper() and entry in glossary.shared - _ALWAYS_WORDS:
        return word
    return glossary.words[entry] + " " * entry.endswith("'")
