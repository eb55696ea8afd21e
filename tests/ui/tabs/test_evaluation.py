"""What the Evaluation tab asks and does, without a browser: runs, figures, failing cases, comparisons; and nothing of a case is markup."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from samples.measured import RESULTS, result, write

from eval.cases.reading import KINDS, sampled_cases
from eval.runs.run_file import RunError, read_run
from eval.types import Result
from rag.build import open_library
from rag.errors import PaperchatError
from rag.types import Judgement
from ui.html import evaluation as html
from ui.html.wording import wording
from ui.server.service import Service
from ui.tabs.evaluation import SHIPPED, EvaluationTab, failures

SAY = wording("en")
HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    from rag.settings import Settings

    folder = tmp_path_factory.mktemp("measuring")
    with open_library(folder, settings=Settings(home=folder, bundled=False)) as paperchat:
        service = Service.over(paperchat)
        yield service
        service.close()


@pytest.fixture
def measuring(service: Service) -> Iterator[EvaluationTab]:
    found = EvaluationTab(service)
    yield found
    for path in found.folder.glob("*"):
        path.unlink()


def test_before_the_first_run_one_that_came_along_is_shown_and_how_to_make_one(measuring: EvaluationTab) -> None:
    response = measuring.start({}, SAY)
    assert response["runs"] == ["sample.jsonl"]
    assert f"paperchat eval run --out {measuring.folder}/dev-quotes.jsonl" in response["frame"]
    shown = measuring.show({"run": "sample.jsonl"}, SAY)
    assert "cases of “sample” over 58 papers, answered by quotes (no model)." in shown["html"]
    assert "beantwortet von Zitaten (ohne Modell)." in measuring.show({"run": "sample.jsonl"}, wording("de"))["html"]
    assert "notice" not in shown["html"]
    write(measuring.folder / "one.jsonl", RESULTS)
    assert "eval run --out" not in measuring.start({}, SAY)["frame"]


def test_the_run_that_came_along_is_of_the_bundled_cases_and_small() -> None:
    (path,) = SHIPPED.glob("*.jsonl")
    assert path.stat().st_size < 600_000
    run = read_run(path)
    assert [result.case.id for result in run.results] == [case.id for case in sampled_cases()]
    assert {result.case.kind for result in run.results} == set(KINDS)


def test_the_figures_of_a_run_stand_with_their_intervals(measuring: EvaluationTab) -> None:
    write(measuring.folder / "one.jsonl", RESULTS)
    assert measuring.start({}, SAY)["runs"] == ["one.jsonl", "sample.jsonl"]
    response = measuring.show({"run": "one.jsonl"}, SAY)
    assert "66.7 %" in response["html"]
    assert "n = 3" in response["html"]
    assert "errs 1 time in 10" in response["html"]
    assert "Failing cases: 3 of 4" in response["html"]


def test_the_cases_that_fail_with_answer_evidence_and_verdict(measuring: EvaluationTab) -> None:
    write(measuring.folder / "one.jsonl", RESULTS)
    shown = measuring.show({"run": "one.jsonl"}, SAY)["cases"]
    assert shown.count("<details") == 3
    assert "Question 0?" not in shown
    assert "a number differs" in shown
    assert "unsupported" in shown
    assert "… cut off <mark>the quote</mark> after" in shown
    assert "It broke." in shown


def test_why_a_case_fails() -> None:
    assert failures(RESULTS[0]) == []
    assert failures(RESULTS[1]) == ["a number differs"]
    assert failures(RESULTS[2]) == ["no gold sentence is cited"]
    assert failures(RESULTS[3]) == ["It broke."]


def test_further_cases_come_page_by_page(measuring: EvaluationTab) -> None:
    write(measuring.folder / "many.jsonl", [result(number, gold=0.0) for number in range(25)])
    assert "5 left" in measuring.show({"run": "many.jsonl"}, SAY)["cases"]
    rest = measuring.cases({"run": "many.jsonl", "offset": 20}, SAY)["html"]
    assert rest.count("<details") == 5
    assert "left" not in rest


def test_two_runs_compared(measuring: EvaluationTab) -> None:
    write(measuring.folder / "a.jsonl", [result(number, gold=0.0) for number in range(12)])
    write(measuring.folder / "b.jsonl", [result(number) for number in range(12)])
    response = measuring.compare({"before": "a.jsonl", "after": "b.jsonl"}, SAY)["html"]
    assert "▲ better" in response
    assert "+100.0" in response
    assert "12 cases up, 0 down" in response


def test_an_interrupted_run_is_told_without_the_servers_folder(measuring: EvaluationTab) -> None:
    path = measuring.folder / "cut.jsonl"
    write(path, RESULTS)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    write(measuring.folder / "whole.jsonl", RESULTS)
    response = (
        measuring.show({"run": "cut.jsonl"}, SAY)["html"]
        + measuring.compare({"before": "cut.jsonl", "after": "whole.jsonl"}, SAY)["html"]
    )
    assert response.count("cut.jsonl was interrupted: 3 of 4 cases") == 2
    assert str(measuring.folder) not in response


@pytest.mark.parametrize("name", ["", None, 7, "../records.db", "no.jsonl", "../x.jsonl"])
def test_no_other_file_is_read(measuring: EvaluationTab, name: Any) -> None:
    with pytest.raises(RunError):
        measuring.show({"run": name}, SAY)


def test_a_run_is_made_beside_the_page(measuring: EvaluationTab, monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()

    def run(options: Any, progress: Any) -> None:
        progress(1, 4, "cases")
        go.wait(timeout=60)
        write(options.out, RESULTS)

    monkeypatch.setattr("eval.runs.runner.run", run)
    assert measuring.begin({"writer": "model"}, SAY)["said"]
    assert measuring.begin({}, SAY)["error"] == "A run is already in progress."
    assert measuring.progress({}, SAY)["on"]
    go.set()
    finish()
    now = measuring.progress({}, SAY)
    assert not now["on"]
    assert measuring.start({}, SAY)["runs"][0] == now["made"]
    assert now["made"].startswith("dev-quotes-")


def test_a_run_that_fails_is_told(measuring: EvaluationTab, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(options: Any, progress: Any) -> None:
        raise PaperchatError("The cases are gone.")

    monkeypatch.setattr("eval.runs.runner.run", run)
    measuring.begin({}, SAY)
    finish()
    assert measuring.progress({}, SAY)["error"] == "The cases are gone."


def test_a_run_that_ends_by_a_mistake_is_told_and_logged(
    measuring: EvaluationTab, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def run(options: Any, progress: Any) -> None:
        raise ValueError("nobody foresaw this")

    monkeypatch.setattr("eval.runs.runner.run", run)
    measuring.begin({}, SAY)
    finish()
    now = measuring.progress({}, SAY)
    assert not now["on"]
    assert "went wrong" in now["error"]
    assert "etwas schiefgegangen" in measuring.progress({}, wording("de"))["error"]
    assert "nobody foresaw this" in caplog.text


def test_a_run_that_was_interrupted_is_finished_and_one_of_something_else_left_alone(
    measuring: EvaluationTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def run(options: Any, progress: Any) -> None:
        asked.append(options.out.name)
        if options.out.exists() and len(asked) == 2:
            raise RunError("holds another run")
        write(options.out, RESULTS)

    monkeypatch.setattr("eval.runs.runner.run", run)
    half = measuring.folder / "dev-quotes-20240101-000000.jsonl"
    write(half, RESULTS)
    half.write_bytes(b"".join(half.read_bytes().splitlines(keepends=True)[:2]))
    measuring.begin({"writer": "quotes"}, SAY)
    finish()
    assert asked == [half.name]
    assert measuring.progress({}, SAY)["made"] == half.name
    half.write_bytes(b"".join(half.read_bytes().splitlines(keepends=True)[:2]))
    measuring.begin({"writer": "quotes"}, SAY)
    finish()
    assert asked[1] == half.name != asked[2] == measuring.progress({}, SAY)["made"]


def test_nothing_of_a_case_is_markup() -> None:
    answer = {"text": HOSTILE, "claims": [{"text": HOSTILE, "citations": [1]}], "citations": [
        {"number": 1, "title": HOSTILE, "start": 0, "before": HOSTILE, "quote": HOSTILE, "after": HOSTILE}]}  # fmt: skip
    case = replace(RESULTS[0].case, id=HOSTILE, question=HOSTILE, history=(HOSTILE,))
    bad = Result(case, answer, (Judgement("unsupported", 0.1, HOSTILE),))
    shown = html.cases_html([(bad, [HOSTILE])], 0, 1, SAY) + html.frame_html(SAY, [(HOSTILE, HOSTILE)], 1, ["quotes"], HOSTILE)
    assert "<img" not in shown
    assert "<script" not in shown


def test_who_may_not_start_a_run_is_told_of_no_button_and_no_folder() -> None:
    assert "/runs/dev-quotes" in html.frame_html(SAY, [], 0, ["quotes"], "/runs")
    shown = html.frame_html(SAY, [], 0, ["quotes"], "/runs", may_start=False)
    assert "editors" in shown
    assert "button" not in shown
    assert "/runs" not in shown


def finish() -> None:
    for thread in threading.enumerate():
        if thread.name == "paperchat-run":
            thread.join(timeout=60)
