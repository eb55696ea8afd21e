"""Shorter vectors for the index of a library: coordinates along the main directions of its own vectors (principal components without centring).

The index names candidates, and their whole vectors in the records decide.
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
RENEWED_AT = (1_000, 100_000, 1_000_000)
"""Passages at which directions are fitted, as new papers may be of another field. Of fewer passages, vectors are kept whole: so few neither take much space nor show where
the next ones will lie. Directions that were fitted to 1,000 biomedical passages find 99.5 % of the ten nearest of 10,549, most of them on computers; fitted to all, 99.9 %. The
index begins to be asked beyond the second."""
LEAST = 96
"""Directions that there are at least, as vectors that are shorter anyway lose more. Chosen."""
FITTED = 10_000
"""Vectors that directions are fitted to, at most: more would take memory. Chosen."""
QUICK = 10_000
"""Passages up to which the index of an earlier version is made anew with the next change: that takes seconds."""
WIDER = 2
"""Candidates for each passage wanted. Of 10,549 passages, 128 of 384 directions then find 98.4 % of the 400 nearest and 99.8 % of the 100 nearest, Chroma's index of
whole vectors 96.4 and 99.5 %; with 1.5 candidates it is 95.6 and 99.7 %."""


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
    """Numbers that a passage takes in an index of so many: all of its dimensions in the smallest, and a third of them in any other."""
    return min(dimensions, max(LEAST, dimensions // 3)) if passages >= RENEWED_AT[0] else dimensions


def directions_for(records: Records, ids: Sequence[str]) -> MainDirections | None:
    """For an index of these passages, fitted to their vectors or to a part that is spread over all; None where the vectors are to be kept whole."""
    import numpy as np

    dimensions = int(records.meta("dimensions") or 0)
    count = wanted(len(ids), dimensions)
    if count >= dimensions:
        return None
    some = ids[:: -(-len(ids) // FITTED)]
    return MainDirections.fitted(np.concatenate([rows for _, rows in records.vectors(some)]), count)


def outgrown(directions: MainDirections | None, dimensions: int, made_for: int, now: int) -> bool:
    """Whether an index that was `made_for` so many passages is to be made anew for `now`: to fit directions, or as an earlier version kept its vectors whole."""
    if wanted(now, dimensions) == dimensions:
        return False
    return any(made_for < size <= now for size in RENEWED_AT) or (directions is None and now <= QUICK)
