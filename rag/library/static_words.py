"""Vectors of single words, out of context: a look-up in the encoder's own input table, where reading a sentence takes milliseconds.

`data/encoder/static_words.npz` is made by `python -m eval.training.static_words`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import LibraryError
from rag.library.encoder import MODEL_FOLDER
from rag.text.words import WORD, fold
from rag.types import Span, WordVectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.protocols import Vectors

VECTORS = MODEL_FOLDER / "static_words.npz"
VOCABULARY = MODEL_FOLDER / "tokenizer.json"
MOST_CHARACTERS = 4_000
"""Of a text, and LONGEST_WORD of a word; what is behind them is left out."""
LONGEST_WORD = 60
"""Characters of a word. Chosen."""
REMEMBERED = 1 << 15
"""Words whose vectors are kept: some 400 bytes each."""


class StaticWords:
    """A WordEncoder without context: a word has the same vector wherever it stands. A text's own vector is the mean of its words'."""

    name = "all-MiniLM-L6-v2/static"

    def __init__(self, vectors: Path = VECTORS, vocabulary: Path = VOCABULARY) -> None:
        self._files = vectors, vocabulary

    @property
    def dimensions(self) -> int:
        return int(self._table.shape[1])

    def encode_words(self, texts: Sequence[str]) -> list[WordVectors]:
        """The words of each text, unit-length each."""
        return [self._read(text[:MOST_CHARACTERS]) for text in texts]

    def _read(self, text: str) -> WordVectors:
        import numpy as np

        found = list(WORD.finditer(text))
        rows = [self._vector(fold(match.group())[:LONGEST_WORD]) for match in found]
        tokens = np.stack(rows) if rows else np.zeros((0, self.dimensions), np.float32)
        return WordVectors(tuple(Span(*match.span()) for match in found), tokens, _unit(tokens.sum(axis=0)))

    @cached_property
    def _vector(self) -> _Vectors:
        return _Vectors(self._table, self._pieces)

    @cached_property
    def _table(self) -> NDArray[np.int8]:
        import numpy as np

        with np.load(_there(self._files[0])) as held:
            table: NDArray[np.int8] = held["vectors"]
        return table

    @cached_property
    def _pieces(self) -> dict[str, int]:
        pieces: dict[str, int] = json.loads(_there(self._files[1]).read_text(encoding="utf-8"))["model"]["vocab"]
        return pieces


@cache
def static_words() -> StaticWords:
    """The vectors that come along, read once in a process."""
    return StaticWords()


class _Vectors:
    """A word's vector: the sum of its pieces', at unit length."""

    def __init__(self, table: NDArray[np.int8], pieces: dict[str, int]) -> None:
        self._table = table
        self._pieces = pieces
        self._kept = lru_cache(REMEMBERED)(self._made)

    def __call__(self, word: str) -> Vectors:
        return self._kept(word)

    def _made(self, word: str) -> Vectors:
        import numpy as np

        return _unit(self._table[list(self._cut(word))].astype(np.float32).sum(axis=0))

    def _cut(self, word: str) -> Iterator[int]:
        """The longest pieces from the start, as WordPiece cuts; a character that no piece has is left out."""
        at = 0
        while at < len(word):
            for end in range(len(word), at, -1):
                piece = self._pieces.get(("##" if at else "") + word[at:end])
                if piece is not None:
                    yield piece
                    at = end
                    break
            else:
                at += 1


def _unit(vector: Vectors) -> Vectors:
    import numpy as np

    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector


def _there(path: Path) -> Path:
    if not path.is_file():
        raise LibraryError(f"The file of word vectors {path} is missing. Reinstall Paperchat: `make install`.")
    return path
