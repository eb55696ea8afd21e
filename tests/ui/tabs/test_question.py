"""What a question of the page becomes: its history, and how it is asked again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from samples.shown import ANSWER

from rag.types import Event, PastTurn
from ui.conversations.store import Chats
from ui.conversations.types import Turn, past_turn
from ui.html.wording import wording
from ui.server.cancellation import Jobs
from ui.server.service import Service
from ui.tabs.question import Wanted, steps, wanted

CONVERSATION = "conversation-0001"


@pytest.fixture
def chats(tmp_path: Path) -> Chats:
    made = Chats(tmp_path / "conversations.db")
    made.put("me", CONVERSATION, Turn("turn-1", "Waht holds soup?", ANSWER))
    made.put("me", CONVERSATION, Turn("turn-2", "And bread?", partial="Half"))
    return made


def asked(chats: Chats, **payload: str) -> Wanted:
    return wanted("me", {"conversation": CONVERSATION, **payload}, chats, wording("en"))


def test_a_question_knows_what_earlier_answers_cited(chats: Chats) -> None:
    assert asked(chats, question="Why?").history == (PastTurn("What holds soup?", ("arxiv:1",)), PastTurn("And bread?"))


def test_a_question_can_be_asked_again_in_its_own_words(chats: Chats) -> None:
    again = asked(chats, question="Waht holds soup?", mode="literal", turn="turn-1").turn
    assert (again.id, again.literal) == ("turn-1", True)
    assert not asked(chats, question="Why?").turn.literal


def test_a_mistake_is_told_and_logged(chats: Chats, caplog: pytest.LogCaptureFixture) -> None:
    def stream(*_: object) -> Iterator[Event]:
        raise ValueError("nobody foresaw this")
        yield

    service = SimpleNamespace(jobs=Jobs(), stream=stream, within=lambda _: None, usable=lambda options: options)
    chosen = {"writer": None, "temperature": None, "sources": 5, "strict": None}
    *_, last = steps(cast(Service, service), "me", "job", asked(chats, question="Why?"), chosen)
    assert last.turn is not None
    assert "went wrong" in last.turn.error
    assert "nobody foresaw this" in caplog.text


def test_what_a_person_corrected_counts_as_what_was_asked() -> None:
    assert past_turn(Turn("t", "It?", ANSWER, corrected="Which spoon?")).question == "Which spoon?"
