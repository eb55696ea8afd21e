"""What a streamed answer consists of."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types.answers import Answer, Claim, Hit


@dataclass(frozen=True, slots=True)
class Searched:
    """Event: the question as it was understood, and what search found for it."""

    standalone_question: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Wrote:
    """Event: a further piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Event: the verdict on the claim at this place (from 0), once its sentence is complete."""

    place: int
    claim: Claim


@dataclass(frozen=True, slots=True)
class Noticed:
    """Event: something a person should know while waiting: a retry, another writer stepping in."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Event: the whole answer; always the last one. Its text is what counts: a repair may have changed what was streamed."""

    answer: Answer


Event = Searched | Wrote | Checked | Noticed | Finished
