"""Opens the one SQLite file of a library and says in sentences what SQLite says in codes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from rag.errors import LibraryDamaged, LibraryError, LibraryMismatch, StorageFailed
from rag.library.files import storage_failures
from rag.library.upgrades import SINCE_2, SINCE_3, upgrade

SCHEMA_VERSION = 4
"""The layout that this version writes; `upgrades` brings older ones up to it."""
OLDEST_READ = 2
"""The oldest layout that can be read as it is; an older one must be opened for writing first, which upgrades it."""
APPLICATION_ID = 0x50415052
"""`PAPR`, written into the file's header: tells a library from any other SQLite file."""

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE papers (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, abstract TEXT NOT NULL, authors TEXT NOT NULL, year INTEGER, venue TEXT, url TEXT,
    source TEXT NOT NULL, content_hash TEXT NOT NULL, position INTEGER NOT NULL UNIQUE, changed INTEGER NOT NULL,
    title_key TEXT NOT NULL DEFAULT '', details TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX papers_changed ON papers (changed);
CREATE TABLE passages (
    id TEXT PRIMARY KEY, paper_id TEXT NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passages_paper ON passages (paper_id);
CREATE TABLE removed (id TEXT PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE history (generation INTEGER PRIMARY KEY, token TEXT NOT NULL);
""" + "".join((*SINCE_2, *SINCE_3))

BESIDE = ("collections", "collected", "synced")
"""Tables that came later. They stand beside the papers, and indexes know nothing of them: older versions read the file as before."""

LATER = """
CREATE TABLE IF NOT EXISTS collections (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, origin TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS collected (
    collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    paper_id TEXT NOT NULL REFERENCES papers (id) ON DELETE CASCADE, PRIMARY KEY (collection, paper_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS collected_paper ON collected (paper_id);
CREATE TABLE IF NOT EXISTS gone (passage_id TEXT PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS gone_generation ON gone (generation);
CREATE INDEX IF NOT EXISTS papers_year_place ON papers (year, position);
CREATE TABLE IF NOT EXISTS word_states (
    paper_id TEXT PRIMARY KEY REFERENCES papers (id) ON DELETE CASCADE, made_by INTEGER NOT NULL, states BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS state_makers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS synced (
    source TEXT NOT NULL, key TEXT NOT NULL, paper_id TEXT NOT NULL, mark TEXT NOT NULL, PRIMARY KEY (source, key)
) WITHOUT ROWID;
"""

TRIGGERS = """
CREATE TRIGGER IF NOT EXISTS passage_gone AFTER DELETE ON passages BEGIN
    INSERT OR REPLACE INTO gone SELECT old.id, max(generation) FROM history;
END;
CREATE TRIGGER IF NOT EXISTS passage_back AFTER INSERT ON passages BEGIN DELETE FROM gone WHERE passage_id = new.id; END;
"""


def connect(path: Path, readonly: bool) -> sqlite3.Connection:
    """A connection to a file with our schema; where there is no file and writing is allowed, a new one.

    Raises StorageFailed, LibraryDamaged (not SQLite, torn, or somebody else's file) or LibraryMismatch (a newer version's).
    """
    with sentences_for_errors(path):
        if not readonly and not path.exists():
            _create(path)
        connection = _open_readonly(path) if readonly else _open(path)
        try:
            _check(connection, path, readonly)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def sentences_for_errors(path: Path) -> Iterator[None]:
    """Turns what SQLite raises into StorageFailed (the disk, the permissions) or LibraryDamaged (the file itself)."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
            raise _explained(error, path) from error
        raise  # a broken rule of the schema or a closed connection is our own mistake


def _explained(error: sqlite3.Error, path: Path) -> LibraryError:
    said = str(error)
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    if primary == sqlite3.SQLITE_FULL or "is full" in said:
        return StorageFailed(f"The disk that holds {path} is full: free some space there and try again. Nothing was lost.")
    if primary == sqlite3.SQLITE_READONLY or "readonly" in said:
        return StorageFailed(
            f"{path} may not be written: check the permissions of the file and its folder, or choose another library."
        )
    if primary in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM) or "unable to open" in said:
        return StorageFailed(f"{path} cannot be opened: check that its folder exists and may be read and written.")
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StorageFailed(f"{path} stays locked by another process: close that process and try again.")
    if primary == sqlite3.SQLITE_PROTOCOL:  # of the locks, not of the file: it may be opened a moment later
        return StorageFailed(
            f"{path} cannot be locked for reading: another process may be opening it, or changes beside it were not finished and its "
            "folder may not be written. Try again, or open the library once with the right to write there."
        )
    if primary == sqlite3.SQLITE_IOERR:
        return StorageFailed(f"{path} could not be read or written ({said}): check the disk and its free space, then try again.")
    return damaged(path, said)


def damaged(path: Path, why: str) -> LibraryDamaged:
    return LibraryDamaged(
        f"{path} cannot be used as a library ({why}). Nothing was changed or deleted: put a backup copy in its place, "
        f"run `paperchat repair` to make a new library of the papers that can still be read, "
        f"or move the folder {path.parent} away and add the papers again."
    )


def _create(path: Path) -> None:
    """An empty library that appears as a whole: a file without content is never one that was just begun."""
    part = path.with_name(path.name + ".part")
    with suppress(OSError):
        part.unlink()
    connection = sqlite3.connect(part)
    try:
        connection.executescript(
            f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
        )
    finally:
        connection.close()
    with storage_failures(path):
        part.replace(path)


def _open(path: Path) -> sqlite3.Connection:
    connection = _connection(f"file:{quote(str(path.absolute()))}?mode=rw")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _open_readonly(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    if not path.exists():
        raise StorageFailed(f"There is no library at {path}: add papers first, or name the folder of an existing one.")
    connection = _connection(address)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        return _open_immutable(path, address)
    return connection


def _open_immutable(path: Path, address: str) -> sqlite3.Connection:
    """For a folder that may not be written: SQLite then cannot make the shared-memory file that a write-ahead log needs."""
    log = path.with_name(path.name + "-wal")
    with suppress(OSError):
        if log.stat().st_size > 0:
            raise StorageFailed(
                f"{path} has changes beside it that were not finished ({log.name}), and its folder may not be written: "
                "open the library once with the right to write there."
            )
    return _connection(address + "&immutable=1")


def _connection(address: str) -> sqlite3.Connection:
    # Threads share the connection; Records holds a lock around every use.
    return sqlite3.connect(address, uri=True, timeout=10.0, isolation_level=None, check_same_thread=False)


def _check(connection: sqlite3.Connection, path: Path, readonly: bool) -> None:
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if tables == 0:
        raise damaged(path, "the file is empty")
    if application != APPLICATION_ID:
        raise damaged(path, "it is a database of another program")
    if version < SCHEMA_VERSION and not readonly:
        _keep_copy(connection, path, version)
        upgrade(connection, version)
        with suppress(sqlite3.OperationalError):  # the space is given back where the disk has room to sort it out
            connection.execute("VACUUM")
    elif not OLDEST_READ <= version <= SCHEMA_VERSION:
        raise LibraryMismatch(
            f"{path} was written by another version of paperchat (layout {version}, this one reads {SCHEMA_VERSION}): "
            "use that version, or create a new library and add the papers again."
        )
    if not readonly:
        connection.executescript(f"BEGIN IMMEDIATE; {LATER} {TRIGGERS} COMMIT;")


def _keep_copy(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """A copy of the library as it was in an older layout, which that version of paperchat can still open; an earlier copy stays."""
    copy = path.with_name(f"{path.name}.layout-{version}")
    if copy.exists():
        return
    part = copy.with_name(copy.name + ".part")
    with storage_failures(copy):
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as target:
            connection.backup(target)
        part.replace(copy)
