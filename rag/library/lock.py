"""One process owns a library: an exclusive lock on its folder, and a note of who holds it."""

from __future__ import annotations

import json
import os
import socket
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import LibraryBusy, StorageFailed
from rag.library.files import write_whole

if TYPE_CHECKING:
    from filelock import FileLock


class Lock:
    """A lock that is held. The system frees it when the process ends, in whatever way."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self._note = folder / "owner.json"
        self._lock = lock

    def release(self) -> None:
        if self._lock.is_locked:
            # The note goes first: afterwards it may be the next owner's.
            with suppress(OSError):
                self._note.unlink()
            self._lock.release()


def take(folder: Path) -> Lock:
    """Takes the library for this process. Raises LibraryBusy naming the holder, or StorageFailed where no lock can be made."""
    from filelock import FileLock, Timeout

    # Not bound to a thread: a web server opens in one thread and closes in another.
    lock = FileLock(folder / "lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise LibraryBusy(
            f"The library {folder} is in use by {holder(folder)}: close that process first, or wait until it has finished."
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageFailed(
            f"The library {folder} cannot be locked for writing ({reason}): check the permissions of this folder."
        ) from error
    held = Lock(folder, lock)
    # On a full disk the lock holds without the note, so that papers can still be removed.
    with suppress(StorageFailed):
        write_whole(folder / "owner.json", json.dumps(_self(), indent=1))
    return held


def holder(folder: Path) -> str:
    """Who holds the lock, in words for people."""
    try:
        owner = json.loads((folder / "owner.json").read_text(encoding="utf-8"))
        where = "" if owner["host"] == socket.gethostname() else f" on {owner['host']}"
        return f"process {owner['pid']}{where} (`{owner['command']}`, since {owner['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process (it has left no note of its name)"


def note(folder: Path, name: str, value: str) -> None:
    """Adds a line to the note of who holds the lock; only its holder may."""
    known = _noted(folder)
    write_whole(folder / "owner.json", json.dumps({**known, name: value}, indent=1))


def noted(folder: Path, name: str) -> object:
    """What the note says under that name; None if it says nothing."""
    return _noted(folder).get(name)


def _noted(folder: Path) -> dict[str, object]:
    try:
        known = json.loads((folder / "owner.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _self() -> dict[str, object]:
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "command": " ".join(sys.argv)[:200],
        "since": datetime.now().astimezone().isoformat(sep=" ", timespec="seconds"),
    }
