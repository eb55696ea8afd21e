"""What may get lost between Gradio and its page."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from playwright.sync_api import TimeoutError, expect

from tests.browser.conftest import Visitor

LATE_END = """() => {
  const real = window.fetch;
  window.fetch = async (...all) => {
    const got = await real(...all);
    if (!String(all[0]?.url || all[0]).includes("queue/data")) return got;
    const late = new TransformStream({ async transform(chunk, out) {
      if (new TextDecoder().decode(chunk).includes("close_stream")) await new Promise((go) => setTimeout(go, 2000));
      out.enqueue(chunk);
    } });
    return new Response(got.body.pipeThrough(late), { status: got.status, headers: got.headers });
  };
}"""
"""The last message of a stream of news comes two seconds late, as on a machine that is busy."""


def test_a_question_asked_while_the_stream_of_news_ends_is_answered(visitors: Callable[..., Visitor]) -> None:
    visitor = visitors()
    page = visitor.page
    with contextlib.suppress(TimeoutError):  # a page just opened asks for its map again and again, which would help
        while page.wait_for_event("request", lambda sent: "queue/join" in sent.url, timeout=4000):
            pass
    page.evaluate(LATE_END)
    visitor.choose("writer", "quotes")
    page.wait_for_timeout(500)
    page.fill("#pc-input", "Summarize Barlow Twins")
    page.keyboard.press("Enter")
    expect(page.locator("#pc-thread .pc-question")).to_have_count(1, timeout=20_000)
    visitor.settled()
