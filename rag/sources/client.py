"""The one client that fetches papers: paced, bounded, retried, and never led to another host than those a service names."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin, urlsplit

from rag.errors import FetchFailed
from rag.request_logs import hide_secrets

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 64 * 1024 * 1024
"""Of one reply, unpacked. A page of 100 OpenAlex works, the largest asked for, has some 3 MB."""
CONNECT, SILENCE, WHOLE = 10.0, 60.0, 300.0
"""Seconds for a connection, between two pieces of a reply, and for a whole one. arXiv takes up to a minute to answer a search."""
TRIES = 4
"""Requests for one page before it is abandoned. Chosen."""
LONGEST_REST = 120.0
"""Seconds that a server may ask to be left alone and is waited for; a longer wait is reported instead."""
MOST_REDIRECTS = 3
"""Redirects that are followed. Chosen."""
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
AGENT = "paperchat/0.1"


@dataclass(frozen=True, slots=True)
class Service:
    """A web service: how people call it, where it is, the least seconds between two requests, and the hosts that it may redirect to."""

    name: str
    base: str
    pause: float = 0.0
    hosts: frozenset[str] = frozenset()
    secret: Mapping[str, str] = field(default_factory=dict)
    """Parameters that every request carries and no message shows."""
    local: bool = False
    """On this machine: asked directly, past any proxy."""

    def may_lead_to(self, address: str) -> bool:
        """Whether a redirect there is followed: to its own host or one that it names, and never from https to http."""
        own, other = urlsplit(self.base), urlsplit(address)
        if other.scheme != own.scheme and other.scheme != "https":
            return False
        same = (other.hostname, other.port) == (own.hostname, own.port)
        return same or (other.hostname in self.hosts and other.port is None)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply; `text` is empty if the server had nothing new (304)."""

    status: int
    text: str
    headers: Mapping[str, str]


