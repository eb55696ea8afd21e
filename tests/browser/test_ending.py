"""The server is told to end while a page waits for an answer: the answer is finished, or its end told, and kept either way."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from openai_server import OpenAIServer, Says, says
from playwright.sync_api import Browser, Page, expect

from tests.browser.child import Child, served

QUESTION = "Which method does tRSA extend?"
WAIT = 120


@contextmanager
def asking(browser: Browser, home: Path, reply: Says) -> Iterator[tuple[Page, Child]]:
    """A page whose question a slow model has begun to answer."""
    with OpenAIServer(reply) as model:
        settings = {
            "PAPERCHAT_MODEL": "slow",
            "OPENAI_BASE_URL": model.url,
            "OPENAI_API_KEY": "none",
            "PAPERCHAT_REPAIR": "false",
        }
        with served(home, 0, **settings) as child:
            context = browser.new_context(viewport={"width": 1360, "height": 850}, locale="en-US")
            page = context.new_page()
            page.set_default_timeout(WAIT * 1000)
            page.goto(child.url)
            page.wait_for_selector("body[data-paperchat=ready]")
            page.wait_for_function("document.querySelector('.pc-scope-text') !== null")
            page.fill("#pc-input", QUESTION)
            page.keyboard.press("Enter")
            until(lambda: model.asked)
            page.wait_for_selector(".pc-writing")
            yield page, child
            context.close()


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + WAIT
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def kept(home: Path) -> str:
    """The conversations as they lie on the disk."""
    assert not {path.name for path in home.iterdir()} & {"owner.json", "records.db-wal", "conversations.db-wal", "uploads"}
    return (home / "conversations.db").read_bytes().decode("utf-8", "replace")


SLOW = says("tRSA uses geo-topological summary statistics ", "[1][2].", pause=1.0)
HANGING = says("tRSA uses geo-topological summary statistics [1][2]. ", "More.", hang_after=1)


@pytest.mark.parametrize(("reply", "shown"), [
    (SLOW, "tRSA uses geo-topological summary statistics"),
    (HANGING, "The server was shut down before this answer was complete. Ask again."),
])  # fmt: skip
def test_an_answer_under_way_is_finished_or_its_end_told(browser: Browser, home: Path, reply: Says, shown: str) -> None:
    with asking(browser, home, reply) as (page, child):
        child.process.send_signal(signal.SIGTERM)
        turn = page.locator("#pc-thread .pc-turn").last
        expect(turn).to_contain_text(shown, timeout=WAIT * 1000)
        expect(page.locator(".pc-writing")).to_have_count(0)
        assert child.process.wait(WAIT) == 0
    assert shown in kept(home)
