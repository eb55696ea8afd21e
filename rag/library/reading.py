"""Reads the records of a library: papers, passages and vectors, in a certain order and in pages."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from rag.errors import LibraryDamaged
from rag.identity import normalised_title
from rag.library.database import BESIDE, sentences_for_errors
from rag.library.details import fields
from rag.library.files import OpenFile
from rag.library.vectors import bytes_of, unpacked
from rag.types import PackedWords, Paper, Passage, Span

if TYPE_CHECKING:
    from rag.library.vectors import PackedVectors
    from rag.protocols import Vectors

PAGE = 2000
"""Rows read at once. Chosen."""
VARIABLES = 500
"""Ids in one question to SQLite, which takes 32,766 at most and 999 in old versions."""
PAPER = "papers.id, title, abstract, authors, year, venue, url, source, details"
PASSAGE = f'SELECT passages.id, start, "end", {PAPER} FROM passages JOIN papers ON papers.id = paper_id'


class Reading:
    """One open SQLite file. Safe to share between threads."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.file = self._watched()
        self._connection = connection
        self._lock = threading.RLock()
        self._counts: dict[str, tuple[str, int]] = {}

    @property
    def generation(self) -> int:
        """Grows by one with every change."""
        return int(self._rows("SELECT coalesce(max(generation), 0) FROM history")[0][0])

    @property
    def state(self) -> str:
        """Equal states mean equal content, even when a backup was restored and has gone on otherwise."""
        rows = self._rows("SELECT generation || ':' || token FROM history ORDER BY generation DESC LIMIT 1")
        return str(rows[0][0]) if rows else ""

    def generation_of(self, state: str) -> int | None:
        """The generation of an earlier or the present state; None for one that these records never were in."""
        rows = self._rows("SELECT generation FROM history WHERE generation || ':' || token = ?", (state,))
        return int(rows[0][0]) if rows else None

    @property
    def encoding(self) -> str:
        """Names one run of encoding: vectors of different encodings must not meet in one index."""
        return self.meta("encoding") or ""

    def meta(self, key: str) -> str | None:
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def paper_count(self) -> int:
        return self._rows_in("papers")

    def passage_count(self) -> int:
        return self._rows_in("passages")

    def _rows_in(self, table: str) -> int:
        """Counted once after each change, as SQLite goes through all rows to count them; inside of one nothing is kept."""
        with self._lock:
            state = self.state
            if self._counts.get(table, ("", 0))[0] == state and not self._connection.in_transaction:
                return self._counts[table][1]
            count = int(self._rows(f"SELECT count(*) FROM {table}")[0][0])
            if not self._connection.in_transaction:
                self._counts[table] = state, count
            return count

    def papers(self) -> Iterator[Paper]:
        """All papers in the order in which they were first added."""
        last = 0
        while rows := self._rows(
            f"SELECT {PAPER}, position FROM papers WHERE position > ? ORDER BY position LIMIT ?", (last, PAGE)
        ):
            yield from map(as_paper, rows)
            last = rows[-1][-1]

    def paper(self, paper_id: str) -> Paper | None:
        rows = self._rows(f"SELECT {PAPER} FROM papers WHERE id = ?", (paper_id,))
        return as_paper(rows[0]) if rows else None

    def ids_starting(self, prefix: str, limit: int) -> list[str]:
        after = prefix + "\U0010ffff"
        rows = self._rows("SELECT id FROM papers WHERE id >= ? AND id < ? ORDER BY id LIMIT ?", (prefix, after, limit))
        return [row[0] for row in rows]

    def ids_titled(self, title: str) -> list[str]:
        """Papers with this title; capitals A–Z do not matter."""
        query = "SELECT id FROM papers WHERE title_key = ? AND lower(title) = ? ORDER BY id"
        return [row[0] for row in self._rows(query, (normalised_title(title), _lower(title)))]

    def ids_titled_alike(self, title: str) -> list[str]:
        """Papers whose title differs from this one in punctuation, spaces and capitals at most."""
        return [row[0] for row in self._rows("SELECT id FROM papers WHERE title_key = ? ORDER BY id", (normalised_title(title),))]

    def content_hashes(self, ids: Sequence[str] | None = None) -> dict[str, str]:
        """Content hash by paper id; of all papers, or of those asked for and known."""
        if ids is None:
            return dict(self._rows("SELECT id, content_hash FROM papers"))
        return dict(self._among("SELECT id, content_hash FROM papers WHERE id IN ({})", ids))

    def papers_by_id(self, ids: Sequence[str]) -> list[Paper]:
        """Those of these papers that are known, in the library's order."""
        rows = self._among(f"SELECT {PAPER}, position FROM papers WHERE id IN ({{}})", ids)
        return [as_paper(row) for row in sorted(rows, key=lambda row: row[-1])]

    def places(self, ids: Sequence[str]) -> dict[str, int]:
        """Where these papers stand in the order of the library; gaps between places are possible."""
        return dict(self._among("SELECT id, position FROM papers WHERE id IN ({})", ids))

    def changed_count(self, generation: int) -> int:
        return int(self._rows("SELECT count(*) FROM papers WHERE changed > ?", (generation,))[0][0])

    # Asked for in an order, SQLite would go through the whole table in that order and leave the index on changes alone.

    def changed_since(self, generation: int) -> Iterator[Paper]:
        """Papers added or replaced after that generation, in order of id."""
        ids = sorted(row[0] for row in self._rows("SELECT id FROM papers WHERE changed > ?", (generation,)))
        for at in range(0, len(ids), PAGE):
            rows = self._among(f"SELECT {PAPER} FROM papers WHERE id IN ({{}})", ids[at : at + PAGE])
            yield from map(as_paper, sorted(rows, key=lambda row: str(row[0])))

    def removed_since(self, generation: int) -> list[str]:
        return sorted(row[0] for row in self._rows("SELECT id FROM removed WHERE generation > ?", (generation,)))

    def passages_changed_since(self, generation: int) -> list[str]:
        """Ids of the passages of papers that were added or replaced after that generation, sorted."""
        query = "SELECT passages.id FROM papers JOIN passages ON paper_id = papers.id WHERE changed > ?"
        return sorted(row[0] for row in self._rows(query, (generation,)))

    def passages_gone_since(self, generation: int) -> list[str]:
        """Ids of passages that were removed after that generation and are not there again, sorted."""
        return sorted(row[0] for row in self.rows("SELECT passage_id FROM gone WHERE generation > ?", (generation,)))

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """In the order asked for; ids that are not (or no longer) known are left out."""
        found = {row[0]: _passage(row) for row in self._among(PASSAGE + " WHERE passages.id IN ({})", ids)}
        return [found[one] for one in ids if one in found]

    def passages_of(self, paper_ids: Sequence[str]) -> dict[str, list[Passage]]:
        """All passages of these papers, in the order of the text; unknown papers are left out."""
        found: dict[str, list[Passage]] = {}
        for row in sorted(self._among(PASSAGE + " WHERE papers.id IN ({})", paper_ids), key=lambda row: row[1:3]):
            found.setdefault(row[3], []).append(_passage(row))
        return {one: found[one] for one in paper_ids if one in found}

    def first_passages(self, paper_ids: Sequence[str]) -> list[Passage]:
        """The first passage of each of these papers that is known."""
        return [found[0] for found in self.passages_of(paper_ids).values()]

    def word_states(self, paper_id: str) -> PackedWords | None:
        """What is kept of the words of a paper, whatever made it."""
        query = "SELECT name, states FROM word_states JOIN state_makers ON id = made_by WHERE paper_id = ?"
        return next((PackedWords(*row) for row in self.rows(query, (paper_id,))), None)

    def vectors_of(self, paper_id: str) -> Vectors | None:
        """The vectors of a paper's passages, in the order of the text; None for a paper that is not there."""
        rows = self._rows('SELECT id, vector FROM passages WHERE paper_id = ? ORDER BY start, "end"', (paper_id,))
        return self._matrix(rows)[1] if rows else None

    def without_states(self, made_by: str, limit: int, after: int = 0) -> list[Paper]:
        """Papers of which no states by that maker are kept, so many at most, in the library's order from behind the place `after`."""
        query = (
            f"SELECT {PAPER} FROM papers WHERE position > ? AND NOT EXISTS (SELECT 1 FROM word_states JOIN state_makers ON "
            "state_makers.id = made_by WHERE paper_id = papers.id AND name = ?) ORDER BY position LIMIT ?"
        )
        return [as_paper(row) for row in self.rows(query, (after, made_by, limit))]

    def passage_ids(self) -> list[str]:
        """All, sorted."""
        return [row[0] for row in self._rows("SELECT id FROM passages ORDER BY id")]

    def vectors(self, ids: Sequence[str] | None = None) -> Iterator[tuple[list[str], Vectors]]:
        """Pages of (passage ids, one float32 row each), in order of id; of all passages, or of those asked for and known."""
        return map(self._matrix, self._vector_pages(ids))

    def packed_vectors(self, ids: Sequence[str] | None = None) -> Iterator[tuple[list[str], PackedVectors]]:
        """The same, each row as the bytes that are kept."""
        for rows in self._vector_pages(ids):
            yield [row[0] for row in rows], bytes_of([row[1] for row in rows], self._layout())

    def _vector_pages(self, ids: Sequence[str] | None) -> Iterator[list[Any]]:
        if ids is not None:
            wanted = sorted(set(ids))
            for at in range(0, len(wanted), PAGE):
                rows = self._among("SELECT id, vector FROM passages WHERE id IN ({})", wanted[at : at + PAGE])
                if rows:
                    yield sorted(rows)
            return
        last = ""
        while rows := self._rows("SELECT id, vector FROM passages WHERE id > ? ORDER BY id LIMIT ?", (last, PAGE)):
            yield rows
            last = rows[-1][0]

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """What a query gives; of a table that this file does not have yet, nothing."""
        try:
            return self._rows(query, values)
        except LibraryDamaged as error:
            if isinstance(error.__cause__, sqlite3.OperationalError) and "no such table" in str(error.__cause__):
                return []
            raise

    def beside(self) -> dict[str, list[Any]]:
        """All rows of the tables that stand beside the papers."""
        return {table: self.rows(f"SELECT * FROM {table}") for table in BESIDE}

    def among(self, query: str, ids: Sequence[str]) -> list[Any]:
        """The rows of a query with `IN ({})` for any number of ids."""
        return self._among(query, ids)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _matrix(self, rows: Sequence[Any]) -> tuple[list[str], Vectors]:
        return [row[0] for row in rows], unpacked([row[1] for row in rows], self._layout())

    def _watched(self) -> OpenFile:
        return OpenFile(self.path)

    def _layout(self) -> int:
        """Asked each time, as its owner may upgrade a library that others read."""
        return int(self._rows("PRAGMA user_version")[0][0])

    def _explained(self) -> AbstractContextManager[None]:
        """Around all that the database is asked: what it raises becomes a sentence."""
        return sentences_for_errors(self.path)

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        self.file.check()
        with self._lock, self._explained():
            return self._connection.execute(query, values).fetchall()

    def _among(self, query: str, ids: Sequence[str]) -> list[Any]:
        found = []
        for at in range(0, len(ids), VARIABLES):
            part = ids[at : at + VARIABLES]
            found += self._rows(query.format(", ".join("?" * len(part))), part)
        return found


def _lower(text: str) -> str:
    """As databases do it: A–Z alone."""
    return text.translate({capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)})


def as_paper(row: Sequence[Any]) -> Paper:
    """The paper in a row that begins with the columns of `PAPER`."""
    return Paper(row[0], row[1], row[2], tuple(json.loads(row[3])), row[4], row[5], row[6], row[7], **fields(row[8]))


def _passage(row: Sequence[Any]) -> Passage:
    return Passage(row[0], as_paper(row[3:]), Span(row[1], row[2]))
