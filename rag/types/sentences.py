"""The sentences of an abstract, what each one does in it, and the vectors of their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from rag.types.papers import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Role = Literal["background", "problem", "approach", "result", "code"]
"""What a sentence does in its abstract."""


@dataclass(frozen=True, slots=True)
class SentenceRole:
    """A sentence's role, and how strongly its wording shows it (about 0…4)."""

    role: Role
    strength: float


@dataclass(frozen=True, slots=True)
class Outline:
    """The sentences of an abstract: `spans` has every one, `kept` the places among them of those that are evidence, `parts` what each of those does."""

    spans: tuple[Span, ...]
    kept: tuple[int, ...]
    parts: tuple[SentenceRole, ...]


@dataclass(frozen=True, slots=True, eq=False)
class WordVectors:
    """A text as an encoder reads it: the span and unit vector of each token (tokens × dimensions), and the vector of the whole."""

    spans: tuple[Span, ...]
    tokens: NDArray[np.float32]
    sentence: NDArray[np.float32]


class WordRows(Protocol):
    """The vectors of words, in whatever form they are kept."""

    def vectors(self) -> NDArray[np.float32]:
        """Words × dimensions."""
        ...

    def dot(self, asked: NDArray[np.float32]) -> NDArray[np.float32]:
        """The products with each row of `asked`: words × rows."""
        ...

    def take(self, rows: Sequence[int]) -> WordRows:
        """Some of them."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class SentenceVectors:
    """The sentences of an abstract and the vectors of their words, one sentence below the other; `starts`: each one's first row.

    `wholes` are the vectors of the passages that they were read in, a row a sentence.
    """

    outline: Outline
    words: WordRows
    starts: tuple[int, ...]
    wholes: NDArray[np.float32]
    count: int
    """How many words there are."""


@dataclass(frozen=True, slots=True)
class PackedWords:
    """What a library keeps of one paper's sentences, packed: what they are and their words; and the name of what made it."""

    made_by: str
    states: bytes
