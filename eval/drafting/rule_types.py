"""What a rule that asks gets and gives: a sentence of an abstract in, a question with its answer keys out; and who it is that acts there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from eval.drafting.subjects import Subject
from eval.drafting.wording import phrase, within
from rag.text.sentence_roles import Role

Keys = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an abstract, its part in it, and what its paper is called."""

    text: str
    role: Role
    subject: Subject


Rule = Callable[[Sentence], tuple[str, Keys] | None]
"""A question that the sentence answers and the keys of the answer; None if the rule does not understand the sentence."""

_OWN = re.compile(
    r"(?i)^(?:we|it|our .+|the (?:proposed|presented|resulting|introduced) .+|"
    r"(?:this|the) (?:new |novel )?(?:method|approach|framework|model|system|algorithm|work|paper|study|technique|scheme|pipeline|architecture|dataset|benchmark|corpus))$"
)
_AUXILIARY = re.compile(
    r"(?i)\s(?:can|could|may|is able to|are able to|has|have|also|further|even|will|to|not only|then|is|are|was|were|been|\w+ly|and|thereby|thus)$"
)
_CLAUSE = re.compile(r"[,;:—]\s*|\b(?:that|while|whereas|and|which|as|where|but)\b\s*")


def actor(before: str, subject: Subject) -> str:
    """Who does what the sentence says, from the words before its verb: the paper's own method, or a short phrase of the sentence's own.

    Empty if it is unclear.
    """
    clause = _stripped(before)
    own = _CLAUSE.split(clause)[-1].strip()
    if not own or _is_own(own, subject):
        return subject.actor if _is_own(own or "we", subject) and _speaks_of_own(before, subject) else ""
    if re.search(r"\band$", clause[: len(clause) - len(own)].rstrip()):
        return ""  # the second half of `A and B`
    found = phrase(re.sub(r"(?i)^(?:this|these|our)\s(?=\S+\s)", "the ", own), 6)
    return (
        within(found)
        if found and not re.search(r"(?i)^(?:an?|by|in|with|for|on|to|from|using|through|\w+ing\b|\w+ed\b)", found)
        else ""
    )


def _stripped(before: str) -> str:
    clause = " " + before.strip(" ,")
    while (shorter := _AUXILIARY.sub("", clause).rstrip(" ,")) != clause:
        clause = shorter
    return clause.strip()


def _is_own(clause: str, subject: Subject) -> bool:
    return _OWN.match(clause) is not None or bool(subject.name and subject.name in clause.split())


_SOMEBODY_ELSE = re.compile(
    r"(?i)\b(?:existing|previous|prior|current|traditional|conventional|baselines? (?:is|are|can)|et al)\b"
)


def _speaks_of_own(before: str, subject: Subject) -> bool:
    """Whether nobody else was spoken of before a verb whose subject is not beside it."""
    return _SOMEBODY_ELSE.search(before) is None
