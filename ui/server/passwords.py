"""Who may sign in: names and bcrypt hashes from a file, and a pause after repeated failures."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

from rag.errors import SettingsError

MOST_FAILURES = 5
PAUSE = 300.0
"""Seconds that a name must wait after so many failures in a row."""
MOST_NAMES = 10_000
_HASH = re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}")
_NOBODY = b"$2b$12$C6UzMDM.H6dfI/f/IKcEeO7ZTSsJqVvqQ1wYyN4nQW5vJZ8zq7m4K"
"""Held against where a name is unknown, so that the time taken does not tell which names exist."""


class Passwords:
    """Names with hashes, and how often each failed of late."""

    def __init__(self, hashes: dict[str, bytes], clock: Callable[[], float] = time.monotonic) -> None:
        self._hashes = hashes
        self._clock = clock
        self._failures: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def agree(self, name: str, password: str) -> bool:
        """Whether this person may come in. After five failures in a row nobody may with that name for five minutes."""
        if self._paused(name):
            return False
        import bcrypt

        right = bcrypt.checkpw(password.encode()[:72], self._hashes.get(name, _NOBODY)) and name in self._hashes
        self._remember(name, right)
        return right

    def _paused(self, name: str) -> bool:
        with self._lock:
            count, since = self._failures.get(name, (0, 0.0))
            return count >= MOST_FAILURES and self._clock() - since < PAUSE

    def _remember(self, name: str, right: bool) -> None:
        with self._lock:
            if right:
                self._failures.pop(name, None)
                return
            if len(self._failures) >= MOST_NAMES:
                self._failures.pop(next(iter(self._failures)))
            count, since = self._failures.get(name, (0, 0.0))
            fresh = count >= MOST_FAILURES or self._clock() - since >= PAUSE
            self._failures[name] = (1 if fresh else count + 1, self._clock())


def read_passwords(path: Path) -> Passwords:
    """From a file as `htpasswd -B` writes it: `name:hash` a line, `#` begins a comment. Raises SettingsError naming the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read ({type(error).__name__}). Make it a readable text file of `name:hash` lines."
        ) from None
    hashes = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            name, _, hashed = line.strip().partition(":")
            if not name or not _HASH.fullmatch(hashed):
                raise SettingsError(
                    f"{path}, line {number} is not `name:hash` with a bcrypt hash. Make such a line with `htpasswd -nB name`."
                )
            hashes[name] = hashed.encode()
    if not hashes:
        raise SettingsError(f"{path} names nobody who may sign in. Add a line with `htpasswd -nB name`.")
    return Passwords(hashes)
