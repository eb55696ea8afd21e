"""The page as a web application: the tabs side by side under one policy, `/healthz`, and what holds for all of them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.page.shell import HEAD, STYLE
from ui.page.wording import wording
from ui.service import Service
from ui.visitors import COOKIE, KEPT_SECONDS, is_secret, new_secret
from ui.web import ask

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported, which would look up two hosts otherwise

import gradio as gr
from fastapi import FastAPI, Request, Response

if TYPE_CHECKING:
    from ui.passwords import Passwords

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; form-action 'self'; frame-ancestors 'self'; base-uri 'self'"
)
"""Nothing is fetched from or sent to another host. `gr.HTML` makes its templates into functions, which needs 'unsafe-eval'."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
}
UPLOAD_LIMIT = "20mb"
AT_ONCE = 8
"""Questions answered side by side; the rest wait in the queue."""
WAITING = 200
RUN = secrets.token_hex(8)
"""Tells a page whether it is still the same server that it talks to."""


@dataclass(frozen=True, slots=True)
class Served:
    """How the page is served: who may sign in (None: everybody who reaches it) and under which path of a proxy."""

    passwords: Passwords | None = None
    root_path: str = ""


def application(service: Service, served: Served | None = None) -> FastAPI:
    """The page over an open library, to be run by an ASGI server."""
    served = served or Served()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(_guarded)
    app.get("/healthz")(lambda: {"status": "ok", "run": RUN})
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
        mcp_server=True,
        theme=gr.themes.Base(font=["ui-sans-serif", "system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        css=STYLE,
        head=HEAD,
    )
    return app


def blocks(service: Service) -> gr.Blocks:
    """All tabs. A further tab is an import and a line here."""
    say = wording("en")
    page = gr.Blocks(title="Paperchat", analytics_enabled=False, fill_width=True, fill_height=True)
    with page, gr.Tabs(elem_id="pc-tabs"), gr.Tab(say("tab.ask"), id="ask", elem_id="pc-tab-ask"):
        ask.build(service)
    page.queue(default_concurrency_limit=AT_ONCE, max_size=WAITING)
    return page


async def _guarded(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    """Puts the policy on every answer and gives each browser its secret."""
    response = await go_on(request)
    response.headers.update(HEADERS)
    if request.method == "GET" and not is_secret(request.cookies.get(COOKIE)):
        here: dict[str, Any] = {
            "httponly": True,
            "samesite": "lax",
            "secure": request.url.scheme == "https",
            "max_age": KEPT_SECONDS,
        }
        if "text/html" in response.headers.get("content-type", ""):
            response.set_cookie(COOKIE, new_secret(), **here)
    return response
