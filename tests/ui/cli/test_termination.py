"""Commands in processes of their own that are told to end: they do so in order, keep what they have done and say it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from openai_server import OpenAIServer, Says, says
from web_server import Page, Request, WebServer
from zotero_server import ZoteroLibrary

from rag.build import open_library
from ui.cli.termination import Terminated, Termination

ROOT = Path(__file__).resolve().parents[3]
WAIT = 240
"""Seconds; a loaded machine is slow, and a test that passes never waits so long."""
BACKEND = "import sys; from ui.cli.main import main; main()"
LEFT_BEHIND = {"owner.json", "records.db-wal", "records.db-shm", "conversations.db-wal", "conversations.db-shm"}


def heeding() -> None:
    """In the child: heed SIGHUP, which a test run under nohup has it ignore."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@contextmanager
def started(home: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A command that runs until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", BACKEND, "--home", str(home), *arguments],
        cwd=home.parent, env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=heeding,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> tuple[int, str, str]:
    """Exit code, output and errors of a process that is sent a signal while its input stays open."""
    assert process.stdout is not None
    assert process.stderr is not None
    process.send_signal(number)
    out, err = process.stdout.read(), process.stderr.read()
    assert "Traceback" not in err
    return process.wait(WAIT), out, err


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + WAIT
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def papers_in(home: Path) -> int:
    """How many a library holds that nobody has open; each can be found."""
    assert not {path.name for path in home.iterdir()} & LEFT_BEHIND
    with open_library(home) as paperchat:
        assert not paperchat.library.readonly
        return len(paperchat.papers())


def stored(home: Path) -> int:
    """How many a library holds while another process writes."""
    import sqlite3

    with closing(sqlite3.connect(f"file:{home / 'records.db'}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM papers").fetchone()[0])


@pytest.mark.parametrize(("number", "code", "said"), [
    (signal.SIGTERM, 143, "ended by SIGTERM."), (signal.SIGINT, 130, "interrupted."), (signal.SIGHUP, 129, "ended by SIGHUP."),
])  # fmt: skip
def test_an_import_keeps_what_it_has_added(home: Path, number: int, code: int, said: str) -> None:
    file = home.parent / "many.jsonl"
    text = "Mill {0} grinds {0} sacks of flour a day. We weigh them by a lever. The lever is made of oak and iron."
    file.write_text("\n".join(json.dumps({"title": f"Mill {n}", "abstract": text.format(n)}) for n in range(20_000)))
    with started(home, "add", str(file)) as process:
        until(lambda: stored(home) > 58)
        found, _, err = ended(process, number)
    assert (found, err.splitlines()[-1]) == (code, f"Note: {said}")
    added = papers_in(home) - 58
    assert 0 < added < 20_000
    assert f"{added:,} papers were added and are kept; the same command goes on from there." in err


def test_a_fetch_keeps_what_has_come(home: Path) -> None:
    asked, go = threading.Event(), threading.Event()

    def work(number: int) -> Page:
        abstract = {"Mills": [0], "grind": [1], "sacks.": [2]}
        body = {"id": f"https://openalex.org/W{number}", "title": f"Mill {number}", "abstract_inverted_index": abstract}
        return Page(json.dumps({"meta": {"next_cursor": f"c{number}", "count": 9}, "results": [body]}))

    def answer(request: Request) -> Page:
        if request.parameters.get("cursor") != "*":
            asked.set()
            go.wait(WAIT)
        return work(1)

    with WebServer({"/works": answer}) as server:
        with started(home, "fetch", "openalex", "--query", "mills", "--server", server.url) as process:
            until(lambda: asked.is_set() or process.poll() is not None)
            code, _, err = ended(process)
        go.set()
    assert (code, err.splitlines()[-1]) == (143, "Note: ended by SIGTERM.")
    assert papers_in(home) == 59


def test_zotero_that_does_not_answer_is_not_waited_for(home: Path) -> None:
    asked, go = threading.Event(), threading.Event()

    def silent(_: Request) -> Page:
        asked.set()
        go.wait(WAIT)
        return Page("[]")

    with ZoteroLibrary().served() as server:
        server.pages = dict.fromkeys(server.pages, silent)
        with started(home, "sync", "zotero", "--server", server.url) as process:
            until(lambda: asked.is_set() or process.poll() is not None)
            assert ended(process)[0] == 143
        go.set()
    assert papers_in(home) == 58


def test_a_run_of_the_evaluation_is_finished_by_the_same_command(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    arguments = ("eval", "run", "--cases", "dev", "--out", str(out), "--no-cache")
    with started(home, *arguments) as process:
        until(lambda: out.exists() and out.read_bytes().count(b"\n") > 2)
        code, _, err = ended(process)
    assert (code, err.splitlines()[-1]) == (143, "Note: ended by SIGTERM.")
    assert out.read_bytes().endswith(b"\n")
    assert papers_in(home) == 58


def test_a_chat_that_waits_for_a_line(home: Path) -> None:
    with started(home, "chat") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("How many papers are there?\n")
        process.stdin.flush()
        assert "58" in process.stdout.readline()
        assert ended(process)[0] == 143
    assert papers_in(home) == 58


def test_following_a_file_ends_as_by_ctrl_c(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "library.bib"
    file.write_text("@article{a, title = {Mills}, abstract = {Mills grind sacks.}}")
    with started(home, "watch", str(file), "--every", "0.1") as process:
        assert process.stdout is not None
        assert "1 added" in process.stdout.readline()
        code, _, err = ended(process)
    assert (code, "stopped." in err) == (0, True)
    assert papers_in(home) == 59


def request(number: int, method: str, **parameters: object) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}) + "\n"


HELLO = request(1, "initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo={"name": "test", "version": "1"})


@contextmanager
def tools(home: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    with started(home, "mcp", **environment) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(HELLO)
        process.stdin.flush()
        assert '"id":1' in process.stdout.readline()
        yield process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_tools_end_though_their_client_keeps_the_line_open(home: Path, number: int) -> None:
    with tools(home) as process:
        assert ended(process, number)[0] == 0
    assert papers_in(home) == 58


ANSWERED = '"status": "answered"'


@pytest.mark.parametrize(("reply", "said"), [
    (says("tRSA extends ", "RSA [1]. ", pause=0.5), ANSWERED),
    (says("tRSA extends ", "RSA [1]. ", hang_after=1), "Ask again once it is back."),
])  # fmt: skip
def test_an_answer_that_a_tool_is_writing_is_finished_or_its_end_told(home: Path, reply: Says, said: str) -> None:
    with OpenAIServer(reply) as model:
        with tools(home, PAPERCHAT_MODEL="slow", OPENAI_BASE_URL=model.url, OPENAI_API_KEY="none") as process:
            assert process.stdin is not None
            question = {"question": "Which method does tRSA extend?"}
            process.stdin.write(request(2, "tools/call", name="ask", arguments=question))
            process.stdin.flush()
            until(lambda: model.asked)
            code, out, _ = ended(process)
    assert code == 0
    answer = next(json.loads(line) for line in out.splitlines() if json.loads(line).get("id") == 2)
    assert said in answer["result"]["content"][0]["text"]
    assert papers_in(home) == 58


def test_only_the_first_signal_counts_and_everything_is_as_before_afterwards() -> None:
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    termination, closed = Termination(), []

    def interrupted() -> None:
        with termination.watched():
            try:
                signal.raise_signal(signal.SIGTERM)
            finally:
                signal.raise_signal(signal.SIGINT)
                closed.append(True)

    with pytest.raises(Terminated):
        interrupted()
    assert (closed, termination.code) == ([True], 143)
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == before
