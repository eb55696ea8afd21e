"""Collections: papers of a library under a name. A paper may be in several; a collection never owns a paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from rag.errors import CollectionError

if TYPE_CHECKING:
    from rag.library.records import Records

LONGEST_NAME = 200
"""Characters of a collection's name. Chosen."""
MOST = 5000
"""Collections in one library."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A name and how many papers are under it; `origin` says where a synchronised one comes from, such as `zotero:ABCD2345`."""

    name: str
    papers: int
    origin: str = ""


@dataclass(frozen=True)
class Collections:
    """The collections of one library. Names are compared without regard to case, and to how accents are encoded."""

    records: Records

    def all(self) -> list[Collection]:
        """By name."""
        rows = self.records.rows(
            "SELECT name, (SELECT count(*) FROM collected WHERE collection = collections.id), origin "
            "FROM collections ORDER BY lower(name)"
        )
        return [Collection(*row) for row in rows]

    def named(self, name: str) -> Collection:
        """Raises CollectionError naming what there is."""
        wanted = _compared(name.strip())
        for one in self.all():
            if _compared(one.name) == wanted:
                return one
        raise CollectionError(f"There is no collection “{name.strip()[:LONGEST_NAME]}”: {self._hint(name)}.")

    def ids(self, names: Sequence[str]) -> frozenset[str]:
        """The papers that are in at least one of these collections. Raises CollectionError."""
        found = [self.named(name).name for name in names]
        rows = self.records.among(
            "SELECT paper_id FROM collected JOIN collections ON collections.id = collection WHERE name IN ({})", found
        )
        return frozenset(row[0] for row in rows)

    def of(self, paper_id: str) -> list[str]:
        """The names of the collections that a paper is in."""
        rows = self.records.rows(
            "SELECT name FROM collections JOIN collected ON collection = collections.id WHERE paper_id = ? ORDER BY lower(name)",
            (paper_id,),
        )
        return [row[0] for row in rows]

    def create(self, name: str, origin: str = "") -> str:
        """The name as it is stored. Raises CollectionError if it is taken or cannot be used."""
        name = _usable(name)
        known = self.all()
        if any(_compared(one.name) == _compared(name) for one in known):
            raise CollectionError(f"There is a collection “{name}” already: choose another name, or add papers to it.")
        if len(known) >= MOST:
            raise CollectionError(f"This library has {MOST:,} collections, the most it can hold. Remove some first.")
        self.records.write(
            "INSERT INTO collections VALUES ((SELECT coalesce(max(id), 0) + 1 FROM collections), ?, ?)", [(name, origin)]
        )
        return name

    def ensure(self, name: str) -> str:
        """The name of the collection that is called so; made if there is none."""
        try:
            return self.named(name).name
        except CollectionError:
            return self.create(name)

    def rename(self, name: str, new: str) -> str:
        """The new name as it is stored. Raises CollectionError."""
        old, new = self.named(name).name, _usable(new)
        if any(_compared(one.name) == _compared(new) for one in self.all() if one.name != old):
            raise CollectionError(f"There is a collection “{new}” already: choose another name.")
        self.records.write("UPDATE collections SET name = ? WHERE name = ?", [(new, old)])
        return new

    def remove(self, name: str) -> Collection:
        """The collection that no longer exists; its papers stay in the library. Raises CollectionError."""
        found = self.named(name)
        self.records.write("DELETE FROM collections WHERE name = ?", [(found.name,)])
        return found

    def put(self, name: str, paper_ids: Sequence[str]) -> int:
        """How many papers are in the collection that were not; ids of no paper are passed over. Raises CollectionError."""
        found = self.named(name).name
        return self.records.write(
            "INSERT INTO collected SELECT collections.id, papers.id FROM collections, papers "
            "WHERE name = ? AND papers.id = ? ON CONFLICT DO NOTHING",
            [(found, paper_id) for paper_id in paper_ids],
        )

    def take(self, name: str, paper_ids: Sequence[str]) -> int:
        """How many papers are no longer in the collection; they stay in the library. Raises CollectionError."""
        found = self.named(name).name
        return self.records.write(
            "DELETE FROM collected WHERE collection = (SELECT id FROM collections WHERE name = ?) AND paper_id = ?",
            [(found, paper_id) for paper_id in paper_ids],
        )

    def hold(self, name: str, paper_ids: Sequence[str]) -> None:
        """Makes these papers, and no others, the collection's. Raises CollectionError."""
        with self.records.change(counted=False):
            there = self.ids([name])
            self.take(name, sorted(there.difference(paper_ids)))
            self.put(name, paper_ids)

    def _hint(self, name: str) -> str:
        names = [one.name for one in self.all()]
        if not names:
            return "this library has none yet; `paperchat collections create NAME` makes one"
        near = get_close_matches(name.strip().lower(), [one.lower() for one in names[:MOST]], 3, 0.5)
        shown = [one for one in names if one.lower() in near] or names[:10]
        return f"there are {', '.join(f'“{one}”' for one in shown)}{' and others' if len(shown) < len(names) else ''}"


def _compared(name: str) -> str:
    return unicodedata.normalize("NFC", name).lower()


def _usable(name: str) -> str:
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise CollectionError(f"A collection's name must be one line of 1 to {LONGEST_NAME} characters.")
    return name
