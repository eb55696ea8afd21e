"""Which of Gradio's routes the page and programs need, and what they say of a request that makes no sense."""

from __future__ import annotations

import logging

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse

ROUTES = (
    "/", "/healthz", "/mcp", "/mcp/", "/api/ask", "/api/collection", "/api/openapi.json", "/config", "/theme.css", "/static/", "/assets/", "/fonts/", "/parts/", "/svelte/", "/favicon.ico", "/robots.txt",
    "/manifest.json", *(f"/gradio_api/{name}" for name in (
        "app_id", "call/", "cancel", "component_server", "heartbeat/", "info", "login_check", "openapi.json", "queue/", "reset",
        "startup-events", "theme.css", "upload", "upload_progress", "user",
    )),
)  # fmt: skip
"""Gradio has more: an editor for its own pages, a proxy, a recorder, files by their path. None of it is wanted here."""
LOG = logging.getLogger("paperchat.page")
WRONG = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def tell_wrong_requests(app: FastAPI) -> None:
    """Gradio looks up what a request names without checking it: what fails there is the request's mistake, and is reported as such.

    What the functions of the page and of the tools do goes another way: each tells its errors itself.
    """

    async def report(request: Request, error: Exception) -> JSONResponse:
        LOG.info("%s: %s", request.url.path, error, exc_info=error)
        return JSONResponse({"detail": "The request names something that is not there, or holds values of a wrong type."}, 400)

    for kind in WRONG:
        app.add_exception_handler(kind, report)
