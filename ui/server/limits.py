"""What one visitor may take of the server: open requests at once, and the size and the time of what is sent."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ui.server.asgi import Message, Receive, Reply, Scope, Send, refusal

MOST_OPEN = 100
"""Requests of one visitor at once; a page that is open keeps two."""
MOST_QUESTIONS = 20
"""Questions of one visitor that wait or are being answered: a tenth of the queue."""
LARGEST_BODY = 1_000_000
LARGEST_UPLOAD = 21_000_000
"""Bytes of a request that brings papers: a file of 20 MB, and what wraps it."""
SILENCE = 20.0
"""Seconds that a sender may pause within one request."""
LONGEST_BODY = 300.0
"""Seconds for the whole of it: 20 MB over a slow line."""


@dataclass
class Shares:
    """How many of one kind each visitor has open."""

    most: int
    _open: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def taken(self, who: str) -> Iterator[bool]:
        """Whether there is one more for this visitor; it is given back at the end."""
        if self._open[who] >= self.most:
            yield False
            return
        self._open[who] += 1
        try:
            yield True
        finally:
            self._open -= Counter((who,))


def too_many(count: int) -> str:
    return f"You have {count} questions waiting. Wait until one is answered, then ask again."


class Body:
    """The body of one request, watched as it comes: one that is too long or too slow is refused, whatever the application makes of it."""

    def __init__(self, receive: Receive, send: Send, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._receive, self._send, self._most, self._clock = receive, send, most, clock
        self._began, self._size, self._whole = clock(), 0, False
        self._started = False
        self._refused: Reply | None = None

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()
        left = min(SILENCE, self._began + LONGEST_BODY - self._clock())
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, left))
        except TimeoutError:
            return self._refuse(408, "The request came too slowly and was given up. Send it again.")
        self._size += len(message.get("body", b""))
        self._whole = message["type"] != "http.request" or not message.get("more_body", False)
        if self._size > self._most:
            return self._refuse(413, _too_large(self._most))
        return message

    async def send(self, message: Message) -> None:
        if self._refused is None:
            self._started = self._started or message["type"] == "http.response.start"
            await self._send(message)

    async def run(self, app: Callable[[Scope, Receive, Send], object], scope: Scope) -> None:
        """Runs the application; if the body was refused in the meantime, that reply is sent instead."""
        try:
            await app(scope, self.receive, self.send)  # type: ignore[misc]
        except Exception:
            if self._refused is None:
                raise
        if self._refused is not None and not self._started:
            await self._refused.send(self._send)

    def _refuse(self, status: int, why: str) -> Message:
        self._refused = refusal(status, why, ("connection", "close"))
        return {"type": "http.disconnect"}


def declared_too_large(length: str | None, most: int) -> Reply | None:
    """The refusal of a request whose `Content-Length` says already that it is too long, or is no length."""
    if length is None:
        return None
    if not (length.isascii() and length.isdigit() and len(length) < 20):
        return refusal(400, "The length of the request is no number.", ("connection", "close"))
    return refusal(413, _too_large(most), ("connection", "close")) if int(length) > most else None


def _too_large(most: int) -> str:
    return f"The request is larger than {most // 1_000_000} MB. Send less at once."
