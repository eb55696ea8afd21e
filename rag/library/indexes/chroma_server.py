"""Search by meaning on a Chroma server, which several processes share. What it holds is made from the records and can be made anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rag.errors import LibraryBusy, PaperchatError, StorageFailed
from rag.library.indexes.brute_force import SCANNED, ExactScan
from rag.library.indexes.collection import Collection, best, compare, follow
from rag.library.indexes.failures import first_line
from rag.types import Progress

if TYPE_CHECKING:
    from pydantic import SecretStr

    from rag.library.records import Records
    from rag.protocols import Vectors

T = TypeVar("T")

SILENCE = 60.0
"""Seconds that a server may take over one request. Chosen; Chroma's own client waits forever."""
ASKING = (0.1, 0.3, 1.0)
"""Seconds before a question is sent again. Chosen: a person waits."""
WRITING = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""The same for changes: a server that is started again is back by then."""
AWAY = 10.0
"""Seconds for which a server that did not answer is left alone. Chosen."""


@dataclass(frozen=True)
class ChromaServer:
    """Where a Chroma server is, and whose collections are used there."""

    address: str
    token: SecretStr | None = None
    tenant: str = "default_tenant"
    database: str = "default_database"

    def client(self) -> Any:
        """Chroma's own client, connected. The token is sent under both names that servers and proxies use."""
        import chromadb
        from chromadb.config import Settings

        # Chroma would read both from the environment and from an `.env` that lies in the current folder
        private = Settings(anonymized_telemetry=False, chroma_otel_collection_endpoint="")
        secret = self.token.get_secret_value() if self.token is not None else None
        headers = {"Authorization": f"Bearer {secret}", "X-Chroma-Token": secret} if secret else {}
        client: Any = chromadb.HttpClient(
            self.address,
            ssl=self.address.startswith("https:"),
            headers=headers,
            settings=private,
            tenant=self.tenant,
            database=self.database,
        )
        with suppress(AttributeError):
            client._server._session.timeout = SILENCE
        return client


class ServerVectors:
    """A VectorStore on a server. The collection is named after the encoding of the records, and says in which of their states it is."""

    def __init__(self, server: ChromaServer, records: Records, notices: list[str], writes: bool) -> None:
        self._server = server
        self._records = records
        self._notices = notices
        self._writes = writes
        self._lock = threading.RLock()
        self._index: Collection | None = None
        self._state: str | None = None
        self._scan = ExactScan(records)
        self._back_at = 0.0

    @classmethod
    def opener(cls, server: ChromaServer, writes: bool) -> Callable[..., ServerVectors]:
        """What `Stores` calls: a process that `writes` makes the collection equal to the records, others ask it as it is."""

        def open_store(_: Path, records: Records, notices: list[str], progress: Progress | None) -> ServerVectors:
            store = cls(server, records, notices, writes)
            try:
                with suppress(LibraryBusy):  # who has the turn, or a later look, brings it up to date
                    store.sync(progress)
            except StorageFailed as error:
                store._away(error)
            return store

        return open_store

    def count(self) -> int:
        """Passages in the index."""
        return self._ask(lambda index: index.count(), ASKING)

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """(passage id, cosine similarity), best first; equal ones by id. Without an answer of the server, from the records if they are few."""
        if time.monotonic() >= self._back_at:
            try:
                return self._nearest(vector, limit)
            except StorageFailed as error:
                if self._records.passage_count() > SCANNED:
                    raise
                self._away(error)
        return self._scan.nearest(vector, limit)

    def _nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        if self._writes and self._state is None:
            with suppress(LibraryBusy):  # then it is searched as it is
                self._sync(None, ASKING, wait=0.0)
        return self._ask(lambda index: best(index, vector, limit, self._records.passage_count()), ASKING)

    def sync(self, progress: Progress | None = None) -> None:
        """Makes the collection equal to the records; what another process has done of it is not done again."""
        self._sync(progress, WRITING)

    def _sync(self, progress: Progress | None, patience: Sequence[float], wait: float | None = None) -> None:
        if self._writes and self._state != self._records.state:
            with self._records.turn(wait), self._lock:  # questions need the lock, and do not wait for a turn
                self._state = self._ask(lambda index: self._brought_up(index, progress), patience)

    def close(self) -> None:
        with self._lock:
            self._drop()
            self._scan.close()

    def _brought_up(self, index: Collection, progress: Progress | None) -> str:
        """Brings the collection to the present state of the records, which it returns. Done twice, it changes nothing the second time."""
        state, told = self._records.state, index.state()
        if told != state:
            since = self._records.generation_of(told) if told else None
            if since is None or not follow(index, self._records, since, progress):
                compare(index, self._records, progress)
            index.tell(state)
        return state

    def _ask(self, operation: Callable[[Collection], T], patience: Sequence[float]) -> T:
        """Asks again where the connection or the server failed. Raises StorageFailed."""
        for wait in (*patience, None):
            try:
                return operation(self._connected())
            except PaperchatError:
                raise
            except Exception as error:
                self._drop()
                if wait is None or not _passing(error):
                    raise self._failed(error) from error
                time.sleep(wait)
        raise AssertionError

    def _connected(self) -> Collection:
        with self._lock:
            encoding = self._records.encoding
            if self._index is not None and self._index.encoding != encoding:
                self._leave(self._index)
            if self._index is None:
                name = f"paperchat-{encoding}"
                self._index = Collection(self._server.client(), name, encoding, create=self._writes)
            return self._index

    def _leave(self, index: Collection) -> None:
        """Removes the collection of an earlier encoding."""
        if self._writes:
            with suppress(Exception):
                index.remove()
        self._drop()

    def _drop(self) -> None:
        with self._lock:
            index, self._index, self._state = self._index, None, None
        if index is not None:
            with suppress(Exception):
                index.close()

    def _away(self, error: StorageFailed) -> None:
        self._back_at = time.monotonic() + AWAY
        notice = f"{error} Until then, the search goes through all passages."
        if notice not in self._notices:
            self._notices.append(notice)

    def _failed(self, error: Exception) -> StorageFailed:
        address = self._server.address
        status = next((found for one in _chain(error) if (found := _status(one)) is not None), None)
        if status in (401, 403):
            return StorageFailed(f"The Chroma server at {address} refuses the token: check PAPERCHAT_CHROMA_TOKEN.")
        return StorageFailed(
            f"The Chroma server at {address} cannot be used ({first_line(error)}): check that it runs, and PAPERCHAT_CHROMA, "
            "PAPERCHAT_CHROMA_TENANT and PAPERCHAT_CHROMA_DATABASE. The papers themselves are safe."
        )


def _passing(error: BaseException) -> bool:
    """Whether the same request may succeed a moment later: a connection that failed, a server that is busy, a collection just replaced."""
    kinds = {kind.__name__ for one in _chain(error) for kind in type(one).__mro__}
    statuses = {_status(one) for one in _chain(error)}
    return "TransportError" in kinds or "NotFoundError" in kinds or any(one == 429 or (one or 0) >= 500 for one in statuses)


def _status(error: BaseException) -> int | None:
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
