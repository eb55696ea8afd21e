"""A real Chroma server (`chroma run`) on this machine, and a proxy in front of it that demands a token and can cut connections.

`chroma run` of Chroma 1 has no sign-in of its own, so whoever serves it to others puts a proxy in front, as this one is.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from local_server import Handler, LocalServer


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class ChromaProcess:
    """A context manager. `stop` and `start` keep the data, which lie in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = shutil.which("chroma", path=str(Path(sys.executable).parent)) or shutil.which("chroma")
        assert command is not None, "chromadb comes with the command `chroma`"
        self._process = subprocess.Popen(
            [command, "run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "ANONYMIZED_TELEMETRY": "False", "OTEL_SDK_DISABLED": "true"},
        )
        for _ in range(1200):
            if self._answers():
                return
            assert self._process.poll() is None, "chroma run ended"
            time.sleep(0.1)
        raise AssertionError("chroma run does not answer")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            line.request("GET", "/api/v2/heartbeat")
            return line.getresponse().status == 200
        except OSError:
            return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class TokenProxy(LocalServer):
    """A context manager that passes requests on where they carry `token`, by both names that servers and proxies know it by. The next `cut` requests are broken off without an answer."""

    def __init__(self, behind: int, token: str) -> None:
        self.behind, self.token = behind, token
        self.cut = 0
        self.asked: list[str] = []
        super().__init__(_Handler)


class _Handler(Handler):
    def _pass_on(self) -> None:
        proxy: TokenProxy = self.server.state
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        proxy.asked.append(f"{self.command} {self.path}")
        if proxy.cut:
            proxy.cut -= 1
            self.close_connection = True
            return
        if (self.headers.get("Authorization"), self.headers.get("X-Chroma-Token")) != (f"Bearer {proxy.token}", proxy.token):
            self._answer(401, b'{"error": "Unauthorized"}')
            return
        line = http.client.HTTPConnection("127.0.0.1", proxy.behind, timeout=60)
        try:
            line.request(self.command, self.path, body, {"Content-Type": "application/json"})
            reply = line.getresponse()
            self._answer(reply.status, reply.read())
        except OSError:
            self._answer(502, b"bad gateway")
        finally:
            line.close()

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _pass_on
