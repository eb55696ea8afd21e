"""Search by meaning without an index: one matrix product over all vectors of the records, or over some of them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.protocols import Vectors
    from rag.types import Progress

SCANNED = 10_000
"""Passages up to which this is faster than an index (`make bench-library`), so that no question needs one."""


class ExactScan:
    """A VectorStore that writes nothing; sees at each search what the records hold by then."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._lock = threading.Lock()
        self._loaded: tuple[int, list[str], Vectors] | None = None

    def count(self) -> int:
        return self._records.passage_count()

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """(passage id, cosine similarity), best first; equal ones by id."""
        import numpy as np

        ids, matrix = self._current()
        if not ids or limit < 1:
            return []
        scores = np.round((matrix @ vector).astype(np.float64), 6)
        kept = scores.argpartition(-limit)[-limit:] if limit < len(ids) else range(len(ids))
        least = min(scores[row] for row in kept)
        # All that tie with the last one take part, so that which of them comes in is decided by id.
        rows = np.flatnonzero(scores >= least)
        found = [(ids[row], float(scores[row])) for row in rows]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def sync(self, progress: Progress | None = None) -> None:
        """Nothing to do: the records are read at each search that comes after a change."""

    def close(self) -> None:
        self._loaded = None

    def _current(self) -> tuple[list[str], Vectors]:
        with self._lock:
            generation = self._records.generation
            if self._loaded is None or self._loaded[0] != generation:
                self._loaded = (generation, *self._load())
            return self._loaded[1:]

    def _load(self) -> tuple[list[str], Vectors]:
        import numpy as np

        ids: list[str] = []
        parts: list[Vectors] = []
        for page, matrix in self._records.vectors():
            ids += page
            parts.append(matrix)
        return ids, np.concatenate(parts) if parts else np.empty((0, 0), np.float32)


def compared(records: Records, ids: Sequence[str], vector: Vectors, limit: int) -> list[tuple[str, float]]:
    """(passage id, cosine similarity) of those of these passages that the records have, best first; equal ones by id."""
    import numpy as np

    known: list[str] = []
    parts: list[Vectors] = []
    for page, rows in records.vectors(ids):
        known += page
        parts.append(rows @ vector)
    if not known:
        return []
    scores = np.round(np.concatenate(parts).astype(np.float64), 6)
    best = np.argsort(-scores, kind="stable")[:limit]  # pages are in order of id
    return [(known[row], float(scores[row])) for row in best]
