"""One request as the server sees it: where to, how, and from whom, with what a trusted proxy says of it. Pure."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from ui.server.asgi import Scope
from ui.server.hosts import FORWARDING, READING, Hosts, host_name, is_loopback


@dataclass(frozen=True)
class Asked:
    """A request: its path below the root path, its headers, and the address that it comes from."""

    path: str
    query: str
    method: str
    headers: Mapping[str, str]
    address: str
    secure: bool
    forwarded: bool

    @property
    def reads(self) -> bool:
        return self.method in READING

    @property
    def is_from_here(self) -> bool:
        """Whether whoever sits at this machine sends it: from its own address, by its own name, through no proxy."""
        name = host_name(self.headers.get("host", ""))
        return not self.forwarded and is_loopback(self.address) and name is not None and is_loopback(name)

    @property
    def wants_page(self) -> bool:
        """Whether a person waits for something to look at, and no program."""
        return "text/html" in self.headers.get("accept", "")

    def is_below(self, *paths: str) -> bool:
        return any(self.path == path or self.path.startswith(f"{path}/") for path in paths)

    def cookie(self, name: str) -> str | None:
        try:
            found = SimpleCookie(self.headers.get("cookie", "")).get(name)
        except CookieError:
            return None
        return found.value if found else None

    def basic(self) -> tuple[str, str] | None:
        """Name and password of HTTP Basic."""
        kind, _, given = self.headers.get("authorization", "").partition(" ")
        try:
            name, _, password = base64.b64decode(given, validate=True).decode().partition(":")
        except ValueError:  # not base64, or not text
            return None
        return (name, password) if kind.lower() == "basic" else None


def understood(scope: Scope, hosts: Hosts, root_path: str) -> tuple[Scope, Asked]:
    """The request, and its scope as the application may see it: below the root path, and with the word of trusted proxies only."""
    path = str(scope["path"])
    if root_path and (path == root_path or path.startswith(f"{root_path}/")):
        path = path[len(root_path) :] or "/"
    client = (scope.get("client") or ("", 0))[0]
    raw = [(name.lower(), value) for name, value in scope["headers"]]
    forwarded = any(name.decode("latin-1") in FORWARDING for name, _ in raw)
    if client not in hosts.proxies:
        raw = [(name, value) for name, value in raw if name.decode("latin-1") not in FORWARDING]
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in raw}
    secure = "https" in (scope.get("scheme"), headers.get("x-forwarded-proto", "").split(",")[0].strip())
    address = headers.get("x-forwarded-for", "").rpartition(",")[2].strip() or client
    seen = {**scope, "path": path, "raw_path": quote(path).encode(), "scheme": "https" if secure else "http", "headers": raw}
    query = scope.get("query_string", b"").decode("latin-1")
    return seen, Asked(path, query, scope["method"], headers, address, secure, forwarded)
