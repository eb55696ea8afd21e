"""Word vectors in a few bytes each: product quantisation after Jégou et al. (2011), on the main directions of the encoder's word states.

A vector is turned onto its main directions, cut into parts, and of each part the number of the nearest of 256 centroids is kept: a byte a part.
`python -m eval.training.word_codes` fits directions and centroids.
"""

from __future__ import annotations

from collections.abc import Sequence
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

    def rows(self, codes: Codes) -> CodedRows:
        """The same as `unpack` gives, but compared with a question's words without being unpacked."""
        return CodedRows(self, codes)

    def pack(self, vectors: Vectors) -> Codes:
        """A row of `width` bytes a vector."""
        import numpy as np

        parts = (vectors @ self._directions).reshape(len(vectors), self.width, -1)
        codes = np.empty((len(vectors), self.width), np.uint8)
        for place, centroids in enumerate(self._doubled):
            distances = parts[:, place] @ centroids
            distances += self._squares[place]
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

    def products(self, asked: Vectors) -> Vectors:
        """Of every centroid with each row of `asked`: (parts · 256) × rows, kept for the last rows, as one question meets many papers."""
        kept = self._asked
        if kept is None or kept[0] is not asked:
            turned = (asked @ self._directions).reshape(len(asked), self.width, -1).transpose(1, 2, 0)
            kept = self._asked = asked, (self._centroids @ turned).reshape(-1, len(asked))
        return kept[1]

    _asked: tuple[Vectors, Vectors] | None = None

    @cached_property
    def lengths(self) -> Vectors:
        """The square of every centroid's length in the encoder's space; over the parts of a vector they add up to its own, as the directions are orthogonal."""
        import numpy as np

        parts = self._directions.reshape(len(self._directions), self.width, -1).transpose(1, 2, 0)
        squares: Vectors = np.square(self._centroids @ parts).sum(axis=2).ravel()
        return squares

    @property
    def length(self) -> float:
        """What `unpack` makes the vectors as long as."""
        return float(self._arrays["length"].ravel()[0])

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
    def _doubled(self) -> Vectors:
        """Parts × directions of a part × 256: minus two times the centroids, for the squared distances."""
        import numpy as np

        return np.ascontiguousarray(-2 * self._centroids.transpose(0, 2, 1))

    @cached_property
    def _squares(self) -> Vectors:
        squares: Vectors = (self._centroids**2).sum(axis=2)
        return squares


class CodedRows:
    """Word vectors as codes, compared with a question part by part (Jégou et al., asymmetric distances): a sum of as many numbers as a code has bytes."""

    def __init__(self, codec: ProductQuantizer, codes: Codes) -> None:
        self._codec = codec
        self._codes = codes

    def vectors(self) -> Vectors:
        return self._codec.unpack(self._codes)

    def take(self, rows: Sequence[int]) -> CodedRows:
        return CodedRows(self._codec, self._codes[rows])

    def dot(self, asked: Vectors) -> Vectors:
        products: Vectors = self._codec.products(asked).take(self._places, axis=0).sum(axis=1)
        products *= self._scale
        return products

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """Of each code's centroids in one list of all."""
        import numpy as np

        return self._codes + 256 * np.arange(self._codec.width)

    @cached_property
    def _scale(self) -> Vectors:
        import numpy as np

        squares = self._codec.lengths.take(self._places).sum(axis=1, keepdims=True)
        scale: Vectors = (self._codec.length / np.sqrt(np.maximum(squares, 1e-18))).astype(np.float32)
        return scale
