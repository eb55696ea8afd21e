"""Looks again and again whether other processes have changed the records, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

EVERY = 0.5
"""Seconds between two looks. A look is one question to the database while nothing has changed."""


class Follower:
    """Calls `step` until it is closed. What fails is tried again at the next look, and told to whoever asks in the meantime."""

    def __init__(self, step: Callable[[], None]) -> None:
        self._step = step
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="paperchat-follower", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Returns when the last step has ended."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closed.wait(EVERY):
            with suppress(Exception):  # whatever it was, a thread that ended would leave the indexes as they are for good
                self._step()
