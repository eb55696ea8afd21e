"""Runs requests beside the thread that waits for them, so that waiting can be ended at any moment and the connection with it."""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import AsyncIterator, Callable, Generator
from functools import lru_cache
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

BEAT = 0.1
"""Seconds after which a caller who waits is asked whether to go on."""

TO_END = 5.0
"""Seconds that the thread of the requests has for what it reads at the end of the process; it takes milliseconds."""

T = TypeVar("T")


class _End(Generic[T]):
    """The last thing in the queue: nothing more comes, because of `error` where there is one."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error


def arriving(source: Callable[[], AsyncIterator[T]], beat: float = BEAT) -> Generator[T | None, None, None]:
    """What `source` gives, as it arrives, and None whenever nothing came for `beat` seconds.

    Raises what `source` raises. Closing this iterator cancels `source`, whatever it waits for.
    """
    queue: SimpleQueue[T | _End[T]] = SimpleQueue()
    work = asyncio.run_coroutine_threadsafe(_filled(queue, source), _loop())
    try:
        while True:
            try:
                item = queue.get(timeout=beat)
            except Empty:
                yield None
                continue
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        work.cancel()


async def _filled(queue: SimpleQueue[T | _End[T]], source: Callable[[], AsyncIterator[T]]) -> None:
    try:
        async for item in source():
            queue.put(item)
    except Exception as error:  # noqa: BLE001 (it is raised in the thread that waits)
        queue.put(_End(error))
    else:
        queue.put(_End())


@lru_cache(1)
def _loop() -> asyncio.AbstractEventLoop:
    """The one event loop for requests, in a thread that does not keep the process alive."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="paperchat-requests", daemon=True)
    thread.start()
    atexit.register(_ended, loop, thread)
    return loop


def _ended(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    """Before the interpreter goes: a thread that still reads a reply in native code then would abort the whole process."""
    loop.call_soon_threadsafe(loop.stop)
    thread.join(TO_END)
