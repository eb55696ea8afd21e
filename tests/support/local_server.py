"""What the HTTP servers of the tests share: a thread that serves on this machine until the context ends."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class LocalServer:
    """A context manager around a server on 127.0.0.1, on a free port unless one is given. `handler` finds this object as `self.server.state`."""

    def __init__(self, handler: type[Handler], port: int = 0) -> None:
        self._http = _Server(("127.0.0.1", port), handler)
        self._http.state = self

    @property
    def port(self) -> int:
        return self._http.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    state: Any

    def handle_error(self, *_: object) -> None:
        """Clients that reset their connection are expected."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *_: object) -> None: ...
