"""Keeps the papers and the catalogue of a library in memory until its records change."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rag.library.catalogue import META, SqlCatalogue
from rag.query.catalogue import VERSION, Catalogue, PaperList

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.types import Paper


class PaperCache:
    """Reads the records again only where they have changed."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._lock = threading.RLock()
        self._papers: tuple[str, list[Paper]] | None = None
        self._catalogue = SqlCatalogue(records)  # one for all questions, as it keeps what it has counted
        self._selection: tuple[tuple[str, frozenset[str] | None], PaperList] | None = None

    def papers(self) -> list[Paper]:
        """All, in the order in which they were first added."""
        with self._lock:
            state = self._records.state
            if self._papers is None or self._papers[0] != state:
                self._papers = state, list(self._records.papers())
            return list(self._papers[1])

    def catalogue(self, scope: frozenset[str] | None) -> Catalogue:
        """Of all papers, or of those in `scope`."""
        if scope is None and self._records.meta(META) == str(VERSION):
            return self._catalogue
        key = self._records.state, scope
        with self._lock:
            if self._selection is None or self._selection[0] != key:
                papers = self.papers() if scope is None else self._records.papers_by_id(sorted(scope))
                self._selection = key, PaperList(papers)
            return self._selection[1]
