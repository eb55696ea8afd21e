"""One answer of any system, before it is judged."""

from __future__ import annotations

from dataclasses import dataclass

from rag.errors import PaperchatError
from rag.grounding.citation_markers import Source


class AnswersError(PaperchatError):
    """A file of answers cannot be used; says what is wrong and what a line should hold."""


@dataclass(frozen=True, slots=True)
class SystemAnswer:
    """What a system said to a question and the sources it had, in the order in which it numbers them.

    `claims` are texts with the numbers they cite, where the system gives them itself; `reference` is a right answer; `gold` are the places
    (from 1) of the sources that a right answer rests on.
    """

    id: str
    question: str
    answer: str
    sources: tuple[Source, ...]
    claims: tuple[tuple[str, tuple[int, ...]], ...] = ()
    reference: str = ""
    gold: tuple[int, ...] = ()
