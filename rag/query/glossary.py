"""The words of a language in English: by a glossary, by their inflection, by their spelling where they are cognates, and by their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rag.text.english import is_english
from rag.text.words import fold

LANGUAGES = ("de", "fr", "es", "pt", "it")
"""ISO 639 codes of the languages that have a glossary."""
_SHORTEST = 3
"""Letters that an ending must leave."""
_SHORTEST_COGNATE = 6
"""Letters from which a word may be a cognate: shorter ones of many languages look alike by chance. Chosen."""
_SHORTEST_PART = 4
"""Letters of a part of a compound. Chosen."""
_LINKS = ("", "s", "n", "en", "es")
"""What German puts between the parts of a compound."""

Spellings = Sequence[tuple[str, str]]
"""What a word has at its end (or beginning), and what is put there instead."""


@dataclass(frozen=True, slots=True)
class Glossary:
    """`words`: folded word to English; `shared`: those that English, its names and abbreviations know too, which show no language."""

    words: Mapping[str, str]
    shared: frozenset[str]
    inflections: Spellings
    cognates: Spellings
    prefixes: Spellings
    compounds: bool = False
    """Whether words are put together without a space."""

    def entry(self, word: str) -> str | None:
        """The form of a word that the glossary has: as it stands, without accents, or with another ending."""
        typed, folded = word.casefold(), fold(word)
        return next((form for form in (typed, folded, *_respelled(folded, self.inflections)) if form in self.words), None)

    def english(self, word: str) -> str | None:
        """A word that has no entry, in English: by its spelling, or by its parts."""
        word = fold(word)
        if len(word) < _SHORTEST_COGNATE or not word.isalpha():
            return None
        return self._part(word) or self._prefixed(word) or (self._compound(word) if self.compounds else None)

    def _part(self, word: str) -> str | None:
        found = self.entry(word)
        if found is not None:
            return self.words[found]
        if is_english(word):
            return None
        return next((form for form in _respelled(word, self.cognates) if is_english(form)), None)

    def _prefixed(self, word: str) -> str | None:
        """`hipergrafo`: what is behind the prefix is known."""
        for prefix, own in self.prefixes:
            rest = word.removeprefix(prefix)
            if rest != word and len(rest) >= _SHORTEST_PART and (english := self._part(rest)) and " " not in english:
                return own + english
        return None

    def _compound(self, word: str) -> str | None:
        """`Bildsegmentierung`: both halves are known; the longest first half counts."""
        for end in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            halves = [self._half(word[:end], _LINKS), self._half(word[end:], ("",))]
            if all(halves):
                return " ".join(map(str, halves))
        return None

    def _half(self, word: str, links: Sequence[str]) -> str | None:
        forms = (word[: -len(link)] if link else word for link in links if word.endswith(link))
        return next((found for form in forms if len(form) >= _SHORTEST_PART and (found := self._part(form) or _same(form))), None)


@cache
def glossaries() -> Mapping[str, Glossary]:
    """Language to glossary, from `data/glossary.tsv` and `data/word_forms.tsv`."""
    words: dict[str, dict[str, str]] = defaultdict(dict)
    shared: dict[str, set[str]] = defaultdict(set)
    for language, foreign, english, *also in rows("glossary.tsv"):
        words[language].setdefault(fold(foreign), english)
        words[language].setdefault(foreign.casefold(), english)
        if also:
            shared[language].add(fold(foreign))
    forms: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for language, kind, own, instead in rows("word_forms.tsv"):
        forms[language, kind].append((own, instead))
    return {
        language: Glossary(
            words[language], frozenset(shared[language]), forms[language, "inflection"],
            forms[language, "cognate"], forms["*", "prefix"], compounds=language == "de",
        )
        for language in LANGUAGES
    }  # fmt: skip


def rows(file: str) -> list[list[str]]:
    """The lines of a table in `data/`, split at tabs, without comments."""
    lines = (files("rag") / "data" / file).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _same(word: str) -> str | None:
    """A word that is the same in English: `Diabetes` in `Diabetesrisiko`."""
    return word if len(word) >= _SHORTEST_COGNATE and is_english(word) else None


def _respelled(word: str, spellings: Spellings) -> list[str]:
    """The word with other endings, in the order of the table."""
    return [
        word[: -len(ending)] + instead
        for ending, instead in spellings
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST
    ]
