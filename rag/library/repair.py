"""Makes a new library of the papers that can still be read in a damaged one; the damaged file is kept aside."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import LibraryDamaged
from rag.identity import content_hash
from rag.library.database import BESIDE
from rag.library.files import set_database_aside
from rag.library.lock import take
from rag.library.reading import PAPER, as_paper
from rag.types import Paper, Progress

if TYPE_CHECKING:
    from rag.library.library import Library


@dataclass(frozen=True, slots=True)
class Repaired:
    """How many papers were kept, how many places held one that cannot be read, and where the damaged file is now; None if nothing was damaged."""

    kept: int
    lost: int
    aside: Path | None


def repair(path: Path, open_new: Callable[[], Library], progress: Progress | None = None) -> Repaired:
    """Encodes the readable papers of the records at `path` again into the library that `open_new` opens in the same place.

    Raises LibraryDamaged, having changed nothing, where no paper can be read; LibraryBusy while another process has the library.
    """
    lock = take(path.parent)
    try:
        papers, lost = readable(path)
        if not papers:
            raise LibraryDamaged(
                f"No paper can be read in {path}: replace it with a backup, or move the folder {path.parent} away and add the papers again."
            )
        kept = beside(path)
        aside = set_database_aside(path)
        for manifest in path.parent.glob("*.manifest.json"):
            manifest.unlink()
    finally:
        lock.release()
    with open_new() as library:
        library.add(papers, progress)
        library.records.keep_beside(kept)
    return Repaired(len(papers), lost, aside)


def beside(path: Path) -> dict[str, list[Any]]:
    """Collections and marks of synchronisation, as far as they can be read."""
    found: dict[str, list[Any]] = {}
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        for table in BESIDE:
            with suppress(sqlite3.DatabaseError):
                found[table] = connection.execute(f"SELECT * FROM {table}").fetchall()
    return found


def readable(path: Path) -> tuple[list[Paper], int]:
    """The papers that are as they were stored, in their order, and how many are not."""
    if not path.is_file():
        return [], 0
    found: list[tuple[int, Paper]] = []
    lost = 0
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for row in _rows(connection):
            paper = _paper(row)
            if paper is None:
                lost += 1
            else:
                found.append((row[-1], paper))
    return [paper for _, paper in sorted(found, key=lambda pair: pair[0])], lost


def _rows(connection: sqlite3.Connection) -> Iterator[Any]:
    """One row a paper, None for one that SQLite cannot read: asked one by one, as damage to a page must not hide the others."""
    columns = PAPER
    try:
        if "details" not in {row[1] for row in connection.execute("PRAGMA table_info(papers)")}:
            columns = PAPER.replace("details", "'{}'")  # the first layout
        last = connection.execute("SELECT max(rowid) FROM papers").fetchone()[0] or 0
    except sqlite3.DatabaseError:
        return
    for number in range(1, last + 1):
        try:
            row = connection.execute(
                f"SELECT {columns}, content_hash, position FROM papers WHERE rowid = ?", (number,)
            ).fetchone()
        except sqlite3.DatabaseError:
            yield None
        else:
            if row is not None:
                yield row


def _paper(row: Any) -> Paper | None:
    """The paper in a row, if its content is the one that was stored."""
    try:
        paper = as_paper(row)
        return paper if content_hash(paper) == row[-2] else None
    except (TypeError, ValueError, AttributeError):
        return None
