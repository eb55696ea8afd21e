"""Words of a question that say what is done or how something is, by where they stand: no reason can name them as what the papers lack."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.text.names import names
from rag.text.words import WORD, fold, is_content

_AUXILIARIES = frozenset("do does did can could will would should may might must".split())
_FORMS_OF_BE = frozenset("is are was were be been being get gets got".split())
_DETERMINERS = frozenset("the a an its their his her our your this that these those any some each every all both no".split())
_PRONOUNS = frozenset("it they he she we you i".split())
_PREPOSITIONS = frozenset(
    "by in at with on from for using of to into over under during after before within per about against than as".split()
)
_PARTICIPLE = re.compile(
    r"\w{2,}(?:ed|en)$|(?:born|bought|brought|built|cut|done|drawn|fed|found|held|kept|led|lost|made|met|paid|put|read|run|sent|shown|sold|spent|taught|told|won)$"
)
_ADVERB = re.compile(r"\w{3,}ly$")
_ASKS_HOW = frozenset("how why when where".split())


def acting(text: str, subject: Collection[str]) -> frozenset[int]:
    """Where such words begin; `subject` are the words that name the paper asked about."""
    found = list(WORD.finditer(text))
    tokens = [fold(word.group()) for word in found]
    named = set(subject) | _PRONOUNS | {part for name in names(text) for part in map(fold, WORD.findall(name))}
    return frozenset(
        word.start() for place, word in enumerate(found) if is_content(tokens[place]) and _acts(tokens, place, named)
    )


def _acts(tokens: Sequence[str], place: int, named: Collection[str]) -> bool:
    before = tokens[place - 1] if place else ""
    after = tokens[place + 1] if place + 1 < len(tokens) else ""
    if tokens[place] in named:
        return False
    return (
        before in ("how", "to", "who")
        or _ADVERB.match(tokens[place]) is not None
        or _governs(tokens, place, named)
        or _is_passive(tokens, place, after)
        or _follows_its_subject(tokens, place, named)
    )


def _governs(tokens: Sequence[str], place: int, named: Collection[str]) -> bool:
    """`Which sponsor supported X`, `How many nurses gave the drug`: behind another word, and before an article or a name."""
    if place < 2 or place + 1 == len(tokens):
        return False
    after, earlier = tokens[place + 1], tokens[:place]
    helped = any(token in _AUXILIARIES | _FORMS_OF_BE for token in earlier)
    return (after in _DETERMINERS or after in named) and is_content(earlier[-1]) and not helped


def _is_passive(tokens: Sequence[str], place: int, after: str) -> bool:
    """`was consent obtained in …`: behind a form of `be`, at the end or before a preposition."""
    helped = any(token in _FORMS_OF_BE for token in tokens[:place])
    return helped and (not after or after in _PREPOSITIONS) and _PARTICIPLE.match(tokens[place]) is not None


def _follows_its_subject(tokens: Sequence[str], place: int, named: Collection[str]) -> bool:
    """`Does X bind zinc`, `How much memory does X eat`: the first word behind a name, or the last one where what it is done to stands before."""
    helping = next((at for at, token in enumerate(tokens[:place]) if token in _AUXILIARIES), None)
    if helping is None:
        return False
    between = [token for token in tokens[helping + 1 : place] if token not in _DETERMINERS]
    if not between or any(token in _PREPOSITIONS for token in between):
        return False
    if all(token in named for token in between):
        return True
    asked_before = tokens[0] not in _ASKS_HOW | _AUXILIARIES or (tokens[0] == "how" and helping > 1)
    return asked_before and place + 1 == len(tokens)
