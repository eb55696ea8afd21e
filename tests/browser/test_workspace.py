"""The Workspace tab in a browser: an evidence table with a column of one's own, a draft checked, by mouse and by keyboard, on wide and narrow screens."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import PATIENCE, Visitor


def workspace(page: Page) -> None:
    page.get_by_role("tab", name=re.compile("Workspace|Arbeitsbereich")).click()
    page.wait_for_selector("#pw-frame[data-ready]")
    page.wait_for_selector("#pw-new-table")


def new_table(
    page: Page, question: str = "hypergraph neural networks", own: str = "Which dataset is used?", limit: int = 4
) -> None:
    page.fill("#pw-new-table [name=question]", question)
    page.fill("#pw-new-table [name=limit]", str(limit))
    page.fill("#pw-new-table [name=own]", own)
    page.keyboard.press("Enter")
    expect(page.locator("#pw-rows > tr")).to_have_count(limit, timeout=PATIENCE)
    expect(page.locator("#pw-filling")).to_be_hidden(timeout=PATIENCE)


def accessible(page: Page) -> None:
    violations = Axe().run(page).response["violations"]
    assert [
        (one["id"], [node["html"][:120] for node in one["nodes"]])
        for one in violations
        if one["impact"] in ("serious", "critical")
    ] == []


def test_a_table_is_filled_read_arranged_and_exported(visitor: Visitor) -> None:
    page = visitor.page
    workspace(page)
    accessible(page)
    new_table(page)
    expect(page.locator(".pw-table thead th")).to_have_count(7)
    accessible(page)
    quote = page.locator("#pw-rows .pw-quote").first
    words = quote.locator("q").inner_text()
    quote.click()
    expect(page.locator("#pw-paper mark.pw-this")).to_contain_text(words[:40])
    page.keyboard.press("Escape")
    expect(page.locator("#pw-paper")).to_be_hidden()
    expect(quote).to_be_focused()
    page.fill("#pw-filter", "no such words")
    expect(page.locator("#pw-rows-count")).to_have_text("0 of 4 papers")
    page.fill("#pw-filter", "")
    page.locator(".pw-corner .pw-sort").click()
    titles = page.locator("#pw-rows .pw-paper-title").all_inner_texts()
    assert titles == sorted(titles, key=str.casefold)
    page.locator("th[data-column=limits] summary").click()
    page.locator("th[data-column=limits] [data-do=pw-column-hide]").click()
    expect(page.locator("th[data-column=limits]")).to_be_hidden()
    page.locator("#pw-rows > tr").first.hover()
    page.locator("#pw-rows .pw-remove").first.click()
    expect(page.locator("#pw-rows > tr")).to_have_count(3)
    page.locator(".pw-tools summary", has_text="Export").click()
    with page.expect_download() as saved:
        page.locator("[data-how=latex]").click()
    text = saved.value.path().read_text(encoding="utf-8")
    assert text.count(r"\cite{") == 3
    assert "limits" not in text
    page.reload()
    visitor.ready()
    workspace(page)
    page.locator(".pw-open").first.click()
    expect(page.locator("#pw-rows > tr")).to_have_count(3)
    expect(page.locator("th[data-column=limits]")).to_be_hidden()


def test_another_person_sees_a_table_only_by_its_link(visitors: Callable[..., Visitor]) -> None:
    mine, other = visitors(), visitors()
    workspace(mine.page)
    new_table(mine.page, limit=2)
    workspace(other.page)
    expect(other.page.locator(".pw-open")).to_have_count(0)
    mine.page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    mine.page.locator(".pw-tools summary").last.click()
    mine.page.click("[data-do=pw-share-table]")
    mine.page.wait_for_function("window.copied")
    other.go(mine.page.evaluate("window.copied"))
    expect(other.page.locator("#pw-rows > tr")).to_have_count(2, timeout=PATIENCE)
    expect(other.page.locator(".pw-remove")).to_have_count(0)
    expect(other.page.locator(".pw-table-view .pc-notice")).to_be_visible()


def test_a_draft_is_checked_by_keyboard(visitor: Visitor) -> None:
    page = visitor.page
    workspace(page)
    page.get_by_role("button", name="Check text").click()
    page.locator("#pw-draft-text").fill(
        "Barlow Twins brings the cross-correlation matrix of two identical networks' outputs close to the identity. Sourdough bread rises faster in a warm kitchen."
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#pw-draft > li")).to_have_count(2, timeout=PATIENCE)
    expect(page.locator("#pw-draft-summary button").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#pw-draft > li.pw-supported blockquote").first).to_contain_text("cross-correlation matrix")
    expect(page.locator("#pw-draft > li.pw-nothing .pw-outcome")).to_have_text("nothing in this collection")
    accessible(page)
    page.locator("[data-only=nothing]").click()
    expect(page.locator("#pw-draft > li:visible")).to_have_count(1)


@pytest.mark.parametrize("width", [390, 900, 1440, 2560])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_at_any_width(visitors: Callable[..., Visitor], width: int, scheme: str) -> None:
    page = visitors(viewport={"width": width, "height": 850}, color_scheme=scheme).page
    workspace(page)
    new_table(page, limit=2)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    accessible(page)
    page.locator("#pw-rows .pw-quote").first.click()
    expect(page.locator("#pw-paper mark.pw-this")).to_be_in_viewport()


SELECT = """() => { const text = document.querySelector("#pw-paper .pw-abstract"), range = document.createRange(), walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const first = walker.nextNode(); range.setStart(first, 0); range.setEnd(first, Math.min(40, first.length)); const chosen = getSelection(); chosen.removeAllRanges(); chosen.addRange(range); }"""


def test_a_key_pressed_before_its_script_is_there_is_not_lost(browser: Browser, visitors: Callable[..., Visitor]) -> None:
    held: list[Route] = []
    context = browser.new_context(locale="en-US", reduced_motion="reduce")
    context.route("**/workspace.js*", lambda route: held.append(route))
    visitor = visitors(context=context)
    page = visitor.page
    visitor.choose("writer", "quotes")
    visitor.ask("How does NoProp train a layer?")
    page.locator("#pc-thread .pc-turn a.pc-cite").first.focus()
    page.keyboard.press("k")
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    expect(page.locator("#pw-said")).to_have_text("Kept in the notebook.", timeout=PATIENCE)


def test_a_cell_a_selection_and_an_answer_are_kept_by_one_key_and_exported(visitor: Visitor) -> None:
    page = visitor.page
    visitor.ask("How does NoProp train a layer?")
    page.locator("#pc-thread .pc-turn a.pc-cite").first.focus()
    page.keyboard.press("k")
    expect(page.locator("#pw-said")).to_have_text("Kept in the notebook.", timeout=PATIENCE)
    workspace(page)
    new_table(page, limit=2)
    quote = page.locator("#pw-rows .pw-quote").first
    quote.focus()
    with page.expect_response(lambda response: "component_server" in response.url):
        page.keyboard.press("k")
    quote.click()
    page.wait_for_selector("#pw-paper mark")
    page.evaluate(SELECT)
    page.locator("#pw-offer button", has_text="Keep").click(timeout=PATIENCE)
    page.get_by_role("button", name="Notebook").click()
    expect(page.locator("#pw-notes > li")).to_have_count(3, timeout=PATIENCE)
    accessible(page)
    form = page.locator("#pw-notes > li").first.locator("form")
    form.locator("[name=tags]").fill("method")
    form.locator("[name=note]").fill("To be discussed.")
    with page.expect_response(lambda response: "component_server" in response.url):
        page.keyboard.press("Tab")
    page.locator("#pw-notes > li").last.locator("[data-do=pw-note-up]").click()
    page.locator("#pw-notebook .pc-menu summary").click()
    with page.expect_download() as saved:
        page.locator("#pw-notebook [data-how=latex]").click()
    text = saved.value.path().read_text(encoding="utf-8")
    assert "\\cite{" in text
    assert "To be discussed." in text


def test_a_project_takes_what_is_kept_while_it_is_open(visitor: Visitor) -> None:
    page = visitor.page
    visitor.ask("How does NoProp train a layer?")
    workspace(page)
    page.get_by_role("button", name="Projects").click()
    page.fill("#pw-new-project [name=title]", "Thesis")
    page.keyboard.press("Enter")
    expect(page.locator(".pw-project h3")).to_have_text("Thesis", timeout=PATIENCE)
    page.click("[data-do=pw-file-conversation]")
    expect(page.locator("[data-do=pw-open-conversation]")).to_have_text("How does NoProp train a layer?", timeout=PATIENCE)
    accessible(page)


def test_papers_chosen_on_the_papers_tab_become_the_rows_of_a_table(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("tab", name="Papers").click()
    page.wait_for_selector("#pp-frame[data-ready]")
    for place in (0, 1):
        page.locator(".pp-check input").nth(place).check()
    page.click("[data-do=pp-table-selected]")
    expect(page.locator("#pw-given")).to_contain_text("2 papers", timeout=PATIENCE)
    page.click("#pw-new-table [type=submit]")
    expect(page.locator("#pw-rows > tr")).to_have_count(2, timeout=PATIENCE)


def saved(page: Page, menu: str, how: str) -> str:
    """The text of a file that is exported."""
    page.locator(f"{menu} summary", has_text="Export").click()
    with page.expect_download() as download:
        page.locator(f"{menu} [data-how={how}]").click()
    return download.value.path().read_text(encoding="utf-8")


def test_rows_and_a_column_are_added_and_columns_move_and_all_of_it_stays(visitor: Visitor) -> None:
    page = visitor.page
    workspace(page)
    new_table(page, own="", limit=2)
    page.locator(".pw-add > summary").click()
    page.fill("#pw-add-rows [name=question]", "signed distance functions")
    page.keyboard.press("Enter")
    expect(page.locator("#pw-rows > tr").nth(2)).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#pw-filling")).to_be_hidden(timeout=PATIENCE)
    rows = page.locator("#pw-rows > tr").count()
    page.locator(".pw-add > summary").click()
    page.fill("#pw-add-column [name=column]", "loss function")
    page.keyboard.press("Enter")
    expect(page.locator(".pw-table thead th").last).to_contain_text("loss function", timeout=PATIENCE)
    expect(page.locator("#pw-filling")).to_be_hidden(timeout=PATIENCE)
    page.locator("th[data-column=result] summary").click()
    with page.expect_response(lambda response: "component_server" in response.url):
        page.locator("th[data-column=result] [data-do=pw-column-left]").click()
    wanted = ["problem", "approach", "result", "data", "limits", "loss function"]
    names = "heads => heads.map((head) => head.dataset.column)"
    assert page.locator(".pw-table thead th[data-column]").evaluate_all(names) == wanted
    comma = saved(page, ".pw-tools", "csv")
    assert len(list(csv.reader(comma.splitlines()))) == rows + 1
    markdown = saved(page, ".pw-tools", "markdown")
    assert sum(line.startswith("|") for line in markdown.splitlines()) == rows + 2
    page.reload()
    visitor.ready()
    workspace(page)
    page.locator(".pw-open").first.click()
    expect(page.locator("#pw-rows > tr")).to_have_count(rows)
    assert page.locator(".pw-table thead th[data-column]").evaluate_all(names) == wanted


def test_notes_keep_their_order_are_shown_by_tag_and_leave_with_their_bibliography(visitor: Visitor) -> None:
    page = visitor.page
    for question in ("How does NoProp train a layer?", "Summarize Barlow Twins"):
        visitor.ask(question)
        page.locator("#pc-thread .pc-turn").last.locator("a.pc-cite").first.focus()
        with page.expect_response(lambda response: "component_server" in response.url):
            page.keyboard.press("k")
    workspace(page)
    page.get_by_role("button", name="Notebook").click()
    heads = page.locator("#pw-notes > li h4")
    expect(heads).to_have_count(2)
    before = heads.all_inner_texts()
    with page.expect_response(lambda response: "component_server" in response.url):
        page.locator("#pw-notes > li").last.locator("[data-do=pw-note-up]").click()
    expect(heads.first).to_have_text(before[1])
    page.locator("#pw-notes > li").first.locator("[name=tags]").fill("chapter 2")
    with page.expect_response(lambda response: "component_server" in response.url):
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Evidence tables").click()
    page.get_by_role("button", name="Notebook").click()
    expect(heads).to_have_text([before[1], before[0]])
    page.locator("#pw-notebook .pw-only", has_text="chapter 2").click()
    expect(page.locator("#pw-notes > li:visible")).to_have_count(1)
    latex = saved(page, "#pw-notebook", "latex")
    keys = set(re.findall(r"\\cite\{([^}]+)\}", latex))
    bibliography = saved(page, "#pw-notebook", "bibtex")
    assert keys == set(re.findall(r"@\w+\{([^,]+),", bibliography)) != set()
    accessible(page)


def test_a_formula_in_a_title_is_drawn_in_every_part(visitor: Visitor) -> None:
    page = visitor.page
    workspace(page)
    new_table(page, question="wombat tunnels", own="", limit=1)
    title = page.locator("#pw-rows .pw-paper-title").first
    expect(title).to_contain_text("wombat tunnels")
    assert title.locator("math").count() == 1
    assert "mathcal" not in title.inner_text()
    title.click()
    expect(page.locator("#pw-paper h3 math")).to_have_count(1)
    assert page.locator("#pw-paper .pw-abstract math").count() >= 1
    page.click("[data-do=pw-ask]")
    expect(page.locator(".pc-chip > span")).to_contain_text("wombat tunnels")
    assert "mathcal" not in page.locator(".pc-chip > span").inner_text()
    visitor.ask("What do wombat tunnels need?")
    assert page.locator(".pc-card h3 math").count() >= 1
    assert "mathcal" not in page.locator("#pc-ask").inner_text()
    page.get_by_role("tab", name="Papers").click()
    page.fill("#pp-text", "wombat")
    expect(page.locator(".pp-row .pp-title math")).to_have_count(1)


def test_nothing_of_the_workspace_shows_to_another_browser(visitors: Callable[..., Visitor]) -> None:
    mine, other = visitors(), visitors()
    mine.ask("How does NoProp train a layer?")
    mine.page.locator("#pc-thread .pc-turn a.pc-cite").first.focus()
    mine.page.keyboard.press("k")
    expect(mine.page.locator("#pw-said")).to_have_text("Kept in the notebook.", timeout=PATIENCE)
    workspace(mine.page)
    mine.page.get_by_role("button", name="Projects").click()
    mine.page.fill("#pw-new-project [name=title]", "Secret")
    mine.page.keyboard.press("Enter")
    expect(mine.page.locator(".pw-project h3")).to_have_text("Secret", timeout=PATIENCE)
    expect(other.page.locator("#pc-side .pc-open")).to_have_count(0)
    workspace(other.page)
    other.page.get_by_role("button", name="Notebook").click()
    expect(other.page.locator("#pw-notebook .pc-none")).to_be_visible(timeout=PATIENCE)
    other.page.get_by_role("button", name="Projects").click()
    expect(other.page.locator("#pw-new-project")).to_be_visible(timeout=PATIENCE)
    expect(other.page.locator("[data-do=pw-open-project]")).to_have_count(0)
