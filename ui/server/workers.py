"""Processes that answer questions beside the page's own, so that more than one core is used. They only read; the page's process owns the library."""

from __future__ import annotations

import logging
import multiprocessing
import queue
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import PaperchatError
from rag.types import AskOptions, Event, History

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

LOG = logging.getLogger("paperchat.page")
DONE = None
"""What a worker says after the last event of a question, and after an error."""
STOP, END = "stop", "end"
"""What a worker is told besides questions: to stop the present one, and to end."""
LAST_WORDS = 2.0
"""Seconds that a worker gets to end by itself."""
AFTER_SIGNAL = 15
"""Seconds after SIGTERM within which the page's process, which lets answers be finished, ends its workers; then they end by themselves."""
ENDED = "The process that answered this question has ended. Ask again."
FAILED = "Something went wrong inside Paperchat. Ask again."


class Worker:
    """One process, which answers one question at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def start(self) -> None:
        """Starts the process, if it does not run; it opens the library in the meantime."""
        if self._process is not None and self._process.is_alive():
            return
        spawn = multiprocessing.get_context("spawn")
        self._connection, other = spawn.Pipe()
        self._process = spawn.Process(target=work, args=(other, self._folder), name="paperchat-worker", daemon=True)
        self._process.start()
        other.close()

    def stream(self, question: str, history: History, options: AskOptions) -> Iterator[Event]:
        """The events of a question. Closing it lets the worker end the question by itself."""
        self.start()
        connection, answered = self._connection, False
        assert connection is not None
        try:
            connection.send((question, history, options))
            while (event := connection.recv()) is not DONE:
                if isinstance(event, BaseException):
                    connection.recv()
                    answered = True
                    raise event
                yield event
            answered = True
        except (EOFError, OSError) as error:
            raise PaperchatError(ENDED) from error
        finally:
            if not answered:
                self._leave(connection)

    def _leave(self, connection: Connection) -> None:
        """Tells the worker to stop, and passes over what it still says; one that does not stop soon is ended."""
        with suppress(EOFError, OSError):
            connection.send(STOP)
            while connection.poll(LAST_WORDS):
                if connection.recv() is DONE:
                    return
        self.end()

    def end(self) -> None:
        """Ends the process, by force where it does not do so when told."""
        process, connection = self._process, self._connection
        if process is None or connection is None:
            return
        self._process = self._connection = None
        with suppress(OSError):
            connection.send(END)
        process.join(LAST_WORDS)
        if process.is_alive():
            process.kill()
            process.join()
        connection.close()


class Workers:
    """So many processes over the library in a folder. Each question goes to one that is free, or waits for the first to be."""

    def __init__(self, folder: Path, count: int) -> None:
        self._free: queue.SimpleQueue[Worker | None] = queue.SimpleQueue()
        self._all = [Worker(folder) for _ in range(count)]
        self._closed = threading.Event()
        for worker in self._all:
            self._free.put(worker)

    def start(self) -> None:
        """Starts the processes. The owner must listen by then."""
        for worker in self._all:
            worker.start()

    def stream(self, question: str, history: History, options: AskOptions) -> Iterator[Event]:
        """The events of a question, as `Paperchat.stream` gives them; nothing once these are closed."""
        worker = self._free.get()
        if worker is None or self._closed.is_set():
            self._free.put(worker)
            return
        try:
            yield from worker.stream(question, history, options)
        finally:
            self._free.put(worker)

    def close(self) -> None:
        """Ends all processes, and the questions that wait for one."""
        self._closed.set()
        self._free.put(None)
        for worker in self._all:
            worker.end()


def mind_signals() -> None:
    """Ctrl-C and SIGTERM may reach the whole group: the page's process finishes the answers and says when to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "alarm"):
        signal.signal(signal.SIGTERM, lambda *_: signal.alarm(AFTER_SIGNAL))


def work(connection: Connection, folder: Path) -> None:
    """The life of a worker: answers what it is asked until it is told to end, or nobody is there to ask."""
    mind_signals()
    from rag.build import open_library
    from rag.library.onnx_models import use_threads

    use_threads(1)  # the cores are shared by having several workers; two threads for one answer take a tenth more of them
    with connection, suppress(EOFError, OSError), open_library(folder, readonly=True) as paperchat:
        paperchat.load("warm")
        while (asked := connection.recv()) != END:
            if asked != STOP:  # or it came when the question was answered already
                _answer(connection, paperchat.stream(*asked))


def _answer(connection: Connection, events: Iterator[Event]) -> None:
    try:
        for event in events:
            connection.send(event)
            if connection.poll():
                if connection.recv() == END:
                    raise EOFError
                break
    except PaperchatError as error:
        connection.send(error)
    except (EOFError, OSError):
        raise
    except Exception:  # told to whoever waits; the worker goes on
        LOG.exception("a question failed")
        connection.send(PaperchatError(FAILED))
    connection.send(DONE)
