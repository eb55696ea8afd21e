"""Signing in and out in a browser, on a phone and in German, and what a viewer sees."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import bcrypt
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PageModel, Server
from tests.browser.test_widths import WIDTHS, open_menu
from ui.server.middleware import Access
from ui.server.passwords import Account, Passwords
from ui.server.sign_in import SignIn

RIGHT = bcrypt.hashpw(b"right", bcrypt.gensalt(4))


@pytest.fixture(scope="module")
def shared(bundled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = shutil.copytree(bundled_home, tmp_path_factory.mktemp("shared") / "library")
    sign_in = SignIn(Passwords({"ada": Account(RIGHT, "editor"), "bo": Account(RIGHT)}))
    served = Server(Path(home), PageModel(), Access(sign_in=sign_in))
    yield served
    served.close()


def sign_in(page: Page, name: str, password: str) -> None:
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("width", "language"), [(390, "de-DE"), (1280, "en-US")])
def test_the_sign_in_page_fits_is_readable_and_fetches_its_typeface_alone(
    browser: Browser, shared: Server, width: int, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=language)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(shared.url)
    expect(page.get_by_role("button", name="Anmelden" if language == "de-DE" else "Sign in")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in asked if not url.startswith((shared.url, "data:"))] == []
    assert page.evaluate("""document.fonts.ready.then(() => document.fonts.check('16px "Paperchat Sans"', "Sign in"))""")
    assert any("/fonts/sans-latin.woff2" in url for url in asked)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert Axe().run(page).response["violations"] == []
    sign_in(page, "ada", "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=username]")).to_have_value("ada")
    context.close()


def test_a_viewer_signs_in_sees_no_button_that_changes_something_asks_and_signs_out(browser: Browser, shared: Server) -> None:
    context = browser.new_context(viewport={"width": 1360, "height": 850}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{shared.url}?share=nothing")
    sign_in(page, "bo", "right")
    page.wait_for_selector("body[data-paperchat=ready]")
    assert page.url.endswith("?share=nothing")
    expect(page.locator("#pc-header .pc-account")).to_contain_text("Signed in as bo · viewer", timeout=60_000)
    page.click("#pc-tab-papers-button")
    page.wait_for_selector("#pp-frame[data-ready]")
    expect(page.locator("#pp-rows .pp-row").first).to_be_visible()
    expect(page.locator("[data-do=pp-add]")).to_have_count(0)
    page.click("#pc-tab-evaluation-button")
    page.wait_for_selector("#pe-frame[data-ready]")
    expect(page.locator("#pe-start")).to_have_count(0)
    page.click("#pc-tab-ask-button")
    page.click("#pc-header .pc-account button")
    expect(page.locator("[name=password]")).to_be_visible()
    page.goto(shared.url)
    expect(page.locator("[name=password]")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_who_is_signed_in_is_shown_and_can_sign_out_at_every_width(browser: Browser, shared: Server, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(shared.url)
    sign_in(page, "ada", "right")
    page.wait_for_selector("body[data-paperchat=ready]")
    page.wait_for_function("document.querySelector('.pc-account') !== null")
    open_menu(page)
    line = page.locator(".pc-account:visible")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("Signed in as ada · editor")
    expect(line.locator("button")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    line.locator("button").click()
    expect(page.locator("[name=password]")).to_be_visible()
    context.close()


def test_a_question_that_is_not_taken_is_given_back(browser: Browser, shared: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.gradio.queue.MOST_QUESTIONS", 0)
    context = browser.new_context(viewport={"width": 1360, "height": 850}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(shared.url)
    sign_in(page, "ada", "right")
    page.wait_for_selector("body[data-paperchat=ready]")
    page.wait_for_function("document.querySelector('.pc-scope-text') !== null")
    page.fill("#pc-input", "Which method does tRSA extend?")
    page.keyboard.press("Enter")
    expect(page.locator("#pc-toast")).to_contain_text("too many questions in progress", timeout=30_000)
    expect(page.locator("#pc-input")).to_have_value("Which method does tRSA extend?")
    expect(page.locator("#pc-send")).to_be_visible()
    context.close()


def entered(browser: Browser, url: str, name: str) -> Page:
    """The page, with this person signed in."""
    page = browser.new_context(viewport={"width": 1360, "height": 850}, locale="en-US").new_page()
    page.set_default_timeout(60_000)
    page.goto(url)
    sign_in(page, name, "right")
    page.wait_for_selector("body[data-paperchat=ready]")
    page.wait_for_function("document.querySelector('.pc-scope-text') !== null")
    return page


def test_what_one_person_asks_and_keeps_another_never_sees(browser: Browser, shared: Server) -> None:
    ada, bo = entered(browser, shared.url, "ada"), entered(browser, shared.url, "bo")
    ada.fill("#pc-input", "Summarize Barlow Twins")
    ada.keyboard.press("Enter")
    expect(ada.locator("#pc-thread .pc-turn .pc-tools")).to_be_visible(timeout=60_000)
    ada.locator("#pc-thread a.pc-cite").first.focus()
    ada.keyboard.press("k")
    expect(ada.locator("#pw-said")).to_have_text("Kept in the notebook.", timeout=60_000)
    bo.reload()
    bo.wait_for_selector("body[data-paperchat=ready]")
    expect(bo.locator("#pc-side .pc-none")).to_be_visible(timeout=60_000)
    bo.click("#pc-tab-workspace-button")
    bo.get_by_role("button", name="Notebook").click()
    expect(bo.locator("#pw-notebook .pc-none")).to_be_visible(timeout=60_000)
    address = ada.url  # names the conversation, which is nobody else's to open
    bo.goto(address)
    bo.wait_for_selector("body[data-paperchat=ready]")
    expect(bo.locator("#pc-side .pc-none")).to_be_visible(timeout=60_000)
    expect(bo.locator("#pc-thread .pc-turn")).to_have_count(0)
    again = entered(browser, shared.url, "ada")
    expect(again.locator("#pc-side .pc-open")).to_have_count(1, timeout=60_000)
    for page in (ada, bo, again):
        page.context.close()
