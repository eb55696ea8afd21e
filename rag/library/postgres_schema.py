"""The tables of the records in PostgreSQL: those of the file, in PostgreSQL's words, and how they are brought to the present layout."""

from __future__ import annotations

import hashlib

from rag.errors import LibraryMismatch, StorageFailed
from rag.library.database import LATER, SCHEMA, SCHEMA_VERSION
from rag.library.postgres_connection import Connection

MIGRATIONS: dict[int, str] = {}
"""Statements that bring the tables from the layout before to this one; PostgreSQL's first layout is 4."""

FUNCTIONS = """
CREATE OR REPLACE FUNCTION {schema}.passage_gone() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema} AS $$ BEGIN
    INSERT INTO gone SELECT old.id, max(generation) FROM history ON CONFLICT (passage_id) DO UPDATE SET generation = excluded.generation;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION {schema}.passage_back() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema} AS $$ BEGIN
    DELETE FROM gone WHERE passage_id = new.id;
    RETURN NULL;
END $$;
"""
TRIGGERS = """
CREATE TRIGGER passage_gone AFTER DELETE ON passages FOR EACH ROW EXECUTE FUNCTION passage_gone();
CREATE TRIGGER passage_back AFTER INSERT ON passages FOR EACH ROW EXECUTE FUNCTION passage_back();
"""


def ensure(connection: Connection, schema: str, name: str, readonly: bool) -> None:
    """Makes the tables, or brings them to the present layout, one process at a time; `name` is the database's, for people."""
    if connection.execute("SHOW server_encoding").fetchall()[0][0] != "UTF8":
        raise StorageFailed(f"The database {name} is not in UTF-8. Create one with `ENCODING 'UTF8'`.")
    found = _found(connection, schema)
    if found == SCHEMA_VERSION:
        return
    if found is not None and found > SCHEMA_VERSION:
        raise LibraryMismatch(
            f"The library in {name} was written by another version of paperchat (layout {found}, this one reads "
            f"{SCHEMA_VERSION}). Use that version."
        )
    if readonly:
        raise StorageFailed(f"There is no library in {name} yet. Add papers first.")
    connection.begin(0)
    try:
        _make(connection, schema, _found(connection, schema))  # another process may have made them meanwhile
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _found(connection: Connection, schema: str) -> int | None:
    """The layout of the tables; None if there are none."""
    if connection.execute("SELECT to_regclass(?)", (f"{schema}.meta",)).fetchall()[0][0] is None:
        return None
    rows = connection.execute("SELECT value FROM meta WHERE key = 'layout'").fetchall()
    return int(rows[0][0]) if rows else None


def _make(connection: Connection, schema: str, found: int | None) -> None:
    if found is None:
        connection.script(f"CREATE SCHEMA IF NOT EXISTS {schema};{tables()}{functions(schema)}{TRIGGERS}")
    for layout in sorted(layout for layout in MIGRATIONS if layout > (found or SCHEMA_VERSION)):
        connection.script(MIGRATIONS[layout])
    connection.execute(
        "INSERT INTO meta VALUES ('layout', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (str(SCHEMA_VERSION),)
    )


def functions(schema: str) -> str:
    return FUNCTIONS.replace("{schema}", schema)


def tables() -> str:
    """Those of the records."""
    made = in_postgres(SCHEMA + LATER).replace(
        "papers_title ON papers (title_key)",
        "papers_title ON papers USING hash (title_key)",  # titles may be longer than a tree's keys
    )
    return f"{made} CREATE UNIQUE INDEX collections_name ON collections (lower(name)); ALTER TABLE versions ADD COLUMN rowid BIGSERIAL;"


def in_postgres(tables: str) -> str:
    """SQLite's statements that make tables in PostgreSQL's words: texts are compared byte by byte, as there."""
    for theirs, ours in (
        (" WITHOUT ROWID", ""),
        (" AUTOINCREMENT", ""),
        ("INTEGER", "BIGINT"),
        ("REAL", "DOUBLE PRECISION"),
        ("BLOB", "BYTEA"),
        (" UNIQUE COLLATE NOCASE", ""),
        ("TEXT", 'TEXT COLLATE "C"'),
    ):
        tables = tables.replace(theirs, ours)
    return tables


def lock_key(schema: str) -> int:
    """The number of the lock under which a schema is changed."""
    return int.from_bytes(hashlib.sha256(schema.encode()).digest()[:8], "big", signed=True)
