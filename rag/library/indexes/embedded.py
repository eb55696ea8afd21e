"""Search by meaning in the library's own folder: an exact scan while the library is small, Chroma's index once it is large."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import StorageFailed
from rag.library.indexes.brute_force import SCANNED, ExactScan
from rag.library.indexes.chroma import ChromaStore
from rag.types import Progress

if TYPE_CHECKING:
    from rag.library.manifest import Manifest
    from rag.library.records import Records
    from rag.protocols import Vectors


class EmbeddedVectors:
    """A VectorStore that keeps every passage in Chroma, and asks it only where a scan would be slower.

    A small library that is as it was left is searched without loading Chroma at all; of a large one it is loaded while other things are done, and the first
    search waits for it.
    """

    def __init__(self, chroma: ChromaStore, records: Records, notices: list[str]) -> None:
        self._chroma = chroma
        self._records = records
        self._notices = notices
        self._scan = ExactScan(records)
        self._lock = threading.RLock()
        self._loading: threading.Thread | None = None

    @classmethod
    def open(
        cls, folder: Path, records: Records, notices: list[str] | None = None, progress: Progress | None = None
    ) -> EmbeddedVectors:
        """Chroma's files are compared with their checksums, and brought up to date if they must be."""
        notices = [] if notices is None else notices
        store = cls(ChromaStore(folder, records, notices), records, notices)
        as_left = store._chroma.as_left()
        if as_left is None:
            store._chroma.start(progress)
        elif not store._small:
            store._load(as_left)
        return store

    @property
    def _small(self) -> bool:
        return self._records.passage_count() <= SCANNED

    def count(self) -> int:
        """Passages in the index."""
        return self._records.passage_count()

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """(passage id, cosine similarity), best first; equal ones by id."""
        if self._small or not self._started():
            return self._scan.nearest(vector, limit)
        self._scan.close()
        return self._chroma.nearest(vector, limit)

    def sync(self, progress: Progress | None = None) -> None:
        """Makes Chroma's index equal to the records."""
        with self._lock:
            self._chroma.start(progress)
            self._chroma.sync(progress)

    def close(self) -> None:
        if self._loading is not None:
            self._loading.join()
        self._chroma.close()
        self._scan.close()

    def _load(self, as_left: Manifest) -> None:
        """Begins to load Chroma's index in a thread."""

        def load() -> None:
            with suppress(StorageFailed):  # whoever searches tries again, and hears of it
                self._chroma.start(as_left=as_left)

        self._loading = threading.Thread(target=load, name="paperchat-chroma")
        self._loading.start()

    def _started(self) -> bool:
        """Whether Chroma can be searched; waits until it is loaded, but not for a change that is being made."""
        try:
            if not self._chroma.started:
                self._chroma.start()
        except StorageFailed as error:
            notice = f"{error} Until then, the search goes through all passages."
            if notice not in self._notices:
                self._notices.append(notice)
            return False
        return True
