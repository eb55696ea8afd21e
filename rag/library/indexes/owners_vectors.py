"""Search by meaning beside the process that owns the library: a small library is scanned here, a large one is searched in the owner's index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import LibraryError
from rag.library.indexes.brute_force import SCANNED, ExactScan
from rag.library.owner import Owner

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.protocols import Vectors
    from rag.types import Progress


class OwnersVectors:
    """A VectorStore that writes nothing. Chroma's files must have one user, so their owner searches them; where none listens, all vectors are read."""

    def __init__(self, folder: Path, records: Records) -> None:
        self._folder = folder
        self._records = records
        self._scan = ExactScan(records)
        self._owner: Owner | None = None

    def count(self) -> int:
        return self._records.passage_count()

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """(passage id, cosine similarity), best first; equal ones by id."""
        if self.count() > SCANNED:
            for _ in range(2):  # the owner may have ended, and another one have come
                self._owner = self._owner or Owner.of(self._folder)
                if self._owner is None:
                    break
                try:
                    return self._owner.nearest(vector, limit)
                except LibraryError:
                    self._owner = None
        return self._scan.nearest(vector, limit)

    def sync(self, progress: Progress | None = None) -> None:
        """Nothing to do: the records are read at each search that comes after a change."""

    def close(self) -> None:
        self._scan.close()
        self._owner = None
