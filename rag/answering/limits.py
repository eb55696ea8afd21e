"""How much a question may hold: one bound for the page, the command line, programs and Python."""

from __future__ import annotations

from rag.errors import QuestionTooLong
from rag.types import History, PastTurn

LONGEST_QUESTION = 4_000
"""Characters, the same for the page, the command line and every API."""
MOST_HISTORY = 20
"""Earlier questions that count; older ones are passed over."""


def check_question(question: str) -> None:
    """Raises QuestionTooLong if a question, or the text of a summary, has more characters than are read."""
    if len(question) > LONGEST_QUESTION:
        raise QuestionTooLong(
            f"The question has {len(question):,} characters; at most {LONGEST_QUESTION:,} are read. Shorten it, or ask it in parts."
        )


def recent(history: History) -> tuple[PastTurn, ...]:
    """The latest earlier questions, oldest first. Raises QuestionTooLong if one of them is too long."""
    kept = tuple(PastTurn(turn) if isinstance(turn, str) else turn for turn in tuple(history)[-MOST_HISTORY:])
    for turn in kept:
        if len(turn.question) > LONGEST_QUESTION:
            raise QuestionTooLong(
                f"A question in the history has {len(turn.question):,} characters; at most {LONGEST_QUESTION:,} are read. Leave it out."
            )
    return kept
