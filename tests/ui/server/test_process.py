"""A real server: told to end it ends in order, and whoever sends half a request does not keep a connection."""

from __future__ import annotations

import asyncio
import http.client
import logging
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.types import Wrote
from tests.browser.child import served
from ui.server.asgi import Receive, Scope, Send
from ui.server.asgi_server import AsgiServer
from ui.server.cancellation import Jobs
from ui.server.lifecycle import Address, ending, listening
from ui.server.slow_clients import LARGEST_HEAD, TimeoutProtocol


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_end_closes_its_library_and_exits_with_0(home: Path, number: int) -> None:
    with served(home) as child:
        page = http.client.HTTPConnection("127.0.0.1", child.port, timeout=180)
        page.request("GET", "/gradio_api/heartbeat/x")  # a page that is open
        assert page.getresponse().status == 200
        assert (home / "owner.json").exists()
        assert (home / "uploads").is_dir()
        child.process.send_signal(number)
        assert child.process.wait(180) == 0
    left = {path.name for path in home.iterdir()}
    assert not left & {"owner.json", "records.db-wal", "records.db-shm", "conversations.db-wal", "uploads"}


def test_a_signal_before_the_server_is_up_ends_the_block_in_order() -> None:
    done: list[str] = []

    def interrupted(number: int) -> None:
        with ending():
            try:
                signal.raise_signal(number)
            finally:
                signal.raise_signal(signal.SIGTERM)  # a second one does not break the closing off
                done.append("closed")

    for number in (signal.SIGTERM, signal.SIGINT):
        with pytest.raises(SystemExit) as end:
            interrupted(number)
        assert end.value.code == 0
    assert done == ["closed"] * 2


def test_answers_get_time_to_finish_and_what_goes_on_is_stopped_and_told() -> None:
    jobs, go = Jobs(), threading.Event()
    ended: dict[str, list[object]] = {}
    begun = threading.Semaphore(0)

    def slow(until: threading.Event) -> Iterator[Wrote]:
        begun.release()
        yield Wrote("a")
        until.wait(30)
        yield Wrote("b")

    def run(name: str, until: threading.Event) -> None:
        ended[name] = [each for each in jobs.run("me", name, slow(until)) if each is not None]

    never = threading.Event()
    threads = [threading.Thread(target=run, args=each) for each in (("quick", go), ("endless", never))]
    for thread in threads:
        thread.start()
    assert all(begun.acquire(timeout=30) for _ in threads)
    threading.Timer(0.3, go.set).start()
    jobs.finish(5.0)
    never.set()
    for thread in threads:
        thread.join(30)
    assert ended == {"quick": [Wrote("a"), Wrote("b")], "endless": [Wrote("a")]}
    assert [each for each in jobs.run("me", "late", iter([Wrote("c")])) if each is not None] == []


def test_a_server_that_ends_while_a_question_begins_waits_only_for_threads_that_run(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, begins = Jobs(), threading.Event()
    start = threading.Thread.start

    def slowly(thread: threading.Thread) -> None:
        if thread.name == "paperchat-answer":
            begins.set()
            time.sleep(0.3)  # the server is told to end here
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", slowly)
    asking = threading.Thread(target=lambda: list(jobs.run("me", "job", iter([Wrote("a")]))))
    asking.start()
    assert begins.wait(30)
    jobs.finish(30)
    asking.join(30)
    assert jobs.closed
    assert not asking.is_alive()


def test_an_answer_that_is_there_when_the_server_ends_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.server.cancellation.LAST_READS", 0.0)
    jobs, done = Jobs(), threading.Event()

    def events() -> Iterator[Wrote]:
        yield from map(Wrote, "abc")
        done.set()

    running = (event for event in jobs.run("me", "job", events()) if event is not None)
    first = next(running)
    assert done.wait(30)
    jobs.finish(30)
    assert [first, *running] == [Wrote("a"), Wrote("b"), Wrote("c")]


def test_requests_that_are_cut_at_the_end_print_no_traceback() -> None:
    asked, told = threading.Event(), _Told()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            asked.set()
            await asyncio.sleep(300)

    log = logging.getLogger("uvicorn.error")
    log.addHandler(told)
    try:
        server = AsgiServer(app, lambda: None)
        server.config.timeout_graceful_shutdown = 0
        with listening(Address(port=0)) as bound:
            thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
            thread.start()
            with socket.create_connection(bound.getsockname()) as line:
                line.sendall(REQUEST + b"\r\n")
                assert asked.wait(30)
                server.should_exit = True
                thread.join(30)
    finally:
        log.removeHandler(told)
    assert told.records == []


class _Told(logging.Handler):
    """Keeps warnings and errors."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A small server that gives up a head after a quarter of a second."""
    monkeypatch.setattr(TimeoutProtocol, "seconds", 0.25)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return
        await asyncio.sleep(0.6)  # longer than a head may take
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    finished: list[bool] = []
    server = AsgiServer(app, lambda: finished.append(True))
    with listening(Address(port=0)) as bound:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        yield int(bound.getsockname()[1])
        server.should_exit = True
        thread.join(30)
    assert finished == [True]


def said(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """What comes back until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        try:
            for piece in pieces:
                line.sendall(piece)
                time.sleep(pause)
            got = b""
            while more := line.recv(4096):
                got += more
            return got
        except OSError:  # it hung up while we spoke
            return b""


REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n"


def test_half_a_head_is_given_up_and_a_whole_request_is_answered_however_long_it_takes(port: int) -> None:
    for pieces in ((), (b"GET / HT",), (REQUEST, *[b"X: y\r\n"] * 20), (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * LARGEST_HEAD,)):
        assert b"200" not in said(port, *pieces, pause=0.1 if len(pieces) > 1 else 0.0)
    assert b"200 OK" in said(port, REQUEST + b"Connection: close\r\n\r\n")
    kept = said(port, REQUEST + b"\r\n", b"GET /", pause=0.9)  # a second request on the same line that never comes
    assert kept.count(b"200 OK") == 1
