"""The page in a browser, as people use it."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Route, expect

from tests.browser.child import served
from tests.browser.conftest import PATIENCE, Server, Visitor
from ui.html.wording import Wording
from ui.tabs.ask import AskTab
from ui.tabs.panels import Panels

expect.set_options(timeout=30_000)
QUESTION = "How does NoProp train a network?"
NEAR = "#pc-sources .pc-card"


def test_an_answer_streams_and_a_marker_leads_to_the_highlighted_sentence(visitor: Visitor) -> None:
    page = visitor.page
    visitor.ask(QUESTION)
    marker = page.locator("#pc-thread a.pc-cite").nth(1)
    quote = marker.get_attribute("data-quote") or ""
    marker.hover()
    expect(page.locator("#pc-sources mark.pc-lit")).to_contain_text(quote)
    page.locator("#pc-sources mark").filter(has_text=quote).hover()
    expect(page.locator("#pc-thread a.pc-cite.pc-lit")).to_have_text("2")
    marker.click()
    card = page.locator(".pc-card.pc-flash")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("NoProp")
    highlighted = page.locator((marker.get_attribute("href") or "") + ":is(mark)")
    expect(highlighted).to_be_visible()
    assert highlighted.inner_text().removeprefix("2").strip() == quote
    assert card.evaluate("card => card.matches(':focus')")
    expect(page.locator(".pc-support")).to_have_count(0)  # what is quoted needs no verdict
    page.click(".pc-further > summary")
    expect(page.locator(".pc-facts")).to_contain_text("quoted word for word")


def test_only_doubtful_sentences_are_marked_and_say_why(visitors: Callable[..., Visitor]) -> None:
    visitor = visitors()
    visitor.ask("Please invent something on VoxelMorph and large displacements")
    page = visitor.page
    flag = page.locator("#pc-thread .pc-flag")
    expect(flag).to_have_count(1)
    expect(page.locator("#pc-thread .pc-claim:not(.pc-unsupported, .pc-partly)")).to_have_count(1)
    flag.click()
    expect(page.locator("#pc-tip")).not_to_be_empty()
    expect(page.locator(".pc-support")).to_have_text("1 of 2 sentences supported")
    expect(page.locator(".pc-facts")).to_contain_text("written by scripted-model")
    expect(page.locator(".pc-facts")).to_contain_text("tokens")


def test_stop_ends_an_answer_in_the_middle_and_it_can_be_asked_again(visitors: Callable[..., Visitor], server: Server) -> None:
    visitor, page = (one := visitors()), one.page
    server.model.gate.clear()
    page.fill("#pc-input", "Be slow about VoxelMorph and large displacements")
    page.keyboard.press("Enter")
    page.wait_for_selector("#pc-live .pc-claim, #pc-live .pc-answer p:not(.pc-wait)")
    page.click("#pc-stop")
    expect(page.locator("#pc-thread .pc-stopped")).to_be_visible()
    expect(page.locator("#pc-thread .pc-answer")).not_to_be_empty()
    visitor.settled()
    server.model.gate.set()
    page.click("#pc-thread [data-do=regenerate]")
    expect(page.locator("#pc-thread .pc-further")).to_be_visible()
    assert visitor.turns() == 1


def test_a_model_that_fails_is_a_quiet_notice(visitors: Callable[..., Visitor]) -> None:
    visitor = visitors()
    visitor.ask("failing: why does VoxelMorph fail on large displacements?")
    expect(visitor.page.locator("#pc-thread .pc-notice")).to_contain_text("model")
    expect(visitor.page.locator("#pc-thread .pc-facts")).to_contain_text("quoted word for word")


def test_editing_cuts_branching_keeps_and_a_follow_up_is_shown_as_it_was_understood(visitor: Visitor) -> None:
    page = visitor.page
    visitor.ask("What does AnatCL do?")
    visitor.ask("Which data is it evaluated on?")
    expect(page.locator(".pc-understood q")).to_contain_text("Anat")
    page.click(".pc-understood [data-do=correct]")
    page.fill("#pc-input", QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".pc-understood q")).to_have_text(QUESTION)
    expect(page.locator("#pc-thread .pc-turn").nth(1)).to_contain_text("noisy target")
    visitor.settled()
    page.locator("#pc-thread .pc-further > summary").first.click()
    page.locator("#pc-thread [data-do=branch]").first.click()
    expect(page.locator("#pc-side .pc-open")).to_have_count(2)
    expect(page.locator("#pc-thread .pc-turn")).to_have_count(1)
    page.locator("#pc-thread [data-do=edit]").first.click()
    page.fill("#pc-input", "Summarize Barlow Twins")
    page.keyboard.press("Enter")
    expect(page.locator("#pc-thread .pc-question")).to_contain_text("Barlow Twins")
    visitor.settled()
    assert visitor.turns() == 1


@pytest.mark.parametrize("width", [390, 1360])
def test_what_the_papers_do_not_say_looks_different_and_offers_the_nearest_once(
    width: int, visitors: Callable[..., Visitor]
) -> None:
    visitor = visitors(viewport={"width": width, "height": 850})
    visitor.ask("What is the best recipe for sourdough bread?")
    page = visitor.page
    expect(page.locator("#pc-thread .pc-refusal")).to_be_visible()
    near = page.locator(".pc-near").first
    if width > 800:  # the panel stands beside it
        expect(near).not_to_be_visible()
        expect(page.locator("#pc-sources .pc-small").first).to_be_visible()
        return
    near.click()
    expect(page.locator(".pc-card.pc-flash")).to_be_visible()


def test_a_scope_limits_what_is_found_and_a_selection_is_compared_and_exported(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    visitor.ask("Summarize Barlow Twins")
    page.locator(f"{NEAR} [data-do=scope-paper]").first.click()
    expect(page.locator(".pc-scope-text")).to_have_text("1 of 61 papers")
    page.click("#pc-limit > summary")
    page.select_option("#pc-kind", "year")
    page.fill("#pc-value", "1999")
    page.keyboard.press("Enter")
    expect(page.locator("#pc-scope .pc-notice")).to_be_visible()
    page.locator(".pc-chip button").nth(1).click()
    page.click("[data-do=compare]")
    expect(page.locator("#pc-thread .pc-table tbody")).to_have_count(1)
    expect(page.locator(".pc-table td a.pc-cite").first).to_be_visible()
    with page.expect_download() as exporting:
        page.click(".pc-exports [data-how=csv]")
    exporting.value.save_as(tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_text(encoding="utf-8").startswith("Paper,Id,problem,approach,data,result")
    page.click("[data-do=clear-chips]")
    expect(page.locator(".pc-scope-text")).to_have_text("All 61 papers")


def test_a_reload_and_a_shared_link_restore_and_two_people_never_meet(visitor: Visitor, visitors: Callable[..., Visitor]) -> None:
    page = visitor.page
    visitor.ask(QUESTION)
    marked = page.locator("#pc-thread a.pc-cite").count()
    assert marked > 1
    page.reload()
    visitor.ready()
    expect(page.locator("#pc-thread .pc-further")).to_be_visible()
    expect(page.locator(f"{NEAR} mark")).to_have_count(marked)
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("[data-do=share]")
    expect(page.locator("#pc-toast")).to_contain_text("Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    other = visitors()
    expect(other.page.locator("#pc-side .pc-open")).to_have_count(0)
    other.go(page.url)
    expect(other.page.locator("#pc-thread .pc-turn")).to_have_count(0)
    other.go(link)
    expect(other.page.locator("#pc-thread .pc-answer")).to_be_visible()
    expect(other.page.locator("#pc-side .pc-open")).to_have_count(0)
    page.click("#pc-thread [data-do=copy]")
    assert "### References" in page.evaluate("navigator.clipboard.readText()")


def test_conversations_are_searched_renamed_rated_and_deleted(visitor: Visitor, server: Server) -> None:
    page = visitor.page
    visitor.ask("Summarize Barlow Twins")
    page.click("[data-do=new]")
    expect(page.locator(".pc-empty")).to_be_visible()
    visitor.ask(QUESTION)
    expect(page.locator("#pc-side .pc-open")).to_have_count(2)
    page.fill("#pc-search", "barlow")
    expect(page.locator("#pc-side .pc-open")).to_have_count(1)
    page.on("dialog", lambda dialog: dialog.accept("A new name"))
    page.click("#pc-side summary")
    page.click("#pc-side [data-do=rename-conversation]")
    expect(page.locator("#pc-side .pc-open")).to_have_text("A new name")
    page.fill("#pc-search", "")
    expect(page.locator("#pc-side .pc-open")).to_have_count(2)
    page.locator("#pc-side summary").nth(1).click()
    page.locator("#pc-side [data-do=delete-conversation]").nth(1).click()
    expect(page.locator("#pc-side .pc-open")).to_have_count(1)
    page.click(".pc-thumb[data-rating=up]")
    page.fill(".pc-comment input", "helpful")
    page.click(".pc-comment button")
    expect(page.locator("#pc-toast")).to_contain_text("Saved")
    assert '"comment": "helpful"' in (server.service.folder / "feedback.jsonl").read_text(encoding="utf-8")


def test_hostile_texts_run_nothing_and_fetch_nothing(visitors: Callable[..., Visitor]) -> None:
    visitor = visitors()
    visitor.ask("hostile: how do quokkas hop by marsupial resonance? <img src=http://evil.example/q.png onerror=window.hacked=1>")
    visitor.choose("writer", "quotes")
    visitor.ask("How do quokkas hop by marsupial resonance? ${window.hacked=1} {{constructor}}")
    visitor.ask("How do quokkas hop?")
    page = visitor.page
    expect(page.locator(f"{NEAR}").first).to_contain_text("<script>")
    page.locator("a.pc-cite").first.hover()
    assert page.evaluate("window.hacked") is None
    assert page.locator("#pc-ask :is(img, script, iframe, style, form[action])").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0


def test_a_question_asked_before_the_page_is_told_who_asks_stays_in_its_conversation(
    visitors: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = AskTab.start_panels

    def slowly(talk: AskTab, say: Wording) -> Panels:
        time.sleep(2)
        return start(talk, say)

    monkeypatch.setattr(AskTab, "start_panels", slowly)
    visitor = visitors()
    visitor.ask("What do wombat tunnels need?")
    visitor.page.wait_for_timeout(3000)
    visitor.ask("How do quokkas hop?")
    assert visitor.turns() == 2
    visitor.page.reload()
    expect(visitor.page.locator("#pc-thread .pc-turn")).to_have_count(2)


@pytest.mark.parametrize("said", ["hello", "what can I ask?"])
def test_help_offers_questions_to_press(visitor: Visitor, said: str) -> None:
    page = visitor.page
    visitor.ask(said)
    turn = page.locator("#pc-thread .pc-turn").last
    expect(turn.locator(".pc-suggestion")).to_have_count(3)
    question = turn.locator(".pc-suggestion").nth(1).inner_text()
    assert question not in turn.locator(".pc-answer > p").all_inner_texts()
    turn.locator(".pc-suggestion").nth(1).click()
    expect(page.locator("#pc-thread .pc-question")).to_have_count(2)
    visitor.settled()
    expect(page.locator("#pc-thread .pc-question").last).to_contain_text(question)
    page.reload()
    visitor.ready()
    expect(page.locator("#pc-thread .pc-turn").first.locator(".pc-suggestion")).to_have_count(3)


def test_formulas_long_titles_and_right_to_left_text(visitor: Visitor) -> None:
    page = visitor.page
    visitor.ask("What do wombat tunnels need?")
    expect(page.locator("#pc-thread math").first).to_be_visible()
    visitor.ask("ماذا تدرس هذه الورقة عن الشبكات العصبية العربية؟")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_escape_and_cancel_both_give_up_an_edit(visitor: Visitor) -> None:
    page = visitor.page
    visitor.ask("Summarize Barlow Twins")
    field, note, pencil = page.locator("#pc-input"), page.locator("#pc-editing"), page.locator("#pc-thread [data-do=edit]")
    low = page.evaluate("document.querySelector('#pc-input').clientHeight")
    for give_up in (lambda: page.keyboard.press("Escape"), lambda: page.click("[data-do=cancel-edit]")):
        pencil.click()
        page.fill("#pc-input", "long\n" * 5)
        give_up()
        expect(note).to_be_hidden()
        expect(field).to_have_value("")
        expect(field).to_be_focused()
        assert page.evaluate("document.querySelector('#pc-input').clientHeight") == low


@pytest.mark.parametrize("width", [390, 1360])
def test_a_word_without_end_stays_within_its_column(width: int, visitors: Callable[..., Visitor]) -> None:
    visitor = visitors(viewport={"width": width, "height": 850})
    page = visitor.page
    visitor.ask(f"<b>Which</b> method does {'tremendously' * 30} extend?")
    said = page.locator("#pc-thread .pc-understood").last
    expect(said).to_be_visible()
    assert said.evaluate("node => node.scrollWidth <= node.clientWidth")
    byline = """() => {
        const one = Object.assign(document.createElement("p"), { className: "pc-byline", textContent: "Longname".repeat(40) });
        document.querySelector("#pc-sources").append(one);
        return one.scrollWidth <= one.clientWidth;
    }"""
    assert page.evaluate(byline)


def test_nothing_shuts_people_out_in_light_and_dark_and_on_a_phone(visitors: Callable[..., Visitor]) -> None:
    for how in ({}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}):
        visitor = visitors(**how)
        visitor.ask("Please invent something on VoxelMorph and large displacements")
        visitor.ask("What is the best recipe for sourdough bread?")
        found = Axe().run(visitor.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).response["violations"]
        serious = [
            (each["id"], [node["target"] for node in each["nodes"]][:5])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]
        assert serious == [], how
        assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), how


def test_on_a_phone_the_sources_come_up_as_a_sheet(visitors: Callable[..., Visitor]) -> None:
    visitor = visitors(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = visitor.page
    visitor.ask(QUESTION)
    expect(page.locator("#pc-sources-column")).not_to_be_visible()
    box = page.locator("a.pc-cite").first.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    page.evaluate("document.getElementById('pc-thread').insertAdjacentHTML('beforeend', '<p style=\"height: 900px\">Long</p>')")
    for at in ("0", "document.body.scrollHeight"):  # however far one has read, one can ask on
        page.evaluate(f"scrollTo(0, {at})")
        expect(page.locator("#pc-send")).to_be_in_viewport(ratio=1)
    page.locator("a.pc-cite").first.tap()
    expect(page.locator("#pc-sources-column mark").first).to_be_in_viewport()
    page.click("#pc-sheet-close")
    expect(page.locator("#pc-sources-column")).not_to_be_visible()


def test_the_keyboard_alone_is_enough(visitor: Visitor) -> None:
    page = visitor.page
    page.focus("#pc-input")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#pc-thread a.pc-cite")
    visitor.settled()
    page.focus("#pc-thread [data-do=edit]")
    page.keyboard.press("Tab")
    expect(page.locator("#pc-sources mark.pc-lit")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator(".pc-card.pc-flash")).to_be_focused()


def test_german_is_spoken_to_who_wants_it(visitors: Callable[..., Visitor]) -> None:
    visitor = visitors(locale="de-DE")
    expect(visitor.page.locator("#pc-send")).to_have_text("Fragen")
    visitor.choose("language", "en")
    expect(visitor.page.locator("#pc-send")).to_have_text("Ask")


def test_a_server_that_is_lost_is_told_and_all_is_there_again_when_it_returns(
    browser: Browser, bundled_home: Path, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(bundled_home, tmp_path / "library"))
    with served(home) as first:
        visitor = Visitor(browser.new_context(), first.url)
        page = visitor.page
        visitor.ask(QUESTION)
        page.route("**/queue/data*", lambda _: None)  # the answer never arrives
        page.fill("#pc-input", "Summarize Barlow Twins")
        page.keyboard.press("Enter")
        page.wait_for_selector("#pc-asked")
        first.kill()
        expect(page.locator("#pc-toast")).to_contain_text(re.compile("cannot be reached|broke off"), timeout=PATIENCE)
        expect(page.locator("#pc-input")).to_have_value("Summarize Barlow Twins", timeout=PATIENCE)
        page.unroute_all()
    with served(home, first.port):
        expect(page.locator("#pc-toast")).to_contain_text("back", timeout=PATIENCE)
        expect(page.locator("#pc-thread .pc-answer").first).to_be_visible(timeout=PATIENCE)
        expect(page.locator("#pc-input")).to_have_value("Summarize Barlow Twins")
        page.press("#pc-input", "Enter")
        expect(page.locator("#pc-thread .pc-turn").last).to_contain_text("cross-correlation", timeout=PATIENCE)
    assert visitor.elsewhere == []
    visitor.context.close()


def test_a_server_that_is_slow_is_not_told_to_be_gone_and_one_that_is_gone_is(visitors: Callable[..., Visitor]) -> None:
    visitor = visitors()
    page, unanswered = visitor.page, list[Route]()
    page.route("**/healthz", lambda route: unanswered.append(route))
    while len(unanswered) < 3:  # the page has given up on two of them
        page.wait_for_timeout(200)
    assert page.locator("body.pc-lost").count() == 0
    page.unroute("**/healthz")
    page.route("**/healthz", lambda route: route.abort())
    page.wait_for_selector("body.pc-lost")
    expect(page.locator("#pc-toast")).to_contain_text("cannot be reached")
    page.unroute("**/healthz")
    expect(page.locator("#pc-toast")).to_have_text("The server is back.")
    visitor.errors.clear()  # the browser's own words on requests that failed
