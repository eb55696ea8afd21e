"""Vectors as the records keep them: a byte a dimension, a quarter of what float32 takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.protocols import Vectors

    PackedVectors = NDArray[np.int8]

MOST = 127
"""The largest value of a byte with a sign."""
PACKED_SINCE = 4
"""The layout of a library from which vectors are packed; before it they are little-endian float32."""


def packed(vectors: Vectors) -> list[bytes]:
    """Each row as signed bytes, its largest value at 127: what is lost changes a cosine by some 0.0005. Packing what was unpacked loses nothing."""
    import numpy as np

    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=0.0)
    scaled = np.rint(vectors * (MOST / np.where(largest > 0, largest, 1)))
    return [row.tobytes() for row in scaled.astype(np.int8)]


def unpacked(rows: Sequence[bytes], layout: int = PACKED_SINCE) -> Vectors:
    """The vectors (rows × dimensions, float32), of unit length; one of zeros stays so."""
    import numpy as np

    if layout < PACKED_SINCE:
        return np.stack([np.frombuffer(row, "<f4") for row in rows])
    vectors = bytes_of(rows).astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.maximum(lengths, 1)  # bytes that are not all zero have a length of 1 at least
    return vectors


def bytes_of(rows: Sequence[bytes], layout: int = PACKED_SINCE) -> PackedVectors:
    """The same as they are kept (rows × dimensions, int8), not of unit length."""
    import numpy as np

    kept = rows if layout >= PACKED_SINCE else packed(unpacked(rows, layout))
    return np.frombuffer(b"".join(kept), np.int8).reshape(len(kept), len(kept[0]))


def repacked(row: bytes) -> bytes:
    """A row of an earlier layout as this one keeps it."""
    return packed(unpacked([row], PACKED_SINCE - 1))[0]
