"""Who may sign in: names, bcrypt hashes and roles from a file, and a pause after repeated wrong passwords."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from rag.errors import PaperchatError, SettingsError, why_unreadable
from ui.server.visitors import ROLES, Role

MOST_FAILURES = 5
PAUSE = 300.0
"""Seconds that a name must wait at an address after so many failures in a row from there."""
MOST_COUNTED = 10_000
_HASH = re.compile(r"\$2[aby]\$(?:0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{53}")
_NOBODY = b"$2b$12$C6UzMDM.H6dfI/f/IKcEeO7ZTSsJqVvqQ1wYyN4nQW5vJZ8zq7m4K"
"""Held against where a name is unknown, so that the time taken does not tell which names exist."""


class Paused(PaperchatError):
    """After too many wrong passwords: nobody may sign in by this name from this address for so many `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many wrong passwords. Try again in {seconds:.0f} seconds.")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the file."""

    hash: bytes
    role: Role = "viewer"


class Passwords:
    """Accounts by name, and how often each name failed recently at each address.

    Failures count by both, so that a stranger who guesses shuts out nobody but himself.
    """

    def __init__(self, accounts: Mapping[str, Account], clock: Callable[[], float] = time.monotonic) -> None:
        self._accounts = accounts
        self._clock = clock
        self._failures: dict[tuple[str, str], tuple[int, float]] = {}
        self._lock = threading.Lock()

    def role(self, name: str) -> Role:
        return self._accounts[name].role

    def agree(self, name: str, password: str, address: str = "") -> bool:
        """Whether this person may come in; takes a quarter of a second of a processor. Raises Paused after too many failures."""
        self.check_pause(name, address)
        import bcrypt

        account = self._accounts.get(name)
        given = password.encode("utf-8", "replace")[:72]
        right = bcrypt.checkpw(given, account.hash if account else _NOBODY) and account is not None
        self._remember((name, address), right)
        return right

    def check_pause(self, name: str, address: str) -> None:
        """Raises Paused if this name has failed too often at this address; costs nothing."""
        with self._lock:
            count, since = self._failures.get((name, address), (0, 0.0))
        left = since + PAUSE - self._clock()
        if count >= MOST_FAILURES and left > 0:
            raise Paused(left)

    def _remember(self, who: tuple[str, str], right: bool) -> None:
        with self._lock:
            count, since = self._failures.pop(who, (0, 0.0))
            if right:
                return
            if len(self._failures) >= MOST_COUNTED:
                self._failures.pop(next(iter(self._failures)))
            fresh = count >= MOST_FAILURES or self._clock() - since >= PAUSE
            self._failures[who] = (1 if fresh else count + 1, self._clock())


def read_passwords(path: Path) -> Passwords:
    """From a file of `name:hash` or `name:hash:role` lines, hashes as `htpasswd -B` writes them; `#` begins a comment.

    Without a role the first line's is `editor`, the others' `viewer`. Raises SettingsError naming the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read ({why_unreadable(error)}). Make it a readable text file of `name:hash` lines."
        ) from None
    accounts: dict[str, Account] = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            name, account = _account(line.strip(), f"{path}, line {number}", "viewer" if accounts else "editor")
            if name in accounts:
                raise SettingsError(f"{path}, line {number} names {name} a second time. Keep one of the two lines.")
            accounts[name] = account
    if not accounts:
        raise SettingsError(f"{path} names nobody who may sign in. Add a line with `htpasswd -nB name`.")
    return Passwords(accounts)


def _account(line: str, where: str, default: Role) -> tuple[str, Account]:
    name, _, rest = line.partition(":")
    hashed, _, role = rest.partition(":")
    if not name or not _HASH.fullmatch(hashed):
        raise SettingsError(f"{where} is not `name:hash` with a bcrypt hash. Make such a line with `htpasswd -nB name`.")
    if role and role not in ROLES:
        raise SettingsError(f"{where}: the role must be `viewer` or `editor`, as in `name:hash:viewer`.")
    return name, Account(hashed.encode(), cast(Role, role) if role else default)
