"""The truth of a library: papers, passages and their vectors in one SQLite file. Indexes are made from it."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from rag.identity import content_hash, normalised_title
from rag.library import catalogue
from rag.library.catalogue import SET_META
from rag.library.database import BESIDE, connect
from rag.library.details import details
from rag.library.origins import Origins
from rag.library.vectors import packed
from rag.query.catalogue import VERSION

if TYPE_CHECKING:
    from rag.protocols import Vectors
    from rag.types import PackedWords, Paper, Passage


T = TypeVar("T")

NEW_RECORDS = "records.new.db"


class Database(Protocol):
    """Where the records of a library are, if not in a file of its folder."""

    @property
    def name(self) -> str:
        """For people; without passwords."""
        ...

    def open(self, path: Path, readonly: bool = False) -> Records: ...


class Draft(Protocol):
    """A place beside the records; what was begun there may be gone on with later."""

    def exists(self) -> bool: ...

    def open(self) -> Records: ...

    def delete(self) -> None: ...


@dataclass(frozen=True)
class FileDraft:
    """A file beside the records."""

    path: Path

    def exists(self) -> bool:
        return self.path.exists()

    def open(self) -> Records:
        return Records.open(self.path)

    def delete(self) -> None:
        for ending in ("", "-wal", "-shm", ".part"):
            with suppress(FileNotFoundError):
                self.path.with_name(self.path.name + ending).unlink()


class Records(Origins):
    """One open SQLite file that is read and, unless `readonly`, written. Safe to share between threads."""

    def __init__(self, path: Path, connection: sqlite3.Connection, readonly: bool) -> None:
        super().__init__(path, connection)
        self.readonly = readonly
        self._changing = self._counted = False

    @classmethod
    def open(cls, path: Path, readonly: bool = False) -> Records:
        """Raises StorageFailed, LibraryDamaged or LibraryMismatch; makes a new file only when it may write."""
        records = cls(path, connect(path, readonly), readonly)
        records.prepare()
        return records

    def reopened(self, readonly: bool) -> Records:
        """The same records on a connection of their own."""
        return Records.open(self.path, readonly)

    def prepare(self) -> None:
        """Fills in what a library must have."""
        if self.readonly:
            return
        if self.meta("encoding") is None:
            with self.change():
                if self.meta("encoding") is None:  # another process may have been faster
                    self.set_meta("encoding", uuid.uuid4().hex)
        self.fill_catalogue()

    @contextmanager
    def change(self, counted: bool = True) -> Iterator[None]:
        """One transaction around everything inside; `generation` grows by one with it. May be nested.

        Not `counted` is what no index is made from: it leaves the generation as it is.
        """
        with self._lock, self._explained():
            if self._changing:
                self._count(counted)
                yield
                return
            self._begin()
            self._changing, self._counted = True, False
            try:
                self._count(counted)
                yield
                self._commit()
            except BaseException:
                self._rollback()
                raise
            finally:
                self._changing = False

    def turn(self, wait: float | None = None) -> AbstractContextManager[None]:
        """Held from what is decided to what is written of it: other processes that write wait. A file has only one that writes.

        `wait` is how many seconds to wait for another's turn to end; None is as long as a change may wait.
        """
        return nullcontext()

    def put(self, paper: Paper, passages: Sequence[Passage], vectors: Vectors, states: PackedWords | None = None) -> None:
        """Adds the paper, or replaces the one with its id, which keeps its place in the order."""
        if len(passages) != len(vectors):
            raise ValueError("each passage needs exactly one vector")
        with self.change():
            self._leave_catalogue([paper.id])
            self._put_paper(paper)
            self._put_passages(paper.id, passages, vectors)
            self._connection.execute("DELETE FROM word_states WHERE paper_id = ?", (paper.id,))
            if states is not None:
                self.put_states(paper.id, states)
            catalogue.put(self._connection, paper, self.places([paper.id])[paper.id])

    def put_states(self, paper_id: str, states: PackedWords) -> None:
        """Keeps what is known of the words of a paper, which must be there; no index is made from it."""
        with self.change(counted=False):
            self._connection.execute(
                "INSERT INTO state_makers VALUES ((SELECT coalesce(max(id), 0) + 1 FROM state_makers), ?) ON CONFLICT DO NOTHING",
                (states.made_by,),
            )
            self._connection.execute(
                "INSERT INTO word_states SELECT papers.id, state_makers.id, ? FROM papers, state_makers "
                "WHERE papers.id = ? AND name = ? "
                "ON CONFLICT (paper_id) DO UPDATE SET made_by = excluded.made_by, states = excluded.states",
                (states.states, paper_id, states.made_by),
            )

    def remove(self, ids: Sequence[str]) -> None:
        """Removes these papers with all that depends on them; unknown ids change nothing."""
        with self.change():
            generation = self.generation
            self._leave_catalogue(ids)
            for paper_id in ids:
                if self._connection.execute("DELETE FROM papers WHERE id = ?", (paper_id,)).rowcount:
                    self._connection.execute(
                        "INSERT INTO removed VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET generation = excluded.generation",
                        (paper_id, generation),
                    )

    def move(self, places: Mapping[str, int]) -> None:
        """Gives papers a place in the order that is free; one whose place is taken stays where it is."""
        with self.change():
            self._leave_catalogue(list(places))
            for paper_id, place in places.items():
                self._connection.execute(
                    "UPDATE papers SET position = ? WHERE id = ? AND NOT EXISTS (SELECT 1 FROM papers WHERE position = ?)",
                    (place, paper_id, place),
                )
            now = self.places(list(places))
            for paper in self.papers_by_id(list(places)):
                catalogue.put(self._connection, paper, now[paper.id])

    def fill_catalogue(self) -> None:
        """Makes the catalogue again where it is not there or of another version."""
        if self.meta(catalogue.META) == str(VERSION):
            return
        with self.change(counted=False):
            places = self.places(list(self.content_hashes()))
            catalogue.fill(self._connection, ((paper, places[paper.id]) for paper in self.papers()))

    def set_meta(self, key: str, value: str) -> None:
        with self.change():
            self._connection.execute(SET_META, (key, value))

    def write(self, statement: str, rows: Sequence[Sequence[object]]) -> int:
        """Runs a statement once a row, on a table beside the papers; how many rows of the file it touched."""
        with self.change(counted=False):
            return max(0, self._connection.executemany(statement, rows).rowcount)

    def keep_beside(self, rows: Mapping[str, Sequence[Sequence[object]]]) -> None:
        """Has what stood beside the papers in another file (rows by table), and nothing else, as far as papers and collections are known."""
        known = {row[0] for row in self._rows("SELECT id FROM papers")}
        named = {row[0] for row in rows.get("collections", ())}
        for table in BESIDE:
            wanted = [row for row in rows.get(table, ()) if table != "collected" or (row[0] in named and row[1] in known)]
            self.write(f"DELETE FROM {table}", [()])
            if wanted:
                self.write(f"INSERT INTO {table} VALUES ({', '.join('?' * len(wanted[0]))})", wanted)

    def replace_with(self, other: Records) -> None:
        """Takes over the whole content of another open file in one transaction: after a crash it is all old or all new."""
        with self._lock, other._lock, self._explained():
            other._step(max(self.generation, other.generation) + 1)
            other._connection.backup(self._connection)

    def _begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def _commit(self) -> None:
        self._connection.execute("COMMIT")

    def _rollback(self) -> None:
        # A full disk may have rolled the transaction back already.
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def draft(self) -> Draft:
        """Where the records can be rebuilt, to take their place."""
        return FileDraft(self.path.with_name(NEW_RECORDS))

    def discard_draft(self) -> None:
        """Deletes what a re-indexing has left that nobody goes on with."""
        self.draft().delete()

    def attempt(self, step: Callable[[], T]) -> T:
        """What `step` returns, which makes one change; where the database is not on this machine it may be done more than once."""
        return step()

    def _leave_catalogue(self, ids: Sequence[str]) -> None:
        places = self.places(ids)
        for paper in self.papers_by_id(ids):
            catalogue.drop(self._connection, paper, places[paper.id])

    def _count(self, wanted: bool) -> None:
        """Steps to the next generation once a transaction."""
        if wanted and not self._counted:
            self._step(self.generation + 1)
            self._counted = True

    def _step(self, generation: int) -> None:
        self._connection.execute("INSERT INTO history VALUES (?, ?)", (generation, uuid.uuid4().hex))

    def _put_passages(self, paper_id: str, passages: Sequence[Passage], vectors: Vectors) -> None:
        before = {row[0] for row in self._connection.execute("SELECT id FROM passages WHERE paper_id = ?", (paper_id,))}
        gone = before.difference(passage.id for passage in passages)
        self._connection.executemany("DELETE FROM passages WHERE id = ?", [(one,) for one in gone])
        # A passage that stays keeps its vector: an encoder may answer a little otherwise in another batch, and the index has the first.
        self._connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            [
                (passage.id, paper_id, passage.span.start, passage.span.end, vector)
                for passage, vector in zip(passages, packed(vectors) if passages else (), strict=True)
            ],
        )

    def _put_paper(self, paper: Paper) -> None:
        self._connection.execute("DELETE FROM removed WHERE id = ?", (paper.id,))
        self._connection.execute(
            "INSERT INTO papers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM papers), ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET title = excluded.title, abstract = excluded.abstract, authors = excluded.authors, "
            "year = excluded.year, venue = excluded.venue, url = excluded.url, source = excluded.source, "
            "content_hash = excluded.content_hash, changed = excluded.changed, title_key = excluded.title_key, "
            "details = excluded.details",
            (
                paper.id,
                paper.title,
                paper.abstract,
                json.dumps(paper.authors, ensure_ascii=False),
                paper.year,
                paper.venue,
                paper.url,
                paper.source,
                content_hash(paper),
                self.generation,
                normalised_title(paper.title),
                details(paper),
            ),
        )
