"""What happens on the page while something else still does: going elsewhere, pressing twice, being in two places; and where the focus goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, Visitor

SLOW = "Be slow about VoxelMorph and large displacements"
OPEN = "#pc-side .pc-open"


@pytest.fixture
def slow(visitors: Callable[..., Visitor], server: Server) -> Visitor:
    """Somebody with one short conversation who has asked something slow in it."""
    visitor = visitors()
    visitor.ask("Summarize Barlow Twins")
    server.model.gate.clear()
    visitor.page.fill("#pc-input", SLOW)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector("#pc-live .pc-answer p:not(.pc-wait)")
    return visitor


def questions(page: Page) -> list[str]:
    return page.locator("#pc-thread .pc-question > h2").all_inner_texts()


def test_an_answer_that_was_left_is_kept_where_it_belongs_and_shows_nowhere_else(slow: Visitor, server: Server) -> None:
    page = slow.page
    page.click("[data-do=new]")
    expect(page.locator(".pc-empty")).to_be_visible()
    expect(page.locator("#pc-live .pc-turn")).to_have_count(0)
    slow.ask("How do quokkas hop?")
    assert questions(page) == ["How do quokkas hop?"]
    server.model.gate.set()
    # The list follows the end of the answer, which moves that conversation to its top.
    expect(page.locator(OPEN).last).to_have_attribute("aria-current", "true")
    expect(page.locator(OPEN)).to_have_count(2)
    assert questions(page) == ["How do quokkas hop?"]
    page.click(f"{OPEN}:not([aria-current])")
    expect(page.locator("#pc-thread .pc-turn")).to_have_count(2)
    assert questions(page) == ["Summarize Barlow Twins", SLOW]
    expect(page.locator("#pc-thread .pc-turn").last).to_contain_text("The end came late")


def test_who_comes_back_to_an_answer_that_is_still_written_sees_that_and_then_its_end(slow: Visitor, server: Server) -> None:
    page = slow.page
    page.click("[data-do=new]")
    expect(page.locator(".pc-empty")).to_be_visible()
    page.click(OPEN)
    expect(page.locator("#pc-asked")).to_contain_text(SLOW)
    server.model.gate.set()
    expect(page.locator("#pc-thread .pc-turn").last).to_contain_text("The end came late")
    expect(page.locator("#pc-asked")).to_have_count(0)


def test_a_conversation_that_is_deleted_while_it_is_answered_does_not_come_back(slow: Visitor, server: Server) -> None:
    page = slow.page
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#pc-side summary")
    page.click("#pc-side [data-do=delete-conversation]")
    expect(page.locator(OPEN)).to_have_count(0)
    with page.expect_response(lambda response: "queue/join" in response.url):
        server.model.gate.set()
    page.reload()
    slow.ready()
    expect(page.locator(OPEN)).to_have_count(0)


def test_two_tabs_of_one_person_keep_all_that_is_asked_in_either(visitor: Visitor, visitors: Callable[..., Visitor]) -> None:
    visitor.ask("Summarize Barlow Twins")
    other = visitors(visitor.page.url, context=visitor.context)
    other.ask("How do quokkas hop?")
    visitor.ask("What do wombat tunnels need?")
    assert questions(visitor.page) == ["Summarize Barlow Twins", "How do quokkas hop?", "What do wombat tunnels need?"]


def test_a_question_is_edited_as_it_was_typed_not_as_it_is_drawn(visitor: Visitor) -> None:
    typed = r"Do wombat tunnels need $x_i^2$ metres, \pm 2?"
    visitor.ask(typed)
    page = visitor.page
    expect(page.locator("#pc-thread .pc-question")).to_contain_text("± 2?")
    page.click("#pc-thread [data-do=edit]")
    expect(page.locator("#pc-input")).to_have_value(typed)


def test_a_question_that_cannot_be_taken_is_given_back(visitor: Visitor) -> None:
    page = visitor.page
    page.evaluate("document.getElementById('pc-input').removeAttribute('maxlength')")
    page.fill("#pc-input", "why " * 6000)
    page.keyboard.press("Enter")
    expect(page.locator("#pc-toast")).to_contain_text("longer than")
    expect(page.locator("#pc-input")).to_have_value("why " * 5999 + "why")
    expect(page.locator("#pc-asked")).to_have_count(0)


def test_the_focus_stays_near_what_was_pressed_when_the_page_is_drawn_anew(visitor: Visitor) -> None:
    page = visitor.page
    visitor.ask("Summarize Barlow Twins")
    for pressed, then in {
        "#pc-thread .pc-thumb[data-rating=down]": "#pc-thread .pc-thumb[data-rating=down]",
        "#pc-sources .pc-card:not(.pc-small) [data-do=similar]": "#pc-sources .pc-panel-title",
        "#pc-sources [data-do=sources]": "#pc-sources .pc-panel-title",
        OPEN: OPEN,
        # Where the new answer takes a while its button is gone meanwhile.
        "#pc-thread [data-do=regenerate]": "#pc-thread [data-do=regenerate], #pc-input",
    }.items():
        if "regenerate" in pressed:
            page.click(".pc-further > summary")
        page.locator(pressed).first.focus()
        page.keyboard.press("Enter")
        page.wait_for_function(f"document.activeElement.matches({then!r})")
        visitor.settled()
    page.focus("#pc-sources .pc-card:not(.pc-small) [data-do=scope-paper]")
    page.keyboard.press("Enter")
    page.focus(".pc-chip button")
    page.keyboard.press("Enter")
    expect(page.locator("#pc-input")).to_be_focused()


def drawn_anew(page: Page, panel: str) -> None:
    page.evaluate("id => { const panel = document.getElementById(id); panel.innerHTML = panel.innerHTML; }", panel)


def test_a_press_counts_though_its_button_is_drawn_anew_before_it_is_let_go(visitor: Visitor) -> None:
    page = visitor.page
    visitor.ask("Summarize Barlow Twins")
    page.click("[data-do=new]")
    expect(page.locator(".pc-empty")).to_be_visible()
    page.hover(OPEN)
    page.mouse.down()
    drawn_anew(page, "pc-side")
    page.mouse.up()
    expect(page.locator("#pc-thread .pc-question")).to_have_count(1)


def test_a_finger_counts_once_though_its_button_is_drawn_anew(visitors: Callable[..., Visitor]) -> None:
    visitor = visitors(has_touch=True)
    page = visitor.page
    visitor.choose("writer", "quotes")
    visitor.ask("Summarize Barlow Twins")
    page.evaluate(
        """() => {
            window.clicks = 0;
            document.addEventListener("click", (event) => { window.clicks += event.target.matches(".pc-open"); }, true);
            const again = () => { const side = document.getElementById("pc-side"); side.innerHTML = side.innerHTML; };
            document.addEventListener("pointerdown", again, { once: true });
        }"""
    )
    page.tap(OPEN)
    page.wait_for_function("window.clicks > 0")
    visitor.settled()
    assert page.evaluate("window.clicks") == 1


def test_the_focus_goes_to_the_same_suggestion_and_to_no_other(visitor: Visitor) -> None:
    page = visitor.page
    second = page.locator(".pc-suggestion").nth(1)
    asked = second.get_attribute("data-question")
    second.focus()
    drawn_anew(page, "pc-thread")
    assert page.evaluate("document.activeElement.dataset.question") == asked


def test_a_key_counts_right_after_its_button_is_drawn_anew(visitor: Visitor) -> None:
    page = visitor.page
    visitor.ask("Summarize Barlow Twins")
    page.click("[data-do=new]")
    expect(page.locator(".pc-empty")).to_be_visible()
    page.focus(OPEN)
    drawn_anew(page, "pc-side")
    page.keyboard.press("Enter")
    expect(page.locator("#pc-thread .pc-question")).to_have_count(1)


def test_settings_stay_open_when_the_page_changes_its_language(visitor: Visitor) -> None:
    page = visitor.page
    visitor.choose("language", "de")
    expect(page.locator("#pc-send")).to_have_text("Fragen")
    expect(page.locator("#pc-settings [name=theme]")).to_be_visible()


def test_a_new_answer_shows_from_its_question_on_even_below_a_long_conversation(visitor: Visitor) -> None:
    page = visitor.page
    for _ in range(2):
        visitor.ask("Which papers deal with representations?")
    visitor.ask("What does the collection say about NeRF?")
    expect(page.locator("#pc-thread .pc-question").last).to_be_in_viewport(ratio=1)
    # What is shown further up on request does not take one down again.
    page.evaluate("document.getElementById('pc-chat-scroll').scrollTop = 0")
    page.evaluate(
        "document.getElementById('pc-thread').insertAdjacentHTML('afterbegin', '<button data-do=earlier>Earlier</button>')"
    )
    with page.expect_response(lambda response: "queue/join" in response.url):
        page.click("[data-do=earlier]")
    page.wait_for_timeout(500)
    assert page.evaluate("document.getElementById('pc-chat-scroll').scrollTop") == 0
