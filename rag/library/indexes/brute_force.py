"""Search by meaning without an index: all vectors of the records, a byte a dimension in memory, are compared with the question's."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.library.vectors import MOST

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.library.records import Records
    from rag.library.vectors import PackedVectors
    from rag.protocols import Vectors
    from rag.types import Progress

SCANNED = 400_000
"""Passages up to which all of them are compared, some 100,000 papers: 9 ms and 200 MB, of 36,659 1 ms and 24 MB, with 384 dimensions. For those 36,659 Chroma's index takes 5 ms and 142 MB, finds fewer, and has to be loaded for 1 s instead of 0.07."""
MANY = 4
"""Times as many rows as are wanted, beyond which the estimate is refined first."""
BLOCK = 20_000
"""Rows that are compared exactly at once: 60 MB."""


@dataclass(frozen=True, eq=False)
class Held:
    """All vectors of the records in one of their states, in any order: ids, bytes and the length of each row of bytes."""

    state: str
    encoding: str
    ids: Sequence[str]
    rows: PackedVectors
    lengths: Vectors

    @classmethod
    def of(cls, records: Records, state: str, passages: Sequence[str] | None = None) -> Held:
        """What the records hold now of all passages, or of these."""
        import numpy as np

        encoding = records.encoding
        ids: list[str] = []
        held, lengths = bytearray(), [np.empty(0, np.float32)]  # grows without a second copy of all
        for page, rows in records.packed_vectors(passages):
            ids += page
            held += rows.tobytes()
            lengths.append(np.maximum(np.linalg.norm(rows.astype(np.float32), axis=1), 1))
        return cls(state, encoding, ids, _rows(ids, held), np.concatenate(lengths))

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """(passage id, cosine similarity), best first; equal ones by id."""
        import numpy as np

        if not self.ids or limit < 1:
            return []
        rows = self._possible(vector, limit)
        blocks = [self.rows[rows[at : at + BLOCK]].astype(np.float64) @ vector for at in range(0, len(rows), BLOCK)]
        exact = np.concatenate(blocks) / self.lengths[rows]
        rounded = np.round(exact, 6).tolist()
        found = [(self.ids[row], score) for row, score in zip(rows.tolist(), rounded, strict=True)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def followed(self, records: Records, state: str) -> Held | None:
        """The same in a later state, by what changed since; None where that is not known."""
        import numpy as np

        since = records.generation_of(self.state)
        if since is None or self.encoding != records.encoding:
            return None
        changed = records.passages_changed_since(since)
        other = {*changed, *records.passages_gone_since(since)}
        new = Held.of(records, state, changed)
        stays = np.array([one not in other for one in self.ids], bool)
        ids = [*(one for one in self.ids if one not in other), *new.ids]
        if len(ids) != records.passage_count() and records.state == state:
            return None
        rows = _rows(ids, b"".join((self.rows[stays].tobytes(), new.rows.tobytes())))
        return Held(state, self.encoding, ids, rows, np.concatenate([self.lengths[stays], new.lengths]))

    def _possible(self, vector: Vectors, limit: int) -> NDArray[np.intp]:
        """The rows that may be among the nearest: the vector as bytes tells all but what they leave, which counts so much at most (Cauchy–Schwarz).

        Where that leaves too many, as with one coordinate that is far larger than the others, what is left becomes bytes as well.
        """
        import numpy as np
        import simsimd

        left, scores = vector, np.zeros(len(self.rows))
        rows = np.arange(len(self.rows))
        for _ in range(2):
            step = max(float(np.abs(left).max()) / MOST, 1e-30)
            coarse = np.rint(left / step).astype(np.int8)
            left = left - coarse * step
            scores += np.asarray(simsimd.cdist(coarse[None], self.rows, "dot"))[0] * step / self.lengths
            least = np.partition(scores, -limit)[-limit] if limit < len(scores) else -np.inf
            # All that tie with the last one when they are rounded take part, so that which of them comes in is decided by id.
            rows = np.flatnonzero(scores >= least - 2 * float(np.linalg.norm(left)) - 1e-6)
            if len(rows) <= MANY * limit:
                break
        return rows


class ExactScan:
    """A VectorStore that writes nothing; sees at each search what the records hold by then."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._lock = threading.Lock()
        self._held: Held | None = None

    def count(self) -> int:
        return self._records.passage_count()

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """(passage id, cosine similarity), best first; equal ones by id."""
        return self._current().nearest(vector, limit)

    def sync(self, progress: Progress | None = None) -> None:
        """Nothing to do: what changed is read at the next search."""

    def close(self) -> None:
        self._held = None

    def _current(self) -> Held:
        with self._lock:
            state, held = self._records.state, self._held
            if held is None or held.state != state:
                held = (held and held.followed(self._records, state)) or Held.of(self._records, state)
                self._held = held
            return held


def _rows(ids: Sequence[str], held: bytes | bytearray) -> PackedVectors:
    import numpy as np

    return np.frombuffer(held, np.int8).reshape(len(ids), -1 if ids else 0)
