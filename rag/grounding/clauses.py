"""Cuts a long sentence into clauses that each stand alone: every one of them has a subject of its own and a finite verb.

Without a parser this errs on the side of leaving a sentence whole. A clause that opens with a pronoun gets the subject of the clause
before it, in square brackets as editors do: `…, and it needs no labels` becomes `[NoProp] needs no labels`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.text.english import frequencies
from rag.text.words import FUNCTION_WORDS, is_content

LEAST_TOKENS = 14
"""Words of a sentence under which it stays whole."""
LEAST_OF_A_CLAUSE = 4
"""Words that each of two clauses must have to be parted. Chosen."""
LEAST_OF_A_MARKED_CLAUSE = 3
"""The same where the clauses cite each for itself. Chosen."""
OPENING = 400
"""Characters of a clause in which its subject and verb stand: a clause may grow without end. Chosen."""
SUBJECT_TOKENS = 8
"""Words of a clause among which its verb must come, and the most that a subject may have."""

_JOIN = re.compile(
    r"(?P<end>[;,])(?P<markers>(?:\s?\x00\d{1,6}\x01){0,8})\s{1,4}(?P<word>(?:and|but|while|whereas|yet|however)\b,?\s{1,4})?"
)
"""Where a clause may end. Markers are held as \\x00number\\x01 and stay with the clause before them."""
_MARKED_JOIN = re.compile(r"\x01[;,] [^\x00]{1,400}\x00")
"""Between two clauses that cite each for itself."""
_HELD = re.compile(r"\x00\d{1,6}\x01")
_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_SUBORDINATE = re.compile(
    r"(?i)^\W*(?:if|when|whenever|because|since|although|though|unless|once|after|before|while|whereas|as|where|which|who|whose|that|"
    r"whether|including|such|especially|particularly|even|so)\b"
)
_AUXILIARIES = frozenset(
    "is are was were has have had does do did can could will would may might must should cannot "
    "can't isn't aren't wasn't weren't doesn't don't didn't won't".split()
)
_PRONOUNS = frozenset("it they he she".split())
_VAGUE = frozenset("this these that those there we you i one both each which who".split())
"""Subjects that take up more than the subject of the clause before: such a clause does not stand alone."""
_DETERMINERS = frozenset("a an the its their his her our".split())
_OPENS_OBJECT = frozenset(
    "a an the its their his her our this these that those no all both each any some many most several one two three four five six seven "
    "eight nine ten up to over under about more less fewer only not by at in as than".split()
)
_BEFORE_NOUN = frozenset(
    "a an the its their his her our this these those no of in on at by for with from to and or many most several some all".split()
)


def clauses(sentence: str) -> list[str]:
    """The clauses of a sentence in order, or the sentence by itself where it is short or cannot be cut."""
    marked = _MARKED_JOIN.search(sentence) is not None
    if (len(_tokens(sentence)) < LEAST_TOKENS and not marked) or _SUBORDINATE.match(_HELD.sub("", sentence)):
        return [sentence]
    found: list[str] = []
    own, start = "", 0
    joins = [*_JOIN.finditer(sentence), None]
    for before, after in zip([None, *joins], joins, strict=False):
        part = sentence[start : after.start() if after else len(sentence)]
        start = after.end() if after else start
        least = LEAST_OF_A_MARKED_CLAUSE if marked else LEAST_OF_A_CLAUSE
        opened = _opened(own, part, least) if before is not None and (before["word"] or before["end"] == ";") else None
        if before is None:
            own = part
        elif opened is None:
            own += before.group() + part
        else:
            found.append(own + before["markers"])
            own = opened
    return [*found, own]


def _opened(before: str, part: str, least: int) -> str | None:
    """The part as a sentence of its own; None where it, or what is before it, does not stand alone or has fewer words than `least`."""
    first, own = _tokens(before[:OPENING]), _tokens(part)
    subject, verb = _verb(first), _verb(own)
    if subject is None or verb is None or min(len(first), len(own)) < least or not any(map(is_content, own)):
        return None
    opening = own[0].lower()
    if opening in _VAGUE or _SUBORDINATE.match(part):
        return None
    if opening not in _PRONOUNS:
        return part[:1].upper() + part[1:]
    named = _subject(before, first, subject)
    return f"[{named}]{part[len(own[0]) :]}" if named else None


def _subject(text: str, tokens: Sequence[str], verb: int) -> str:
    """What stands before the first verb, where it is a name or a short phrase and no pronoun."""
    if tokens[0].lower() in _VAGUE | _PRONOUNS | FUNCTION_WORDS - _DETERMINERS:
        return ""
    places = [match.start() for match in _TOKEN.finditer(text)]
    named = _HELD.sub("", text[places[0] : places[verb]]).strip()
    return "" if any(sign in named for sign in ",;:[]") else named


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(_HELD.sub(" ", text)))


def _verb(tokens: Sequence[str]) -> int | None:
    """The place of the first finite verb, with a subject before it."""
    for at in range(1, min(len(tokens), SUBJECT_TOKENS + 1)):
        word, before = tokens[at].lower(), tokens[at - 1].lower()
        if word in _AUXILIARIES:
            return at
        following = tokens[at + 1].lower() if at + 1 < len(tokens) else ""
        opens = following in _OPENS_OBJECT or following[:1].isdigit() or following.endswith("ly")
        if (
            opens
            and before not in _BEFORE_NOUN
            and _inflected(word)
            and not (word.endswith("ed") and following in ("by", "at", "in", "to"))
        ):
            return at
    return None


@lru_cache(maxsize=4096)
def _inflected(word: str) -> bool:
    """Whether the word can be a verb in the third person or the past: the dictionary has its other forms as well."""
    for ending in ("es", "s", "ed", "d"):
        if word.endswith(ending) and not word.endswith("ss"):
            base = word.removesuffix(ending)
            forms = (base, base.removesuffix("e"), base + base[-1:])
            if any(f"{form}ing" in frequencies() for form in forms):
                return True
    return False
