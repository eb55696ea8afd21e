"""Encodes a library anew, beside the old records; a run that was interrupted is continued where it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from rag.errors import LibraryError
from rag.library.chunking import context, passages
from rag.library.ingest import BATCH, store
from rag.library.provenance import mismatch
from rag.protocols import MeteredEncoder

if TYPE_CHECKING:
    from rag.library.records import Draft, Records
    from rag.library.word_states import WordStates
    from rag.protocols import Chunker, Encoder
    from rag.types import Paper, Progress


@dataclass(frozen=True)
class Reindexing:
    """All papers of `records` cut and encoded again in a `draft`, which then takes their place."""

    records: Records
    draft: Draft
    encoder: Encoder
    chunker: Chunker
    states: WordStates | None = None

    def done(self) -> int:
        """How many papers an interrupted run has encoded; 0 if there is none that can be continued."""
        if not self.draft.exists():
            return 0
        try:
            with self.draft.open() as new:
                return self._continues(new)
        except LibraryError:
            return 0

    def tokens(self) -> int | None:
        """About how many tokens are still to be encoded, at least; None if encoding costs nothing."""
        if not isinstance(self.encoder, MeteredEncoder):
            return None
        left = islice(self.records.papers(), self.done(), None)
        return sum(self.encoder.count_tokens([context(part) for part in passages(paper, self.chunker)]) for paper in left)

    def finish(self, progress: Progress | None = None) -> None:
        """Encodes what is left and swaps the records in one transaction. What is encoded stays when it is interrupted."""
        if not self.done():
            self.draft.delete()
        try:
            with self.draft.open() as new:
                self._encode(new, progress)
                new.keep_beside(self.records.beside())
                with new.change():
                    new.take_origins(self.records)
                self.records.replace_with(new)
        except BaseException:
            if not self.done():
                self.draft.delete()
            raise
        self.draft.delete()

    def _encode(self, new: Records, progress: Progress | None) -> None:
        total, done = self.records.paper_count(), new.paper_count()
        for batch in _batches(islice(self.records.papers(), done, None)):
            store(new, batch, self.encoder, self.chunker, self.states)
            done += len(batch)
            if progress is not None:
                progress(done, total, "encoding papers")

    def _continues(self, new: Records) -> int:
        """The number of new papers where they were made with the same parts and are the first of the old ones, unchanged; else 0."""
        count = new.paper_count()
        if mismatch(new, self.encoder, self.chunker) is not None or count > self.records.paper_count():
            return 0
        agree = all(one == other for one, other in zip(new.papers(), self.records.papers(), strict=False))
        return count if agree else 0


def _batches(papers: Iterator[Paper]) -> Iterator[list[Paper]]:
    while batch := list(islice(papers, BATCH)):
        yield batch
