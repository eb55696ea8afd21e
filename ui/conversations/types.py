"""The nouns of a conversation that is kept: a turn, a conversation, and within which papers a question is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rag.types import Answer, PastTurn

Rating = Literal["up", "down"]
ChipKind = Literal["paper", "year", "author", "venue", "text", "collection", "theme", "area"]


@dataclass(frozen=True, slots=True)
class Chip:
    """One limit of what may be searched: a paper's id, `2021` or `2019-2023`, an author, a venue, words, a collection or a theme. `label` is for people."""

    kind: ChipKind
    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what happened to it. `answer` is None if it was stopped or failed: then `partial` holds what was written.

    `gathers` tells a summary or comparison of several papers, asked by a button, with what was typed in `about`.
    `corrected` is how a person wants a follow-up to be understood; `literal` keeps the words as typed, errors and all. `table` is a comparison, as `ui.conversations.comparison` packs it.
    """

    id: str
    question: str
    answer: Answer | None = None
    partial: str = ""
    error: str = ""
    corrected: str = ""
    literal: bool = False
    scope: tuple[Chip, ...] = ()
    gathers: Literal["", "summary", "compare"] = ""
    about: str = ""
    table: str = ""
    rating: Rating | None = None
    comment: str = ""
    asked: float = 0.0


def past_turn(turn: Turn) -> PastTurn:
    """The turn as later questions of its conversation need it."""
    if turn.answer is None:
        return PastTurn(turn.corrected or turn.question)
    return PastTurn(turn.corrected or turn.answer.standalone_question, cited(turn.answer))


def cited(answer: Answer) -> tuple[str, ...]:
    """The ids of the papers that the answer cites, in order."""
    return tuple(dict.fromkeys(citation.paper.id for citation in answer.citations))


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it is listed; `turns` is empty there."""

    id: str
    title: str
    changed: float
    turns: tuple[Turn, ...] = field(default=())

    @property
    def questions(self) -> list[str]:
        """What was asked so far, oldest first, each as a person meant it."""
        return [turn.corrected or turn.question for turn in self.turns]
