"""A stand-in for Zotero on this machine: its local API in the shapes that Zotero 7 gives, and the same library as its SQLite file.

`zotero = ZoteroLibrary()`, `zotero.add(title=…, abstractNote=…)`; `with zotero.served() as server:` answers at `server.url`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from web_server import Page, Request, WebServer

Data = dict[str, Any]
LETTERS = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"


class ZoteroLibrary:
    """Items and collections that can be changed. `synced` is whether zotero.org gives versions; without it they all stay 0."""

    def __init__(self, synced: bool = False) -> None:
        self.items: dict[str, Data] = {}
        self.collections: dict[str, Data] = {}
        self.trash: set[str] = set()
        self.version = 0
        self.synced = synced
        self._clock = 0
        self._count = 0

    def add(
        self, itemType: str = "journalArticle", creators: Iterable[str] = (), inside: Iterable[str] = (), **fields: str
    ) -> str:
        """The key of a new item; `creators` are `First Last`, `inside` keys of collections."""
        key = self._key()
        names = [dict(zip(("firstName", "lastName"), name.split(" ", 1), strict=True), creatorType="author") for name in creators]
        self.items[key] = {
            "key": key,
            "version": 0,
            "itemType": itemType,
            "creators": names,
            "tags": [],
            "relations": {},
            **fields,
        }
        self.items[key] |= {"collections": list(inside), "dateAdded": "2025-01-01T00:00:00Z"}
        self.touch(key)
        return key

    def change(self, key: str, **fields: Any) -> None:
        self.items[key] |= fields
        self.touch(key)

    def touch(self, key: str) -> None:
        """As any edit does: it is modified now, and gets a version where it is synchronised."""
        self._clock += 1
        self.items[key]["dateModified"] = (
            f"2025-02-{1 + self._clock // 1440:02d}T{self._clock // 60 % 24:02d}:{self._clock % 60:02d}:00Z"
        )
        if self.synced:
            self.version += 1
            self.items[key]["version"] = self.version

    def arrives(self, key: str, **fields: Any) -> None:
        """A change made on another machine long ago comes in through zotero.org: an old time, a new version."""
        self.version += 1
        self.items[key] |= {**fields, "dateModified": "2020-01-01T00:00:00Z", "version": self.version}

    def put_in(self, key: str, collection: str) -> None:
        """Into a collection, which changes neither time nor version of the item."""
        self.items[key]["collections"].append(collection)

    def collection(self, name: str, parent: str | None = None) -> str:
        key = self._key()
        self.collections[key] = {"key": key, "version": 0, "name": name, "parentCollection": parent or False, "relations": {}}
        return key

    def delete_collection(self, key: str) -> None:
        del self.collections[key]
        for item in self.items.values():
            item["collections"] = [one for one in item["collections"] if one != key]

    def served(self, prefix: str = "/api/users/0") -> WebServer:
        server = WebServer()
        server.pages[f"{prefix}/collections"] = lambda request: self._objects(request, list(self.collections.values()))
        server.pages[f"{prefix}/items/top"] = lambda request: self._objects(request, self._top())
        whole = server.reply

        def reply(request: Request) -> Page:
            parts = request.path.removeprefix(prefix).strip("/").split("/")
            if len(parts) == 4 and parts[0] == "collections" and parts[2:] == ["items", "top"] and parts[1] in self.collections:
                server.asked.append(request)
                return self._objects(request, [item for item in self._top() if parts[1] in item["collections"]])
            return whole(request)

        server.reply = reply  # type: ignore[method-assign]
        return server

    def write(self, path: Path) -> Path:
        """The same as `zotero.sqlite`."""
        path.unlink(missing_ok=True)
        with sqlite3.connect(path) as database:
            _write(database, self)
        database.close()
        return path

    def _key(self) -> str:
        self._count += 1
        number, key = self._count, ""
        for _ in range(8):
            number, at = divmod(number, len(LETTERS))
            key = LETTERS[at] + key
        return key

    def _top(self) -> list[Data]:
        return [item for key, item in self.items.items() if key not in self.trash and "parentItem" not in item]

    def _objects(self, request: Request, objects: list[Data]) -> Page:
        asked = request.parameters
        if "itemKey" in asked:
            objects = [one for one in objects if one["key"] in asked["itemKey"].split(",")]
        if int(asked.get("since", 0)):
            objects = [one for one in objects if one["version"] > int(asked["since"])]
        objects = sorted(objects, key=lambda one: str(one.get("dateModified", "")), reverse=True)
        headers = {"Total-Results": str(len(objects)), "Last-Modified-Version": str(self.version), "Zotero-API-Version": "3"}
        start = int(asked.get("start", 0))
        shown = objects[start : start + int(asked.get("limit", len(objects)))]
        if asked.get("format") == "keys":
            return Page("\n".join(one["key"] for one in shown), headers={**headers, "Content-Type": "text/plain"})
        return Page(json.dumps([self._response(one, asked.get("include", "data")) for one in shown]), headers=headers)

    def _response(self, one: Data, include: str) -> Data:
        response = {
            "key": one["key"],
            "version": one["version"],
            "library": {"type": "user", "id": 0},
            "links": {},
            "meta": {},
            "data": one,
        }
        if "bibtex" in include and one.get("itemType") not in (None, "note", "attachment"):
            response["bibtex"] = f"\n@article{{{_bibtex_key(one)},\n\ttitle = {{{one.get('title', '')}}},\n}}\n"
        return response


def _bibtex_key(one: Data) -> str:
    """As Zotero makes it: author, first word of the title, year."""
    names, words = one.get("creators") or [{"lastName": "noauthor"}], str(one.get("title", "")).lower().split()
    return f"{names[0]['lastName'].lower()}_{(words or ['notitle'])[0]}_{one.get('date', 'nodate')[:4]}"


def _write(database: sqlite3.Connection, library: ZoteroLibrary) -> None:
    """The tables of Zotero's schema that matter here, with their own names and columns."""
    database.executescript(
        """
CREATE TABLE libraries (libraryID INTEGER PRIMARY KEY, type TEXT NOT NULL, editable INT NOT NULL, filesEditable INT NOT NULL,
  version INT NOT NULL DEFAULT 0, storageVersion INT NOT NULL DEFAULT 0, lastSync INT NOT NULL DEFAULT 0, archived INT NOT NULL DEFAULT 0);
CREATE TABLE itemTypes (itemTypeID INTEGER PRIMARY KEY, typeName TEXT, templateItemTypeID INT, display INT DEFAULT 1);
CREATE TABLE fields (fieldID INTEGER PRIMARY KEY, fieldName TEXT, fieldFormatID INT);
CREATE TABLE creatorTypes (creatorTypeID INTEGER PRIMARY KEY, creatorType TEXT);
CREATE TABLE items (itemID INTEGER PRIMARY KEY, itemTypeID INT NOT NULL, dateAdded TIMESTAMP, dateModified TIMESTAMP,
  clientDateModified TIMESTAMP, libraryID INT NOT NULL, key TEXT NOT NULL, version INT NOT NULL DEFAULT 0, synced INT NOT NULL DEFAULT 0);
CREATE TABLE itemDataValues (valueID INTEGER PRIMARY KEY, value UNIQUE);
CREATE TABLE itemData (itemID INT, fieldID INT, valueID INT, PRIMARY KEY (itemID, fieldID));
CREATE TABLE creators (creatorID INTEGER PRIMARY KEY, firstName TEXT, lastName TEXT, fieldMode INT);
CREATE TABLE itemCreators (itemID INT NOT NULL, creatorID INT NOT NULL, creatorTypeID INT NOT NULL DEFAULT 1, orderIndex INT NOT NULL DEFAULT 0);
CREATE TABLE collections (collectionID INTEGER PRIMARY KEY, collectionName TEXT NOT NULL, parentCollectionID INT DEFAULT NULL,
  clientDateModified TIMESTAMP, libraryID INT NOT NULL, key TEXT NOT NULL, version INT NOT NULL DEFAULT 0, synced INT NOT NULL DEFAULT 0);
CREATE TABLE collectionItems (collectionID INT NOT NULL, itemID INT NOT NULL, orderIndex INT NOT NULL DEFAULT 0);
CREATE TABLE deletedItems (itemID INTEGER PRIMARY KEY, dateDeleted DEFAULT CURRENT_TIMESTAMP NOT NULL);
INSERT INTO libraries (libraryID, type, editable, filesEditable) VALUES (1, 'user', 1, 1), (2, 'group', 1, 1);
INSERT INTO creatorTypes VALUES (8, 'author');
"""
    )
    ids = {key: at for at, key in enumerate(library.items, 1)}
    collections = {key: at for at, key in enumerate(library.collections, 1)}
    for key, one in library.collections.items():
        parent = collections.get(str(one["parentCollection"]))
        database.execute("INSERT INTO collections VALUES (?, ?, ?, '', 1, ?, 0, 0)", (collections[key], one["name"], parent, key))
    for key, item in library.items.items():
        _write_item(database, ids[key], item)
        database.executemany(
            "INSERT INTO collectionItems VALUES (?, ?, 0)", [(collections[one], ids[key]) for one in item["collections"]]
        )
    database.executemany("INSERT INTO deletedItems (itemID) VALUES (?)", [(ids[key],) for key in library.trash])


