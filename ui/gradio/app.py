"""The page as a web application: the tabs side by side, the same functions for programs, `/healthz`, and the guard before all of them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.requests import Request

from rag import __version__
from ui.gradio import api, ask, evaluation, papers, workspace
from ui.gradio.queue import share_fairly
from ui.gradio.routes import ROUTES, tell_wrong_requests
from ui.html import parts as own
from ui.html.shell import HEAD
from ui.html.wording import wording
from ui.server import ask_route, collection_route, fonts, parts
from ui.server.ask_route import OPENAPI
from ui.server.middleware import Access, Guard
from ui.server.parts import Document
from ui.server.service import Service
from ui.server.tools import tool_application, tool_server
from ui.server.uploads import SWEEP_SECONDS, Uploads
from ui.server.visitors import KEY

UPLOAD_LIMIT = "20mb"
AT_ONCE = 8
"""Questions answered side by side; the rest wait in the queue."""
WAITING = 200
RUN = secrets.token_hex(8)
"""Tells a page whether it is still the same server that it talks to."""


def application(service: Service, access: Access | None = None) -> Guard:
    """The page over an open library, to be run by an ASGI server."""
    access = replace(access or Access(), routes=ROUTES)
    uploads = access.uploads or Uploads(service.folder / "uploads")
    tools = tool_application(tool_server(service))

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        if not service.paperchat.library.readonly:
            uploads.begin()
        sweeping = asyncio.create_task(_sweep(uploads))
        try:
            async with tools.router.lifespan_context(tools):
                yield
        finally:
            sweeping.cancel()
            if not service.paperchat.library.readonly:
                uploads.end()

    app = FastAPI(title="Paperchat", version=__version__, docs_url=None, redoc_url=None, openapi_url=OPENAPI, lifespan=living)
    ask_route.install(app, service)
    collection_route.install(app, service, uploads)
    app.get("/healthz")(_health(service))
    app.add_route(f"{fonts.PATH}{{name}}", fonts.font)
    app.add_route(f"{own.PATH}{{name}}", parts.part)
    app.router.routes.extend(tools.routes)
    _mount(app, service, access, uploads)
    return Guard(Document(app, HEAD), replace(access, uploads=uploads))


def _mount(app: FastAPI, service: Service, access: Access, uploads: Uploads) -> None:
    page = blocks(service, uploads)
    gr.mount_gradio_app(
        app,
        page,
        path="",
        root_path=access.root_path or None,
        auth_dependency=_name if access.sign_in else None,
        max_file_size=UPLOAD_LIMIT,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        theme=gr.themes.Base(
            font=["Paperchat Sans", "Paperchat Signs", "ui-sans-serif", "system-ui", "sans-serif"],
            font_mono=["ui-monospace", "monospace"],
        ),
    )
    mounted: Any = app.routes[-1]
    mounted.app.uploaded_file_dir = str(uploads.folder)
    tell_wrong_requests(mounted.app)


def blocks(service: Service, uploads: Uploads) -> gr.Blocks:
    """All tabs. A further tab is an import and two lines here."""
    say = wording("en")
    page = gr.Blocks(title="Paperchat", analytics_enabled=False, fill_width=True, fill_height=True)
    with page:
        api.build(service)
        head = ask.heading()
        workspace.script(service)
        with gr.Tabs(elem_id="pc-tabs"):
            with gr.Tab(say("tab.ask"), id="ask", elem_id="pc-tab-ask"):
                ask.build(service, head)
            with gr.Tab(say("tab.papers"), id="papers", elem_id="pc-tab-papers"):
                papers.build(service, uploads)
            with gr.Tab(say("tab.workspace"), id="workspace", elem_id="pc-tab-workspace"):
                workspace.build()
            with gr.Tab(say("tab.evaluation"), id="evaluation", elem_id="pc-tab-evaluation"):
                evaluation.build(service)
    page.queue(default_concurrency_limit=AT_ONCE, max_size=WAITING, api_open=False)
    share_fairly(page)
    return page


def _health(service: Service) -> Callable[[], Awaitable[JSONResponse]]:
    """`ok`, or 503 once the library's files were deleted or replaced under the running server. Names no path: anybody may ask."""

    async def healthz() -> JSONResponse:
        there = service.library_is_there
        return JSONResponse({"status": "ok" if there else "library missing", "run": RUN}, 200 if there else 503)

    return healthz


def _name(request: Request) -> str | None:
    """For Gradio: who has signed in, as the guard found out."""
    visitor = request.scope.get(KEY)
    return visitor.name if visitor else None


async def _sweep(uploads: Uploads) -> None:
    with suppress(asyncio.CancelledError):
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            await asyncio.to_thread(uploads.sweep)
