"""What a library remembers of what it was fetched or synchronised from: a mark for each key of a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.library.records import Records


@dataclass(frozen=True, slots=True)
class Mark:
    """The paper that a key of the source became (empty: none), and what the source said of it then."""

    paper_id: str
    text: str


@dataclass(frozen=True)
class Marks:
    """The marks of one source, such as `zotero`. They outlive the papers: a paper that was removed here is known to have been here."""

    records: Records
    source: str

    def all(self) -> dict[str, Mark]:
        rows = self.records.rows("SELECT key, paper_id, mark FROM synced WHERE source = ?", (self.source,))
        return {key: Mark(paper_id, text) for key, paper_id, text in rows}

    def get(self, key: str) -> Mark | None:
        rows = self.records.rows("SELECT paper_id, mark FROM synced WHERE source = ? AND key = ?", (self.source, key))
        return Mark(*rows[0]) if rows else None

    def put(self, marks: Mapping[str, Mark]) -> None:
        self.records.write(
            "INSERT INTO synced VALUES (?, ?, ?, ?) "
            "ON CONFLICT (source, key) DO UPDATE SET paper_id = excluded.paper_id, mark = excluded.mark",
            [(self.source, key, mark.paper_id, mark.text) for key, mark in marks.items()],
        )

    def drop(self, keys: Sequence[str]) -> None:
        self.records.write("DELETE FROM synced WHERE source = ? AND key = ?", [(self.source, key) for key in keys])