def _write_item(database: sqlite3.Connection, id: int, item: Data) -> None:
    kind = _id_of(database, "itemTypes", "typeName", item["itemType"])
    database.execute("INSERT INTO items VALUES (?, ?, '', '', '', 1, ?, ?, 0)", (id, kind, item["key"], item["version"]))
    for name, value in item.items():
        if isinstance(value, str) and name not in ("key", "itemType", "dateAdded", "dateModified", "parentItem"):
            field, place = _id_of(database, "fields", "fieldName", name), _id_of(database, "itemDataValues", "value", value)
            database.execute("INSERT INTO itemData VALUES (?, ?, ?)", (id, field, place))
    for at, creator in enumerate(item["creators"]):
        made = database.execute(
            "INSERT INTO creators (firstName, lastName, fieldMode) VALUES (?, ?, 0)", (creator["firstName"], creator["lastName"])
        )
        database.execute("INSERT INTO itemCreators VALUES (?, ?, 8, ?)", (id, made.lastrowid, at))


def _id_of(database: sqlite3.Connection, table: str, column: str, value: str) -> int:
    row = database.execute(f"SELECT rowid FROM {table} WHERE {column} = ?", (value,)).fetchone()
    return int(row[0]) if row else int(database.execute(f"INSERT INTO {table} ({column}) VALUES (?)", (value,)).lastrowid or 0)
