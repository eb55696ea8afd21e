"""What a question wants counted or called by name, patients or a robot, say, and whether a sentence gives it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rag.text.names import is_name
from rag.text.numerals import CARDINAL, LARGE
from rag.text.words import FUNCTION_WORDS, WORD, fold, stem, words

_SORT = frozenset("model models type types kind kinds make brand brands version name names".split())
_DATA_SET = re.compile(r"(?i)\bdata[ -](?:set|base)(?=s?\b)")
BESIDE = 4
"""Words that may stand between a number and what it counts."""
_COUNT_ASKED = re.compile(
    r"(?i)\b(?:how many|(?:what|which|exact|total) (?:total )?number of)\s+|^(?:the )?(?:total )?number of\s+"
)
_NAME_ASKED = re.compile(r"(?i)\b(?:which|what|names? (?:of|the))\s+(?:(?:kind|type|sort|make|brand|model)s? of\s+)?(?:the\s+)?")
_PHRASE = re.compile(
    r"(?i)(?:(?!(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must|in|on|of|for|to|with|the|that|from|by|at|it|they|we|i|you|and|or|each|every|per|there)\b)"
    r"[\w'’/-]+\s*){1,5}"
)
_NUMBER = re.compile(rf"(?i)(?<![\w.-])\d[\d,]*(?!\.?\d)\+?|\b(?:{CARDINAL}|{LARGE}|single)\b(?!-)")
_END = re.compile(r"(?i)[.;:)]\s|\s(?:using|with|from|in|for|on|at|by|to|than|that|which|while|where|via)\s")
_WORD = re.compile(r"(?<![\w.-])[\w-]+")


@dataclass(frozen=True, slots=True)
class Thing:
    """One line of `data/things.txt`: the asked-for word as it stands in the question, what gives it, and the words that need a name."""

    asked: str
    given: frozenset[str]
    named: frozenset[str] = frozenset()


def counted(question: str) -> Thing | None:
    """What is to be counted, if it is of a kind that only its own words can answer."""
    for noun in _nouns(question, _COUNT_ASKED):
        alike = frozenset[str]().union(*(line for line in _things()[0] if stem(fold(noun)) in line))
        if alike:
            return Thing(noun, alike)
    return None


def gives_count(thing: Thing, sentence: str) -> bool:
    """Whether a number stands beside one of its words."""
    for number in _NUMBER.finditer(sentence):
        after = _END.split(f"{sentence[number.end() :]} ", maxsplit=1)[0]
        before = _END.split(f" {sentence[: number.start()]}")[-1]
        if thing.given & set(map(stem, [*words(after)[:BESIDE], *words(before)[-BESIDE:]])):
            return True
    return False


def to_name(question: str) -> Thing | None:
    """What is to be called by name."""
    head = next((noun for noun in _nouns(question, _NAME_ASKED) if fold(noun) not in _SORT), "")
    return next((Thing(head, given, named) for asked, given, named in _things()[1] if stem(fold(head)) in asked), None)


def gives_name(thing: Thing, sentence: str, known: Iterable[str]) -> bool:
    """Whether the sentence has one of its words, and where that is asked a name that is not among those `known`."""
    own = set(map(stem, words(sentence)))
    if thing.given & own:
        return True
    if not thing.named & own:
        return False
    told = {word for text in known for word in words(text)}
    behind_first = (found.group() for found in _WORD.finditer(sentence) if found.start() > 0)
    return any(is_name(word) and not told.issuperset(words(word)) for word in behind_first)


def _nouns(question: str, asking: re.Pattern[str]) -> list[str]:
    """The content words behind the asking words, the last first, as it is the head."""
    text = _DATA_SET.sub("dataset", question)
    found = asking.search(text)
    phrase = _PHRASE.match(text, found.end()) if found else None
    return [word for word in WORD.findall(phrase.group()) if fold(word) not in FUNCTION_WORDS][::-1] if phrase else []


@cache
def _things() -> tuple[tuple[frozenset[str], ...], tuple[tuple[frozenset[str], frozenset[str], frozenset[str]], ...]]:
    """What is counted, a set of stems a line; what is named: how it is asked for, what gives it, and what gives it beside a name."""
    lines = (files("rag") / "data" / "things.txt").read_text(encoding="utf-8").splitlines()
    kinds = [line.split(" ", 1) for line in lines if line and not line.startswith("#")]
    counts = tuple(_stems(rest) for kind, rest in kinds if kind == "counted")
    names = []
    for asked, _, given in (rest.partition(" : ") for kind, rest in kinds if kind == "named"):
        starred = [word.removesuffix("*") for word in given.split(" | ") if word.endswith("*")]
        plain = " | ".join(word for word in given.split(" | ") if not word.endswith("*"))
        names.append((_stems(asked), _stems(plain), _stems(" | ".join(starred))))
    return counts, tuple(names)


def _stems(line: str) -> frozenset[str]:
    # The stemmer leaves the plurals of abbreviations (`gpus`) as they are.
    return frozenset(stem(form) for word in line.split(" | ") if word for form in (word, f"{word}s"))
