"""Threads for work that no request waits for. When the server ends, it tells them to stop and waits for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class BackgroundThreads:
    """Threads whose work looks at `closing` between two steps and stops when it is set.

    A thread that is still in native code when the interpreter ends aborts the whole process, so each has to be waited for.
    """

    closing: threading.Event
    _threads: set[threading.Thread] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, work: Callable[[], None], name: str) -> None:
        """Starts a thread, unless the server is being ended."""

        def run() -> None:
            try:
                work()
            finally:
                with self._lock:
                    self._threads.discard(thread)

        thread = threading.Thread(target=run, name=name, daemon=True)
        with self._lock:
            if not self.closing.is_set():
                self._threads.add(thread)
                thread.start()

    def join(self, seconds: float) -> None:
        """Waits that many seconds at most for all threads to reach their next step."""
        with self._lock:
            threads = list(self._threads)
        until = time.monotonic() + seconds
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
