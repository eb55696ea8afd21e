"""The claims of an answer as they are judged: those that the system gives, or those that its text makes; and what is a refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eval.answers.types import SystemAnswer
from rag.grounding.citation_markers import Cited
from rag.grounding.decomposition import decompose
from rag.grounding.source_talk import is_silent


def claims_of(answer: SystemAnswer) -> list[Cited]:
    """The claims of an answer in order, each with the numbers it cites; those that the system gives itself where it gives any.

    A claim in other words than the answer's is taken as it is given, and the answer's sentences are not counted beside it.
    """
    if answer.claims:
        return _from_one([Cited(text.strip(), numbers) for text, numbers in answer.claims if text.strip()], len(answer.sources))
    return _from_one(decompose(answer.answer, answer.sources), len(answer.sources))


def _from_one(claims: list[Cited], count: int) -> list[Cited]:
    """The claims with markers that count from 1, also those of a system that counts from 0."""
    numbers = {number for claim in claims for number in claim.numbers}
    if 0 not in numbers or max(numbers) >= count:
        return claims
    return [Cited(claim.text, tuple(number + 1 for number in claim.numbers)) for claim in claims]


def refuses(text: str) -> bool:
    """Whether a text says that the sources do not hold the answer; one without a word says so too."""
    opening = text[:400].strip()
    return not opening or _REFUSAL.search(opening) is not None or is_silent(opening)


def is_refusal(answer: SystemAnswer, claims: Sequence[Cited]) -> bool:
    """Whether an answer refuses and claims nothing else."""
    return refuses(answer.answer) and all(refuses(claim.text) for claim in claims)


_REFUSAL = re.compile(
    r"(?i)^(?:i(?:'m| am) (?:sorry|unable|not able)|i (?:do not|don't|cannot|can't) (?:know|have|find|answer)|(?:unable to answer|no answer|not answerable|unanswerable)\b|"
    r"(?:the |none of the )?(?:given |provided |available )?(?:passages?|context|sources?|documents?|texts?|papers?|information)\b[^.]{0,60}\b(?:do(?:es)? not|don't|doesn't|no)\b"
    r"[^.]{0,40}\b(?:answer|contain|provide|mention|say|specify|state|include|enough|information)|there is (?:no|not enough) information)"
)
