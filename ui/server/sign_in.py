"""Signing in and out: passwords held against their hashes beside the event loop, a few at a time, and who is signed in."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from rag.errors import PaperchatError
from ui.server.passwords import Passwords, Paused
from ui.server.visitors import KEPT_SECONDS

SESSION = "paperchat_session"
SIGNED_IN_SECONDS = min(30 * 24 * 3600, KEPT_SECONDS)
MOST_SESSIONS = 10_000
MOST_ATTEMPTS = 4
"""Passwords that are compared with their hashes or wait for it at once; one more is asked to try again."""
MOST_ATTEMPTS_EACH = 2
"""Of these, from one address."""
REST = 2.0
"""How many times as long as a wrong password kept a processor busy nothing is tried after it: guesses get a third of one at most."""
PAUSE = 0.5
"""Seconds until a refusal is sent: whoever tries again and again costs the server next to nothing in the meantime."""
MOST_PAUSED_EACH = 20
"""Refusals that wait for that at one address; a further one is sent at once, so that nobody keeps all connections busy."""
REMEMBERED_SECONDS = 600.0
"""How long a program's right password is known again without its hash: each of its requests brings it."""
MOST_REMEMBERED = 1_000


class TooManySignIns(PaperchatError):
    """Too many people sign in at once."""


@dataclass
class Sessions:
    """Who is signed in, by a random token that only the browser has; a restart signs everybody out."""

    clock: Callable[[], float] = time.time
    _names: OrderedDict[bytes, tuple[str, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, name: str) -> str:
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._names[_digest(token)] = (name, self.clock() + SIGNED_IN_SECONDS)
            while len(self._names) > MOST_SESSIONS:
                self._names.popitem(last=False)
        return token

    def name(self, token: str | None) -> str | None:
        """Whose token it is; None if it is nobody's, or too old."""
        with self._lock:
            name, until = self._names.get(_digest(token or ""), ("", 0.0))
        return name if self.clock() < until else None

    def end(self, token: str | None) -> None:
        with self._lock:
            self._names.pop(_digest(token or ""), None)


class SignIn:
    """Lets people in by password. All methods belong to one event loop, which never waits for a hash."""

    def __init__(self, passwords: Passwords, clock: Callable[[], float] = time.monotonic) -> None:
        self.passwords = passwords
        self.sessions = Sessions()
        self._clock = clock
        # Of no lower priority than others: it would be put aside while it keeps the lock of the interpreter.
        self._pool = ThreadPoolExecutor(1, "paperchat-password")
        self._trying: Counter[str] = Counter()
        self._paused: Counter[str] = Counter()
        self._running: dict[bytes, asyncio.Future[bool]] = {}
        self._known: OrderedDict[bytes, float] = OrderedDict()
        self._key = secrets.token_bytes(32)

    async def agree(self, name: str, password: str, address: str) -> bool:
        """Whether the password is right. Raises Paused after too many wrong ones, and TooManySignIns where too many are tried at once."""
        try:
            right = await self._agree(name, password, address)
        except (Paused, TooManySignIns):
            await self._pause(address)
            raise
        if not right:
            await self._pause(address)
        return right

    async def _pause(self, address: str) -> None:
        if self._paused[address] < MOST_PAUSED_EACH:
            self._paused[address] += 1
            try:
                await asyncio.sleep(PAUSE)
            finally:
                self._paused -= Counter((address,))

    async def _agree(self, name: str, password: str, address: str) -> bool:
        sign = hmac.digest(self._key, repr((name, password, address)).encode("utf-8", "replace"), "sha256")
        if self._known.get(sign, 0.0) > self._clock():
            return True
        self.passwords.check_pause(name, address)
        if sign not in self._running:
            if self._trying.total() >= MOST_ATTEMPTS or self._trying[address] >= MOST_ATTEMPTS_EACH:
                raise TooManySignIns("Too many people are signing in right now. Try again in a few seconds.")
            self._start(sign, name, password, address)
        return await asyncio.shield(self._running[sign])

    def _start(self, sign: bytes, name: str, password: str, address: str) -> None:
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._pool, self._held_against_its_hash, name, password, address)
        self._running[sign] = running
        self._trying[address] += 1

        def done(found: asyncio.Future[bool]) -> None:
            del self._running[sign]
            self._trying -= Counter((address,))
            if not found.cancelled() and found.exception() is None and found.result():
                self._remember(sign)

        running.add_done_callback(done)

    def _held_against_its_hash(self, name: str, password: str, address: str) -> bool:
        began = time.thread_time()
        right = self.passwords.agree(name, password, address)
        if not right:
            time.sleep(REST * (time.thread_time() - began))
        return right

    def _remember(self, sign: bytes) -> None:
        self._known[sign] = self._clock() + REMEMBERED_SECONDS
        while len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
