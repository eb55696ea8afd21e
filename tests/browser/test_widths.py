"""The menu with conversations and settings, and what holds in narrow windows, from a phone to a desktop."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor

WIDTHS = (390, 720, 900, 1100, 1440, 2560)
WIDE = 1100
"""Pixels from which on the menu stands beside the conversation."""


def in_view(page: Page, selector: str) -> bool:
    """Whether the middle of an element can be pressed: it is inside the window and nothing lies on it."""
    return bool(
        page.evaluate(
            """(selector) => {
                const found = document.querySelector(selector), box = found.getBoundingClientRect();
                return found.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2));
            }""",
            selector,
        )
    )


def open_menu(page: Page) -> None:
    button = page.locator("#pc-side-button")
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    expect(page.locator("#pc-side-column")).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")


def test_a_head_that_is_drawn_anew_says_at_once_whether_the_side_is_open(visitors: Callable[..., Visitor]) -> None:
    page = visitors(viewport={"width": 1440, "height": 800}).page
    expect(page.locator("#pc-side-button")).to_have_attribute("aria-expanded", "true")
    drawn_anew = """async () => {
        const head = document.querySelector("#pc-header").parentElement;
        head.innerHTML = head.innerHTML.replace('aria-expanded="true"', 'aria-expanded="false"');
        await Promise.resolve();
        return document.querySelector("#pc-side-button").getAttribute("aria-expanded");
    }"""
    assert page.evaluate(drawn_anew) == "true"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_menu_opens_and_each_entry_works(width: int, visitors: Callable[..., Visitor]) -> None:
    visitor = visitors(viewport={"width": width, "height": 800})
    page = visitor.page
    visitor.ask("Summarize Barlow Twins")
    menu = page.locator("#pc-side-column")
    if width < WIDE:
        expect(menu).not_to_be_visible()
    open_menu(page)
    assert in_view(page, "#pc-side-column [data-do=new]")
    page.click("#pc-side-column [data-do=new]")
    expect(page.locator(".pc-empty")).to_be_visible()
    visitor.ask("Which method does tRSA extend?")
    open_menu(page)
    page.fill("#pc-search", "barlow")
    expect(page.locator("#pc-side .pc-open")).to_have_count(1)
    page.click("#pc-side .pc-open")
    expect(page.locator("#pc-thread .pc-question")).to_contain_text("Barlow Twins")
    open_menu(page)
    page.click("#pc-settings > summary")
    page.select_option("#pc-settings [name=theme]", "dark")
    assert page.evaluate("document.body.classList.contains('dark')")
    assert in_view(page, "#pc-settings [name=theme]")
    page.locator("#pc-side-button").click()
    expect(menu).not_to_be_visible()


@pytest.mark.parametrize("width", [390, 900])
def test_the_menu_closes_by_a_press_beside_it_and_opens_from_another_tab(width: int, visitors: Callable[..., Visitor]) -> None:
    page = visitors(viewport={"width": width, "height": 800}).page
    open_menu(page)
    page.mouse.click(width - 15, 300)
    expect(page.locator("#pc-side-column")).not_to_be_visible()
    page.click("#pc-tab-papers-button")
    open_menu(page)
    page.keyboard.press("Escape")
    expect(page.locator("#pc-side-column")).not_to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(width: int, visitors: Callable[..., Visitor]) -> None:
    page = visitors(viewport={"width": width, "height": 800}).page
    for tab in ("ask", "papers", "evaluation"):
        page.click(f"#pc-tab-{tab}-button")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_rules_for_narrow_windows_hold(visitors: Callable[..., Visitor]) -> None:
    page = visitors(viewport={"width": 390, "height": 800}).page
    assert page.evaluate("getComputedStyle(document.querySelector('#pc-input')).fontSize") == "17px"  # below 16 a phone zooms in
    assert page.evaluate("getComputedStyle(document.querySelector('#pc-composer')).position") == "fixed"


@pytest.mark.parametrize("width", [390, 1440])
def test_a_very_long_question_leaves_the_answer_in_view(width: int, visitors: Callable[..., Visitor]) -> None:
    visitor = visitors(viewport={"width": width, "height": 844})
    visitor.choose("writer", "quotes") if width >= WIDE else None
    visitor.ask(
        "I am writing a survey on layers and would like to know in some detail how each of them is trained. " * 12
        + "How does NoProp train a layer?"
    )
    expect(visitor.page.locator("#pc-thread .pc-turn .pc-answer, #pc-thread .pc-turn .pc-refusal").first).to_be_in_viewport()
