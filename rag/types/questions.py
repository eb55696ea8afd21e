"""What is asked beside the words of a question: the conversation before it, and what a person may choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PastTurn:
    """An earlier question of a conversation, and the ids of the papers that its answer cited, in the order of their numbers."""

    question: str
    cited: tuple[str, ...] = ()


History = Sequence[str | PastTurn]
"""The conversation before a question, oldest first. Where only the questions are known, what they were about is searched for."""


@dataclass(frozen=True, slots=True)
class AskOptions:
    """What a person may choose for one question; None leaves it to the settings.

    `scope` holds the ids of the papers that may be searched (None: all). `writer` is `quotes`, or `model` for the configured language
    model, or a model's name. `strict` removes sentences that stay unsupported. Without `correct`, typing errors in the question stay.
    """

    scope: frozenset[str] | None = None
    writer: str | None = None
    temperature: float | None = None
    sources: int | None = None
    strict: bool | None = None
    correct: bool = True
