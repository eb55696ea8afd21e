"""Names in a claim that its sources do not have: coined ones (`NoProp`, `CIFAR-10`) and capitalised ones; abbreviations by their initials."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from rag.text.names import ABBREVIATION, CAPITALISED, coined_or_numbered
from rag.text.words import FUNCTION_WORDS, fold, stem, words

_GENERAL = frozenset("ai ml us uk usa eu un tv id ok am pm i ii iii iv v sota nlp cv llm llms dl phd ceo 2d 3d 4d".split())
"""Abbreviations that a source may well write otherwise."""
_NUMBERED = re.compile(r"^(?:(?P<letters>[a-z][\w-]*[a-z](?=[-\d])|[a-z]+(?=\()))[-(]?(?P<number>\d+)\)?")
_JOINING = frozenset("and or the a an of in on for with to by is are we our than as at from".split())
"""Words that stand beside any name."""
_A_COPY = 0.8
"""Share of a claim copied from a source from which a name that differs counts as exchanged. Chosen."""
_BESIDE = 40
"""Characters before and after a name in which its neighbours stand."""
_PREFIX = 5
"""Letters by which a word counts as a form of another one. Chosen."""
_LONGEST = 7
"""Letters of the longest abbreviation that is spelled out. Chosen."""


def missing_names(claim: str, sources: Sequence[str]) -> list[str]:
    """Coined names of the claim that stand in no source, neither as written nor by their initials."""
    held = [_held(source) for source in sources]
    return [name for name in dict.fromkeys(_marked(claim)) if not any(_stands(name, own) for own in held)]


def _marked(text: str) -> list[str]:
    return [found.group() for found in coined_or_numbered(text)]


def missing_capitals(claim: str, sources: Sequence[str]) -> list[str]:
    """Capitalised words inside the claim whose stem, or first letters, no source has."""
    known = {word for source in sources for word in _held(source)[0]}
    starts = {word[:_PREFIX] for word in known}
    found = []
    for name in dict.fromkeys(CAPITALISED.findall(claim)):
        parts = [part for part in words(name.removesuffix("’s").removesuffix("'s")) if part not in FUNCTION_WORDS]
        if any(part not in known and stem(part) not in known and part[:_PREFIX] not in starts for part in parts):
            found.append(name)
    return found


def exchanged_name(claim: str, near: Sequence[str], sources: Sequence[str]) -> str:
    """A name missing from the sources in whose place, beside the same word, a sentence near the claim has another; in words."""
    missing = dict.fromkeys([*missing_names(claim, sources), *missing_capitals(claim, sources)])
    if not missing:
        return ""
    own = {name: beside for name, beside in _places(claim) if name in missing}
    for name in missing:
        sibling = next((other for source in sources for other in _marked(source) if _siblings(name, other)), None)
        if sibling is not None:
            return f"the claim says “{name}” where the source says “{sibling}”"
    for source in near:
        for other, beside in _places(source):
            for name, neighbours in own.items():
                if neighbours & beside and not _alias(name, other):
                    return f"the claim says “{name}” where the source says “{other}”"
    return ""


def copied_but_for_names(claim: str, near: Sequence[str], sources: Sequence[str]) -> str:
    """A coined name missing from the sources where the claim is otherwise nearly a copy of a sentence; in words."""
    missing = missing_names(claim, sources)
    if missing and any(_copied(claim, source) >= _A_COPY for source in near):
        return f"nothing in the source about “{missing[0]}”"
    return ""


def _copied(claim: str, source: str) -> float:
    """The share of the claim's words that stand in the source in the same order (Ratcliff & Obershelp's matching blocks)."""
    own, other = words(claim), words(source)
    blocks = SequenceMatcher(None, own, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(own) if own else 0.0


def _siblings(name: str, other: str) -> bool:
    """Whether two names differ in their last number alone: `CIFAR-10`, `CIFAR-100`."""
    one, two = (_NUMBERED.fullmatch(fold(form)) for form in (name, other))
    return one is not None and two is not None and one["letters"] == two["letters"] and one["number"] != two["number"]


def _alias(one: str, other: str) -> bool:
    """Whether one may be short for the other: it begins alike and its letters stand there in order, as `IL-2` in `interleukin-2`;
    or the same letters, mistyped."""
    short, long = sorted((re.sub(r"[\W_]", "", fold(form)) for form in (one, other)), key=len)
    rest = iter(long)
    if sorted(short) == sorted(long):
        return True
    return short[:1] == long[:1] and all(letter in rest for letter in short)


def _places(text: str) -> list[tuple[str, frozenset[tuple[str, str]]]]:
    """The names of a text, each with the word before and the word after it."""
    found = []
    for match in sorted([*coined_or_numbered(text), *CAPITALISED.finditer(text)], key=lambda match: match.start()):
        before, after = (
            words(text[max(0, match.start() - _BESIDE) : match.start()]),
            words(text[match.end() : match.end() + _BESIDE]),
        )
        beside = [("before", stem(before[-1]))] if before else []
        beside += [("after", stem(after[0]))] if after else []
        telling = frozenset((side, word) for side, word in beside if word not in _JOINING)
        found.append((match.group(), telling))
    return found


def spelled_out(text: str, sources: Sequence[str]) -> frozenset[str]:
    """The words of the text that an abbreviation of a source stands for: of `long short-term memory`, with `LSTM` there."""
    short = {name.lower().replace("-", "") for source in sources for name in ABBREVIATION.findall(source)}
    own = words(text)
    return frozenset(word for letters in short if 1 < len(letters) <= _LONGEST for word in _run(letters, own))


@lru_cache(maxsize=16384)
def _held(source: str) -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    """A source's words and stems, its words in order, and up to three of them written as one."""
    own = words(source)
    return frozenset(own) | frozenset(map(stem, own)), tuple(own), frozenset(_runs(own))


