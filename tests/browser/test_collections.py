"""Collections on the page, and pasted ids that are fetched only after a yes; by mouse and keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from recorded import record, serve_arxiv
from web_server import WebServer

from tests.browser.conftest import PageModel, Server, Visitor

ALL = 61


@pytest.fixture(scope="module")
def own(bundled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    served = Server(Path(shutil.copytree(bundled_home, tmp_path_factory.mktemp("collections") / "library")), PageModel())
    yield served
    served.close()


@pytest.fixture
def shelf(visitors: Callable[..., Visitor], own: Server) -> Callable[..., Page]:
    def opened(**how: object) -> Page:
        page = visitors(own.url, **how).page
        page.get_by_role("tab").nth(1).click()
        page.wait_for_selector("#pp-frame[data-ready]")
        return page

    return opened


def test_papers_go_into_a_collection_that_limits_list_and_question(shelf: Callable[..., Page]) -> None:
    page = shelf()
    for place in (0, 1):
        page.locator(".pp-check input").nth(place).check()
    page.locator("#pp-selection summary", has_text="Collection").click()
    page.fill("#pp-collection", "Thesis <i>")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#pp-said")).to_contain_text("2 papers were added to “Thesis <i>”.")
    page.select_option("#pp-inside", "Thesis <i>")
    expect(page.locator("#pp-count")).to_have_text(f"2 of {ALL} papers")
    page.fill("#pp-new-name", "Chapter 2")
    page.click("[data-do=pp-rename]")
    expect(page.locator("#pp-inside option:checked")).to_have_text("Chapter 2 (2)")
    expect(page.locator("#pp-count")).to_have_text(f"2 of {ALL} papers")
    page.click("[data-do=pp-ask-inside]")
    expect(page.locator("#pc-chips .pc-chip")).to_contain_text("Collection: Chapter 2")
    expect(page.locator(".pc-scope-text")).to_have_text(f"2 of {ALL} papers")
    page.get_by_role("tab", name="Papers").click()
    page.click("[data-do=pp-uncollect]")
    expect(page.locator("#pp-said")).to_contain_text("its papers stay in the library")
    expect(page.locator("#pp-count")).to_have_text(f"{ALL} papers")
    expect(page.locator("#pp-collection-bar")).to_be_hidden()


def test_a_collection_is_saved_as_a_file_and_taken_in_again(shelf: Callable[..., Page], own: Server, tmp_path: Path) -> None:
    collections = own.paperchat.library.writable_collections()
    collections.create("Größe & Co")
    collections.put("Größe & Co", [paper.id for paper in own.paperchat.papers()[:4]])
    page = shelf()
    page.select_option("#pp-inside", "Größe & Co")
    expect(page.locator("#pp-count")).to_have_text(f"4 of {ALL} papers")
    with page.expect_download() as saving:
        page.click("[data-do=pp-save]")
    assert saving.value.suggested_filename == "Größe _ Co.paperchat"
    saving.value.save_as(tmp_path / "mine.paperchat")
    page.click("[data-do=pp-uncollect]")
    expect(page.locator("#pp-inside option")).to_have_count(1)
    page.click("[data-do=pp-add]")
    page.set_input_files("#pp-files", tmp_path / "mine.paperchat")
    expect(page.locator("#pp-report")).to_contain_text("4")
    assert own.paperchat.collections.all() == []
    page.click("[data-do=pp-preview-add]")
    expect(page.locator("#pp-report")).to_contain_text("The collection is here as “Größe & Co”.")
    expect(page.locator("#pp-inside option", has_text="Größe & Co (4)")).to_have_count(1)
    own.paperchat.library.writable_collections().remove("Größe & Co")


def test_pasted_ids_are_fetched_only_after_a_yes(
    shelf: Callable[..., Page], own: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with WebServer() as web:
        serve_arxiv(web, [record(number) for number in range(70, 80)])
        online = own.paperchat.online
        monkeypatch.setattr(own.paperchat, "online", lambda address="": online(address=web.url))
        page = shelf()
        page.click("[data-do=pp-add]")
        page.fill("#pp-pasted", "https://arxiv.org/abs/2401.00077")
        page.click("#pp-paste button")
        question = page.locator("#pp-report [role=alertdialog]")
        expect(question).to_contain_text("must go online: it sends this id to arXiv, and nothing else")
        expect(question.locator("[data-do=pp-fetch]")).to_be_focused()
        violations = Axe().run(page).response["violations"]
        assert [one["id"] for one in violations if one["impact"] in ("serious", "critical")] == []
        page.click("[data-do=pp-offline]")
        expect(question).to_have_count(0)
        assert web.asked == []
        page.click("#pp-paste button")
        expect(question.locator("[data-do=pp-fetch]")).to_be_focused()
        page.keyboard.press("Enter")
        page.click("[data-do=pp-preview-add]")
        page.wait_for_selector("#pp-report [data-do=pp-undo-import]")
        assert "1 added" in " ".join(page.locator("#pp-report").inner_text().split())
        assert len(web.asked) == 1
        expect(page.locator("#pp-pasted")).to_have_value("")
    own.paperchat.remove(["2401.00077"])


def test_the_page_asks_in_german_too(shelf: Callable[..., Page]) -> None:
    page = shelf(locale="de-DE")
    page.click("[data-do=pp-add]")
    page.fill("#pp-pasted", "10.1000/182")
    page.click("#pp-paste button")
    expect(page.locator("#pp-report")).to_contain_text("muss Paperchat online gehen")
    expect(page.locator("[data-do=pp-fetch]")).to_have_text("Online gehen und holen")
