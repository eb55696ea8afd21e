"""An encoder that need not encode what it knows already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.protocols import Encoder, Vectors

MOST_KNOWN = 20_000
"""Texts whose vectors are held at once. Chosen."""


class KnownVectors:
    """An encoder that already knows the vectors of some texts, each for one use; the others are encoded. It keeps the last `MOST_KNOWN`."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}
        self.encoded = 0
        """Texts that had to be encoded."""

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dimensions(self) -> int:
        return self._encoder.dimensions

    def remember(self, text: str, vector: Vectors) -> None:
        self._known[text] = vector
        if len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]

    def encode(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        missing = [text for text in texts if text not in self._known]
        self.encoded += len(missing)
        made = dict(zip(missing, self._encoder.encode(missing), strict=True)) if missing else {}
        vectors = np.stack([made[text] if text in made else self._known[text] for text in texts]).astype(np.float32)
        for text in texts:
            self._known.pop(text, None)
        return vectors
