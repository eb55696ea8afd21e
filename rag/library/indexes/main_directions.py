"""Shorter vectors for the index of a small library: coordinates along the main directions of its own vectors (principal components without centring).

No question needs that index, as a scan of the whole vectors is faster. Where it is asked all the same, it names candidates, and whole vectors decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.protocols import Vectors

FILE = "main_directions.npy"
"""In the folder of the index, so that both are replaced, checked and lost together."""
FEW = 1_000
"""Passages below which vectors are kept whole: so few neither take much space nor show where the next ones will lie."""
SCANNED = 10_000
"""Passages up to which a scan of all vectors is faster than an index (`make bench-library`), so that no question needs the index."""
LEAST = 96
"""Directions below which an index would miss too many passages: of 13,814, it has 99.6 % of the 100 nearest to a question among 820."""
WIDER = 2
"""Candidates for each passage wanted, if the index is asked."""


@dataclass(frozen=True, eq=False)
class MainDirections:
    """Orthonormal directions (dimensions × count), the one that holds most of the vectors first."""

    directions: Vectors

    @property
    def count(self) -> int:
        return int(self.directions.shape[1])

    @classmethod
    def fitted(cls, vectors: Vectors, count: int) -> MainDirections:
        """The `count` directions that hold most of these rows' squared length."""
        import numpy as np

        _, found = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))
        return cls(np.ascontiguousarray(found[:, : -count - 1 : -1], np.float32))

    @classmethod
    def read(cls, folder: Path) -> MainDirections | None:
        """What `save` has written there; None where it has not. Raises OSError or ValueError for a damaged file."""
        import numpy as np

        file = folder / FILE
        return cls(np.ascontiguousarray(np.load(file), np.float32)) if file.exists() else None

    def save(self, folder: Path) -> None:
        import numpy as np

        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / FILE, self.directions.astype(np.float16))

    def shortened(self, vectors: Vectors) -> Vectors:
        """Coordinates along the directions (rows × count), of unit length; of what lies across all of them, zeros."""
        import numpy as np

        short: Vectors = vectors @ self.directions
        short /= np.maximum(np.linalg.norm(short, axis=1, keepdims=True), 1e-6)
        return short


def wanted(passages: int, dimensions: int) -> int:
    """Numbers that a passage takes in an index of so many: a quarter of its dimensions where no question needs the index, and all where one does."""
    return min(dimensions, max(LEAST, dimensions // 4)) if FEW <= passages <= SCANNED else dimensions


def directions_for(records: Records, ids: Sequence[str]) -> MainDirections | None:
    """For an index of these passages, fitted to their vectors; None where the vectors are to be kept whole."""
    import numpy as np

    dimensions = int(records.meta("dimensions") or 0)
    count = wanted(len(ids), dimensions)
    if count >= dimensions:
        return None
    return MainDirections.fitted(np.concatenate([rows for _, rows in records.vectors(ids)]), count)


def outgrown(directions: MainDirections | None, dimensions: int, before: int, now: int) -> bool:
    """Whether an index of `before` passages is to be made anew for `now`, as its vectors should be shorter or whole.

    One that is just below the size of whole vectors may keep them, so that no library goes back and forth.
    """
    if directions is not None:
        return now > SCANNED
    return wanted(now, dimensions) < dimensions and (before < FEW or now <= SCANNED // 2)
