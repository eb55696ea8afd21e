"""One connection to PostgreSQL for the records: made again where it was lost, and what its driver raises in sentences."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from rag.errors import LibraryBusy, SettingsError, StorageFailed

if TYPE_CHECKING:
    import psycopg

T = TypeVar("T")

AGAIN = (0.1, 0.3, 1.0, 2.0, 4.0)
"""Seconds before a lost connection is made again. Chosen: a server that is started again is back by then."""
OPTIONS = {"connect_timeout": 10, "keepalives_idle": 30, "tcp_user_timeout": 30_000, "application_name": "paperchat"}
"""What the address may set otherwise: seconds, seconds, milliseconds."""


class ConnectionLost(StorageFailed):
    """The connection broke off; what was not committed is as if it had never begun."""


class Connection:
    """One connection, with the methods of SQLite's that the records use; it is made again when it was lost between two transactions."""

    def __init__(self, address: str, schema: str, readonly: bool) -> None:
        self._address = address
        self._schema = schema
        self._readonly = readonly
        self._open: psycopg.Connection[Any] | None = None
        self.made = 0
        """How often it was made: what the server held for an earlier one is gone."""
        self.in_transaction = False

    def connect(self) -> None:
        import psycopg

        known = {**OPTIONS, **parsed(self._address)}
        options = f"{known.pop('options', '')} -c search_path={self._schema} -c lock_timeout=5s -c client_encoding=UTF8"
        if self._readonly:
            options += " -c default_transaction_read_only=on"
        self.close()
        self._open = psycopg.connect(**known, options=options.strip(), autocommit=True)
        self.made += 1

    def execute(self, statement: str, values: Sequence[object] = ()) -> psycopg.Cursor[Any]:
        """Outside a transaction there are only questions, which are asked again on a new connection."""
        return self._again(lambda open: open.execute(_translated(statement), [_storable(one) for one in values] or None))

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> psycopg.Cursor[Any]:
        def run(open: psycopg.Connection[Any]) -> psycopg.Cursor[Any]:
            cursor = open.cursor()
            cursor.executemany(_translated(statement), [[_storable(one) for one in row] for row in rows])
            return cursor

        return self._again(run)

    def script(self, statements: str) -> None:
        self._again(lambda open: open.execute(statements.encode()))

    def begin(self, key: int) -> str:
        """Begins a transaction that no other process has beside it, and names it."""
        self.execute("BEGIN")
        self.in_transaction = True
        try:
            return str(self.execute("SELECT pg_advisory_xact_lock(?), pg_current_xact_id()::text", (key,)).fetchall()[0][1])
        except BaseException:
            self.rollback()
            raise

    def commit(self) -> None:
        try:
            self.execute("COMMIT")
        finally:
            self.in_transaction = False

    def rollback(self) -> None:
        """Of a connection that was lost, the server has rolled back by itself what was begun."""
        if self.in_transaction:
            with suppress(Exception):
                self.execute("ROLLBACK")
            self.in_transaction = False

    def close(self) -> None:
        if self._open is not None:
            with suppress(Exception):
                self._open.close()
        self._open = None

    def _again(self, run: Callable[[psycopg.Connection[Any]], T]) -> T:
        import psycopg

        for wait in (*AGAIN, None):
            try:
                if self._open is None or self._open.closed:
                    if self.in_transaction or not self.made:
                        raise psycopg.InterfaceError("the connection is closed")
                    self.connect()
                assert self._open is not None
                return run(self._open)
            except (psycopg.OperationalError, psycopg.InterfaceError):
                gone = self._open is None or self._open.closed
                if self.in_transaction or not gone or wait is None:
                    raise
                time.sleep(wait)
        raise AssertionError


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turns what PostgreSQL's driver raises into errors that people can act on."""
    import psycopg

    try:
        yield
    except psycopg.errors.LockNotAvailable as error:
        raise LibraryBusy(f"Another process is changing the library in {name}. Try again when it has finished.") from error
    except psycopg.errors.DiskFull as error:
        raise StorageFailed(f"The disk of the PostgreSQL server {name} is full. Free some space there and try again.") from error
    except psycopg.errors.ReadOnlySqlTransaction as error:
        raise StorageFailed(
            f"The records in {name} may not be written: they were opened read-only, or are a standby's."
        ) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise StorageFailed(
            f"PostgreSQL does not allow this in {name} ({_said(error)}). Give the user of PAPERCHAT_DATABASE the right to create schemas there."
        ) from error
    except psycopg.errors.DataError as error:
        raise StorageFailed(f"PostgreSQL cannot store this in {name} ({_said(error)}).") from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        if (error.sqlstate or "08")[:2] not in (
            "08",
            "57",
        ):  # neither the connection nor a server that is being shut down or started
            raise StorageFailed(f"PostgreSQL refuses this in {name} ({_said(error)}).") from error
        raise ConnectionLost(f"{lost(name)} ({_said(error)}).") from error


def lost(name: str) -> str:
    return (
        f"The PostgreSQL server {name} cannot be reached, or the connection broke off. Check that it runs, and PAPERCHAT_DATABASE, "
        "then try again: nothing is half written"
    )


def _said(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


@cache
def _translated(statement: str) -> str:
    """The placeholders of PostgreSQL's driver."""
    return statement.replace("%", "%%").replace("?", "%s") if "?" in statement else statement


def _storable(value: object) -> object:
    """PostgreSQL keeps no character 0 in a text; the sign for what cannot be shown is as long."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value


@cache
def parsed(address: str) -> dict[str, Any]:
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise SettingsError("PAPERCHAT_DATABASE needs PostgreSQL's driver: install `paperchat[server]`.") from error
    try:
        if not address.startswith(("postgresql://", "postgres://")):
            raise ProgrammingError
        known = dict(conninfo_to_dict(address))
        if any("@" in str(known.get(part, "")) for part in ("host", "dbname")):
            raise ProgrammingError  # an unescaped sign in a password, the rest of which would be shown as the host's name
        return known
    except ProgrammingError:
        # Not told what is wrong with it: it may hold a password.
        raise SettingsError(
            "PAPERCHAT_DATABASE must be an address such as postgresql://user@host:5432/database; in a password, write @ as %40 and / as %2F."
        ) from None
