"""Makes the pictures of the page's main states from the real page: `python tests/browser/screenshots.py FOLDER`; `make screenshots` calls it."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1] / "support")]

from tests.browser.child import served  # noqa: E402
from tests.browser.conftest import ARGUMENTS, Visitor  # noqa: E402

QUESTION = "How does NoProp train a layer?"
DESKTOP = {"viewport": {"width": 1360, "height": 850}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}


def answered(page: Page, visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    visitor.ask("Which papers deal with hypergraphs?")
    page.locator("#pc-thread a.pc-cite").first.click()
    page.wait_for_timeout(600)


def hovered(page: Page, visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    page.locator("#pc-thread a.pc-cite").nth(1).hover()


def refused(page: Page, visitor: Visitor) -> None:
    visitor.ask("What is the best recipe for sourdough bread?")


def compared(page: Page, visitor: Visitor) -> None:
    page.fill("#pc-input", "hypergraph neural networks")
    page.click("[data-do=compare]")
    page.wait_for_selector("#pc-thread .pc-table")
    visitor.settled()


def sheet(page: Page, visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    page.locator("#pc-thread a.pc-cite").first.tap()
    page.wait_for_timeout(500)


def told(page: Page, visitor: Visitor) -> None:
    visitor.ask(QUESTION)


def settings(page: Page, visitor: Visitor) -> None:
    page.click("#pc-settings > summary")
    page.click("#pc-limit > summary")


def papers(page: Page, visitor: Visitor) -> None:
    page.click("#pc-tab-papers-button")
    page.wait_for_timeout(6000)


def mapped(page: Page, visitor: Visitor) -> None:
    papers(page, visitor)
    page.click("[data-do=pp-map]")
    page.wait_for_timeout(6000)


def evaluation(page: Page, visitor: Visitor) -> None:
    page.click("#pc-tab-evaluation-button")
    page.wait_for_selector("#pe-frame[data-ready]")


STATES: list[tuple[str, dict[str, Any], Any]] = [
    ("empty", DESKTOP, None),
    ("answer", DESKTOP, answered),
    ("quote-dark", {**DESKTOP, "color_scheme": "dark"}, hovered),
    ("refusal", DESKTOP, refused),
    ("comparison", DESKTOP, compared),
    ("settings", DESKTOP, settings),
    ("papers", DESKTOP, papers),
    ("map", DESKTOP, mapped),
    ("evaluation", DESKTOP, evaluation),
    ("phone-empty", PHONE, None),
    ("phone-answer", PHONE, told),
    ("phone", {**PHONE, "color_scheme": "dark"}, sheet),
    ("phone-comparison", PHONE, compared),
    ("phone-papers", PHONE, papers),
    ("tablet", {"viewport": {"width": 900, "height": 1100}}, told),
]


def take(browser: Browser, url: str, folder: Path) -> None:
    for name, how, reach in STATES:
        context = browser.new_context(locale="en-US", reduced_motion="reduce", **how)
        visitor = Visitor(context, url)
        visitor.page.wait_for_timeout(800)
        if reach is not None:
            reach(visitor.page, visitor)
        visitor.page.wait_for_timeout(500)
        visitor.page.screenshot(path=folder / f"{name}.png")
        context.close()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, served(Path(home) / "library") as child, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        take(browser, child.url, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
