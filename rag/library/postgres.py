"""The records of a library in PostgreSQL, which several processes on several machines may read and write at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from rag.errors import LibraryBusy, LibraryError
from rag.library import postgres_connection
from rag.library.database import SCHEMA_VERSION
from rag.library.postgres_connection import Connection, ConnectionLost, explained, lost, parsed
from rag.library.postgres_schema import ensure, functions, lock_key
from rag.library.records import Records

T = TypeVar("T")

TURN = 30.0
"""Seconds that a change waits for one by another process. Chosen: a batch of papers takes one or two."""


@dataclass(frozen=True)
class PostgresDatabase:
    """A database by its address, which may hold a password and is never shown. The tables are in a schema of their own."""

    address: str
    schema: str = "paperchat"

    @classmethod
    def at(cls, address: str) -> PostgresDatabase:
        """Raises SettingsError, which does not repeat the address."""
        parsed(address)
        return cls(address)

    def __repr__(self) -> str:
        return f"PostgresDatabase({self.name})"

    @property
    def name(self) -> str:
        """Host, port and database, for people."""
        known = parsed(self.address)
        return f"{known.get('host', 'localhost')}:{known.get('port', 5432)}/{known.get('dbname', '')}"

    def open(self, path: Path, readonly: bool = False) -> PostgresRecords:
        """The records; tables are made if there are none. `path` is what messages name, and where the indexes lie beside.

        Raises StorageFailed or LibraryMismatch.
        """
        connection = Connection(self.address, self.schema, readonly)
        try:
            with explained(self.name):
                connection.connect()
                ensure(connection, self.schema, self.name, readonly)
            records = PostgresRecords(path, connection, readonly, self)
            records.prepare()
        except BaseException:
            connection.close()
            raise
        return records


class Watched:
    """Stands if a file is watched."""

    def __init__(self, asked: Callable[[], object]) -> None:
        self._asked = asked

    def check(self) -> None:
        """Raises StorageFailed if the database cannot be reached."""
        self._asked()


class PostgresRecords(Records):
    """As the records in a file. One process changes them at a time; the others wait, or are told that they waited too long."""

    _connection: Any

    def __init__(self, path: Path, connection: Connection, readonly: bool, database: PostgresDatabase) -> None:
        super().__init__(path, connection, readonly)  # type: ignore[arg-type]  # it has the methods that are used
        self.database = database
        self._key = lock_key(database.schema)
        self._transaction = ""
        self._turns: list[int] = []

    def _watched(self) -> Any:
        return Watched(lambda: self._rows("SELECT 1"))

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock, self._explained():
            found: list[Any] = self._connection.execute(query, values).fetchall()
            return found

    def _explained(self) -> AbstractContextManager[None]:
        return explained(self.database.name)

    def _layout(self) -> int:
        return SCHEMA_VERSION

    @contextmanager
    def turn(self, wait: float | None = None) -> Iterator[None]:
        """Other processes wait at their own turn. Raises LibraryBusy if one of them takes too long."""
        if self.readonly:
            yield
            return
        until = time.monotonic() + (TURN if wait is None else wait)
        while not self._rows("SELECT pg_try_advisory_lock(?)", (self._key,))[0][0]:
            if time.monotonic() > until:
                raise LibraryBusy(
                    f"Another process is changing the library in {self.database.name}. Try again when it has finished."
                )
            time.sleep(0.05)
        made = self._connection.made
        self._turns.append(made)
        try:
            yield
        finally:
            self._turns.remove(made)
            if self._connection.made == made:
                with suppress(LibraryError):
                    self._rows("SELECT pg_advisory_unlock(?)", (self._key,))

    def attempt(self, step: Callable[[], T]) -> T:
        """What `step`, which makes one change, returns; done again where the connection was lost before the change was kept."""
        for wait in (*postgres_connection.AGAIN, None):
            try:
                return step()
            except ConnectionLost:
                if wait is None or self._changing:
                    raise
                time.sleep(wait)
        raise AssertionError

    def _begin(self) -> None:
        self._still_its_turn()
        self._transaction = self._connection.begin(self._key)
        self._still_its_turn()

    def _still_its_turn(self) -> None:
        if self._turns and self._connection.made != self._turns[-1]:
            self._connection.rollback()
            raise ConnectionLost(lost(self.database.name))

    def _commit(self) -> None:
        import psycopg

        try:
            self._connection.commit()
        except (psycopg.OperationalError, psycopg.InterfaceError):
            # The answer was lost, and perhaps only the answer.
            if self._status() != "committed":
                raise

    def _status(self) -> object:
        """What happened to the last transaction."""
        for wait in (*postgres_connection.AGAIN, None):
            status = self._rows("SELECT pg_xact_status(?::xid8)", (self._transaction,))[0][0]
            if status != "in progress" or wait is None:
                return status
            time.sleep(wait)
        return None

    def _rollback(self) -> None:
        self._connection.rollback()

    def replace_with(self, other: Records) -> None:
        """Puts another schema in the place of this one, in one transaction."""
        assert isinstance(other, PostgresRecords)
        mine, new = self.database.schema, other.database.schema
        with self._lock, other._lock, self._explained():
            other._step(max(self.generation, other.generation) + 1)
            self._begin()
            try:
                self._connection.script(f"DROP SCHEMA {mine} CASCADE; ALTER SCHEMA {new} RENAME TO {mine}; {functions(mine)}")
                self._commit()
            except BaseException:
                self._rollback()
                raise
            other._connection.script(f"SET search_path = {mine}")

    def reopened(self, readonly: bool) -> PostgresRecords:
        return self.database.open(self.path, readonly)

    def draft(self) -> SchemaDraft:
        return SchemaDraft(PostgresDatabase(self.database.address, f"{self.database.schema}_new"), self.path)

    def discard_draft(self) -> None:
        """It may be another process's, which is at work."""


@dataclass(frozen=True)
class SchemaDraft:
    """A schema beside the records, in which they are rebuilt."""

    database: PostgresDatabase
    path: Path

    def exists(self) -> bool:
        with self._connected() as connection:
            return bool(connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = ?", (self.database.schema,)).fetchall())

    def open(self) -> PostgresRecords:
        return self.database.open(self.path)

    def delete(self) -> None:
        with self._connected() as connection:
            connection.script(f"DROP SCHEMA IF EXISTS {self.database.schema} CASCADE")

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        connection = Connection(self.database.address, self.database.schema, readonly=False)
        try:
            with explained(self.database.name):
                connection.connect()
                yield connection
        finally:
            connection.close()
