"""Runs a question so that it can be stopped at once: events come through a queue, and whoever waits for them never waits for a model."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from rag.types import Event

TICK = 0.05
"""Seconds between two looks at the flag while nothing comes."""
LAST_READS = 2.0
"""Seconds that the events of questions that are answered get to be read at the end."""
REMEMBERED = 512
"""Questions that were stopped before their turn came, or left, of which this is still known."""


def _latest() -> deque[tuple[str, str]]:
    return deque(maxlen=REMEMBERED)


class Failed(Exception):
    """The question broke off with an error, which is the cause of this one."""


@dataclass
class Jobs:
    """The questions that are being answered, by the name that the browser gave each."""

    _flags: dict[tuple[str, str], threading.Event] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: dict[threading.Thread, threading.Event] = field(default_factory=dict)
    _stopped: deque[tuple[str, str]] = field(default_factory=_latest)
    _left: deque[tuple[str, str]] = field(default_factory=_latest)
    _closed: bool = False

    @property
    def closed(self) -> bool:
        """Whether the server is being ended: what stops now was not stopped by whoever asked."""
        return self._closed

    def stop(self, owner: str, job: str) -> None:
        """Stops this owner's question; one that still waits for its turn ends as soon as it comes."""
        with self._lock:
            flag = self._flags.get((owner, job))
            if flag is None:
                self._stopped.append((owner, job))
        if flag is not None:
            flag.set()

    def leave(self, owner: str, job: str) -> None:
        """The owner looks at something else: the question is answered to its end and no longer shown."""
        with self._lock:
            self._left.append((owner, job))

    def left(self, owner: str, job: str) -> bool:
        with self._lock:
            return (owner, job) in self._left

    def finish(self, seconds: float) -> None:
        """Waits that many seconds for what runs, and stops the rest; whatever comes afterwards is stopped before it begins.

        Returns when the events of all of them have been read, or a little later.
        """
        with self._lock:
            self._closed = True
            threads = list(self._threads)
        until = time.monotonic() + seconds
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        self.stop_all(0.0)
        last = time.monotonic() + LAST_READS
        while self._flags and time.monotonic() < last:
            time.sleep(TICK)

    def stop_all(self, wait: float) -> None:
        """Stops what is still being answered, and waits that many seconds for it to end. What is answered may still be read."""
        with self._lock:
            running = dict(self._threads)
        for flag in running.values():
            flag.set()
        for thread in running:
            thread.join(wait)

    def run(self, owner: str, job: str, events: Iterator[Event]) -> Iterator[Event | None]:
        """The events as they come, None at each tick without one, until the last one or until it is stopped. Closing it stops it too."""
        flag, pipe = threading.Event(), queue.Queue[Event | BaseException | None]()
        worker = threading.Thread(target=self._work, args=(events, flag, pipe), daemon=True, name="paperchat-answer")
        with self._lock:
            self._flags[owner, job] = flag
            if self._closed or (owner, job) in self._stopped:
                flag.set()
            self._threads[worker] = flag
            worker.start()  # under the lock: whoever ends the server waits for every thread here, which must have been started
        try:
            while not flag.is_set():
                try:
                    got = pipe.get(timeout=TICK)
                except queue.Empty:
                    yield None
                    continue
                if got is None:
                    return
                if isinstance(got, BaseException):
                    raise Failed from got
                yield got
        finally:
            flag.set()
            with self._lock:
                self._flags.pop((owner, job), None)

    def _work(self, events: Iterator[Event], flag: threading.Event, pipe: queue.Queue[Event | BaseException | None]) -> None:
        try:
            for event in events:
                if flag.is_set():
                    break
                pipe.put(event)
        except Exception as error:  # noqa: BLE001 (raised again in the waiting thread)
            pipe.put(error)
        finally:
            close = getattr(events, "close", None)
            if close is not None:
                close()
            pipe.put(None)
            with self._lock:
                self._threads.pop(threading.current_thread(), None)
