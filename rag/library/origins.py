"""What the records know of where papers came from: the records that one paper was made from, and the imports that can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from rag.identity import normalised_title
from rag.library.catalogue import KINDS
from rag.library.details import as_text, from_text
from rag.library.reading import Reading
from rag.types import Batch, Paper

TABLES = {
    "versions": "id, paper_id, content",
    "batches": "id, name, at, undone",
    "batch_items": "batch, paper_id, before, after",
}
"""Columns by table."""
ORDERED = {"versions": "rowid"}


class Origins(Reading):
    """Reads and, inside a change of `Records`, writes versions of papers and batches of imports."""

    def owner(self, record: str) -> str | None:
        """The id of the paper that a record id stands for: its own, or that of the paper it was merged into."""
        rows = self._rows(
            "SELECT id FROM papers WHERE id = ? UNION SELECT paper_id FROM versions WHERE id = ? ORDER BY 1", (record, record)
        )
        return str(rows[0][0]) if rows else None

    def titled(self, title: str) -> list[Paper]:
        """Papers whose normalised title is that of `title`, in order of id."""
        rows = self._rows("SELECT id FROM papers WHERE title_key = ? ORDER BY id LIMIT 50", (normalised_title(title),))
        return [paper for row in rows if (paper := self.paper(row[0])) is not None]

    def same_titles(self) -> list[tuple[str, ...]]:
        """Ids of the papers that share a normalised title, one tuple a title."""
        rows = self._rows(
            "SELECT title_key, id FROM papers WHERE title_key IN "
            "(SELECT title_key FROM papers WHERE title_key <> '' GROUP BY title_key HAVING count(*) > 1) ORDER BY title_key, id"
        )
        groups: dict[str, list[str]] = {}
        for key, id in rows:
            groups.setdefault(key, []).append(id)
        return [tuple(ids) for ids in groups.values()]

    def versions(self, paper_id: str) -> tuple[Paper, ...]:
        """The records that the paper was made from, in their order; none if it is a single one."""
        rows = self._rows("SELECT content FROM versions WHERE paper_id = ? ORDER BY rowid", (paper_id,))
        return tuple(paper for row in rows for paper in from_text(row[0]))

    def set_versions(self, paper_id: str, versions: Sequence[Paper]) -> None:
        self._connection.execute("DELETE FROM versions WHERE paper_id = ?", (paper_id,))
        self._connection.executemany("DELETE FROM versions WHERE id = ?", [(one.id,) for one in versions])
        self._connection.executemany(
            "INSERT INTO versions VALUES (?, ?, ?)", [(one.id, paper_id, as_text([one])) for one in versions]
        )

    def keyed(self, key: str) -> list[str]:
        """Ids of the papers that have this citation key; capitals do not matter."""
        query = "SELECT id FROM catalogue JOIN papers ON position = place WHERE kind = ? AND key = ? ORDER BY id"
        return [row[0] for row in self.rows(query, (KINDS["citation key"], key.casefold()))]

    def begin_batch(self, name: str) -> int:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        batch = int(self._rows("SELECT coalesce(max(id), 0) + 1 FROM batches")[0][0])
        self._connection.execute("INSERT INTO batches (id, name, at) VALUES (?, ?, ?)", (batch, name, now))
        return batch

    def note_change(self, batch: int, paper_id: str, before: Sequence[Paper] | None, after: str | None) -> None:
        """Keeps what the paper (and its versions) was before the batch, and the content hash that the batch leaves."""
        self._connection.execute(
            "INSERT INTO batch_items VALUES (?, ?, ?, ?) ON CONFLICT (batch, paper_id) DO UPDATE SET after = excluded.after",
            (batch, paper_id, None if before is None else as_text(before), after),
        )

    def batches(self) -> list[Batch]:
        """Imports that changed something, the latest first."""
        rows = self._rows(
            "SELECT id, name, at, undone, (SELECT count(*) FROM batch_items WHERE batch = id) FROM batches ORDER BY id DESC"
        )
        return [Batch(row[0], row[1], row[2], row[4], bool(row[3])) for row in rows]

    def batch_items(self, batch: int) -> list[tuple[str, tuple[Paper, ...] | None, str | None]]:
        """Paper id, the paper before with its versions (None: it was not there), and the content hash that the batch left."""
        rows = self._rows("SELECT paper_id, before, after FROM batch_items WHERE batch = ? ORDER BY paper_id", (batch,))
        return [(row[0], None if row[1] is None else from_text(row[1]), row[2]) for row in rows]

    def mark_undone(self, batch: int) -> None:
        self._connection.execute("UPDATE batches SET undone = 1 WHERE id = ?", (batch,))

    def take_origins(self, other: Origins) -> None:
        """Copies versions and batches out of another file, whose papers this one has."""
        for table, columns in TABLES.items():
            self._connection.execute(f"DELETE FROM {table}")
            marks = ", ".join("?" * len(columns.split(",")))
            rows = other._rows(f"SELECT {columns} FROM {table} ORDER BY {ORDERED.get(table, columns)}")
            self._connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
