"""Makes the pictures of the page's main states from the real page: `python tests/browser/screenshots.py FOLDER [STATE…]`; `make screenshots` calls it.

Without a state, those that `docs/` shows. Each file is kept small: 256 colours, and no wider than it is shown.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1] / "support")]

from tests.browser.child import served  # noqa: E402
from tests.browser.conftest import ARGUMENTS, Visitor  # noqa: E402

QUESTION = "How does NoProp train a layer?"
PASTED = r"""@article{doe, title={A study of $\alpha$-fair wombats}, author={Doe, Jane}, year={2023}, abstract={Wombats share $\alpha$ fairly. They dig.}}
@article{untitled, author={Roe, Jo}}"""
DRAFT = (
    "Barlow Twins brings the cross-correlation matrix of two identical networks' outputs close to the identity. "
    "Sourdough bread rises faster in a warm kitchen."
)
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


def drawn(page: Page, visitor: Visitor) -> None:
    page.wait_for_selector("#pc-map[data-dressed]")
    page.wait_for_selector(".pc-theme-ask")


def limited(page: Page, visitor: Visitor) -> None:
    drawn(page, visitor)
    page.locator(".pc-label").first.click()
    page.wait_for_selector(".pc-chip")


def settings(page: Page, visitor: Visitor) -> None:
    drawn(page, visitor)
    page.click("#pc-settings > summary")
    page.click("#pc-limit > summary")


def papers(page: Page, visitor: Visitor) -> None:
    page.click("#pc-tab-papers-button")
    page.wait_for_selector(".pp-row .pp-title")


def read(page: Page, visitor: Visitor) -> None:
    papers(page, visitor)
    page.locator(".pp-row .pp-title").first.click()
    page.wait_for_selector("#pp-paper .pp-abstract")


def mapped(page: Page, visitor: Visitor) -> None:
    papers(page, visitor)
    page.click("[data-do=pp-map]")
    page.wait_for_selector(".pp-group")


def previewed(page: Page, visitor: Visitor) -> None:
    papers(page, visitor)
    page.click("[data-do=pp-add]")
    page.fill("#pp-pasted", PASTED)
    page.click("#pp-paste [type=submit]")
    page.wait_for_selector("[data-do=pp-preview-add]")


def evaluation(page: Page, visitor: Visitor) -> None:
    page.click("#pc-tab-evaluation-button")
    page.wait_for_selector("#pe-frame[data-ready]")


def workspace(page: Page) -> None:
    page.click("#pc-tab-workspace-button")
    page.wait_for_selector("#pw-new-table")


def table(page: Page, visitor: Visitor) -> None:
    workspace(page)
    page.fill("#pw-new-table [name=question]", "hypergraph neural networks")
    page.fill("#pw-new-table [name=limit]", "6")
    page.fill("#pw-new-table [name=own]", "Which dataset is used?")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('#pw-rows > tr').length === 6")
    page.wait_for_selector("#pw-filling", state="hidden")


def cell(page: Page, visitor: Visitor) -> None:
    table(page, visitor)
    page.locator("#pw-rows .pw-quote").first.click()
    page.wait_for_selector("#pw-paper mark.pw-this")


def draft(page: Page, visitor: Visitor) -> None:
    workspace(page)
    page.locator("[data-part=draft]").click()
    page.fill("#pw-draft-text", DRAFT)
    page.click("#pw-draft-form [type=submit]")
    page.wait_for_selector("#pw-draft-summary button")


def notebook(page: Page, visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    page.locator("#pc-thread a.pc-cite").first.focus()
    page.keyboard.press("k")
    page.wait_for_selector("#pw-said.pw-on")
    workspace(page)
    page.locator("[data-part=notebook]").click()
    page.wait_for_selector("#pw-notes > li")


STATES: list[tuple[str, dict[str, Any], Any]] = [
    ("home", DESKTOP, drawn),
    ("theme", DESKTOP, limited),
    ("answer", DESKTOP, answered),
    ("quote-dark", {**DESKTOP, "color_scheme": "dark"}, hovered),
    ("refusal", DESKTOP, refused),
    ("comparison", DESKTOP, compared),
    ("settings", DESKTOP, settings),
    ("papers", DESKTOP, read),
    ("map", DESKTOP, mapped),
    ("preview", DESKTOP, previewed),
    ("evidence-table", DESKTOP, cell),
    ("draft", DESKTOP, draft),
    ("notebook-dark", {**DESKTOP, "color_scheme": "dark"}, notebook),
    ("evaluation", DESKTOP, evaluation),
    ("phone-home", PHONE, drawn),
    ("phone-answer", PHONE, told),
    ("phone", {**PHONE, "color_scheme": "dark"}, sheet),
    ("phone-comparison", PHONE, compared),
    ("phone-table", PHONE, table),
    ("tablet", {"viewport": {"width": 900, "height": 1100}}, told),
    ("wide", {"viewport": {"width": 2560, "height": 1300}}, answered),
]
SHOWN = (
    "home", "theme", "answer", "quote-dark", "refusal", "comparison", "papers", "map", "evidence-table", "draft", "notebook-dark", "phone-home", "phone",
    "tablet", "wide",
)  # fmt: skip
"""Those that a page in `docs/` shows."""
WIDEST = {"wide": 1440, "phone": 585, "phone-home": 585}
"""Pixels; the others are as wide as they are taken."""


def take(browser: Browser, url: str, folder: Path, wanted: Sequence[str] = ()) -> None:
    for name, how, reach in STATES:
        if name not in (wanted or SHOWN):
            continue
        context = browser.new_context(locale="en-US", reduced_motion="reduce", **how)
        visitor = Visitor(context, url)
        reach(visitor.page, visitor)
        visitor.page.wait_for_timeout(500)
        path = folder / f"{name}.png"
        visitor.page.screenshot(path=path)
        context.close()
        make_small(path, WIDEST.get(name))


def make_small(path: Path, widest: int | None) -> None:
    from PIL import Image

    with Image.open(path) as taken:
        picture = taken.convert("RGB")
    if widest:
        picture = picture.resize((widest, round(picture.height * widest / picture.width)), Image.Resampling.LANCZOS)
    picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)


def main(folder: Path, wanted: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, served(Path(home) / "library") as child, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        take(browser, child.url, folder, wanted)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
