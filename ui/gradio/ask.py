"""The Ask tab: conversations at the left, the conversation in the middle, its sources at the right. HTML is made elsewhere; this wires it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from ui.gradio.calls import visitor_of
from ui.html import parts, shell
from ui.html.wording import accepted, wording
from ui.server.service import Service
from ui.tabs.ask import AskTab
from ui.tabs.panels import Account, Panels

PANELS = ("head", "frame", "side", "settings", "thread", "live", "composer", "home", "sources", "bridge")
IDS = {"settings": "pc-settings-panel"}
"""Of the elements around the panels, where it is not the panel's name: that is the id of what opens."""


EVENTS = ' // triggers "ask" and "act"'
"""Gradio lets an element have the events that its script names."""
REFUSED = "() => { document.dispatchEvent(new Event('paperchat:refused')); }"
"""Tells the page's script that a question was not taken: nothing else comes back of it."""


def heading() -> gr.HTML:
    """The name of the page, above all tabs."""
    return gr.HTML(shell.header_html(wording("en")), elem_id="pc-head", apply_default_css=False, js_on_load=None)


def build(service: Service, head: gr.HTML) -> None:
    """Lays out the tab and lets its two events be answered."""
    talk = AskTab(service)
    first = talk.start_panels(wording("en"))
    boxes: dict[str, gr.HTML] = {"head": head}

    def box(name: str, **more: Any) -> None:
        boxes[name] = gr.HTML(
            getattr(first, name),
            elem_id=IDS.get(name, f"pc-{name}"),
            apply_default_css=False,
            js_on_load=more.pop("js_on_load", None),
            **more,
        )

    with gr.Row(elem_id="pc-ask", equal_height=False):
        with gr.Column(elem_id="pc-side-column", min_width=0):
            for name in ("frame", "side", "settings"):
                box(name)
        with gr.Column(elem_id="pc-chat-column", min_width=0):
            with gr.Column(elem_id="pc-chat-scroll", min_width=0):
                box("thread")
                box("live")
            box("composer")
            box("home")
        with gr.Column(elem_id="pc-sources-column", min_width=0):
            box("sources")
    box("bridge", html_template="", js_on_load=parts.loader("page") + EVENTS)
    _wire(boxes, talk)


def _wire(boxes: dict[str, gr.HTML], talk: AskTab) -> None:
    outputs = [boxes[name] for name in PANELS]
    private: dict[str, Any] = {
        "outputs": outputs,
        "api_visibility": "private",
        "show_progress": "hidden",
        "trigger_mode": "multiple",
    }

    def ask(event: gr.EventData, request: gr.Request) -> Iterator[list[Any]]:
        for panels in talk.ask(visitor_of(request).owner, _language(request), _payload(event)):
            yield _updates(panels)

    def act(event: gr.EventData, request: gr.Request) -> list[Any]:
        visitor = visitor_of(request)
        account = Account(visitor.name, visitor.role) if visitor.name else None
        return _updates(talk.act(visitor.owner, _language(request), _payload(event), account))

    bridge = boxes["bridge"]
    asked = bridge.ask(ask, api_name="page_ask", concurrency_limit=8, concurrency_id="ask", **private)
    asked.failure(None, js=REFUSED, api_visibility="private", queue=False)
    bridge.act(act, api_name="page_act", concurrency_limit=8, concurrency_id="act", **private)


def _updates(panels: Panels) -> list[Any]:
    values = (getattr(panels, name) for name in PANELS)
    return [gr.skip() if value is None else value for value in values]


def _payload(event: gr.EventData) -> dict[str, Any]:
    return event._data if isinstance(event._data, dict) else {}


def _language(request: gr.Request) -> str:
    return accepted(request.headers.get("accept-language", ""))
