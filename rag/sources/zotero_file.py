"""Reads Zotero's database without touching it: a copy is read, also while Zotero is running and has it locked."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import FetchFailed
from rag.ingestion.zotero_items import NO_PAPERS
from rag.sources.zotero import Changes, Item, State, ZoteroCollection, full_names

NAME = "zotero.sqlite"
TRIES = 3
"""Copies made before a database that keeps changing is abandoned. Chosen."""

_ITEMS = """
SELECT itemID, items.key, typeName FROM items JOIN itemTypes USING (itemTypeID)
WHERE libraryID = ? AND itemID NOT IN (SELECT itemID FROM deletedItems) ORDER BY itemID
"""
_FIELDS = """
SELECT itemID, fieldName, value FROM itemData JOIN fields USING (fieldID) JOIN itemDataValues USING (valueID)
JOIN items USING (itemID) WHERE libraryID = ?
"""
_CREATORS = """
SELECT itemID, creatorType, firstName, lastName, fieldMode FROM itemCreators JOIN creators USING (creatorID)
JOIN creatorTypes USING (creatorTypeID) JOIN items USING (itemID) WHERE libraryID = ? ORDER BY itemID, orderIndex
"""
_SHELVES = "SELECT collectionID, key, collectionName, parentCollectionID FROM collections WHERE libraryID = ?"
_INSIDE = "SELECT collectionID, itemID FROM collectionItems JOIN items USING (itemID) WHERE libraryID = ?"


@dataclass(frozen=True)
class ZoteroFile:
    """The library in a `zotero.sqlite`, or in the folder that has one."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path)

    def changes(self, since: State, known: frozenset[str]) -> Changes:
        """All items: the database is on this machine, and what is unchanged is passed over by its fingerprint."""
        path = self.path / NAME if self.path.is_dir() else self.path
        with _copied(path) as copy:
            try:
                return _read(copy)
            except sqlite3.DatabaseError as error:
                raise FetchFailed(
                    f"{path} cannot be read as Zotero's database ({error}). Close Zotero and run the command again."
                ) from None


def _read(database: sqlite3.Connection) -> Changes:
    library = database.execute("SELECT libraryID FROM libraries WHERE type = 'user' ORDER BY libraryID").fetchone()
    number = (library[0] if library else 1,)
    kinds = {id: (key, kind) for id, key, kind in database.execute(_ITEMS, number) if kind not in NO_PAPERS}
    data: dict[int, dict[str, Any]] = {id: {"itemType": kind} for id, (_, kind) in kinds.items()}
    for id, field, value in database.execute(_FIELDS, number):
        if id in data:
            data[id][field] = str(value)
    for id, kind, first, last, mode in database.execute(_CREATORS, number):
        if id in data:
            name = {"name": last or ""} if mode == 1 else {"firstName": first or "", "lastName": last or ""}
            data[id].setdefault("creators", []).append({"creatorType": kind, **name})
    items = tuple(Item(kinds[id][0], values) for id, values in data.items())
    return Changes(
        items, frozenset(item.key for item in items), _collections(database, number, {id: key for id, (key, _) in kinds.items()})
    )


def _collections(database: sqlite3.Connection, number: tuple[int], keys: dict[int, str]) -> tuple[ZoteroCollection, ...]:
    rows = database.execute(_SHELVES, number).fetchall()
    key_of = {id: key for id, key, _, _ in rows}
    names = full_names({key: (name, key_of.get(parent)) for _, key, name, parent in rows})
    inside: dict[int, set[str]] = {id: set() for id in key_of}
    for collection, item in database.execute(_INSIDE, number):
        if collection in inside and item in keys:
            inside[collection].add(keys[item])
    return tuple(ZoteroCollection(key, names[key], frozenset(inside[id])) for id, key in key_of.items())


@contextmanager
def _copied(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a copy, which takes in what stands in the logs beside the original. The original is only read."""
    if not path.is_file():
        raise FetchFailed(
            f"There is no Zotero database {path}. Settings, Advanced, Files and Folders in Zotero shows where it is."
        )
    try:
        with tempfile.TemporaryDirectory(prefix="paperchat-") as folder:
            copy = _steady_copy(path, Path(folder))
            connection = sqlite3.connect(copy)
            try:
                yield connection
            finally:
                connection.close()
    except OSError as error:
        raise FetchFailed(
            f"{path} cannot be copied ({error.strerror or error}). Check its permissions and the free space."
        ) from None


def _steady_copy(path: Path, folder: Path) -> Path:
    """A copy during which the file was not written."""
    for _ in range(TRIES):
        before = _state(path)
        for one in _with_logs(path):
            shutil.copyfile(one, folder / one.name)
        if _state(path) == before:
            return folder / path.name
    raise FetchFailed(f"{path} is being written. Wait until Zotero has finished, and run the command again.")


def _with_logs(path: Path) -> list[Path]:
    return [one for ending in ("", "-wal", "-journal") if (one := path.with_name(path.name + ending)).is_file()]


def _state(path: Path) -> list[tuple[str, int, int]]:
    return [(one.name, one.stat().st_size, one.stat().st_mtime_ns) for one in _with_logs(path)]
