"""Before the first question: the collection's map, its themes and their questions, a theme or what is drawn around as a scope; by mouse, keyboard and thumb."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, PageModel, Server, Visitor

expect.set_options(timeout=PATIENCE)
ALL = 61


def home(page: Page) -> None:
    """Waits until the map is drawn and a question was found for a theme."""
    page.wait_for_selector("#pc-map[data-dressed]")
    page.wait_for_selector(".pc-theme-ask")


def limited(page: Page) -> int:
    """How many papers the scope leaves, once the server has told."""
    told = page.locator(".pc-scope-text")
    expect(told).not_to_contain_text("…", timeout=PATIENCE)
    expect(told).to_contain_text(f"of {ALL} papers", timeout=PATIENCE)
    return int(told.inner_text().split()[0])


def cited(page: Page) -> set[str]:
    """The papers in the panel that the answer rests on."""
    return set(
        page.locator("#pc-sources .pc-card:not(.pc-small)").evaluate_all("cards => cards.map((card) => card.dataset.paper)")
    )


def accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []


def test_the_collection_is_shown_and_the_question_of_a_theme_is_answered(visitor: Visitor) -> None:
    page = visitor.page
    home(page)
    expect(page.locator(".pc-about")).to_contain_text(f"{ALL} papers")
    themes = page.locator(".pc-theme")
    expect(page.locator(".pc-about")).to_contain_text(f"{themes.count()} themes")
    names = page.locator(".pc-label").all_inner_texts()
    assert len(set(names)) == themes.count()
    for place in range(themes.count()):
        assert 1 <= themes.nth(place).locator(".pc-paper-link").count() <= 3
    accessible(page)
    ask = page.locator(".pc-theme-ask").first
    question = ask.inner_text()
    ask.click()
    expect(page.locator("#pc-thread .pc-answered .pc-question h2")).to_have_text(question)
    expect(page.locator("#pc-thread a.pc-cite").first).to_be_visible()
    expect(page.locator("#pc-home")).to_be_hidden()


def test_names_of_themes_cover_no_other_name(visitors: Callable[..., Visitor]) -> None:
    for width in (390, 1440):
        page = visitors(viewport={"width": width, "height": 900}).page
        home(page)
        boxes = page.locator(".pc-label").evaluate_all(
            "all => all.map((each) => { const b = each.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"
        )
        over = [
            (one, other)
            for place, one in enumerate(boxes)
            for other in boxes[:place]
            if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
        ]
        assert over == []
        assert all(left >= 0 and right <= width for left, _, right, _ in boxes)


def test_a_theme_limits_what_is_asked_summarised_compared_and_exported(visitor: Visitor) -> None:
    page = visitor.page
    home(page)
    label = page.locator(".pc-label").first
    label.click()
    expect(label).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".pc-chip")).to_contain_text(label.inner_text())
    count = limited(page)
    assert 1 < count < ALL
    asks = page.locator(".pc-suggestions:not([hidden]) .pc-suggestion")
    expect(asks).to_have_count(1)  # those to all papers would not be answered from these
    page.click("#pc-export > summary")
    with page.expect_download() as saved:
        page.click("#pc-export [data-how=csv]")
    papers = saved.value.path().read_text(encoding="utf-8").strip().splitlines()
    assert len(papers) == count + 1
    page.click("[data-do=summarise]")
    expect(page.locator("#pc-thread .pc-answered a.pc-cite").first).to_be_visible(timeout=PATIENCE)
    visitor.settled()
    expect(page.locator("#pc-thread .pc-within")).to_contain_text(page.locator(".pc-chip > span").inner_text())
    assert len(cited(page)) <= count
    page.click("[data-do=compare]")
    expect(page.locator("#pc-thread .pc-table tbody th").first).to_be_visible(timeout=PATIENCE)
    visitor.settled()
    titles = set(page.locator("#pc-thread .pc-table tbody th").all_inner_texts())
    assert 1 < len(titles) <= count
    visitor.ask("Which papers deal with networks?")
    page.click("[data-do=clear-chips]")
    expect(page.locator(".pc-scope-text")).to_have_text(f"All {ALL} papers")


def drawn_around(page: Page, corners: tuple[tuple[float, float], ...]) -> None:
    """Draws along the corners (parts of the map's sides) with the mouse."""
    page.locator("#pc-map").scroll_into_view_if_needed()
    box = page.locator("#pc-map").bounding_box()
    assert box is not None
    at = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in corners]
    page.mouse.move(*at[0])
    page.mouse.down()
    for x, y in at[1:]:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


