"""The Papers tab in a browser: searching, reading, choosing, adding, removing and undoing, the map; by mouse, keyboard and thumb."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.child import served
from tests.browser.conftest import PageModel, Server, Visitor

TITLE = "The Topology and Geometry of Neural Representations"
ALL = 61
"""Papers: those bundled and the three of the server's own."""


@pytest.fixture(scope="module")
def own(bundled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose papers these tests may change."""
    served = Server(Path(shutil.copytree(bundled_home, tmp_path_factory.mktemp("papers") / "library")), PageModel())
    yield served
    served.close()


@pytest.fixture
def shelf(visitors: Callable[..., Visitor], own: Server) -> Callable[..., Page]:
    """Opens the tab."""

    def opened(**how: object) -> Page:
        page = visitors(own.url, **how).page
        page.get_by_role("tab", name="Papers").click()
        page.wait_for_selector("#pp-frame[data-ready]")
        return page

    return opened


def counted(page: Page, text: str) -> None:
    expect(page.locator("#pp-count")).to_have_text(text)


def test_searching_while_typing_keeps_the_focus(shelf: Callable[..., Page]) -> None:
    page = shelf()
    counted(page, f"{ALL} papers")
    page.locator("#pp-text").press_sequentially("kriegesk", delay=20)
    counted(page, f"1 of {ALL} papers")
    expect(page.locator(".pp-row .pp-title")).to_have_text(TITLE)
    expect(page.locator("#pp-text")).to_be_focused()
    page.fill("#pp-text", "zzzz")
    expect(page.locator(".pp-nothing")).to_contain_text("No paper matches")


def test_filters_and_orders(shelf: Callable[..., Page]) -> None:
    page = shelf()
    page.select_option("#pp-filters [name=venue]", "PNAS")
    counted(page, f"1 of {ALL} papers")
    page.click("[data-do=pp-clear]")
    counted(page, f"{ALL} papers")
    page.select_option("#pp-filters [name=order]", "title")
    expect(page.locator(".pp-row .pp-title").first).to_contain_text("A Robust and Efficient Boundary")
    page.click("[data-do=pp-more]")
    expect(page.locator(".pp-row")).to_have_count(ALL)


def test_one_paper_is_read_cited_and_asked_about(shelf: Callable[..., Page]) -> None:
    page = shelf()
    page.get_by_role("button", name=TITLE).click()
    paper = page.locator("#pp-paper")
    expect(paper.locator("h3")).to_have_text(TITLE)
    expect(paper.locator("h3")).to_be_focused()
    expect(paper.locator(".pp-similar li")).to_have_count(6)
    assert "@article{lin2023topology" in (paper.locator("[data-do=copy]").first.get_attribute("data-copy") or "")
    near = paper.locator(".pp-similar .pp-title").first
    title = near.inner_text()
    near.click()
    expect(paper.locator("h3")).to_have_text(title)
    paper.locator("[data-do=pp-ask]").click()
    expect(page.locator("#pc-input")).to_be_visible()
    expect(page.locator("#pc-chips .pc-chip")).to_contain_text(title[:20])


def test_a_selection_is_asked_about_and_exported(shelf: Callable[..., Page]) -> None:
    page = shelf()
    for place in (0, 1):
        page.locator(".pp-check input").nth(place).check()
    expect(page.locator("#pp-selected")).to_have_text("2 selected")
    page.locator("#pp-selection summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="BibTeX").click()
    assert download.value.suggested_filename == "papers.bib"
    assert Path(download.value.path()).read_text().count("\n@") == 1
    page.locator("[data-do=pp-ask-selected]").click()
    expect(page.locator("#pc-chips .pc-chip")).to_have_count(2)


def test_good_and_bad_files_are_added_and_reported(shelf: Callable[..., Page], own: Server, tmp_path: Path) -> None:
    good, bad = tmp_path / "mine.bib", tmp_path / "photo.png"
    good.write_text("@misc{a, title={On puddles}, abstract={Puddles are wet.}}\n@misc{b, abstract={No title.}}\n")
    bad.write_bytes(b"\x89PNG\0\0")
    page = shelf()
    page.click("[data-do=pp-add]")
    page.set_input_files("#pp-files", [good, bad])
    report = page.locator("#pp-report")
    add = report.locator("[data-do=pp-preview-add]")
    expect(add).to_be_focused()
    expect(report).to_contain_text("Nothing has been added yet")
    expect(report.locator(".pp-added")).to_have_text("1 new")
    expect(report).to_contain_text("mine.bib, line 2")
    expect(report).to_contain_text("photo.png is a binary file")
    violations = Axe().run(page).response["violations"]
    assert [one["id"] for one in violations if one["impact"] in ("serious", "critical")] == []
    counted(page, f"{ALL} papers")
    report.locator("[data-do=pp-preview-cancel]").click()
    expect(report).to_be_empty()
    counted(page, f"{ALL} papers")
    page.set_input_files("#pp-files", [good, bad])
    add.click()
    expect(report.locator("[data-do=pp-undo-import]")).to_be_visible(timeout=60_000)
    expect(report.locator(".pp-added strong")).to_have_text("1")
    expect(report).to_contain_text("mine.bib, line 2")
    expect(report).to_contain_text("photo.png is a binary file")
    counted(page, f"{ALL + 1} papers")
    page.fill("#pp-pasted", "title,abstract\nOn puddles,Puddles are very wet.\n")
    page.click("#pp-paste button")
    expect(report).to_contain_text("Papers that would be updated")
    expect(page.locator("#pp-pasted")).to_have_value("title,abstract\nOn puddles,Puddles are very wet.\n")
    add.click()
    expect(report.locator("[data-do=pp-undo-import]")).to_be_visible(timeout=60_000)
    expect(report.locator(".pp-updated strong")).to_have_text("1")
    expect(page.locator("#pp-pasted")).to_have_value("")
    own.paperchat.remove(["On puddles"])


def test_an_import_is_undone_as_one_step(shelf: Callable[..., Page], tmp_path: Path) -> None:
    file = tmp_path / "two.bib"
    file.write_text(
        "@misc{a, title={On puddles}, abstract={Puddles are wet.}}\n@misc{b, title={On ponds}, abstract={Ponds are wetter.}}\n"
    )
    page = shelf()
    page.click("[data-do=pp-add]")
    page.set_input_files("#pp-files", file)
    page.click("#pp-report [data-do=pp-preview-add]")
    counted(page, f"{ALL + 2} papers")
    page.locator("#pp-report [data-do=pp-undo-import]").click()
    expect(page.locator("#pp-said")).to_contain_text("The import was undone: 2 papers are as they were before.")
    counted(page, f"{ALL} papers")
    expect(page.locator("#pp-report [data-do=pp-undo-import]")).to_have_count(0)
    page.fill("#pp-text", "puddles")
    expect(page.locator(".pp-nothing")).to_contain_text("No paper matches")


def test_the_ask_tab_follows_what_is_removed_and_brought_back(shelf: Callable[..., Page]) -> None:
    page = shelf()
    told = page.locator(".pc-scope-text")
    page.get_by_role("button", name=TITLE).click()
    page.locator("#pp-paper [data-do=pp-remove]").click()
    expect(told).to_have_text(f"All {ALL - 1} papers")
    page.locator("#pp-said button").click()
    expect(told).to_have_text(f"All {ALL} papers")


def test_the_ask_tab_offers_the_years_of_papers_that_were_just_added(shelf: Callable[..., Page], tmp_path: Path) -> None:
    file = tmp_path / "old.bib"
    file.write_text("@misc{a, title={On gnomons}, year={1871}, abstract={A gnomon casts a shadow.}}\n")
    page = shelf()
    page.click("[data-do=pp-add]")
    page.set_input_files("#pp-files", file)
    page.click("#pp-report [data-do=pp-preview-add]")
    expect(page.locator("#pc-values option[value='1871']")).to_have_count(1)
    expect(page.locator("#pc-home")).to_contain_text(f"{ALL + 1} papers")
    page.locator("#pp-report [data-do=pp-undo-import]").click()
    expect(page.locator("#pc-values option[value='1871']")).to_have_count(0)


def test_a_removal_can_be_undone(shelf: Callable[..., Page]) -> None:
    page = shelf()
    page.get_by_role("button", name=TITLE).click()
    page.locator("#pp-paper [data-do=pp-remove]").click()
    counted(page, f"{ALL - 1} papers")
    page.locator("#pp-said button").click()
    counted(page, f"{ALL} papers")
    expect(page.locator(".pp-row .pp-title").first).to_have_text(TITLE)


FIND_A_POINT = """canvas => { const box = canvas.getBoundingClientRect(), tip = document.getElementById('pp-tip');
  for (let y = box.top; y < box.bottom; y += 8) for (let x = box.left; x < box.right; x += 8) {
    canvas.dispatchEvent(new PointerEvent('pointermove', { clientX: x, clientY: y }));
    if (!tip.hidden) return [x, y, tip.textContent]; } return null; }"""


def test_the_map_by_mouse_and_by_keyboard(shelf: Callable[..., Page]) -> None:
    page = shelf()
    page.click("[data-do=pp-map]")
    page.wait_for_selector(".pp-group")
    x, y, title = page.locator("#pp-map").evaluate(FIND_A_POINT)
    page.mouse.click(x, y)
    expect(page.locator("#pp-paper h3")).to_contain_text(title[:30])
    page.locator(".pp-group").nth(1).focus()
    page.keyboard.press("Enter")
    member = page.locator("#pp-members .pp-title").first
    expect(member).to_be_visible()
    member.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pp-paper h3")).to_have_text(member.inner_text())


def test_nothing_in_a_paper_runs(shelf: Callable[..., Page]) -> None:
    page = shelf()
    page.fill("#pp-text", "quokkas")
    counted(page, f"1 of {ALL} papers")
    page.locator(".pp-row .pp-title").click()
    expect(page.locator("#pp-paper h3")).to_contain_text("<img src=http://evil.example/a.png")
    page.click("[data-do=pp-map]")
    page.wait_for_selector(".pp-group")
    page.locator("#pp-map").evaluate(FIND_A_POINT)
    assert page.evaluate("window.hacked") is None
    assert page.locator("#pp-frame img, #pp-frame script, #pp-frame a[href^=javascript]").count() == 0


def test_an_import_in_which_the_server_is_killed_is_told_when_it_returns(
    browser: Browser, bundled_home: Path, tmp_path: Path
) -> None:
    home, many = Path(shutil.copytree(bundled_home, tmp_path / "library")), tmp_path / "many.csv"
    many.write_text("title,abstract\n" + "".join(f"Walk {n},It walks {n} miles.\n" for n in range(3000)))
    with served(home) as first:
        page = Visitor(browser.new_context(), first.url).page
        page.get_by_role("tab", name="Papers").click()
        page.wait_for_selector("#pp-frame[data-ready]")
        page.click("[data-do=pp-add]")
        page.set_input_files("#pp-files", many)
        page.click("[data-do=pp-preview-add]")
        expect(page.locator("#pp-progress")).to_contain_text("records", timeout=60_000)
        first.kill()
    with served(home, first.port):
        page.wait_for_selector("#pc-toast:has-text('back')", timeout=60_000)
        page.get_by_role("tab", name="Papers").click()
        expect(page.locator("#pp-report")).to_contain_text("What was added until then is kept", timeout=60_000)
        expect(page.locator("#pp-progress")).to_be_hidden()
        expect(page.locator("[data-do=pp-add]")).to_have_attribute("aria-expanded", "true")
    page.context.close()


def test_on_a_phone_a_paper_covers_the_list_and_goes_back(shelf: Callable[..., Page]) -> None:
    page = shelf(viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".pp-row .pp-title").first.click()
    expect(page.locator("#pp-paper h3")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("[data-do=pp-back]").click()
    expect(page.locator("#pp-paper")).to_be_hidden()
    expect(page.locator(".pp-row .pp-title").first).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(shelf: Callable[..., Page], scheme: str) -> None:
    page = shelf(color_scheme=scheme)
    page.click("[data-do=pp-add]")
    page.locator(".pp-check input").first.check()
    page.locator(".pp-row .pp-title").first.click()
    expect(page.locator("#pp-paper h3")).to_be_visible()
    assert serious(page) == []
    page.click("[data-do=pp-map]")
    page.wait_for_selector(".pp-group")
    page.locator(".pp-group").first.click()
    expect(page.locator("#pp-members .pp-title").first).to_be_visible()
    assert serious(page) == []


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in ("serious", "critical")]
