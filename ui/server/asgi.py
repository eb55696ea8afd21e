"""The types of ASGI, and the small replies that this server gives itself."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply: status, body, and headers besides its type and length."""

    status: int
    body: bytes = b""
    kind: str = "text/plain; charset=utf-8"
    headers: Sequence[tuple[str, str]] = ()

    async def send(self, send: Send) -> None:
        headers = [("content-type", self.kind), ("content-length", str(len(self.body))), *self.headers]
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": self.body})


def refusal(status: int, why: str, *headers: tuple[str, str]) -> Reply:
    """The body of an error: a JSON object with the reason as `detail`, as the page's own functions say it."""
    return Reply(status, json.dumps({"detail": why}, ensure_ascii=False).encode(), "application/json", headers)