def left_of(page: Page, x: int) -> set[str]:
    """The papers on the map left of this place (0…1000)."""
    return set(
        page.evaluate(
            "x => JSON.parse(document.getElementById('pc-map').dataset.points).filter((at) => at[1] < x).map(([id]) => id)", x
        )
    )


def saved(page: Page, how: str) -> str:
    if page.locator("#pc-export:not([open])").count():
        page.click("#pc-export > summary")
    with page.expect_download() as found:
        page.click(f"#pc-export [data-how={how}]")
    return str(found.value.path().read_text(encoding="utf-8"))


def test_what_is_drawn_around_on_the_map_is_asked_summarised_compared_and_exported(visitors: Callable[..., Visitor]) -> None:
    visitor = visitors(viewport={"width": 1440, "height": 900})
    page = visitor.page
    visitor.choose("writer", "quotes")
    home(page)
    drawn_around(page, ((0.01, 0.01), (0.5, 0.01), (0.5, 0.99), (0.01, 0.99), (0.01, 0.03)))
    count = limited(page)
    assert len(left_of(page, 480)) <= count <= len(left_of(page, 520))  # the line may run through one
    inside = left_of(page, 520)
    assert len(saved(page, "csv").strip().splitlines()) == count + 1
    assert saved(page, "bibtex").count("@") == count
    visitor.ask("Which papers deal with networks?")
    assert cited(page) <= inside
    page.click("[data-do=summarise]")
    expect(page.locator("#pc-thread .pc-turn")).to_have_count(2)
    visitor.settled()
    expect(page.locator("#pc-thread .pc-turn").last.locator("a.pc-cite").first).to_be_visible()
    assert cited(page) <= inside
    page.click("[data-do=compare]")
    rows = page.locator("#pc-thread .pc-table tbody tr")
    expect(rows.first).to_be_visible()
    visitor.settled()
    assert 1 < rows.count() <= count
    assert cited(page) <= inside
    expect(page.locator("#pc-thread .pc-within")).to_have_count(3)


