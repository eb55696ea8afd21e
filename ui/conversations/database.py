"""The SQLite file in the library's folder that keeps what people made: conversations, tables, notes. Safe to share between threads.

A file that is damaged is kept aside, under a name that `notices` tells, and a new one is begun.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import StorageFailed
from rag.library.damage import structure
from rag.library.files import OpenFile, set_database_aside

FILE = "conversations.db"


class Database:
    """One open file; `close` it at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notices: list[str] = []
        self._lock = threading.Lock()
        with _explained(path):
            self.file = self._opened()
        self._open_file = OpenFile(path)

    def _opened(self) -> sqlite3.Connection:
        if self.path.is_file() and (said := structure(self.path)):
            aside = set_database_aside(self.path)
            self.notices.append(
                f"The conversations in {self.path} cannot be read ({said}): a new file was begun. "
                f"The damaged one is kept as {aside}; a backup copy can be put in its place while Paperchat is not running."
            )
        file = sqlite3.connect(self.path, timeout=10.0, isolation_level=None, check_same_thread=False)
        try:
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = NORMAL")
            file.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            file.close()
            raise
        return file

    def add_tables(self, schema: str) -> None:
        """Makes the tables that are not there yet."""
        with _explained(self.path):
            self.file.executescript(schema)

    def row(self, query: str, *values: object) -> Any:
        return self.file.execute(query, values).fetchone()

    @contextmanager
    def reading(self) -> Iterator[None]:
        self._open_file.check()
        with self._lock, _explained(self.path):
            yield

    @contextmanager
    def change(self) -> Iterator[None]:
        self._open_file.check()
        with self._lock, _explained(self.path):
            self.file.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.file.execute("COMMIT")
            except BaseException:
                if self.file.in_transaction:
                    self.file.execute("ROLLBACK")
                raise

    def close(self) -> None:
        with self._lock:
            self.file.close()


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageFailed(
            f"Conversations cannot be kept in {path} ({error}). Check the disk and the permissions there."
        ) from error
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:
            raise  # a broken rule of the schema is our own mistake
        raise StorageFailed(
            f"The conversations in {path} are damaged ({error}). Start Paperchat again: it sets the damaged file aside and starts a new one."
        ) from error
