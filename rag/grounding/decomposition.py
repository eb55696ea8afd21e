"""Cuts an answer into the claims that it makes: list numbers, headings, courtesies, questions and talk about the passages are none."""

from __future__ import annotations

from collections.abc import Sequence

from rag.grounding.answer_markup import HEADING, plain_answer
from rag.grounding.citation_markers import Cited, Held, Source, hold_markers
from rag.grounding.clauses import clauses
from rag.grounding.source_talk import of_the_matter, says_nothing

_END = '.!?:;…"”'


def decompose(answer: str, sources: Sequence[Source]) -> list[Cited]:
    """The claims of an answer in order, each with the numbers of the sources it cites; `passage 2 says …` cites the second.

    A long sentence comes as its clauses (`rag.grounding.clauses`); one without markers of its own has those behind it, or else all of
    its sentence's.
    """
    held = hold_markers(plain_answer(answer), sources)
    return [claim for sentence in held.sentences for claim in _claims(sentence, held, len(sources))]


def claim_in(sentence: str) -> str:
    """What a sentence without citation markers claims, whole; empty if it claims nothing."""
    bare = "" if HEADING.match(sentence[:200]) else of_the_matter(sentence)[0]
    return "" if not bare or says_nothing(bare, cites=False) else bare[:1].upper() + bare[1:]


def _claims(sentence: str, held: Held, count: int) -> list[Cited]:
    bare, named = of_the_matter(sentence)
    spoken = tuple(dict.fromkeys(number for number in named if number <= count))
    parts = [held.cited(part) for part in clauses(bare)]
    whole = held.cited(sentence).numbers or spoken
    inside = set(held.cited(bare).numbers)
    opening = tuple(number for number in whole if number not in inside)
    behind: tuple[int, ...] = ()
    found: list[Cited] = []
    for at, part in reversed([*enumerate(parts)]):
        behind = part.numbers or behind
        text, named = of_the_matter(part.text)
        own = (opening + part.numbers if at == 0 else part.numbers) or tuple(number for number in named if number <= count)
        if not says_nothing(text, bool(part.numbers)):
            ended = text if len(parts) == 1 or text[-1:] in _END else f"{text}."
            found.append(Cited(ended[:1].upper() + ended[1:], own or behind or whole))
    return found[::-1]
