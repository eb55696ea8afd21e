"""Asks cases of the product, several at a time where that helps, and gives the answers in the order of the cases."""

from __future__ import annotations

import ctypes
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from eval.cases.reading import Case
from rag.errors import PaperchatError
from rag.types import Answer

QUOTES = "quotes"


@dataclass(frozen=True, slots=True)
class Asked:
    """A case and the answer it got, or why it got none; `cached` where it was not asked for now."""

    case: Case
    answer: Answer | None
    error: str = ""
    cached: bool = False


def in_order(ask: Callable[[Case], Asked], cases: Iterable[Case], parallel: int) -> Iterator[Asked]:
    """What `ask` gives for each case, in their order, with up to `parallel` of them under way at once."""
    waiting = iter(cases)
    if parallel <= 1:
        yield from map(ask, waiting)
        return
    work = _Interruptible(ask)
    with ThreadPoolExecutor(parallel) as pool:
        under_way: deque[Future[Asked]] = deque(pool.submit(work, case) for case in islice(waiting, parallel))
        try:
            while under_way:
                done = under_way.popleft().result()
                under_way.extend(pool.submit(work, case) for case in islice(waiting, 1))
                yield done
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            work.interrupt()


class _Interruptible:
    """Asks in whatever thread calls it, and passes an interrupt on to all of them: Python itself gives it to the main thread only."""

    def __init__(self, ask: Callable[[Case], Asked]) -> None:
        self._ask = ask
        self._threads: set[int] = set()
        self._lock = threading.Lock()
        self._over = False

    def __call__(self, case: Case) -> Asked:
        own = threading.get_ident()
        with self._lock:
            if self._over:
                raise KeyboardInterrupt
            self._threads.add(own)
        try:
            return self._ask(case)
        finally:
            with self._lock:
                self._threads.discard(own)

    def interrupt(self) -> None:
        """Ends what is under way: a wait for a model ends within a beat, and its connection with it."""
        with self._lock:
            self._over = True
            for thread in self._threads:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(KeyboardInterrupt))


def ask_case(case: Case, ask: Callable[[Case], Answer], writer: str) -> Asked:
    """The case with its answer; whatever goes wrong is that case's error, and the others go on."""
    try:
        answer = ask(case)
    except PaperchatError as error:
        return Asked(case, None, str(error))
    except Exception as error:  # noqa: BLE001 (one case must not cost the others; it is counted and reported)
        return Asked(case, None, f"{type(error).__name__}: {error}"[:300])
    if writer != QUOTES and answer.writer == QUOTES and answer.notices:
        return Asked(case, None, f"the model did not answer: {answer.notices[0]}")
    return Asked(case, answer)
