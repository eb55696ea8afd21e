"""Serving: which addresses are safe, who may sign in, the policy on every answer, tools for programs, a clean end."""

from __future__ import annotations

import asyncio
import signal
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

import pytest

from rag.build import open_library
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.types import Finished, Searched, Wrote
from tests.browser.child import ROOT, served
from ui.server.cancellation import Failed, Jobs
from ui.server.headers import POLICY
from ui.server.hosts import is_loopback
from ui.server.lifecycle import Address, CannotServe, check, listening
from ui.server.service import Service

TOOLS = {"ask", "search_papers", "get_paper", "summarize", "list_collections", "evidence_table", "check_text"}
HASH = "$2b$04$gb8gVGRTQD4E6KZXfmwqfeQcx9UdmWSvPgrOaUJzZ1T9KQE1GBaSa"


@pytest.mark.parametrize(
    ("host", "only_here"), [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("example.org", False)]
)
def test_which_addresses_only_this_machine_reaches(host: str, only_here: bool) -> None:
    assert is_loopback(host) is only_here


def test_other_machines_need_a_sign_in_or_an_explicit_word(tmp_path: Path) -> None:
    assert check(Address()) is None
    assert check(Address("0.0.0.0", auth_file=tmp_path)) is None
    with pytest.raises(CannotServe, match="--auth-file"):
        check(Address("0.0.0.0"))
    assert "without signing in" in (check(Address("0.0.0.0", open_to_all=True)) or "")
    with pytest.raises(CannotServe, match="begin with /"):
        check(Address(root_path="papers"))


def test_a_taken_port_is_told_and_the_first_free_one_is_found() -> None:
    with listening(Address(port=0)) as taken:
        with pytest.raises(CannotServe, match="cannot be listened on"):
            listening(Address(port=taken.getsockname()[1]))
    with listening(Address()) as one, listening(Address()) as other:
        assert one.getsockname()[1] != other.getsockname()[1]


def test_events_come_through_and_a_stop_ends_them() -> None:
    jobs, closed = Jobs(), []

    def events() -> Iterator[Searched | Wrote]:
        try:
            yield Searched("q", ())
            while True:
                yield Wrote("word ")
        finally:
            closed.append(True)

    running = (event for event in jobs.run("me", "job", events()) if event is not None)
    assert isinstance(next(running), Searched)
    jobs.stop("you", "job")
    assert isinstance(next(running), Wrote)
    jobs.stop("me", "job")
    assert list(running) == []
    jobs.stop_all(5)
    assert closed == [True]


def test_a_question_stopped_before_its_turn_comes_ends_when_it_does_and_one_that_was_left_does_not() -> None:
    jobs = Jobs()
    jobs.stop("me", "early")
    jobs.leave("me", "left")
    assert [each for each in jobs.run("me", "early", iter([Wrote("word")])) if each is not None] == []
    assert [each for each in jobs.run("me", "left", iter([Wrote("word")])) if each is not None] == [Wrote("word")]
    assert jobs.left("me", "left")
    assert not jobs.left("you", "left")


def test_an_error_on_the_way_is_told() -> None:
    def events() -> Iterator[Finished]:
        raise OSError("gone")
        yield

    with pytest.raises(Failed) as caught:
        list(Jobs().run("me", "job", events()))
    assert isinstance(caught.value.__cause__, OSError)


@contextmanager
def loud(url: str, **headers: str) -> Iterator[object]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as reply:
        yield reply


def test_a_served_page_answers_programs_asks_for_passwords_and_ends_cleanly(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One server for all of it: a start takes seconds."""
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")  # the client, too, would tell somebody of its use
    from gradio_client import Client
    from mcp import Client as Tools

    with served(home) as child:
        with loud(child.url) as reply:
            assert reply.headers["content-security-policy"] == POLICY  # type: ignore[attr-defined]
        with loud(f"{child.url}healthz") as reply:
            assert b'"ok"' in reply.read()  # type: ignore[attr-defined]
        client = Client(child.url, verbose=False, analytics_enabled=False)
        answer = client.predict(question="Which method does tRSA extend?", api_name="/ask")
        assert answer["status"] == "answered"
        assert answer["citations"][0]["paper"]["id"] == "arxiv:2309.11028"
        assert set(client.view_api(return_format="dict")["named_endpoints"]) == {f"/{name}" for name in TOOLS}

        async def use() -> None:
            async with Tools(f"{child.url}mcp") as tools:
                assert {tool.name for tool in (await tools.list_tools()).tools} == TOOLS
                found = await tools.call_tool("get_paper", {"paper": "arxiv:2309.11028"})
                assert "abstract" in str(found)

        asyncio.run(use())
        child.process.send_signal(signal.SIGINT)
        assert child.process.wait(30) in (0, 130)
    people = tmp_path / "people"
    people.write_text(f"ada:{HASH}\n", encoding="utf-8")
    with served(home, 0, "--auth-file", str(people)) as child:
        with pytest.raises(HTTPError, match="401"), loud(f"{child.url}mcp"):
            pass
        with pytest.raises(HTTPError, match="401"), loud(f"{child.url}config"):
            pass


def test_tools_over_standard_input_and_output(home: Path) -> None:
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    async def use() -> None:
        command = StdioServerParameters(command=sys.executable, args=["-m", "ui.cli", "--home", str(home), "mcp"], cwd=str(ROOT))
        async with stdio_client(command) as (reads, writes), ClientSession(reads, writes) as session:
            await session.initialize()
            assert {tool.name for tool in (await session.list_tools()).tools} == TOOLS | {"export_collection"}
            answer = await session.call_tool("ask", {"question": "Which method does tRSA extend?"})
            assert "2309.11028" in str(answer)
            missing = await session.call_tool("get_paper", {"paper": "no such paper zzz"})
            assert "There is no paper" in str(missing)

    asyncio.run(use())


def test_a_small_library_is_read_ahead_until_somebody_stops(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(SentenceRanker, "read", lambda _, paper: read.append(paper.id))
    with open_library(home) as paperchat:
        ids = [paper.id for paper in paperchat.papers()]
        paperchat.read_ahead(len(ids) - 1, lambda: False)
        assert read == []
        paperchat.read_ahead(len(ids), lambda: len(read) == 3)
        assert read == ids[:3]
        read.clear()
        service = Service.over(paperchat)
        service.ready()
        service.close()
        assert read == ids[: len(read)]
