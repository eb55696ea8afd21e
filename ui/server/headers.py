"""The headers of every answer: the page's policy, the browser's secret, and no permission for other sites but those that were named."""

from __future__ import annotations

from ui.server.asgi import Message
from ui.server.hosts import Hosts
from ui.server.request import Asked
from ui.server.visitors import COOKIE, KEPT_SECONDS, is_secret, new_secret

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; form-action 'self'; frame-ancestors 'self'; base-uri 'self'"
)
"""Nothing is fetched from or sent to another host. Gradio makes templates into functions, which needs 'unsafe-eval'."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
}
"""Other sites learn nothing of where a link stands. `no-referrer` would hide from this server as well which page a form comes from."""
PREFLIGHT = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type, mcp-protocol-version, mcp-session-id",
    "access-control-max-age": "600",
}
OWN_COOKIES = b"paperchat_"

Raw = list[tuple[bytes, bytes]]


def with_policy(message: Message, asked: Asked, hosts: Hosts, root_path: str) -> Message:
    """The start of an answer with what holds for all, and without cookies and permissions that the application would give."""
    headers: Raw = message.get("headers", [])
    kept = [(name, value) for name, value in headers if not _is_given_here(name.lower().decode("latin-1"), value)]
    added = list(HEADERS.items())
    page = any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers)
    if page and asked.method == "GET" and not is_secret(asked.cookie(COOKIE)):
        added.append(("set-cookie", set_cookie(COOKIE, new_secret(), KEPT_SECONDS, root_path, asked.secure)))
    added += _permission(asked, hosts)
    return {**message, "headers": [*kept, *((name.encode("latin-1"), value.encode("latin-1")) for name, value in added)]}


def set_cookie(name: str, value: str, seconds: int, root_path: str, secure: bool) -> str:
    """A cookie that no script reads and that a browser does not send with what other sites post."""
    return f"{name}={value}; HttpOnly; Max-Age={seconds}; Path={root_path or '/'}; SameSite=Lax{'; Secure' if secure else ''}"


def _is_given_here(name: str, value: bytes) -> bool:
    if name == "set-cookie":
        return not value.startswith(OWN_COOKIES)
    return name in HEADERS or name.startswith("access-control-")


def _permission(asked: Asked, hosts: Hosts) -> list[tuple[str, str]]:
    origin = asked.headers.get("origin")
    if origin is None or origin not in hosts.origins:
        return []
    return [
        ("access-control-allow-origin", origin),
        ("vary", "origin"),
        *(PREFLIGHT.items() if asked.method == "OPTIONS" else ()),
    ]
