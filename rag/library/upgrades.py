"""Brings the file of a library that an earlier version wrote to the present layout, in one transaction."""

from __future__ import annotations

import sqlite3

from rag.identity import normalised_title
from rag.library.vectors import repacked

SINCE_2 = (
    "CREATE INDEX papers_title ON papers (title_key);",
    "CREATE TABLE versions (id TEXT PRIMARY KEY, paper_id TEXT NOT NULL REFERENCES papers (id) ON DELETE CASCADE, "
    "content TEXT NOT NULL);",
    "CREATE INDEX versions_paper ON versions (paper_id);",
    "CREATE TABLE batches (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, at TEXT NOT NULL, "
    "undone INTEGER NOT NULL DEFAULT 0);",
    "CREATE TABLE batch_items (batch INTEGER NOT NULL REFERENCES batches (id) ON DELETE CASCADE, paper_id TEXT NOT NULL, "
    "before TEXT, after TEXT, PRIMARY KEY (batch, paper_id)) WITHOUT ROWID;",
)
"""Tables of layout 2: the records that one paper was made from, and what each import changed."""

SINCE_3 = (
    "CREATE TABLE catalogue (kind INTEGER NOT NULL, key TEXT NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (kind, key, place)) "
    "WITHOUT ROWID;",
)
"""Tables of layout 3: under what a paper is found (`kind` as numbered in `rag.library.catalogue`, `place` a paper's position)."""


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    """From `version` to the present layout: all of it or, where it fails, nothing."""
    connection.create_function("title_key", 1, normalised_title, deterministic=True)
    connection.create_function("repacked", 1, repacked, deterministic=True)
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version < 2:
            _to_2(connection)
        if version < 3:
            for statement in SINCE_3:
                connection.execute(statement)
        if version < 4:
            connection.execute("UPDATE passages SET vector = repacked(vector)")
            connection.execute("PRAGMA user_version = 4")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _to_2(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE papers ADD COLUMN title_key TEXT NOT NULL DEFAULT ''")
    connection.execute("ALTER TABLE papers ADD COLUMN details TEXT NOT NULL DEFAULT '{}'")
    connection.execute("UPDATE papers SET title_key = title_key(title)")
    for statement in SINCE_2:
        connection.execute(statement)
