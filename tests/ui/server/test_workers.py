"""Worker processes: they answer as the page's own process does, see its changes, and one that ends is replaced."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from rag.build import open_library
from rag.errors import PaperchatError
from rag.paperchat import Paperchat
from rag.types import Answer, AskOptions, Finished, Paper, Searched
from ui.server import workers as module
from ui.server.service import Service
from ui.server.workers import Workers

FACT = "How does a lantern dial tell the tide?"
LANTERN = Paper(
    "title:lantern",
    "Lantern Dials",
    "Lantern dials are old. A lantern dial tells the tide by the shadow of its brass ring. We copy one.",
)


@pytest.fixture(scope="module")
def owner(bundled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paperchat]:
    home = tmp_path_factory.mktemp("served") / "library"
    shutil.copytree(bundled_home, home)
    with open_library(home) as paperchat:
        paperchat.library.listen()
        yield paperchat


@pytest.fixture(scope="module")
def workers(owner: Paperchat) -> Iterator[Workers]:
    started = Workers(owner.library.folder, 1)
    started.start()
    yield started
    started.close()


def asked(workers: Workers | Paperchat, question: str, options: AskOptions | None = None) -> Answer:
    *_, last = workers.stream(question, (), options or AskOptions())
    assert isinstance(last, Finished)
    return replace(last.answer, seconds={})


def test_a_worker_gives_the_same_answers_and_sees_what_the_owner_changes(owner: Paperchat, workers: Workers) -> None:
    for question in ("How does NoProp train a layer?", FACT, "How many papers are there?"):
        assert asked(workers, question) == replace(asked(owner, question), seconds={})
    owner.add([LANTERN])
    answer = asked(workers, FACT)
    assert {citation.paper.id for citation in answer.citations} == {LANTERN.id}
    owner.remove([LANTERN.id])
    assert asked(workers, FACT).status == "not_found"


def test_a_question_that_is_left_makes_room_for_the_next(workers: Workers) -> None:
    events = workers.stream("How does NoProp train a layer?", (), AskOptions())
    assert isinstance(next(events), Searched)
    events.close()  # type: ignore[attr-defined]
    assert asked(workers, "How many papers are there?").status == "answered"


def test_a_signal_to_the_whole_group_lets_an_answer_be_finished(owner: Paperchat) -> None:
    workers = Workers(owner.library.folder, 1)
    try:
        events = workers.stream("How does NoProp train a layer?", (), AskOptions())
        assert isinstance(next(events), Searched)
        process = workers._all[0]._process
        assert process is not None
        assert process.pid is not None
        os.kill(process.pid, signal.SIGTERM)
        *_, last = events
        assert isinstance(last, Finished)
    finally:
        workers.close()
    assert not process.is_alive()


def test_a_worker_that_nobody_ends_after_a_signal_ends_by_itself(owner: Paperchat, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = Pipe()
    monkeypatch.setattr(module, "AFTER_SIGNAL", 1)
    child = os.fork()
    if not child:
        module.mind_signals()
        reading.close()
        writing.send("ready")
        while True:
            signal.pause()
    writing.close()
    assert reading.recv() == "ready"
    os.kill(child, signal.SIGTERM)
    assert os.waitpid(child, os.WNOHANG) == (0, 0)
    assert os.waitpid(child, 0)[1] == signal.SIGALRM


class Told:
    """A connection that says when something was sent by it."""

    def __init__(self, inner: Connection | None) -> None:
        self._inner = inner
        self.told = threading.Event()

    def send(self, what: object) -> None:
        assert self._inner is not None
        self._inner.send(what)
        self.told.set()

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)


def test_errors_are_told_and_a_worker_that_was_killed_is_replaced(workers: Workers) -> None:
    with pytest.raises(PaperchatError, match="characters"):
        asked(workers, "x" * 5000)
    worker = workers._all[0]
    worker.start()
    process = worker._process
    assert process is not None
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    sent = Told(worker._connection)
    worker._connection = sent  # type: ignore[assignment]
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(asked, workers, "How does NoProp train a layer?")
        assert sent.told.wait(60)
        os.kill(process.pid, signal.SIGKILL)
        with pytest.raises(PaperchatError, match="has ended"):
            answer.result()
    assert asked(workers, "How many papers are there?").status == "answered"


def test_a_question_under_way_is_told_that_its_worker_was_ended(owner: Paperchat) -> None:
    workers = Workers(owner.library.folder, 1)
    events = workers.stream("How does NoProp train a layer?", (), AskOptions())
    assert isinstance(next(events), Searched)
    workers.close()
    with pytest.raises(PaperchatError, match="has ended"):
        list(events)


def test_the_service_asks_its_workers_and_ends_them(owner: Paperchat) -> None:
    service = Service.over(owner, 1)
    try:
        answer = service.answer("How many papers are there?", (), AskOptions())
        assert service.workers is not None
        process = service.workers._all[0]._process
        assert process is not None
        assert process.is_alive()
        assert "58 papers" in answer.text
    finally:
        service.close()
    assert not process.is_alive()
    assert list(service.workers.stream("How many?", (), AskOptions())) == []
