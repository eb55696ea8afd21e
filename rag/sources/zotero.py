"""What Zotero holds, however it is read: items, the collections that they are in, and what has changed since the last time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

ROOT = "zotero"
"""The source of the marks, and how origins of collections begin."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item with its fields as Zotero names them, and the BibTeX that Zotero makes of it, where it was asked."""

    key: str
    data: Mapping[str, Any]
    bibtex: str = ""

    @property
    def fingerprint(self) -> str:
        """16 hex digits over what a paper is made from; counters and times of Zotero's own do not matter."""
        kept = {name: value for name, value in self.data.items() if name not in _OWN}
        return hashlib.sha256(json.dumps([kept, self.bibtex], sort_keys=True, default=str).encode()).hexdigest()[:16]


_OWN = frozenset(
    {
        "key",
        "version",
        "dateAdded",
        "dateModified",
        "accessDate",
        "collections",
        "relations",
        "tags",
        "libraryCatalog",
        "parentItem",
    }
)


@dataclass(frozen=True, slots=True)
class ZoteroCollection:
    """A collection of Zotero: its key, its name with those of the collections around it, and the keys of its items."""

    key: str
    name: str
    items: frozenset[str]


@dataclass(frozen=True, slots=True)
class State:
    """How far Zotero was read: the library's version, and the latest time at which an item was modified (as Zotero writes it)."""

    version: int = 0
    modified: str = ""

    @classmethod
    def read(cls, text: str) -> State:
        version, modified = json.loads(text)
        return cls(int(version), str(modified))

    def written(self) -> str:
        return json.dumps([self.version, self.modified])


@dataclass(frozen=True, slots=True)
class Changes:
    """The items that may have changed, the keys of all that there are, all collections, and the state after it."""

    items: tuple[Item, ...]
    keys: frozenset[str]
    collections: tuple[ZoteroCollection, ...] = ()
    state: State = field(default_factory=State)


class Zotero(Protocol):
    """A way to read Zotero. Both raise FetchFailed."""

    @property
    def name(self) -> str: ...

    def changes(self, since: State, known: frozenset[str]) -> Changes:
        """What changed since a state; `known` holds the keys of the items that need not be given again for being there."""
        ...


def full_names(named: Mapping[str, tuple[str, str | None]]) -> dict[str, str]:
    """Key to name with the names of the collections around it, `Thesis / Chapter 2`, out of key to (name, key of the parent)."""
    return {key: " / ".join(_path(key, named)) for key in named}


def _path(key: str, named: Mapping[str, tuple[str, str | None]]) -> list[str]:
    path: list[str] = []
    seen: set[str] = set()
    at: str | None = key
    while at is not None and at in named and at not in seen:
        seen.add(at)
        name, at = named[at]
        path.insert(0, " ".join(name.split()) or key)
    return path
