"""How far long work has come, on standard error: total, rate and time left, as a bar on a terminal and as a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from ui.pace import clock, rate_text

if TYPE_CHECKING:
    from rich.progress import Progress

Item = TypeVar("Item")

FIRST_LINE, NEXT_LINE = 5.0, 15.0
"""Seconds: work that is done sooner needs no line, and a log no more than one in so long."""


class Bars:
    """A bar for each kind of work on a terminal; elsewhere plain lines, where it takes long.

    A context manager, and the function that the core tells its progress: done, of how many (0 if unknown), at what.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._shown: Progress | None = None
        self._task: Any = None
        self._label = ""
        self._begun = self._due = 0.0
        self._first = 0

    def __call__(self, done: int, total: int, label: str) -> None:
        if not sys.stderr.isatty():
            self._line(done, total, label)
            return
        if self._shown is None or label != self._label:
            self.close()
            self._open(label)
        if self._shown is not None:
            self._shown.update(self._task, completed=done, total=total or None)
        if total and done >= total:
            self.close()

    def _line(self, done: int, total: int, label: str) -> None:
        now = self._clock()
        if label != self._label:
            self._label, self._begun, self._due, self._first = label, now, now + FIRST_LINE, done
        if now < self._due:
            return
        self._due = now + NEXT_LINE
        sys.stderr.write(f"{label}: {pace(done, total, (done - self._first) / (now - self._begun))}\n")
        sys.stderr.flush()

    def close(self) -> None:
        if self._shown is not None:
            self._shown.stop()
            self._shown = None

    def _open(self, label: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
        from rich.text import Text

        class Pace(ProgressColumn):
            def render(self, task: Task) -> Text:
                return Text(pace(int(task.completed), int(task.total or 0), task.speed or 0.0))

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), Pace())
        self._shown = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._shown.add_task(label, total=None)
        self._label = label
        self._shown.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def pace(done: int, total: int, rate: float) -> str:
    """`1,200 of 52,000 · 140/s · 6:03 left`; without what is not known."""
    parts = [f"{done:,} of {total:,}" if total else f"{done:,}"]
    if rate > 0:
        parts.append(f"{rate_text(rate)}/s")
        if total > done:
            parts.append(f"{clock(round((total - done) / rate))} left")
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Counted(Generic[Item]):
    """What is read item by item, and how many it will be."""

    items: Iterable[Item]
    total: int

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return self.total


def counted(read: Callable[[], Iterable[Item]]) -> Counted[Item]:
    """Reads twice: first to count, which takes a small part of the time that storing does, and no memory."""
    return Counted(read(), sum(1 for _ in read()))
