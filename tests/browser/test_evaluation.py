"""The Evaluation tab in a browser: no run yet, figures of runs, the cases that fail, two runs compared."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from samples.measured import RESULTS, result, write

from eval.runs.runner import Options
from rag.types import Progress
from tests.browser.child import served
from tests.browser.conftest import PageModel, Server, Visitor
from tests.browser.test_papers import serious


@pytest.fixture(scope="module")
def own(bundled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose runs these tests may change."""
    served = Server(Path(shutil.copytree(bundled_home, tmp_path_factory.mktemp("evaluation") / "library")), PageModel())
    yield served
    served.close()


@pytest.fixture
def evaluation(visitors: Callable[..., Visitor], own: Server) -> Iterator[Callable[..., Page]]:
    """Opens the tab; its runs are gone afterwards."""

    def opened(**how: object) -> Page:
        page = visitors(own.url, **how).page
        page.get_by_role("tab", name="Evaluation").click()
        page.wait_for_selector("#pe-frame[data-ready]")
        return page

    yield opened
    shutil.rmtree(own.service.folder / "runs", ignore_errors=True)


def test_before_the_first_run_one_that_came_along_is_shown(evaluation: Callable[..., Page]) -> None:
    page = evaluation()
    expect(page.locator(".pe-none")).to_contain_text("paperchat eval run --out")
    expect(page.locator(".pe-cards li").first).to_contain_text("%")
    assert serious(page) == []


@pytest.mark.parametrize("how", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}])
def test_a_run_with_its_failing_cases(evaluation: Callable[..., Page], own: Server, how: dict[str, object]) -> None:
    write(own.service.folder / "runs" / "one.jsonl", RESULTS)
    page = evaluation(**how)
    expect(page.locator(".pe-cards li").first).to_contain_text("66.7 %")
    page.locator(".pe-case summary").nth(0).click()
    expect(page.locator(".pe-case[open]")).to_contain_text("a number differs")
    expect(page.locator(".pe-case[open] mark")).to_have_text("the quote")
    page.select_option("#pe-measure", "supported")
    expect(page.locator(".pe-chart:visible")).to_contain_text("66.7 %")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []


def test_two_runs_are_compared(evaluation: Callable[..., Page], own: Server) -> None:
    write(own.service.folder / "runs" / "before.jsonl", [result(number, gold=0.0) for number in range(12)])
    write(own.service.folder / "runs" / "after.jsonl", [result(number) for number in range(12)])
    page = evaluation()
    page.select_option("#pe-run", "after.jsonl")
    page.select_option("#pe-before", "before.jsonl")
    expect(page.locator("tr.pe-better")).to_contain_text("12 cases up, 0 down")


def test_a_button_starts_a_run(evaluation: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.runs.runner.run", lambda options, progress: write(options.out, RESULTS))
    page = evaluation()
    page.click("#pe-start button")
    expect(page.locator(".pe-cards li").first).to_contain_text("66.7 %")


def test_a_frame_drawn_anew_while_a_run_begins_shows_its_progress(
    evaluation: Callable[..., Page], own: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    def run(options: Options, progress: Progress) -> None:
        progress(3, 12, "cases")
        assert ended.wait(60)
        write(own.service.folder / "runs" / str(options.path.name), RESULTS)

    monkeypatch.setattr("eval.runs.runner.run", run)
    page = evaluation()
    held: list[Route] = []

    def hold(route: Route) -> None:
        first = not held and '"start"' in (route.request.post_data or "")
        held.append(route) if first else route.continue_()

    page.route(re.compile("/component_server"), hold)
    page.evaluate("document.documentElement.lang = 'de'")
    page.click("#pe-start button")
    expect(page.locator("#pe-progress")).to_contain_text("3 von 12")
    assert held
    held[0].continue_()
    expect(page.locator("#pe-start button")).to_have_text("Lauf starten")
    expect(page.locator("#pe-progress")).to_contain_text("3 von 12")
    ended.set()
    expect(page.locator(".pe-cards li").first).to_contain_text("66.7")


def test_a_real_run_begins_in_a_base_install(visitors: Callable[..., Visitor], bundled_home: Path, tmp_path: Path) -> None:
    with served(Path(shutil.copytree(bundled_home, tmp_path / "library"))) as child:
        page = visitors(child.url).page
        page.get_by_role("tab", name="Evaluation").click()
        page.click("#pe-start button")
        expect(page.locator("#pe-progress")).to_contain_text(re.compile(r"^\s*[1-9]\d* of 1001"), timeout=300_000)
        expect(page.locator(".pc-error")).to_have_count(0)
        page.close()
