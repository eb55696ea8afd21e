"""What every store of a library can do: open, sync, search, close. A new store needs these and passes the contract tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rag.library.indexes.bm25 import TantivyWords
from rag.library.indexes.brute_force import ExactScan
from rag.library.indexes.embedded import EmbeddedVectors
from rag.library.indexes.owners_vectors import OwnersVectors
from rag.protocols import MeaningIndex, WordIndex
from rag.types import Progress

if TYPE_CHECKING:
    from rag.library.records import Records


class Store(Protocol):
    """An index made from the records of a library."""

    def sync(self, progress: Progress | None = None) -> None:
        """Makes the index equal to the records; costs next to nothing when it is already. Raises StorageFailed."""
        ...

    def close(self) -> None:
        """Frees files and memory. May be called twice; what was synced is there at the next opening."""
        ...


class VectorStore(MeaningIndex, Store, Protocol):
    """Passages by vector."""

    def count(self) -> int:
        """Passages in the index."""
        ...


class WordStore(WordIndex, Store, Protocol):
    """Papers by words."""

    def matching(self, text: str, limit: int) -> list[tuple[str, float]]:
        """(paper id, score) of papers with all these words, the last of which may be cut; best first."""
        ...

    def near(self, word: str) -> str | None:
        """The word of the collection nearest in spelling, for one that it does not have."""
        ...


class OpenVectors(Protocol):
    """Opens a vector store in the folder of a library, equal to its records; what had to be rebuilt is appended to `notices`."""

    def __call__(self, folder: Path, records: Records, notices: list[str], progress: Progress | None) -> VectorStore: ...


class OpenWords(Protocol):
    """The same for words."""

    def __call__(self, folder: Path, records: Records, notices: list[str], progress: Progress | None) -> WordStore: ...


@dataclass(frozen=True)
class Stores:
    """The stores of a library: its owner's, a reader's beside the owner, and what an owner whose disk fails searches with."""

    vectors: OpenVectors
    words: OpenWords
    reader_vectors: OpenVectors
    reader_words: OpenWords
    spare_vectors: OpenVectors
    spare_words: OpenWords
    names: Sequence[str] = ()
    """Folders of the owner's stores, by which a library is known whose records are lost."""


def scan(folder: Path, records: Records, notices: list[str], progress: Progress | None) -> VectorStore:
    """A store that reads the records and writes nothing."""
    return ExactScan(records)


def vectors_beside_owner(folder: Path, records: Records, notices: list[str], progress: Progress | None) -> VectorStore:
    """The owner's index of a large library, searched by the owner; a small one is scanned."""
    return OwnersVectors(folder, records)


def words_in_memory(folder: Path, records: Records, notices: list[str], progress: Progress | None) -> WordStore:
    """An index of words that writes nothing."""
    return TantivyWords.in_memory(records, progress)


def words_beside_owner(folder: Path, records: Records, notices: list[str], progress: Progress | None) -> WordStore:
    """The owner's files while they are up to date, else an index in memory."""
    return TantivyWords.open_readonly(folder, records, progress)


EMBEDDED = Stores(
    EmbeddedVectors.open,
    TantivyWords.open,
    vectors_beside_owner,
    words_beside_owner,
    scan,
    words_in_memory,
    ("chroma", "tantivy"),
)
"""Chroma and Tantivy in the library's folder."""
