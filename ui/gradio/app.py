"""The page as a web application: the tabs side by side, the same functions for programs, `/healthz`, and what holds for all of them."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import gradio as gr
from fastapi import FastAPI

from ui.gradio import api, ask, evaluation, papers
from ui.html.evaluation import STYLE as EVALUATION_STYLE
from ui.html.papers import STYLE as PAPERS_STYLE
from ui.html.shell import HEAD, STYLE
from ui.html.wording import wording
from ui.server.middleware import App, Guard
from ui.server.service import Service
from ui.server.tools import tool_server

if TYPE_CHECKING:
    from ui.server.passwords import Passwords

UPLOAD_LIMIT = "20mb"
AT_ONCE = 8
"""Questions answered side by side; the rest wait in the queue."""
WAITING = 200
RUN = secrets.token_hex(8)
"""Tells a page whether it is still the same server that it talks to."""


@dataclass(frozen=True, slots=True)
class Served:
    """How the page is served: at which host, who may sign in (None: everybody who reaches it), under which path of a proxy."""

    host: str = "127.0.0.1"
    passwords: Passwords | None = None
    root_path: str = ""


def application(service: Service, served: Served | None = None) -> App:
    """The page over an open library, to be run by an ASGI server."""
    served = served or Served()
    tools = tool_server(service).streamable_http_app(stateless_http=True, json_response=True, host=served.host)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        async with tools.router.lifespan_context(tools):
            yield

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=living)
    app.get("/healthz")(lambda: {"status": "ok", "run": RUN})
    app.router.routes.extend(tools.routes)
    gr.mount_gradio_app(
        app,
        blocks(service),
        path="",
        root_path=served.root_path or None,
        auth=served.passwords.agree if served.passwords else None,
        max_file_size=UPLOAD_LIMIT,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        theme=gr.themes.Base(font=["ui-sans-serif", "system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        css=STYLE + PAPERS_STYLE + EVALUATION_STYLE,
        head=HEAD,
    )
    return Guard(app, served.passwords)


def blocks(service: Service) -> gr.Blocks:
    """All tabs. A further tab is an import and two lines here."""
    say = wording("en")
    page = gr.Blocks(title="Paperchat", analytics_enabled=False, fill_width=True, fill_height=True)
    with page:
        api.build(service)
        head = ask.heading()
        with gr.Tabs(elem_id="pc-tabs"):
            with gr.Tab(say("tab.ask"), id="ask", elem_id="pc-tab-ask"):
                ask.build(service, head)
            with gr.Tab(say("tab.papers"), id="papers", elem_id="pc-tab-papers"):
                papers.build(service)
            with gr.Tab(say("tab.evaluation"), id="evaluation", elem_id="pc-tab-evaluation"):
                evaluation.build(service)
    page.queue(default_concurrency_limit=AT_ONCE, max_size=WAITING)
    return page
