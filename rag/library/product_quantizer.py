"""Word vectors in a few bytes each: product quantisation after Jégou et al. (2011), on the main directions of the encoder's word states.

A vector is turned onto its main directions, cut into parts, and of each part the number of the nearest of 256 centroids is kept: a byte a part.
`python -m eval.training.word_codes` fits directions and centroids.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.protocols import Vectors

    Codes = NDArray[np.uint8]

ENCODER = "all-MiniLM-L6-v2/onnx-int8"
CODEBOOK = Path(__file__).parents[1] / "data" / "encoder" / "word_codes.npz"


class ProductQuantizer:
    """The codes that come along for the embedded encoder."""

    name = "pq-1"
    encoder = ENCODER
    """The encoder whose vectors it was fitted to."""

    def __init__(self, codebook: Path = CODEBOOK) -> None:
        self._codebook = codebook

    @property
    def width(self) -> int:
        """Bytes a vector."""
        return len(self._centroids)

    def pack(self, vectors: Vectors) -> Codes:
        """A row of `width` bytes a vector."""
        import numpy as np

        parts = (vectors @ self._directions).reshape(len(vectors), self.width, -1)
        codes = np.empty((len(vectors), self.width), np.uint8)
        for place, centroids in enumerate(self._centroids):
            distances = self._squares[place] - 2 * (parts[:, place] @ centroids.T)
            codes[:, place] = distances.argmin(axis=1)
        return codes

    def unpack(self, codes: Codes) -> Vectors:
        """The vectors (codes × dimensions, float32) that the codes stand for.

        They are longer than 1 by what makes the best cosine of a question's word, which the codes blur, come out right on average.
        """
        import numpy as np

        parts = self._centroids[np.arange(self.width), codes].reshape(len(codes), -1)
        vectors = parts @ self._directions.T
        vectors *= self._arrays["length"] / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return np.asarray(vectors, np.float32)

    @cached_property
    def _arrays(self) -> dict[str, Vectors]:
        import numpy as np

        with np.load(self._codebook, allow_pickle=False) as file:
            return {name: file[name].astype(np.float32) for name in ("directions", "centroids", "length")}

    @property
    def _directions(self) -> Vectors:
        """Dimensions × directions, the directions of one part beside each other."""
        return self._arrays["directions"]

    @property
    def _centroids(self) -> Vectors:
        """Parts × 256 × directions of a part."""
        return self._arrays["centroids"]

    @cached_property
    def _squares(self) -> Vectors:
        squares: Vectors = (self._centroids**2).sum(axis=2)
        return squares
