"""The two indexes of one library, opened when they are first asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rag.errors import StorageFailed

if TYPE_CHECKING:
    from rag.library.indexes.stores import Stores, VectorStore, WordStore
    from rag.library.records import Records
    from rag.types import Progress

S = TypeVar("S")


class LazyIndexes:
    """Opens each index once; where its files cannot be used, one that needs none, which `notices` tells.

    `shared`: other processes change the records, so that the index of words has to be synced whenever it is asked for.
    """

    def __init__(self, folder: Path, records: Records, stores: Stores, readonly: bool, shared: bool, notices: list[str]) -> None:
        self.shared = shared
        self.lock = threading.RLock()
        """Held while an index is opened or closed."""
        self._folder, self._records, self._notices = folder, records, notices
        self._stores, self._readonly = stores, readonly
        self._meaning: VectorStore | None = None
        self._words: WordStore | None = None

    @property
    def opened(self) -> bool:
        """Whether somebody has searched yet."""
        return self._words is not None

    def meaning(self, progress: Progress | None) -> VectorStore:
        """Search by meaning."""
        with self.lock:
            if self._meaning is None:
                chosen = self._stores.reader_vectors if self._readonly else self._stores.vectors
                self._meaning = self._open(chosen, self._stores.spare_vectors, "goes through all passages", progress)
            return self._meaning

    def words(self, progress: Progress | None) -> WordStore:
        """Search by words."""
        with self.lock:
            if self._words is None:
                chosen = self._stores.reader_words if self._readonly else self._stores.words
                self._words = self._open(chosen, self._stores.spare_words, "works in memory", progress)
            elif self.shared:
                self._words.sync(progress)
            return self._words

    def close(self) -> None:
        """Closes what is open; what is asked for later is opened again."""
        with self.lock:
            for index in (self._meaning, self._words):
                if index is not None:
                    index.close()
            self._meaning = self._words = None

    def _open(
        self,
        chosen: Callable[[Path, Records, list[str], Progress | None], S],
        spare: Callable[[Path, Records, list[str], Progress | None], S],
        until_then: str,
        progress: Progress | None,
    ) -> S:
        try:
            return chosen(self._folder, self._records, self._notices, progress)
        except StorageFailed as error:
            self._notices.append(f"{error} Until then, the search {until_then}.")
            return spare(self._folder, self._records, self._notices, progress)
