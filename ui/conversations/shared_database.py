"""Conversations, tables and notes in PostgreSQL, where the records are too: several page servers have the same ones."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rag.library.postgres import PostgresDatabase
from rag.library.postgres_connection import Connection, explained
from rag.library.postgres_schema import in_postgres, lock_key
from ui.conversations.database import Database

SCHEMA = "paperchat_conversations"
"""Not in the schema of the records, which a re-indexing replaces."""


class SharedDatabase(Database):
    """One connection, made again where it is lost between two changes."""

    file: Any

    def __init__(self, database: PostgresDatabase, schema: str = SCHEMA) -> None:
        self.notices: list[str] = []
        self.server = database
        self.schema = schema
        self._lock = threading.Lock()
        self.file = Connection(database.address, schema, readonly=False)
        with explained(self.server.name):
            self.file.connect()

    def add_tables(self, schema: str) -> None:
        with self.change():
            self.file.script(f"CREATE SCHEMA IF NOT EXISTS {self.schema}; {in_postgres(schema)}")

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._lock, explained(self.server.name):
            yield

    @contextmanager
    def change(self) -> Iterator[None]:
        with self._lock, explained(self.server.name):
            self.file.begin(lock_key(self.schema))
            try:
                yield
                self.file.commit()
            except BaseException:
                self.file.rollback()
                raise
