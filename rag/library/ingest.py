"""Brings papers into the records: refuses what cannot be used, cuts, encodes, and stores batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.identity import content_hash
from rag.library.chunking import context, passages
from rag.library.provenance import remember
from rag.types import Added, Paper, Refused

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.protocols import Chunker, Encoder

Progress = Callable[[int, int, str], None]

BATCH = 32
"""Papers a transaction: what a crash may lose, and what one call of the encoder gets."""


@dataclass
class Intake:
    """One run of adding papers. `outcome` says at any moment what is stored by then."""

    records: Records
    encoder: Encoder
    chunker: Chunker
    _added: list[str] = field(default_factory=list)
    _updated: list[str] = field(default_factory=list)
    _unchanged: list[str] = field(default_factory=list)
    _refused: list[Refused] = field(default_factory=list)
    _waiting: dict[str, Paper] = field(default_factory=dict)

    @property
    def outcome(self) -> Added:
        return Added(tuple(self._added), tuple(self._updated), tuple(self._unchanged), tuple(self._refused))

    def take(self, papers: Iterable[Paper | Refused], progress: Progress | None = None) -> None:
        """Stores them all; `progress` is told how many of how many (0 where nobody knows)."""
        total = len(papers) if isinstance(papers, Sized) else 0
        seen = 0
        for seen, paper in enumerate(papers, 1):
            self._look_at(paper)
            if len(self._waiting) >= BATCH:
                self._store()
                if progress is not None:
                    progress(seen, total, "adding papers")
        self._store()
        if progress is not None:
            progress(seen, total, "adding papers")

    def _look_at(self, paper: Paper | Refused) -> None:
        refused = paper if isinstance(paper, Refused) else refusal(paper)
        if refused is not None:
            self._refused.append(refused)
        elif isinstance(paper, Paper):
            if paper.id in self._waiting:
                self._store()  # the second of one id is compared with the first
            self._waiting[paper.id] = paper

    def _store(self) -> None:
        papers, self._waiting = self._waiting, {}
        known = self.records.content_hashes(list(papers))
        new = [paper for paper in papers.values() if known.get(paper.id) != content_hash(paper)]
        store(self.records, new, self.encoder, self.chunker)
        for paper in papers.values():
            place = self._added if paper.id not in known else self._updated
            (place if paper in new else self._unchanged).append(paper.id)


def store(records: Records, papers: Iterable[Paper], encoder: Encoder, chunker: Chunker) -> None:
    """Cuts and encodes these papers in one call of the encoder and stores them in one transaction, with what made them."""
    cut = [(paper, passages(paper, chunker)) for paper in papers]
    if not cut:
        return
    vectors = encoder.encode([context(part) for _, parts in cut for part in parts])
    at = 0
    with records.change():
        remember(records, encoder, chunker)
        for paper, parts in cut:
            records.put(paper, parts, vectors[at : at + len(parts)])
            at += len(parts)


def refusal(paper: Paper) -> Refused | None:
    """Why this paper cannot be taken, or None."""
    where = paper.source or paper.id
    if not paper.title.strip():
        return Refused(where, "It has no title.")
    if not paper.abstract.strip():
        return Refused(where, f"“{paper.title}” has no abstract, so there is nothing to search or to quote.")
    try:
        "".join([paper.id, paper.title, paper.abstract, *paper.authors, paper.venue or "", paper.url or "", where]).encode()
    except UnicodeEncodeError:
        return Refused(
            paper.id.encode("ascii", "replace").decode(),
            "It holds characters that are not text (lone surrogates): save the file as UTF-8.",
        )
    return None
