"""By which names this server may be called, and from which pages it may be acted on. Pure.

A page of another site can make a browser send requests here, and with a name of its own that it points at this machine (DNS rebinding)
read the answers as well. So only known names are answered, and whatever may change something must come from a page of this server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")
EVERYWHERE = ("0.0.0.0", "::")
READING = ("GET", "HEAD")
FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-gradio-server")
"""What a proxy says of the request that it passes on: believed of a trusted one only."""
LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names that are answered: those of this machine, the address that is listened on, and what else is `allowed`.

    A server that listens on all addresses also answers to each address written as a number, which nobody can point elsewhere.
    `origins` are pages of other sites (`https://example.org`) that may use the functions for programs; `proxies` are addresses whose
    forwarding headers are believed.
    """

    host: str = "127.0.0.1"
    allowed: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()

    def answers_to(self, authority: str) -> bool:
        """Whether a `Host` header, a name with or without a port, is one of this server."""
        name = host_name(authority)
        if name is None:
            return False
        if is_loopback(name) or name == self.host.lower() or self._allowed(authority, name):
            return True
        return self.host in EVERYWHERE and is_number(name)

    def may_act(self, headers: Mapping[str, str]) -> bool:
        """Whether a request that may change something comes from a page of this server, or from no page at all.

        Browsers send `Origin` with each such request; programs send none.
        """
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        if origin is None:
            return site in ("same-origin", "none")
        if origin in self.origins:
            return True
        parts = _split(origin)
        if parts is None:
            return False
        name, authority = parts
        if self._allowed(authority, name):
            return True
        return site in ("same-origin", "none") and authority in (
            headers.get("host", "").lower(),
            _first(headers, "x-forwarded-host"),
        )

    def _allowed(self, authority: str, name: str) -> bool:
        return any(each.lower() in (authority.lower(), name) for each in self.allowed)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def host_name(authority: str) -> str | None:
    """The name in `name:port`, in lower case and an IPv6 address without its brackets; None if it is nothing of the kind."""
    try:
        parts = urlsplit(f"//{authority}")
        _ = parts.port
    except ValueError:
        return None
    whole = not (parts.path or parts.query or parts.fragment or "@" in authority)
    return parts.hostname if whole and parts.hostname and parts.hostname.isascii() and parts.hostname.isprintable() else None


def shown(authority: str) -> str:
    """A name from outside, safe to put into a message."""
    return "".join(char for char in authority if char.isascii() and (char.isalnum() or char in ".:-[]_"))[:LONGEST_SHOWN]


def shown_origin(origin: str) -> str:
    """The site that a request came from, safe to put into a message; browsers send `null` where they do not tell it."""
    scheme, found, authority = origin.partition("://")
    return f"{shown(scheme)}://{shown(authority)}" if found else "another site"


def _split(origin: str) -> tuple[str, str] | None:
    scheme, found, authority = origin.lower().partition("://")
    name = host_name(authority) if found and scheme in ("http", "https") else None
    return (name, authority) if name else None


def _first(headers: Mapping[str, str], name: str) -> str | None:
    value = headers.get(name)
    return value.split(",")[0].strip().lower() if value else None
