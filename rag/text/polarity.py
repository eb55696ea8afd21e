"""Negation and opposites: whether a claim says yes where its source says no, or up where the source says down.

A fault is reported only where the two speak of the same thing: the word in question has a neighbour that claim and source share,
and no sentence of the source says it as the claim does.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.text.cues import lists, word_list
from rag.text.words import FUNCTION_WORDS, fold, is_content, stem

POLES: dict[str, tuple[int, int]] = {}
"""A word's opposition and its side of it (1 or -1)."""
for _number, _line in enumerate(lists("opposites.txt")["pairs"]):
    for _side, _forms in zip((1, -1), _line.split("|"), strict=True):
        POLES |= dict.fromkeys(_forms.split(), (_number, _side))

_CUES = word_list("english.txt", "denial")
_SOFT = word_list("english.txt", "soft_denial")
_ENDS = word_list("english.txt", "clause_end")
DENIAL = rf"(?:\b(?:{'|'.join(sorted(_CUES))})\b|n['’]t\b)"
"""A pattern for any word that denies."""
_NO_DENIAL = re.compile(
    r"\bnot (?:only|just|merely|solely|necessarily)\b|\bno (?:later|more|less|fewer) than\b|\bwhether or not\b|\bif not\b|\bno\. ?(?=\d)"
)
_TOKEN = re.compile(r"[^\W_]+|[.,;:!?()]")
_WITH = "with"
"""Counts as a neighbour only, so that `with labels` and `without labels` meet."""
_SCOPE = 6
"""Words that a denial reaches into. Chosen."""
_NEAR = 2
"""Words on each side that are a word's neighbours. Chosen."""


@dataclass(frozen=True, slots=True)
class PolarWord:
    """A content word or pole as a sentence says it: stem, form, whether denied, whether first after a denial, and its neighbours."""

    stem: str
    word: str
    denied: bool
    head: bool
    before: frozenset[str]
    after: frozenset[str]

    @property
    def pole(self) -> tuple[int, int] | None:
        """The opposition and the side taken, denial counted in."""
        found = POLES.get(self.word)
        return None if found is None else (found[0], -found[1] if self.denied else found[1])

    def shared(self, other: PolarWord) -> int:
        """How many neighbours on the same side the two have in common."""
        return len(self.after & other.after) + len(self.before & other.before)


@lru_cache(maxsize=16384)
def polar_words(sentence: str) -> tuple[PolarWord, ...]:
    """The content words of a sentence and the words that have an opposite, in order."""
    rows = list(_denials(_tokens(sentence)))
    stems = [stem(word) for word, _, _ in rows]
    return tuple(
        PolarWord(
            stems[at], word, denied, head, frozenset(stems[max(0, at - _NEAR) : at]), frozenset(stems[at + 1 : at + 1 + _NEAR])
        )
        for at, (word, denied, head) in enumerate(rows)
    )


def _tokens(sentence: str) -> list[str]:
    text = re.sub(r"n['’]t\b", " not", fold(sentence)).replace("can not", "cannot").replace("cannot", "can not")
    text = re.sub(r"\b(?:without|free (?:of|from))\b", "without with", _NO_DENIAL.sub(" ", text))
    text = re.sub(r"\b(?:rather than|instead of|as opposed to)\b", "insteadof", text)
    text = re.sub(r"\bnon[- ](?=\w{4})", "non", text)
    text = re.sub(r"\b(\w+)-free\b", r"freeof \1", text)
    text = re.sub(r"\b(?:absence|lack|loss) of\b|\black(?:s|ed|ing)?\b", "freeof", text)
    return _TOKEN.findall(text)


def _denials(tokens: Sequence[str]) -> Iterator[tuple[str, bool, bool]]:
    """(word, denied, first after the denial) of each word that counts."""
    left, head = 0, False
    for at, token in enumerate(tokens):
        if token in _SOFT:
            if not token.endswith("of"):
                yield token, left > 0, head and left > 0
            left, head = (1 if token == "freeof" else _SCOPE), False
        elif token in _CUES and not (token in POLES and tokens[at + 1 : at + 2] != ["to"]):
            # A second denial inside the first one's scope lifts it.
            left, head = (0, False) if 0 < left < _SCOPE and token in {"not", "without", "no"} and head else (_SCOPE, True)
        elif not token[0].isalnum() or token in _ENDS:
            left, head = 0, False
        else:
            if _counts(token):
                yield token, left > 0, head and left > 0
                head = head and token == _WITH
            left = max(0, left - 1)


def _counts(token: str) -> bool:
    return token in POLES or token == _WITH or (is_content(token) and token not in FUNCTION_WORDS)


