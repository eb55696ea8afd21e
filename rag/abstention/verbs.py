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
    r"(?<=\w\w)(?:ed|en)$|^(?:born|bought|brought|built|cut|done|drawn|fed|found|held|kept|led|lost|made|met|paid|put|read|run|sent|shown|sold|spent|taught|told|won)$"
)
_ADVERB = re.compile(r"(?<=\w\w\w)ly$")
_ASKS_HOW = frozenset("how why when where".split())
_BIDDING = frozenset("compare contrast distinguish discuss outline".split())
"""What a question may begin with that asks for something to be done: `Compare dropout and batch size`."""
_LONGEST_SUBJECT = 30
"""Words from the auxiliary on in which the subject ends. Chosen."""


def acting(text: str, subject: Collection[str]) -> frozenset[int]:
    """Where such words begin; `subject` are the words that name the paper asked about."""
    found = list(WORD.finditer(text))
    tokens = [fold(word.group()) for word in found]
    named = set(subject) | _PRONOUNS | {part for name in names(text) for part in map(fold, WORD.findall(name))}
    helping = _first(tokens, _AUXILIARIES)
    being = _first(tokens, _FORMS_OF_BE)
    return frozenset(
        word.start()
        for place, word in enumerate(found)
        if is_content(tokens[place]) and _acts(tokens, place, named, helping, being)
    )


def _first(tokens: Sequence[str], wanted: Collection[str]) -> int:
    """The place of the first of those words; behind the last one if there is none."""
    return next((place for place, token in enumerate(tokens) if token in wanted), len(tokens))


def _acts(tokens: Sequence[str], place: int, named: Collection[str], helping: int, being: int) -> bool:
    """`helping` and `being` are the places of the first auxiliary and of the first form of `be`."""
    before = tokens[place - 1] if place else ""
    after = tokens[place + 1] if place + 1 < len(tokens) else ""
    if tokens[place] in named:
        return False
    return (
        before in ("how", "to", "who")
        or _ADVERB.search(tokens[place]) is not None
        or (place == 0 and tokens[0] in _BIDDING and after != "")
        or (min(helping, being) >= place and _governs(tokens, place, named))
        or (being < place and _is_passive(tokens, place, after))
        or (helping < place - 1 and _follows_its_subject(tokens, place, named, helping))
    )


def _governs(tokens: Sequence[str], place: int, named: Collection[str]) -> bool:
    """`Which sponsor supported X`, `How many nurses gave the drug`: behind another word, and before an article or a name."""
    if place < 2 or place + 1 == len(tokens):
        return False
    after = tokens[place + 1]
    return (after in _DETERMINERS or after in named) and is_content(tokens[place - 1])


def _is_passive(tokens: Sequence[str], place: int, after: str) -> bool:
    """`was consent obtained in …`: behind a form of `be`, at the end or before a preposition."""
    return (not after or after in _PREPOSITIONS) and _PARTICIPLE.search(tokens[place]) is not None


def _follows_its_subject(tokens: Sequence[str], place: int, named: Collection[str], helping: int) -> bool:
    """`Does X bind zinc`, `How much memory does X eat`: the first word behind a name, or the last one where what it is done to stands before."""
    last = place + 1 == len(tokens)
    if not last and place - helping > _LONGEST_SUBJECT:
        return False
    between = [token for token in tokens[helping + 1 : place] if token not in _DETERMINERS]
    if not between or any(token in _PREPOSITIONS for token in between):
        return False
    if all(token in named for token in between):
        return True
    asked_before = tokens[0] not in _ASKS_HOW | _AUXILIARIES or (tokens[0] == "how" and helping > 1)
    return asked_before and last
