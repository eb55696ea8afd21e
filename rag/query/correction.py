"""Typing errors in a question, put right before anything else reads it.

Only a word that is neither English nor in the collection is taken for one; it becomes the nearest word of the collection or, where that
is nearer, of English.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from rag.query.translation import language_of
from rag.text.english import frequencies, is_english
from rag.text.names import begins_sentence
from rag.text.spelling import SHORTEST, TWO_SLIPS_FROM, Vocabulary, distance, slips_forgiven
from rag.text.words import ASKING_WORDS, FUNCTION_WORDS, WORD, fold

COMMON = 2_000_000
"""How often a short English word stands in print (every fifth of the dictionary does), so that it may replace an unknown one."""
LONG = 7
"""Letters from which a vowel may be wrong or any letter lacking in an English word; below it too many real words are that near."""
_CODE = re.compile(r"(?<![\w@./\\-])[\w@./\\-]*(?:[@\\_]|://|\d)[\w@./\\-]*")
"""Addresses, paths, and words with digits: written on purpose."""
_DOUBLE = re.compile(r"(.)\1")
_VOWELS = re.compile(r"[aeiouy]")
_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?:-[^\W\d_]+)+")
_SMALL = FUNCTION_WORDS | ASKING_WORDS
_LACKING = {word[:at] + word[at + 1 :]: word for word in sorted(_SMALL) for at in range(1, len(word))}
"""What remains of each of these words when a letter behind the first is left out."""

_ROMANCE = frozenset(
    """
    algum alguna alguno artículo artículos articolo articoli che como con cosa cuál cuáles da das de degli del della delle di do dos e el em en
    entre es está este gli hay hola i il já la las le lo los na nel nella no não o os para pela pelo per perché por pour qual qualche qué que
    quais quali questo são se según seu sobre sono su sua sus um uma un una uno y é é più
    """.split()
)
"""Function words of Spanish, Italian and Portuguese: two of them, and more than English ones, show that no English is typed."""
_CONTRACTED = frozenset(
    "arent cant couldnt didnt doesnt dont hasnt havent isnt shouldnt thats wasnt werent whats wheres whos wont wouldnt".split()
)

Near = Callable[[str], str | None]


def corrected(question: str, near: Near, holds: Callable[[str], bool]) -> str:
    """The question with typing errors corrected. `near` gives the collection's nearest word to one that it lacks, `holds` whether it has it.

    Questions in other languages are left as they are: their words are neither English nor the collection's, and no errors.
    """
    if _is_foreign(question):
        return question
    kept = [found.span() for found in _CODE.finditer(question)]
    kept += [found.span() for found in _COMPOUND.finditer(question) if _is_coined(found.group(), near, holds)]

    def mended(found: re.Match[str]) -> str:
        if any(start <= found.start() < end for start, end in kept):
            return found.group()
        return _mended(found, near, holds)

    return WORD.sub(mended, question)


def cognate(word: str, near: Near) -> str | None:
    """The collection's word that a long one of another language resembles, beginning alike: `topiramate` for `Topiramat`."""
    folded = fold(word)
    own = near(folded) if len(folded) >= LONG and folded.isalpha() else None
    return own if own is not None and own[:2] == folded[:2] else None


def _is_foreign(question: str) -> bool:
    typed = [found.group().casefold() for found in WORD.finditer(question)]
    own = sum(word in _ROMANCE for word in typed)
    return (own > 1 and own > sum(word in _SMALL for word in typed)) or language_of(question) is not None


def _is_coined(compound: str, near: Near, holds: Callable[[str], bool]) -> bool:
    """Whether several parts are no words, and one is near to none, as in `ogbl-collab`: then the whole is a name."""
    unknown = [part for part in map(fold, compound.split("-")) if not holds(part) and not is_english(part)]
    return len(unknown) > 1 and any(near(part) is None for part in unknown)


def _mended(found: re.Match[str], near: Near, holds: Callable[[str], bool]) -> str:
    typed = found.group()
    word = fold(typed)
    if not word.isascii() or not word.isalpha() or typed.isupper() or _is_known(word, holds):
        return typed
    best = _named(word, near) if _is_name(found) else _best(word, near)
    if best is None:
        return typed
    return best.capitalize() if typed[:1].isupper() else best


def _is_known(word: str, holds: Callable[[str], bool]) -> bool:
    return holds(word) or is_english(word) or word in _CONTRACTED or (word[-1] == "s" != word[-2:-1] and holds(word[:-1]))


def _named(word: str, near: Near) -> str | None:
    """A name is taken for another one only where a letter is doubled, lacking or out of turn: `EfficientDet` is no slip."""
    own = near(word)
    return own if own is not None and (_is_slip(word, own) or _lacks(word, own)) else None


def _best(word: str, near: Near) -> str | None:
    """The word that was meant: of the collection, or where that is nearer, of English."""
    if (small := _small(word)) is not None:
        return small
    own, english = near(word), _english(word)
    own = (
        own
        if own is not None and _begins_alike(word, own) and (distance(word, own, 1) == 1 or _sounds_alike(word, own, 1))
        else None
    )
    if own is None or english is None:
        return own or english
    return english if _nearness(word, english) < _nearness(word, own) else own


def _nearness(word: str, other: str) -> tuple[int, bool]:
    return distance(word, other, 2), sorted(word) != sorted(other)


def _is_slip(word: str, other: str) -> bool:
    """Whether only a letter is doubled or single, or two neighbours are changed about."""
    return _DOUBLE.sub(r"\1", word) == _DOUBLE.sub(r"\1", other) or _nearness(word, other) == (1, False)


def _lacks(word: str, other: str) -> bool:
    return len(word) >= LONG and len(other) == len(word) + 1 and distance(word, other, 1) == 1


def _sounds_alike(word: str, other: str, slips: int = 0) -> bool:
    """Whether the consonants are the same but for so many slips."""
    bare, meant = (_VOWELS.sub("", _DOUBLE.sub(r"\1", one)) for one in (word, other))
    return len(word) >= LONG and distance(bare, meant, slips) <= slips


def _begins_alike(word: str, other: str) -> bool:
    """Hardly anybody errs in the first letter, unless the first two are changed about."""
    return word[0] == other[0] or word[:2] == other[1::-1]


def _small(word: str) -> str | None:
    """The function word or word of asking that lacks a letter here, or has two neighbouring ones changed about."""
    swapped = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    found = next((form for form in swapped if form in _SMALL), None)
    return found or (_LACKING.get(word) if len(word) >= SHORTEST else None)


def _english(word: str) -> str | None:
    """The nearest common English word, if it differs only as slips do: a real word that nobody lists is near to some other as well."""
    found = _common().nearest(word, slips_forgiven(word), lambda other: _is_meant(word, other))
    return found[-1] if found else None


def _is_meant(word: str, other: str) -> bool:
    return _begins_alike(word, other) and (_is_slip(word, other) or _lacks(word, other) or _sounds_alike(word, other))


@cache
def _common() -> Vocabulary:
    """Long words may be rare: few are near to them."""
    return Vocabulary(
        (word, count) for word, count in frequencies().items() if count >= COMMON or len(word) >= TWO_SLIPS_FROM or word in _SMALL
    )


def _is_name(found: re.Match[str]) -> bool:
    """Whether it is written as a name: with a capital inside, or with one where no sentence begins."""
    typed = found.group()
    inside = any(map(str.isupper, typed[1:]))
    return inside or (typed[:1].isupper() and not begins_sentence(found.string, found.start()))
