"""A question that is longer than is read gets the same clear error at every door, and a question of just that length an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.answering.limits import LONGEST_QUESTION
from rag.build import open_library
from rag.errors import QuestionTooLong
from rag.paperchat import Paperchat
from tests.conftest import Command
from ui.server.service import Service
from ui.server.tools import tools
from ui.tabs.ask import AskTab

LONG = "x" * (LONGEST_QUESTION + 1)
JUST = "Which method does tRSA extend?".ljust(LONGEST_QUESTION, "?")
SAID = r"4,001 characters; at most 4,000 are read\. Shorten it"


@pytest.fixture
def paperchat(home: Path) -> Iterator[Paperchat]:
    with open_library(home) as opened:
        yield opened


@pytest.fixture
def service(paperchat: Paperchat) -> Iterator[Service]:
    made = Service.over(paperchat)
    yield made
    made.close()


def test_python(paperchat: Paperchat) -> None:
    assert paperchat.ask(JUST).status == "answered"
    for ask in (paperchat.ask, paperchat.summarize, lambda text: list(paperchat.stream(text))):
        with pytest.raises(QuestionTooLong, match=SAID):
            ask(LONG)
    with pytest.raises(QuestionTooLong, match=r"in the history has 4,001 characters"):
        paperchat.ask("and how?", ["Which method does tRSA extend?", LONG])


def test_the_history_counts_from_its_end_and_has_a_bound(paperchat: Paperchat) -> None:
    earlier = [*["Which papers deal with graphs?"] * 2000, "Which method does tRSA extend?"]
    assert (
        "The Topology and Geometry of Neural Representations"
        in paperchat.ask("and what is it evaluated on?", earlier).standalone_question
    )


def test_llamaindex(paperchat: Paperchat) -> None:
    from rag.integrations.llamaindex import PaperQueryEngine, PaperRetriever

    retriever = PaperRetriever(paperchat.assistant.search)
    for ask in (retriever.retrieve, PaperQueryEngine(paperchat.assistant, retriever).query):
        with pytest.raises(QuestionTooLong, match=SAID):
            ask(LONG)


@pytest.mark.parametrize(
    "arguments", [("ask", LONG), ("ask", "--json", LONG), ("summarize", LONG), ("ask", "--history", LONG, "why?")]
)
def test_the_command_line(command: Command, arguments: tuple[str, ...]) -> None:
    done = command(*arguments)
    assert (done.code, done.out) == (1, "")
    assert "4,001 characters; at most 4,000 are read" in done.err


def test_a_batch_goes_on_after_it(command: Command) -> None:
    lines = [{"id": 1, "question": LONG}, {"id": 2, "question": "Which method does tRSA extend?"}]
    done = command("ask", "--json", "--questions", "-", stdin="\n".join(map(json.dumps, lines)).encode())
    first, second = map(json.loads, done.out.splitlines())
    assert (first["id"], first["status"], second["status"]) == (1, "error", "answered")
    assert "4,001 characters" in first["error"]


def test_the_terminal_chat_goes_on_after_it(command: Command) -> None:
    done = command("chat", stdin=f"{LONG}\nWhich method does tRSA extend?\n".encode())
    assert "4,001 characters" in done.err
    assert "[1]" in done.out


@pytest.mark.parametrize("name", ["ask", "summarize", "search_papers"])
def test_tools_for_programs(service: Service, name: str) -> None:
    tool = next(each for each in tools(service) if each.__name__ == name)
    with pytest.raises(QuestionTooLong, match=SAID):
        tool(LONG)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("more", [{}, {"table": "summary"}])
def test_the_page(service: Service, language: str, more: dict[str, str]) -> None:
    payload = {"question": LONG, "conversation": "c" * 32, "job": "j", **more}
    *_, last = AskTab(service).ask("browser:me", language, payload)
    told = json.loads(last.bridge or "")
    assert told["failed"]
    assert "4000" in told["toast"]
    assert service.chats.all("browser:me", "") == []
