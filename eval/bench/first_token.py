"""How long a token is on its way from its arrival to the one who waits for it: through our model, and through the plain openai client.

A server in a process of its own writes into each token the moment at which it is sent (the clock is the machine's, the same for all
processes); both sides are asked in turn. `python -m eval.bench.first_token` is that server.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from eval.stats.bootstrap import median, quantile
from rag.llm.chat import ChatModel
from rag.llm.endpoint import Endpoint
from rag.types import Message

TOKENS = 20
THINKING = 0.05
"""Seconds before the first token, so that it is waited for, as it always is."""
BETWEEN = 0.01
QUESTION = "What is sent when?"


@dataclass(frozen=True, slots=True)
class Delays:
    """Milliseconds from a token's leaving the server: of first tokens (median, 95th percentile) and of all (median)."""

    first: float
    first_p95: float
    every: float


def first_token(repetitions: int) -> tuple[Delays, Delays]:
    """Ours, and the plain openai client's."""
    with _server() as address:
        ours, theirs = _ours(address), _plain(address)
        for warm in (ours, theirs):
            next(warm)
        pairs = [(next(ours), next(theirs)) for _ in range(repetitions)]
        ours.close()  # type: ignore[attr-defined]
        theirs.close()  # type: ignore[attr-defined]
    return _delays([one for one, _ in pairs]), _delays([other for _, other in pairs])


def _delays(replies: list[list[float]]) -> Delays:
    firsts = [1000 * reply[0] for reply in replies]
    return Delays(median(firsts), quantile(firsts, 0.95), median([1000 * one for reply in replies for one in reply]))


def _ours(address: str) -> Iterator[list[float]]:
    model = ChatModel(Endpoint("stamps", address))
    while True:
        pieces = model.stream([Message("user", QUESTION)])
        yield [time.monotonic() - float(piece) for piece in pieces if isinstance(piece, str) and piece]


def _plain(address: str) -> Iterator[list[float]]:
    import openai

    client = openai.OpenAI(base_url=address, api_key="none", max_retries=0)
    while True:
        stream = client.chat.completions.create(
            model="stamps", messages=[{"role": "user", "content": QUESTION}], temperature=0.0, stream=True
        )
        found = []
        for event in stream:
            content = event.choices[0].delta.content if event.choices else None
            if content:
                found.append(time.monotonic() - float(content))
        yield found


@contextmanager
def _server() -> Iterator[str]:
    server = subprocess.Popen([sys.executable, "-m", "eval.bench.first_token"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
    finally:
        server.terminate()
        server.wait()


class _Stamping(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        time.sleep(THINKING)
        for _ in range(TOKENS):
            self._send({"content": repr(time.monotonic())})
            time.sleep(BETWEEN)
        self._send({}, "stop")
        self._write(b"data: [DONE]\n\n")
        self._write(b"")

    def _send(self, delta: dict[str, str], finish: str | None = None) -> None:
        event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "stamps"}
        choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
        self._write(f"data: {json.dumps({**event, 'choices': choices})}\n\n".encode())

    def _write(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))


class _Serving(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that goes early is no news."""


def serve() -> None:
    """Prints its port, and serves until it is ended."""
    server = _Serving(("127.0.0.1", 0), _Stamping)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    serve()
