"""Changes to a library asked of the process that owns it, through a socket that only its user can reach."""

from __future__ import annotations

import json
import queue
import socket
import threading
from collections.abc import Iterable, Mapping, Sequence, Sized
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag import errors
from rag.errors import LibraryError
from rag.library.collections import Collection, Collections
from rag.library.details import as_text, from_text
from rag.library.lock import noted
from rag.library.marks import Mark, Marks
from rag.library.messages import SOCKET, send
from rag.library.undo import Undone
from rag.types import Added, Batch, Paper, Progress, Refused

if TYPE_CHECKING:
    from rag.protocols import Vectors


AT_ONCE = 5_000
"""Ids or marks a request: of the longest kept, a line holds twice as many."""
END: dict[str, object] = {}
"""Ends the papers of a request."""


class Owner:
    """The process that owns a library, asked to change it. Each method does what the library's own of that name does."""

    def __init__(self, address: str) -> None:
        self._address = address

    @classmethod
    def of(cls, folder: Path) -> Owner | None:
        """None if the owner does not listen."""
        address = noted(folder, SOCKET)
        owner = cls(address) if isinstance(address, str) and hasattr(socket, "AF_UNIX") else None
        if owner is None:
            return None
        try:
            owner._connected().close()
        except OSError:
            return None
        return owner

    def add(self, papers: Iterable[Paper | Refused], progress: Progress | None, name: str, batch: int | None) -> Added:
        total = len(papers) if isinstance(papers, Sized) else 0
        return _as_added(self._ask({"do": "add", "name": name, "batch": batch, "total": total}, progress, papers))

    def remove(self, ids: Sequence[str]) -> tuple[Paper, ...]:
        return from_text(self._ask({"do": "remove", "ids": list(ids)}))

    def undo_import(self, batch: int | None) -> tuple[Batch, Undone]:
        found, undone = self._ask({"do": "undo", "batch": batch})
        return Batch(**found), Undone(**{key: tuple(ids) for key, ids in undone.items()})

    def merge(self, names: Sequence[str]) -> tuple[Paper, int]:
        merged, batch = self._ask({"do": "merge", "names": list(names)})
        return from_text(merged)[0], batch

    def reindex(self, progress: Progress | None) -> None:
        self._ask({"do": "reindex"}, progress)

    def take_in(self, path: Path, name: str, progress: Progress | None, batch: int | None) -> tuple[str, Added]:
        request = {"do": "take in", "path": str(path.absolute()), "name": name, "batch": batch}
        kept, added = self._ask(request, progress)
        return kept, _as_added(added)

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """What the owner's index of vectors finds."""
        found = self._ask({"do": "nearest", "vector": [float(value) for value in vector], "limit": limit})
        return [(id, score) for id, score in found]

    def collections(self, change: str, *values: object) -> Any:
        """What that method of the owner's collections gives."""
        return self._ask({"do": "collections", "change": change, "values": values})

    def marks(self, source: str, change: str, value: object) -> None:
        self._ask({"do": "marks", "source": source, "change": change, "value": value})

    def _ask(
        self, request: Mapping[str, object], progress: Progress | None = None, papers: Iterable[Paper | Refused] = ()
    ) -> Any:
        try:
            with closing(self._connected()) as connection, connection.makefile("rb") as file:
                try:
                    return self._exchange(connection, file, request, progress, papers)
                finally:
                    with suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)  # or closing would wait for the thread that reads
        except ConnectionError as error:
            raise LibraryError(
                "The process that has the library open has ended before this was done. Run it once more."
            ) from error

    def _exchange(
        self,
        connection: socket.socket,
        file: BufferedReader,
        request: Mapping[str, object],
        progress: Progress | None,
        papers: Iterable[Paper | Refused],
    ) -> Any:
        replies: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(file, replies), daemon=True).start()
        sent = _sent(connection, request)
        for paper in papers if sent else ():
            sent = _sent(connection, {"refused": asdict(paper)} if isinstance(paper, Refused) else {"paper": as_text([paper])})
            while not replies.empty():  # what arrives meanwhile must be read, or both would wait for each other
                _handle(replies.get(), progress)
            if not sent:
                break
        if request["do"] == "add" and sent:
            _sent(connection, END)
        while (done := _handle(replies.get(), progress)) is None:
            pass
        return done["done"]

    def _connected(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(self._address)
        except OSError as error:
            connection.close()
            raise ConnectionError from error
        return connection


@dataclass(frozen=True)
class OwnersCollections(Collections):
    """The collections of a library that another process owns: read here, changed there."""

    owner: Owner

    def create(self, name: str, origin: str = "") -> str:
        return str(self.owner.collections("create", name, origin))

    def rename(self, name: str, new: str) -> str:
        return str(self.owner.collections("rename", name, new))

    def remove(self, name: str) -> Collection:
        return Collection(**self.owner.collections("remove", name))

    def put(self, name: str, paper_ids: Sequence[str]) -> int:
        return sum(self.owner.collections("put", name, part) for part in _in_parts(paper_ids))

    def take(self, name: str, paper_ids: Sequence[str]) -> int:
        return sum(self.owner.collections("take", name, part) for part in _in_parts(paper_ids))

    def hold(self, name: str, paper_ids: Sequence[str]) -> None:
        self.take(name, sorted(self.ids([name]).difference(paper_ids)))
        self.put(name, paper_ids)


@dataclass(frozen=True)
class OwnersMarks(Marks):
    """The marks of one source in a library that another process owns: read here, changed there."""

    owner: Owner

    def put(self, marks: Mapping[str, Mark]) -> None:
        for part in _in_parts(list(marks)):
            self.owner.marks(self.source, "put", {key: [marks[key].paper_id, marks[key].text] for key in part})

    def drop(self, keys: Sequence[str]) -> None:
        for part in _in_parts(keys):
            self.owner.marks(self.source, "drop", part)


def _in_parts(ids: Sequence[str]) -> list[list[str]]:
    """So many that a line has room for them; one part, though empty, so that the owner says what is wrong with the rest of a request."""
    return [list(ids[at : at + AT_ONCE]) for at in range(0, len(ids), AT_ONCE)] or [[]]


def _as_added(done: dict[str, Any]) -> Added:
    refused, notes = (tuple(Refused(**one) for one in done.pop(key)) for key in ("refused", "notes"))
    number = done.pop("batch")
    ids: dict[str, Any] = {key: tuple(each) for key, each in done.items()}
    return replace(Added(**ids), refused=refused, notes=notes, batch=number)


def _listen(file: BufferedReader, replies: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    with suppress(OSError, ValueError):
        while line := file.readline():  # of any length: the ids of all papers may be in it
            replies.put(json.loads(line))
    replies.put(None)


def _handle(message: dict[str, Any] | None, progress: Progress | None) -> dict[str, Any] | None:
    """What was done, once it is finished; raises what went wrong there."""
    if message is None:
        raise ConnectionError
    if "error" in message:
        kind = getattr(errors, message["error"], LibraryError)
        raise kind(message["text"])
    if "progress" in message and progress is not None:
        progress(*message["progress"])
    return message if "done" in message else None


def _sent(connection: socket.socket, message: Mapping[str, object]) -> bool:
    """Whether the other side still listened; where it does not, it has said why."""
    try:
        send(connection, message)
    except ConnectionError:
        return False
    return True
