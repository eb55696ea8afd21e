"""A server on this machine that replays recorded shapes of web services: a reply for each path, and faults before it where they are told.

`with WebServer({"/works/10.1/x": Page(body)}) as server:` answers at `server.url`; `server.asked` holds the requests. A page may be a
function of the request's parameters.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Page:
    """One reply. `cut` sends only so many bytes of it and breaks off."""

    body: str | bytes = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None

    @property
    def data(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass(frozen=True)
class Request:
    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]


Answer = Page | Callable[[Request], Page]


class WebServer:
    """A context manager. `faults` are the replies to the next requests, before what the path has."""

    def __init__(self, pages: Mapping[str, Answer] | None = None) -> None:
        self.pages: dict[str, Answer] = dict(pages or {})
        self.faults: list[Page] = []
        self.asked: list[Request] = []
        self._http = _Listening(("127.0.0.1", 0), _Handler)
        self._http.state = self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def port(self) -> int:
        return self._http.server_port

    def reply(self, request: Request) -> Page:
        self.asked.append(request)
        if self.faults:
            return self.faults.pop(0)
        answer = self.pages.get(request.path, Page("not found", 404))
        return answer if isinstance(answer, Page) else answer(request)

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    state: WebServer

    def handle_error(self, *_: object) -> None:
        """A client that resets its connection is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listening

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        page = self.server.state.reply(Request(unquote(parts.path), dict(parse_qsl(parts.query, True)), headers))
        data = page.data
        self.send_response(page.status)
        sent = {"Content-Type": "application/json", "Content-Length": str(len(data)), **page.headers}
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data if page.cut is None else data[: page.cut])
        if page.cut is not None:
            self.close_connection = True
