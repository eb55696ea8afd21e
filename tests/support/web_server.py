"""A server on this machine that replays recorded shapes of web services: a reply for each path, and faults before it where they are told.

`with WebServer({"/works/10.1/x": Page(body)}) as server:` answers at `server.url`; `server.asked` holds the requests. A page may be a
function of the request's parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from local_server import Handler, LocalServer


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


class WebServer(LocalServer):
    """A context manager. `faults` are the replies to the next requests, before what the path has."""

    def __init__(self, pages: Mapping[str, Answer] | None = None) -> None:
        self.pages: dict[str, Answer] = dict(pages or {})
        self.faults: list[Page] = []
        self.asked: list[Request] = []
        super().__init__(_Handler)

    def reply(self, request: Request) -> Page:
        self.asked.append(request)
        if self.faults:
            return self.faults.pop(0)
        answer = self.pages.get(request.path, Page("not found", 404))
        return answer if isinstance(answer, Page) else answer(request)


class _Handler(Handler):
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