class Client:
    """A context manager. `tell` hears, as sentences, why it waits; `sleep` and `clock` are time's."""

    def __init__(
        self,
        tell: Callable[[str], None] = lambda _: None,
        contact: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tell, self._sleep, self._clock = tell, sleep, clock
        self._agent = f"{AGENT} (mailto:{contact})" if contact else AGENT
        self._last: dict[str, float] = {}
        self._open: dict[bool, httpx.Client] = {}

    def get(
        self,
        service: Service,
        path: str,
        parameters: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """The reply with status 200, 304 or 404. Raises FetchFailed for any other, once asking again has not helped."""
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(service, path, parameters or {}, headers or {})
            except _Trouble as trouble:
                rest = self._rest(trouble, attempt)
                if rest is None:
                    raise FetchFailed(f"{service.name} {trouble.what}. {trouble.advice}") from None
                self._tell(f"{service.name} {trouble.what}; asked again in {rest:.0f} s.")
                self._sleep(rest)
        raise AssertionError("unreachable")

    def close(self) -> None:
        for one in self._open.values():
            one.close()
        self._open.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _rest(self, trouble: _Trouble, attempt: int) -> float | None:
        """Seconds before the next attempt; None if there is none."""
        if not trouble.again or attempt >= TRIES or (trouble.rest or 0.0) > LONGEST_REST:
            return None
        return max(trouble.rest or 0.0, 2.0**attempt)

    def _once(self, service: Service, path: str, parameters: Mapping[str, object], headers: Mapping[str, str]) -> Reply:
        address = service.base.rstrip("/") + path
        values: dict[str, Any] = {**parameters, **service.secret}
        for _ in range(MOST_REDIRECTS + 1):
            self._pace(service)
            with _explained(service), self._stream(service, address, values, headers) as response:
                if response.status_code not in (301, 302, 303, 307, 308):
                    return self._taken(response)
                address, values = self._led(service, address, response), {}
        raise _Trouble("keeps redirecting", "Try again later.")

    @contextmanager
    def _stream(
        self, service: Service, address: str, values: dict[str, Any], headers: Mapping[str, str]
    ) -> Iterator[httpx.Response]:
        import httpx

        if service.local not in self._open:
            hide_secrets()
            limit = httpx.Timeout(SILENCE, connect=CONNECT)
            fixed = {"User-Agent": self._agent, "Accept-Encoding": "gzip"}
            self._open[service.local] = httpx.Client(
                timeout=limit, follow_redirects=False, headers=fixed, trust_env=not service.local
            )
        with self._open[service.local].stream("GET", address, params=values or None, headers=dict(headers)) as response:
            yield response

    def _pace(self, service: Service) -> None:
        """Lets the service's pause pass since the start of its last request."""
        last = self._last.get(service.base)
        if last is not None and (left := last + service.pause - self._clock()) > 0:
            self._sleep(left)
        self._last[service.base] = self._clock()

    def _led(self, service: Service, address: str, response: httpx.Response) -> str:
        target = urljoin(address, str(response.headers.get("location", "")))
        if not service.may_lead_to(target):
            where = urlsplit(target).hostname or "nowhere"
            raise _Trouble(f"redirects to {where[:100]}, which is not followed", "Paperchat may need an update.")
        return target

    def _taken(self, response: httpx.Response) -> Reply:
        if response.status_code in (200, 304, 404):
            return Reply(response.status_code, self._text(response), dict(response.headers))
        raise _refusal(response.status_code, rest_wished(response.headers))

    def _text(self, response: httpx.Response) -> str:
        if response.headers.get("content-encoding", "identity") not in ("identity", "gzip"):
            raise _Trouble("packs its reply in a way that was not asked for", "Try again later.")
        taken, until = bytearray(), self._clock() + WHOLE
        for piece in response.iter_bytes():
            taken += piece
            if len(taken) > MOST_BYTES:
                raise _Trouble(f"sends more than {MOST_BYTES // 2**20} MB at once", "Ask for less, such as fewer papers.")
            if self._clock() > until:
                raise _Trouble(f"takes more than {WHOLE:.0f} s for one reply", "Try again later.", again=True)
        return taken.decode("utf-8", "replace")


class _Trouble(Exception):
    """Why a request failed, what to do, whether asking again may help, and after how many seconds the server wants it."""

    def __init__(self, what: str, advice: str, again: bool = False, rest: float | None = None) -> None:
        super().__init__(what)
        self.what, self.advice, self.again, self.rest = what, advice, again, rest


def rest_wished(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that a server wants to be left alone: `Retry-After` (RFC 9110, 10.2.3) or Zotero's `Backoff`; None if it does not say."""
    for name in ("retry-after", "backoff"):
        wished = headers.get(name, "").strip()
        if wished.isascii() and wished.isdigit() and len(wished) < 10:
            return float(wished)
    try:
        date = parsedate_to_datetime(headers.get("retry-after", ""))
        return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())
    except (ValueError, TypeError):
        return None


def _refusal(status: int, rest: float | None) -> _Trouble:
    if status in AGAIN:
        wait = f"wait {rest:.0f} s, then " if rest and rest > LONGEST_REST else ""
        what = "wants fewer requests" if status == 429 else "is in trouble"
        return _Trouble(f"{what} (status {status})", f"To go on, {wait}run the same command again.", True, rest)
    if status in (401, 403):
        return _Trouble(f"refuses the request (status {status})", "Check whether it needs a key, or lets this address in.")
    return _Trouble(f"rejects the request (status {status})", "Check the request.")


@contextmanager
def _explained(service: Service) -> Iterator[None]:
    """Turns what httpx raises into trouble that may pass."""
    import httpx

    try:
        yield
    except httpx.DecodingError:
        raise _Trouble("sends what cannot be unpacked", "Try again later.") from None
    except httpx.TimeoutException:
        raise _Trouble("does not answer in time", "Check the connection, and run the same command again.", again=True) from None
    except (httpx.ConnectError, httpx.ProxyError):
        start = "Is it running?" if service.local else "Check the connection, and run the same again."
        raise _Trouble(f"cannot be reached at {service.base}", start, again=not service.local) from None
    except (httpx.TransportError, httpx.InvalidURL):
        raise _Trouble("breaks off the connection", "Run the same command again.", again=True) from None
