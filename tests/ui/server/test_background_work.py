"""A server that is told to end while it works in the background stops between two steps, keeps what is done, and exits with 0."""

from __future__ import annotations

import http.client
import json
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes import some_papers

from eval.runs.run_file import read_run
from rag.build import open_library
from rag.settings import Settings
from rag.types import Paper
from tests.browser.child import Child, served
from ui.html.wording import wording
from ui.server.service import ServerClosing, Service
from ui.tabs.background import BackgroundTasks
from ui.tabs.evaluation import EvaluationTab
from ui.tabs.imports import Imports

SAY = wording("en")
WAIT = 300


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with open_library(tmp_path, settings=Settings(home=tmp_path, bundled=False)) as paperchat:
        service = Service.over(paperchat)
        yield service
        service.close()


def running() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name in ("paperchat-run", "paperchat-add", "paperchat-background")]


class Steps:
    """Hands out steps; `service.close()` begins while the second one is under way."""

    def __init__(self, service: Service) -> None:
        self.service, self.done = service, 0
        self.second, self.go = threading.Event(), threading.Event()

    def step(self) -> None:
        self.done += 1
        if self.done == 2:
            self.second.set()
            self.go.wait(WAIT)

    def close(self) -> None:
        """Ends the service while the second step is under way, and lets that go on a little later."""
        assert self.second.wait(WAIT)
        threading.Timer(0.3, self.go.set).start()
        self.service.close()
        assert self.go.is_set()
        assert running() == []


def test_a_table_or_a_draft_is_ended_between_two_pieces_and_keeps_them(service: Service) -> None:
    steps, kept = Steps(service), [0]

    def pieces() -> Iterator[int]:
        for piece in range(1000):
            steps.step()
            yield piece

    def keep(all: Sequence[int]) -> None:
        kept[:] = all

    BackgroundTasks(service).begin("me", "a table", 1000, pieces(), keep)
    steps.close()
    assert kept == [0, 1]


@pytest.mark.parametrize("preview", [False, True])
def test_an_import_is_ended_between_two_records_or_batches_and_keeps_them(service: Service, preview: bool) -> None:
    steps = Steps(service)

    def papers() -> Iterator[Paper]:
        for number, paper in enumerate(some_papers(320)):
            if number % 32 == 0:
                steps.step()
            yield paper

    imports = Imports(service)
    imports._begin(lambda: [papers(), some_papers(32, 400)], look=preview)
    steps.close()
    assert steps.done == 2
    assert service.paper_count == (0 if preview else 64)


def test_a_run_is_ended_between_two_cases(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    steps, told = Steps(service), list[type[BaseException]]()

    def run(options: Any, progress: Any) -> None:
        try:
            for number in range(1, 1000):
                steps.step()
                progress(number, 1000, "cases")
        except ServerClosing:
            told.append(ServerClosing)
            raise

    monkeypatch.setattr("eval.runs.runner.run", run)
    EvaluationTab(service).begin({}, SAY)
    steps.close()
    assert told == [ServerClosing]
    assert steps.done == 2


def test_nothing_begins_once_the_server_ends(service: Service) -> None:
    begun = threading.Event()
    service.close()
    service.in_background(begun.set, "paperchat-background")
    assert running() == []
    assert not begun.is_set()


def call(child: Child, tab: str, name: str) -> Any:
    """What a function of the page returns."""
    page = http.client.HTTPConnection("127.0.0.1", child.port, timeout=WAIT)
    page.request("GET", "/config")
    config = json.loads(page.getresponse().read())
    component = next(each["id"] for each in config["components"] if each["props"].get("elem_id") == tab)
    body = json.dumps({"session_hash": "x", "component_id": component, "fn_name": name, "data": {}})
    page.request("POST", "/gradio_api/component_server", body, {"Content-Type": "application/json"})
    return json.loads(page.getresponse().read())


def test_a_server_that_ends_during_a_run_exits_with_0_and_keeps_the_cases(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with served(home) as child:
        assert "said" in call(child, "pe-root", "begin")
        end = time.monotonic() + WAIT
        while call(child, "pe-root", "progress")["total"] < 1000:  # before the cases come the papers
            assert time.monotonic() < end
            time.sleep(0.2)
        child.process.send_signal(signal.SIGTERM)
        assert child.process.wait(WAIT) == 0
    assert capfd.readouterr().err == ""
    (path,) = (home / "runs").glob("dev-quotes-????????-??????.jsonl")
    run = read_run(path)
    assert 0 < len(run.results) < run.header.cases.count
    assert "interrupted" in run.notices[0]