def test_of_a_map_that_draws_some_of_its_papers_all_in_the_area_are_chosen(
    visitors: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.html.home.MOST_DOTS", 30)
    page = visitors(viewport={"width": 1440, "height": 900}).page
    home(page)
    assert len(left_of(page, 2000)) <= 30
    drawn_around(page, ((0.01, 0.01), (0.99, 0.01), (0.99, 0.99), (0.01, 0.99), (0.01, 0.03)))
    assert limited(page) == ALL
    expect(page.locator(".pc-chip")).to_have_text("Drawn on the map×")
    assert len(saved(page, "csv").strip().splitlines()) == ALL + 1


def test_a_ring_drawn_around_nothing_or_a_mere_press_limits_nothing(visitor: Visitor) -> None:
    page = visitor.page
    home(page)
    drawn_around(page, ((0.001, 0.001), (0.004, 0.001), (0.004, 0.004), (0.001, 0.004)))
    page.wait_for_timeout(500)
    expect(page.locator(".pc-chip")).to_have_count(0)
    expect(page.locator(".pc-scope-text")).to_have_text(f"All {ALL} papers")


def test_what_is_in_here_tells_the_themes_with_citations(visitor: Visitor) -> None:
    for question in ("What is in here?", "main themes?"):
        visitor.ask(question)
        answer = visitor.page.locator("#pc-thread .pc-turn").last
        expect(answer.locator("a.pc-cite").nth(3)).to_be_visible()
        assert answer.locator("li").count() < 15  # no list of titles


def test_an_at_names_a_paper_by_keyboard(visitor: Visitor) -> None:
    page = visitor.page
    page.keyboard.press("/")
    expect(page.locator("#pc-input")).to_be_focused()
    page.keyboard.type("Summarize @barl")
    expect(page.locator("#pc-names li[aria-selected=true]")).to_contain_text("Barlow Twins")
    accessible(page)
    page.keyboard.press("Enter")
    expect(page.locator("#pc-input")).to_have_value("Summarize Barlow Twins ")
    expect(page.locator("#pc-names")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#pc-thread .pc-answered")).to_have_count(1)
    page.keyboard.type("@barl")
    expect(page.locator("#pc-names li")).not_to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#pc-names")).to_have_count(0)
    expect(page.locator("#pc-input")).to_have_value("@barl")


def test_keys(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("#pc-side-button").focus()
    page.keyboard.press("?")
    expect(page.locator("#pc-keys")).to_be_visible()
    expect(page.locator("#pc-keys dt")).to_have_count(page.locator("#pc-keys dd").count())
    accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#pc-keys")).to_be_hidden()
    page.get_by_role("tab", name="Papers").click()
    page.keyboard.press("Control+k")
    expect(page.locator("#pc-input")).to_be_focused()
    visitor.ask("Summarize Barlow Twins")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#pc-input")).to_have_value("Summarize Barlow Twins")
    expect(page.locator("#pc-editing")).to_be_visible()
    page.fill("#pc-input", "What is NoProp? /?")  # a slash and a question mark are typed
    page.keyboard.press("Enter")
    expect(page.locator("#pc-thread .pc-question h2")).to_have_text("What is NoProp? /?")
    visitor.settled()
    assert visitor.turns() == 1


def test_from_home_to_the_quote_and_back_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.page
    home(page)
    page.locator("#pc-input").focus()

    def reach(selector: str) -> None:
        for _ in range(120):
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{selector} was not reached")

    reach("#pc-map .pc-label")
    page.keyboard.press("Enter")
    limited(page)
    expect(page.locator("#pc-input")).to_be_focused()
    reach(".pc-theme-ask")
    page.keyboard.press("Enter")
    expect(page.locator("#pc-thread .pc-turn .pc-tools")).to_be_visible()
    visitor.settled()
    page.locator("#pc-thread .pc-turn").evaluate("turn => { turn.tabIndex = -1; turn.focus(); }")
    reach("a.pc-cite")
    page.keyboard.press("Enter")
    expect(page.locator(".pc-card.pc-flash")).to_be_focused()
    reach(".pc-unfold")
    page.keyboard.press("Enter")
    expect(page.locator(".pc-card.pc-whole")).to_have_count(1)


@pytest.mark.parametrize("width", [390, 900, 1440, 2560])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_home_and_answer_fit_and_are_accessible(visitors: Callable[..., Visitor], width: int, scheme: str) -> None:
    visitor = visitors(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = visitor.page
    home(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    accessible(page)
    visitor.ask("How does NoProp train a layer?")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    accessible(page)
    wide = page.locator("#pc-thread .pc-answer p, #pc-sources .pc-abstract").evaluate_all(
        "all => all.filter((each) => each.checkVisibility()).map((each) => each.clientWidth / parseFloat(getComputedStyle(each).fontSize))"
    )
    assert max(wide) <= 34  # of the serif, 70 characters take some 33 em


def test_on_a_phone_the_sheet_opens_at_the_quote_with_the_title_in_view(visitors: Callable[..., Visitor]) -> None:
    visitor = visitors(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = visitor.page
    page.locator("#pc-side-button").tap()
    visitor.choose("writer", "quotes")
    page.locator("#pc-side-button").tap()
    visitor.ask("Which papers deal with hypergraphs?")
    marker = page.locator("#pc-thread a.pc-cite").last
    marker.tap()
    card = page.locator("#pc-sources .pc-card.pc-flash")
    expect(card.locator("mark").first).to_be_in_viewport(ratio=0.9)
    expect(card.locator("h3")).to_be_in_viewport(ratio=0.9)
    accessible(page)
    page.locator("#pc-sheet-close").tap()
    expect(page.locator("#pc-sources-column")).not_to_be_visible()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Server]:
    served = Server(tmp_path / "library", PageModel())
    served.paperchat.remove([paper.id for paper in served.paperchat.papers()])
    yield served
    served.close()


def test_an_empty_library_shows_how_to_fill_it(empty: Server, visitors: Callable[..., Visitor]) -> None:
    page = visitors(empty.url).page
    expect(page.locator(".pc-filling li")).to_have_count(4)
    accessible(page)
    page.click(".pc-filling [data-do=go-add]")
    expect(page.locator("#pp-pasted")).to_be_visible()


def test_a_formula_in_a_title_is_drawn_wherever_the_title_stands(visitor: Visitor) -> None:
    page = visitor.page
    home(page)
    titles = [each[3] for each in page.evaluate("JSON.parse(document.getElementById('pc-map').dataset.points)")]
    title = next(each for each in titles if each.startswith("Complexity"))
    assert "mathcal" not in title
    assert "$" not in title
