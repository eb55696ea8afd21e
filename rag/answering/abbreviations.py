"""What an abbreviation stands for: the sentence that spells it out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rag.text.abbreviations import spells_out
from rag.text.english import is_english
from rag.text.instructions import reporting
from rag.text.words import fold, words
from rag.types import Evidence, Hit, Paper, Refusal

SEARCHED = 30
"""Papers that are looked through for an abbreviation where those found for the question do not spell it out. Chosen."""
_ASKED = re.compile(
    r"(?i)\bwhat (?:do|does|did|is|are)\b(?P<named>.{1,80}?)\b(?:stands? for|short for|abbreviat\w+|acronym)\b"
    r"|\b(?:stands? for|short for) what\b|\b(?:abbreviat(?:e|es|ion)|acronym|(?:full|long) (?:form|name)|spell(?:s|ed)? out|written out)\b"
)
_MEANT = re.compile(
    r"(?i)^\W*what (?:do|does|did) (?:the (?:abbreviation|acronym|term) )?(?P<named>[^\s?!.,;:\"“”„()]{2,15}) means?\W*$"
)
_TOKEN = re.compile(r"[^\s?!.,;:\"“”„()]+")
_AROUND = frozenset("a an the abbreviation acronym abbreviations letters term name short form initials word".split())
_TELLING = 3
"""Letters that hardly stand at the beginnings of words side by side by chance."""
_CAPITALS = 2
"""Capitals of a word that is an abbreviation wherever it stands."""


def abbreviations_asked(text: str) -> list[str]:
    """The abbreviations that are asked to be spelled out; none if something else is asked."""
    asked = _ASKED.search(text)
    if asked is None:
        return []
    tokens = [token.strip("'’‘") for token in _TOKEN.findall(asked["named"] or text)]
    short = [token for token in tokens if sum(map(str.isupper, token)) >= _CAPITALS]
    named = [token for token in tokens if fold(token) not in _AROUND] if asked["named"] else []
    return short or (named if len(named) == 1 else [])


def abbreviation_meant(text: str) -> list[str]:
    """The abbreviation whose meaning is asked, which may be its words or something else: `What does PINN mean?`"""
    asked = _MEANT.search(text)
    return [asked["named"]] if asked and sum(map(str.isupper, asked["named"])) >= _CAPITALS else []


def long_form(short: Sequence[str], hits: Sequence[Hit], search: Callable[[str, int], Sequence[Hit]]) -> Evidence | None:
    """The first sentence that spells one of them out, in the papers found for the question or for the abbreviation alone."""
    found = next(_spelling(short, [hit.paper for hit in hits]), None)
    if found is not None:
        return found
    further = (hit.paper for name in short for hit in search(name, SEARCHED))
    return next(_spelling(short, list(further)), None)


def not_spelled_out(short: Sequence[str], holds: Callable[[str], bool]) -> Refusal | None:
    """Why an abbreviation is not spelled out; None for a plain word, of which something else may be asked."""
    names = tuple(name for name in short if any(map(str.isupper, name)) or not is_english(fold(name)))
    if not names:
        return None
    unknown = tuple(name for name in names if not holds(name) and not holds(name.removesuffix("s")))
    return Refusal("unknown_name", unknown) if unknown else Refusal("not_spelled_out", names)


def _spelling(short: Sequence[str], papers: Sequence[Paper]) -> Iterator[Evidence]:
    """Sentences that define one of them; then those that have it and, elsewhere, its words; then those with a name and it in brackets."""
    spans = [(paper, span) for paper in papers for span in reporting(paper.abstract)]
    for defines in (spells_out, _has_both, _bracketed):
        yield from (
            Evidence(paper, span) for paper, span in spans if any(defines(name, span.of(paper.abstract)) for name in short)
        )


def _has_both(name: str, sentence: str) -> bool:
    """Whether the sentence has it, and words side by side that begin with its letters."""
    single = name.removesuffix("s")
    if len(single) < _TELLING or not single.isalpha() or single not in sentence:
        return False
    initials = "".join(word[0] for word in words(sentence.replace(single, " ")))
    return fold(single) in initials


def _bracketed(name: str, sentence: str) -> bool:
    """Whether it stands in brackets behind a plain word, which it then is short for, whatever its letters: `salivary amylase gene (AMY1)`."""
    return re.search(rf"\b[a-z]{{3,}} [(\[]{re.escape(name)}[)\]]", sentence) is not None
