"""The owner's side of changes asked for by other processes: a socket only its user can reach, one request a connection."""

from __future__ import annotations

import logging
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextlib import closing, suppress
from dataclasses import asdict
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import PaperchatError
from rag.library.collections import Collection
from rag.library.details import as_text, from_text
from rag.library.lock import note
from rag.library.marks import Mark
from rag.library.messages import SOCKET, receive, send
from rag.types import Paper, Progress, Refused

if TYPE_CHECKING:
    from rag.library.library import Library

MOST_NEAREST = 5_000
"""Passages a search by another process may ask for: ten times what a question asks for."""
INDEXING = "indexing"
"""How the steps begin that make what is stored searchable: these are finished even while the library is being closed."""
FAILED = (
    "Something went wrong in the process that has this library open; it has logged what. "
    "If it is another version of Paperchat, close that one first."
)
LOG = logging.getLogger(__name__)


class Listener:
    """Listens for other processes of the same user, as long as the library is open."""

    def __init__(self, library: Library) -> None:
        self._library = library
        # Not in the library's own folder: a path there may be too long for a socket, or on a file system that has none.
        self._folder = Path(tempfile.mkdtemp(prefix="paperchat-"))
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(self._folder / SOCKET))
        self._socket.listen()
        note(library.folder, SOCKET, str(self._folder / SOCKET))
        self._closing = threading.Event()
        self._requests: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._serve, name="paperchat-owner", daemon=True).start()

    def close(self) -> None:
        """Takes no more requests; one that is being carried out ends after the batch of papers it is at, and whoever asked is told so."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits
        self._socket.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        with self._lock:
            self._closing.set()
            requests = dict(self._requests)
        for connection in requests.values():
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)  # wakes a thread that waits for papers
        for thread in requests:
            thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._carry_out, args=(connection,), name="paperchat-request", daemon=True)
            with self._lock:
                if self._closing.is_set():
                    connection.close()
                    return
                self._requests[thread] = connection
                thread.start()

    def _carry_out(self, connection: socket.socket) -> None:
        try:
            self._answer(connection)
        finally:
            with self._lock:
                del self._requests[threading.current_thread()]

    def _progress(self, connection: socket.socket, done: int, total: int, step: str) -> None:
        """Tells how far a request is. Raises ConnectionError, which ends it, if nobody listens or the library is being closed."""
        if self._closing.is_set() and not step.startswith(INDEXING):
            raise ConnectionError
        send(connection, {"progress": (done, total, step)})

    def _answer(self, connection: socket.socket) -> None:
        with closing(connection), connection.makefile("rb") as file, suppress(OSError):
            try:
                request = receive(file)
                operation = OPERATIONS[request["do"]]
                papers = _papers(file, request)
                done = operation(self._library, request, papers, partial(self._progress, connection))
                send(connection, {"done": done})
            except PaperchatError as error:
                send(connection, {"error": type(error).__name__, "text": str(error)})
            except ConnectionError:  # nobody listens any more, or the library is being closed
                return
            except Exception:  # the last place that can report it; what another version asks for may fail anywhere
                LOG.exception("a change that another process asked for failed")
                send(connection, {"error": "LibraryError", "text": FAILED})


class SentPapers(Sized):
    """The papers that follow a request, as they come; their number as it was announced."""

    def __init__(self, file: BufferedReader, total: int) -> None:
        self._file, self._total = file, total

    def __len__(self) -> int:
        return self._total

    def __iter__(self) -> Iterator[Paper | Refused]:
        while found := receive(self._file):
            yield Refused(**found["refused"]) if "refused" in found else from_text(found["paper"])[0]


def _papers(file: BufferedReader, request: Mapping[str, Any]) -> Iterable[Paper | Refused]:
    papers = SentPapers(file, int(request.get("total", 0)))
    return papers if len(papers) else iter(papers)


Operation = Callable[["Library", Mapping[str, Any], Iterable["Paper | Refused"], Progress], object]


def _add(library: Library, request: Mapping[str, Any], papers: Iterable[Paper | Refused], progress: Progress) -> object:
    return asdict(library.add(papers, progress, name=str(request["name"]), batch=request["batch"]))


def _undo(library: Library, request: Mapping[str, Any], *_: object) -> object:
    return [asdict(one) for one in library.undo_import(request["batch"])]


def _merge(library: Library, request: Mapping[str, Any], *_: object) -> object:
    merged, batch = library.merge(request["names"])
    return as_text([merged]), batch


def _nearest(library: Library, request: Mapping[str, Any], *_: object) -> object:
    import numpy as np

    vector = np.array(request["vector"], np.float32)
    if vector.shape != (library.encoder.dimensions,):
        raise TypeError
    return library.meaning.nearest(vector, min(int(request["limit"]), MOST_NEAREST))


def _take_in(library: Library, request: Mapping[str, Any], _papers: object, progress: Progress) -> object:
    name, added = library.take_in(Path(request["path"]), str(request["name"]), progress, request.get("batch"))
    return name, asdict(added)


def _change_collections(library: Library, request: Mapping[str, Any], *_: object) -> object:
    if request["change"] not in CHANGES:
        raise KeyError
    found = getattr(library.writable_collections(), request["change"])(*request["values"])
    return asdict(found) if isinstance(found, Collection) else found


def _change_marks(library: Library, request: Mapping[str, Any], *_: object) -> None:
    marks = library.marks(str(request["source"]))
    if request["change"] == "put":
        marks.put({key: Mark(*each) for key, each in request["value"].items()})
    else:
        marks.drop(request["value"])


CHANGES = ("create", "rename", "remove", "put", "take")
"""Methods of collections that may be asked for."""
OPERATIONS: Mapping[str, Operation] = {
    "add": _add,
    "remove": lambda library, request, *_: as_text(library.remove(request["ids"])),
    "undo": _undo,
    "merge": _merge,
    "nearest": _nearest,
    "take in": _take_in,
    "collections": _change_collections,
    "marks": _change_marks,
    "reindex": lambda library, _request, _papers, progress: library.reindex(progress),
}