def opposition(claim: str, near: Sequence[str], sources: Sequence[str], settled: Container[str] = ()) -> str:
    """Where the claim denies or reverses what the sentences near it say and no source says as it does, in words; else empty.

    The words that are `settled` may stand where the source has their opposite.
    """
    source_words = [word for source in sources for word in polar_words(source)]
    beside = [word for source in near for word in polar_words(source)]
    own = [word for word in polar_words(claim) if word.word != _WITH]
    for word in own:
        opposed = any(word.pole and other.pole == (word.pole[0], -word.pole[1]) and word.shared(other) for other in own)
        known = opposed or (word.word in settled and not word.denied)
        fault = _denied(word, own, beside, source_words) or ("" if known else _reversed(word, beside, source_words))
        if fault:
            return fault
    return ""


def leans_otherwise(claim: str, sources: Sequence[str]) -> bool:
    """Whether the sources have the opposite of a word of the claim, wherever it stands, and never its own side."""
    own = {word.pole for word in polar_words(claim) if word.pole is not None}
    source_words = {word.pole for source in sources for word in polar_words(source)}
    return any(
        (group, -side) in source_words and (group, side) not in source_words and (group, -side) not in own for group, side in own
    )


def denies_otherwise(claim: str, sources: Sequence[str]) -> bool:
    """Whether a word is denied in the claim and affirmed throughout the sources, or the other way round."""
    own, source_words = (
        [word for word in polar_words(claim) if word.word != _WITH],
        [word for source in sources for word in polar_words(source)],
    )
    sides = [{word.stem for word in source_words if word.denied == denied} for denied in (False, True)]
    return any(word.stem in sides[not word.denied] - sides[word.denied] for word in own)


def one_sided_denial(claim: str, sources: Sequence[str]) -> str:
    """A word that is denied on one side alone, where the other side denies nothing at all; empty if there is none."""
    own, theirs = _close_denied(claim), frozenset[str]().union(*map(_close_denied, sources))
    if bool(own) == bool(theirs):
        return ""
    denied, other = (own, sources) if own else (theirs, [claim])
    affirmed = {word.stem for sentence in other for word in polar_words(sentence)}
    kept = {word.stem for sentence in ([claim] if own else sources) for word in polar_words(sentence) if not word.denied}
    return min((denied & affirmed) - kept, default="")


def _close_denied(sentence: str) -> frozenset[str]:
    """The stems of the first two words behind each denial."""
    source_words = [word for word in polar_words(sentence) if word.word != _WITH]
    return frozenset(
        word.stem for at, word in enumerate(source_words) if word.denied and (word.head or (at > 0 and source_words[at - 1].head))
    )


def _denied(word: PolarWord, own: Sequence[PolarWord], near: Sequence[PolarWord], source_words: Sequence[PolarWord]) -> str:
    """A word affirmed here and denied there, or the other way round, where it stands most alike."""
    same = [other for other in source_words if other.stem == word.stem]
    as_said = max((word.shared(other) for other in same if other.denied == word.denied), default=-1)
    against = max(
        (
            word.shared(other)
            for other in near
            if other.stem == word.stem
            and other.denied != word.denied
            and (word.head or other.head)
            and not _denied_at_the_verb(word, other, own, source_words)
        ),
        default=0,
    )
    if not against or as_said >= against or _alike(word, source_words) > 0:
        return ""
    verb = "denies" if word.denied else "affirms"
    return f"the claim {verb} “{word.word}”, which the source {'affirms' if word.denied else 'denies'}"


def _denied_at_the_verb(word: PolarWord, other: PolarWord, own: Sequence[PolarWord], source_words: Sequence[PolarWord]) -> bool:
    """Whether the side that affirms the word denies what is said of it: `labels are not needed` is `it needs no labels`."""
    denied, affirmed, rest, there = (word, other, source_words, own) if word.denied else (other, word, own, source_words)
    both = {said.stem for said in there if said.denied and said.head}
    return any(
        said.denied
        and said.head
        and said.word != _WITH
        and said.stem not in both
        and (said.stem in denied.before or affirmed.stem in said.before)
        for said in rest
    )


def _alike(word: PolarWord, source_words: Sequence[PolarWord]) -> int:
    """How many neighbours the word shares with another one that takes its side: `not small` is `large`; -1 if there is none."""
    kin = (word.shared(other) for other in source_words if other.pole == word.pole and other.stem != word.stem)
    return max(kin, default=-1) if word.pole is not None else -1


def _reversed(word: PolarWord, near: Sequence[PolarWord], source_words: Sequence[PolarWord]) -> str:
    """A word where the source has its opposite beside the same neighbour, and nowhere itself as near to it."""
    pole = word.pole
    if pole is None:
        return ""
    own = max((word.shared(other) for other in source_words if other.pole == pole and other.word == word.word), default=-1)
    kept = max(own, _alike(word, source_words))
    for other in near:
        if other.pole == (pole[0], -pole[1]) and other.stem != word.stem and word.shared(other) > max(kept, 0):
            denial = ("not " if word.denied else "", "not " if other.denied else "")
            return f"the claim says “{denial[0]}{word.word}” where the source says “{denial[1]}{other.word}”"
    return ""
