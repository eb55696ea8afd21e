"""The catalogue of a library in its database: tables that change with the papers, and the look-ups over them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING, get_args

from rag.library.reading import PAPER, as_paper
from rag.query.catalogue import VERSION, Kind, Limits, entries, venue_key
from rag.types import Paper

if TYPE_CHECKING:
    from rag.library.reading import Reading

KINDS: dict[str, int] = {kind: number for number, kind in enumerate(get_args(Kind))}
"""How the kinds are numbered in the table."""
MOST_VENUES = 50
"""Venues offered as a filter. Chosen."""
META = "catalogue"
LONGEST_KEY = 500
"""Characters of what a paper is found by. Nobody asks by more, and PostgreSQL's indexes take 2,700 bytes."""
SET_META = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"


def put(connection: sqlite3.Connection, paper: Paper, place: int) -> None:
    """Enters a paper; inside a transaction."""
    rows = sorted((KINDS[kind], key, place) for kind, key in entries(paper) if len(key) <= LONGEST_KEY)
    connection.executemany("INSERT INTO catalogue VALUES (?, ?, ?) ON CONFLICT DO NOTHING", rows)


def drop(connection: sqlite3.Connection, paper: Paper, place: int) -> None:
    """Takes out all entries of a paper, as it was; inside a transaction."""
    rows = sorted((KINDS[kind], key, place) for kind, key in entries(paper))
    connection.executemany("DELETE FROM catalogue WHERE kind = ? AND key = ? AND place = ?", rows)


def fill(connection: sqlite3.Connection, papers: Iterable[tuple[Paper, int]]) -> None:
    """Makes all entries again; inside a transaction."""
    connection.execute("DELETE FROM catalogue")
    for paper, place in papers:
        put(connection, paper, place)
    connection.execute(SET_META, (META, str(VERSION)))


class SqlCatalogue:
    """A Catalogue over the records of a library; sees each change at once."""

    def __init__(self, records: Reading) -> None:
        self._records = records
        self._counted: tuple[str, dict[Limits, int]] = "", {}
        """A state of the records, and what was counted in it."""

    def holders(self, kind: Kind, key: str, limit: int) -> list[Paper]:
        rows = self._records.rows(
            f"SELECT {PAPER} FROM catalogue JOIN papers ON position = place WHERE kind = ? AND key = ? ORDER BY place LIMIT ?",
            (KINDS[kind], key, limit),
        )
        return [as_paper(row) for row in rows]

    def has(self, kind: Kind, key: str) -> bool:
        return bool(self._records.rows("SELECT 1 FROM catalogue WHERE kind = ? AND key = ? LIMIT 1", (KINDS[kind], key)))

    def venues(self, word: str) -> list[str]:
        found: list[str] = []
        last, end = venue_key(word), word + "\n"
        query = "SELECT min(key) FROM catalogue WHERE kind = ? AND key > ? AND key < ?"
        while len(found) < MOST_VENUES and (key := self._records.rows(query, (KINDS["venue word"], last, end))[0][0]) is not None:
            found.append(key.partition("\t")[2])
            last = key
        return found

    def count(self, limits: Limits | None = None) -> int:
        if limits is None or limits == Limits():
            return self._records.paper_count()
        state, counts = self._counted
        if state != (now := self._records.state):
            counts = {}
            self._counted = now, counts
        if limits not in counts:
            where, values = _where(limits)
            counts[limits] = int(self._records.rows(f"SELECT count(*) FROM papers WHERE {where}", values)[0][0])
        return counts[limits]

    def select(self, limits: Limits | None, limit: int) -> list[Paper]:
        where, values = _where(limits)
        rows = self._records.rows(f"SELECT {PAPER} FROM papers WHERE {where} ORDER BY position LIMIT ?", (*values, limit))
        return [as_paper(row) for row in rows]

    def years(self, limits: Limits | None = None) -> tuple[int, int] | None:
        where, values = _where(limits)
        ends = []
        for order in ("ASC", "DESC"):
            query = f"SELECT year FROM papers WHERE {where} AND year IS NOT NULL ORDER BY year {order} LIMIT 1"
            ends += [row[0] for row in self._records.rows(query, values)]
        return (ends[0], ends[1]) if ends else None


def _where(limits: Limits | None) -> tuple[str, tuple[object, ...]]:
    """The condition on `papers`, and its values."""
    conditions: list[str] = []
    values: list[object] = []
    if limits is not None and limits.years:
        low, high = limits.years
        # Of a single year, the index gives the papers in their order, so that the first ones end the search.
        conditions.append("year = ?" if low == high else "year BETWEEN ? AND ?")
        values += [low] if low == high else [low, high]
    if limits is not None and limits.author:
        conditions.append("position IN (SELECT place FROM catalogue WHERE kind = ? AND key = ?)")
        values += (KINDS["person"], limits.author)
    if limits is not None and limits.venue:
        conditions.append("position IN (SELECT place FROM catalogue WHERE kind = ? AND key > ? AND key < ?)")
        values += (KINDS["venue word"], venue_key(limits.venue), limits.venue + "\n")
    if limits is not None and limits.lacking:
        conditions.append({"year": "year IS NULL", "authors": "authors = '[]'", "url": "coalesce(url, '') = ''"}[limits.lacking])
    return " AND ".join(conditions) or "true", tuple(values)
