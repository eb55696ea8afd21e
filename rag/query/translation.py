"""German and French questions over English abstracts: function words and research terms by a glossary, names as they are.

Word by word, so that retrieval and matching meet English words; no grammar is attempted, and people still see their own question.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from unicodedata import normalize

from rag.text.words import ASKING_WORDS, FUNCTION_WORDS, fold

_WORD = re.compile(r"[^\W\d_]+(?:['’](?=[^\W\d_]))?")
_ENOUGH = 2
"""So many of a language's own words show that a question is in it; of a very short question, one."""
_PHRASES = (
    (re.compile(r"(?i)\bqu['’]est[- ]ce qu(?:e\b|i\b|['’])"), "what is "),
    (re.compile(r"(?i)\best[- ]ce qu(?:e\b|['’])"), " "),
    (re.compile(r"(?i)\by a[- ]t[- ]il\b"), "are there"),
    (re.compile(r"(?i)\b(?:jeux?|ensembles?) de donn[ée]es\b"), "dataset"),
)
_ENGLISH = FUNCTION_WORDS | ASKING_WORDS
_SHARED = """
    als also am an anders ansatz aus bei bis da das dem den der des die diagnose dir du ein er es falls gestalt gross gut hat
    hier im ins ki klein kontext lang langer lost mag mal man mir mit neu neuronal nie nur ob oft praxis sag sage stand stark
    um von war ware was weiss wen wer will wo zu a aide au auteur bas bd bon borne but c' ca car ce certain ces cher cite
    combine combiner comment compare comprehension continue convolutive court cout d' dans de depend diagnostic dis dit
    divers elle en encore equitable est et existent experience explorer faire flux font fort fut generalisation generalise
    genre grace grand hopital hui ia ici il ils incidence initialisation j' je l' la langue le lent les lien m' memorisation meme
    modifier moi mot musique n' ne ni non normalisation nos notion on ont optimisation optimise ou par pas performant
    pertinent plus pour precedent propose proposition quantification que rapport recherche reconnaissance regularisation
    resume s' sa sans savoir se ses si soi son suite supervise sur t tester tu un utilisation utilise vos vue y zone
"""
_ALSO_ENGLISH = frozenset(_SHARED.split())
"""Words of the glossary that English, its names and abbreviations know too: they show no language; in capitals they stay."""


def to_english(text: str) -> str:
    """The text with every word of the glossary replaced, when it is German or French; otherwise the text itself."""
    language = language_of(text)
    if language is None:
        return text
    glossary = _glossary()[language]
    translated = normalize("NFC", text)
    for phrase, english in _PHRASES if language == "fr" else ():
        translated = phrase.sub(english, translated)
    return " ".join(_WORD.sub(lambda match: _translated(match.group(), glossary), translated).split())


def language_of(text: str) -> str | None:
    """`de`, `fr`, or None for English and whatever is not known."""
    tokens = _WORD.findall(normalize("NFC", text))
    best, own, shown = "", 0, 0
    for language, glossary in _glossary().items():
        pairs = [(token, _entry(_key(token), glossary)) for token in tokens]
        entries = [(token, entry) for token, entry in pairs if entry is not None and _is_own(token, entry)]
        showing = sum(_accented(token) or (entry not in _ALSO_ENGLISH and glossary[entry] != entry) for token, entry in entries)
        if (showing, len(entries)) > (shown, own):
            best, own, shown = language, len(entries), showing
    if not shown or own < min(_ENOUGH, max(1, len(tokens) // 3)):
        return None
    english = sum(_key(token) in _ENGLISH - _glossary()[best].keys() for token in tokens)
    return best if own > english else None


def _is_own(token: str, entry: str) -> bool:
    """An inflected form shows a language by its accent only: `under` is no form of `und`."""
    return _key(token) == entry or _accented(token)


def _accented(token: str) -> bool:
    return fold(token) != token.casefold()


def _key(word: str) -> str:
    return fold(word).replace("’", "'")


def _entry(key: str, glossary: dict[str, str]) -> str | None:
    """The form of the word that the glossary has: as it stands, or without an ending that leaves at least three letters."""
    bare = (key.removesuffix(ending) for ending in ("en", "er", "es", "em", "e", "n", "s", "x"))
    return next((form for form in (key, *(form for form in bare if len(form) > 2)) if form in glossary), None)


def _translated(word: str, glossary: dict[str, str]) -> str:
    entry = _entry(_key(word), glossary)
    if entry is None or (len(word) > 1 and word.isalpha() and word.isupper() and entry in _ALSO_ENGLISH - {"ki", "ia"}):
        return word
    return glossary[entry] + " " * entry.endswith("'")


@cache
def _glossary() -> dict[str, dict[str, str]]:
    """Language to (word, folded) to English, from `data/glossary.tsv`."""
    glossary: dict[str, dict[str, str]] = {"de": {}, "fr": {}}
    for line in (files("rag") / "data" / "glossary.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            language, foreign, english = line.split("\t")
            glossary[language][fold(foreign)] = english
    return glossary
