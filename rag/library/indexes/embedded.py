"""Search by meaning in the library's own folder: an exact scan while the library is small, Chroma's index once it is large."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rag.library.indexes.brute_force import ExactScan
from rag.library.indexes.chroma import ChromaStore

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.protocols import Vectors

Progress = Callable[[int, int, str], None]

SCANNED = 10_000
"""Passages up to which a scan of all vectors is faster than Chroma's index (`make bench-library`)."""


class EmbeddedVectors:
    """A VectorStore that keeps every passage in Chroma, and asks it only where a scan would be slower.

    A small library that is as it was left is searched without loading Chroma at all.
    """

    def __init__(self, chroma: ChromaStore, records: Records) -> None:
        self._chroma = chroma
        self._records = records
        self._scan = ExactScan(records)
        self._lock = threading.RLock()

    @classmethod
    def open(
        cls, folder: Path, records: Records, notices: list[str] | None = None, progress: Progress | None = None
    ) -> EmbeddedVectors:
        """Chroma's files are compared with their checksums; they are opened only if they must be brought up to date."""
        store = cls(ChromaStore(folder, records, [] if notices is None else notices), records)
        if not (store._small and store._chroma.is_current()):
            store._chroma.start(progress)
        return store

    @property
    def _small(self) -> bool:
        return self._records.passage_count() <= SCANNED

    def count(self) -> int:
        """Passages in the index."""
        return self._records.passage_count()

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """(passage id, cosine similarity), best first; equal ones by id."""
        if self._small:
            return self._scan.nearest(vector, limit)
        if not self._chroma.started:
            with self._lock:
                self._chroma.start()
        return self._chroma.nearest(vector, limit)

    def sync(self, progress: Progress | None = None) -> None:
        """Makes Chroma's index equal to the records."""
        with self._lock:
            self._chroma.start(progress)
            self._chroma.sync(progress)

    def close(self) -> None:
        self._chroma.close()
        self._scan.close()
