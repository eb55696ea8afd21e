"""Mappings that are kept in a temporary file of SQLite's, so that looking at a file of any size takes little memory."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator, MutableMapping
from typing import Generic, TypeVar

V = TypeVar("V")


class Spill:
    """Where the mappings of one look are kept: a file without a name, which is gone when it is closed. A context manager."""

    def __init__(self) -> None:
        self.file = sqlite3.connect("", isolation_level=None)
        self.file.execute("PRAGMA journal_mode = OFF")
        self.file.execute("BEGIN")

    def __enter__(self) -> Spill:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


class Spilled(MutableMapping[str, V], Generic[V]):
    """From texts to values that can be pickled. What is got is a copy: to change a value, put it again."""

    def __init__(self, spill: Spill, name: str) -> None:
        self._file, self._name = spill.file, name
        self._file.execute(f"CREATE TABLE {name} (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")

    def __getitem__(self, key: str) -> V:
        row = self._file.execute(f"SELECT value FROM {self._name} WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        value: V = pickle.loads(row[0])  # only what this process has written
        return value

    def __setitem__(self, key: str, value: V) -> None:
        self._file.execute(f"INSERT OR REPLACE INTO {self._name} VALUES (?, ?)", (key, pickle.dumps(value)))

    def __delitem__(self, key: str) -> None:
        self._file.execute(f"DELETE FROM {self._name} WHERE key = ?", (key,))

    def __iter__(self) -> Iterator[str]:
        return (key for (key,) in self._file.execute(f"SELECT key FROM {self._name}"))

    def __len__(self) -> int:
        count: int = self._file.execute(f"SELECT count(*) FROM {self._name}").fetchone()[0]
        return count
