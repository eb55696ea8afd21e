"""Stands before the page's application: the policy on every answer, a secret for each browser, and who may use the tools. Plain ASGI."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from ui.server.passwords import Passwords
from ui.server.visitors import COOKIE, KEPT_SECONDS, is_secret, new_secret

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; form-action 'self'; frame-ancestors 'self'; base-uri 'self'"
)
"""Nothing is fetched from or sent to another host. Gradio makes templates into functions, which needs 'unsafe-eval'."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "SAMEORIGIN",
}
TOOLS = "/mcp"

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True)
class Guard:
    """Wraps an application. With `passwords`, programs sign in to the tools by HTTP Basic; the page has its own form."""

    app: App
    passwords: Passwords | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        known = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}

        async def answered(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_added(scope, known, message.get("headers", []))]
            await send(message)

        if self.passwords is not None and scope["path"].startswith(TOOLS) and not _agreed(self.passwords, known):
            await _refused(answered)
            return
        await self.app(scope, receive, answered)


def _added(scope: Scope, known: dict[str, str], headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    added = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
    page = any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers)
    if page and scope["method"] == "GET" and not is_secret(cookie(known.get("cookie", ""))):
        secure = "; Secure" if scope.get("scheme") == "https" else ""
        value = f"{COOKIE}={new_secret()}; HttpOnly; Max-Age={KEPT_SECONDS}; Path=/; SameSite=Lax{secure}"
        added.append((b"set-cookie", value.encode()))
    return added


def cookie(header: str) -> str | None:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None


def _agreed(passwords: Passwords, known: dict[str, str]) -> bool:
    kind, _, given = known.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return False
    try:
        name, _, password = base64.b64decode(given, validate=True).decode().partition(":")
    except ValueError:  # not base64, or not text
        return False
    return passwords.agree(name, password)


async def _refused(send: Send) -> None:
    headers = [(b"content-type", b"text/plain"), (b"www-authenticate", b'Basic realm="paperchat"')]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send({"type": "http.response.body", "body": b"Sign in with your name and password."})