def _stands(name: str, held: tuple[frozenset[str], tuple[str, ...], frozenset[str]]) -> bool:
    known, own, runs = held
    bare = fold(name)
    if bare in _GENERAL or bare in known or bare.removesuffix("s") in known:
        return True
    bare = re.sub(r"-[a-z]{4,}$", "", bare) if re.search(r"-[a-z]{4,}$", name) else bare
    squashed = re.sub(r"[\W_]", "", bare)
    forms = {squashed, squashed.removesuffix("s"), squashed + "s"}
    if forms & runs:
        return True
    if "-" in name and not any(char.isdigit() for char in name):
        return all(_stands(part, held) for part in name.split("-") if not part.islower())
    letters = squashed.removesuffix("s") if name.endswith("s") else squashed
    if name.removesuffix("s").isupper() and letters.isalpha():
        return bool(_run(letters, own)) or (len(letters) > 2 and any(letters in word for word in own))
    return _unnumbered(squashed, runs)


def _unnumbered(name: str, runs: frozenset[str]) -> bool:
    """Whether a name that ends in a number stands in the source without any: `HIV-1` as `HIV`, but not `GPT-4` beside `GPT-3`."""
    letters = name.rstrip("0123456789")
    if len(letters) < 3 or letters == name or not letters.isalpha() or letters not in runs:
        return False
    return not any(run != letters and run.startswith(letters) and run[len(letters) :].isdigit() for run in runs)


def _runs(own: Sequence[str]) -> Iterator[str]:
    """Up to three words written as one: `res net 50`."""
    for at in range(len(own)):
        for length in (1, 2, 3):
            yield "".join(own[at : at + length])


def _run(letters: str, own: Sequence[str]) -> tuple[str, ...]:
    """The consecutive words whose initials are these letters, with or without the function words between them."""
    for kept in (own, [word for word in own if word not in FUNCTION_WORDS]):
        initials = "".join(word[0] for word in kept)
        at = initials.find(letters)
        if at >= 0:
            return tuple(kept[at : at + len(letters)])
    return ()
