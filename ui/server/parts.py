"""Serves the page's style sheet and scripts, and the page itself: compressed, and with its head where a browser sees it first."""

from __future__ import annotations

import gzip
from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from ui.html import parts
from ui.server.asgi import App, Message, Receive, Scope, Send

KEPT = "public, max-age=31536000, immutable"
"""A year, the most that is understood: another text has another address."""
HEAD_END = b"</head>"


async def part(request: Request) -> Response:
    """One of the page's own files, or 404: only what is listed is read."""
    name = request.path_params["name"]
    if name not in parts.NAMES:
        return Response(status_code=404)
    packed = _takes_gzip(request.headers.get("accept-encoding", ""))
    headers = {"cache-control": KEPT, "vary": "accept-encoding", **({"content-encoding": "gzip"} if packed else {})}
    body = _packed(name) if packed else parts.text(name).encode()
    return Response(body, media_type=parts.TYPES[name.rpartition(".")[2]], headers=headers)


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(parts.text(name).encode(), 9, mtime=0)


def _takes_gzip(accepted: str) -> bool:
    """Whether the browser names gzip and does not refuse it (`gzip;q=0`)."""
    for each in accepted.lower().split(","):
        name, _, quality = each.partition(";")
        if name.strip() == "gzip":
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


class Document:
    """Wraps the application: the page gets `head` into its head and is compressed; everything else goes by as it is.

    Gradio would add the head by script, after its own files have come and run: style sheet, script and typefaces would be fetched only then.
    """

    def __init__(self, app: App, head: str) -> None:
        self._app, self._head = app, head.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or _path(scope) != "/":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        page = _Page(send, self._head, _takes_gzip(headers.get(b"accept-encoding", b"").decode("latin-1")))
        await self._app(scope, receive, page.take)


class _Page:
    """One reply: the page is held back until it is whole."""

    def __init__(self, send: Send, head: bytes, packs: bool) -> None:
        self._send, self._head, self._packs = send, head, packs
        self._start: Message | None = None
        self._body = bytearray()

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._whole(self._start)
        else:
            await self._send(message)

    async def _whole(self, start: Message) -> None:
        body = bytes(self._body).replace(HEAD_END, self._head + HEAD_END, 1)
        kept = [(name, value) for name, value in start["headers"] if name.lower() not in (b"content-length", b"content-encoding")]
        if self._packs:
            body = gzip.compress(body, 6)
            kept.append((b"content-encoding", b"gzip"))
        more = [(b"vary", b"accept-encoding"), (b"content-length", str(len(body)).encode())]
        await self._send({**start, "headers": [*kept, *more]})
        await self._send({"type": "http.response.body", "body": body})


def _is_page(start: Message) -> bool:
    headers = {name.lower(): value for name, value in start.get("headers", [])}
    return headers.get(b"content-type", b"").startswith(b"text/html") and b"content-encoding" not in headers


def _path(scope: Scope) -> str:
    return str(scope["path"]).removeprefix(scope.get("root_path", "")) or "/"
