"""Ends a command early and in order: SIGTERM and SIGHUP act like Ctrl-C, and what was done so far is kept."""

from __future__ import annotations

import io
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

INTERRUPTED = 130
SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Besides SIGINT, which Python itself makes a KeyboardInterrupt."""


class Terminated(KeyboardInterrupt):
    """A signal ended the process. Not Ctrl-C, which may only mean the current question."""


@dataclass
class Termination:
    """The signal that ended the process, if any."""

    signal: int | None = None

    @property
    def code(self) -> int:
        """The exit code by which shells know such an end."""
        return INTERRUPTED if self.signal is None else 128 + self.signal

    @property
    def reason(self) -> str:
        return "interrupted." if self.signal is None else f"ended by {signal.Signals(self.signal).name}."

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Within it the first signal raises Terminated in the main thread; later signals do not interrupt the shutdown.

        A signal that the process was started to ignore, as by `nohup`, stays ignored.
        """

        def end(number: int, frame: FrameType | None) -> None:
            self.signal = number
            for each in (signal.SIGINT, *SIGNALS):
                signal.signal(each, signal.SIG_IGN)
            raise Terminated

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        taken = [each for each in SIGNALS if signal.getsignal(each) is signal.SIG_DFL]
        before = {each: signal.getsignal(each) for each in (signal.SIGINT, *SIGNALS)}
        for each in taken:
            signal.signal(each, end)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class StoppableInput(io.RawIOBase):
    """Reads a descriptor until it ends or `stop` is called, which ends a read that waits in another thread."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._stopped, self._stop = os.pipe()

    def stop(self) -> None:
        os.write(self._stop, b"\0")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        ready, _, _ = select.select([self._descriptor, self._stopped], [], [])
        if self._stopped in ready:
            return 0
        into = memoryview(buffer)
        data = os.read(self._descriptor, len(into))
        into[: len(data)] = data
        return len(data)


@contextmanager
def interruptible_input(finish: Callable[[], None]) -> Iterator[None]:
    """Within it SIGINT and the other signals call `finish`, once and in a thread of its own, and end the standard input after it."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    given, raw = sys.stdin, StoppableInput(sys.stdin.fileno())

    def work() -> None:
        finish()
        raw.stop()

    def end(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, *SIGNALS):
            signal.signal(each, signal.SIG_IGN)
        threading.Thread(target=work, name="paperchat-ending").start()

    before = {each: signal.signal(each, end) for each in (signal.SIGINT, *SIGNALS)}
    sys.stdin = io.TextIOWrapper(io.BufferedReader(raw), encoding="utf-8", errors="replace")
    try:
        yield
    finally:
        sys.stdin = given
        for number, handler in before.items():
            signal.signal(number, handler)
