"""A library on disk: adds, updates, removes and lists papers, keeps records and indexes in step, and survives a crash."""

from __future__ import annotations

import socket
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rag.errors import LibraryBusy, LibraryError, LibraryMismatch, PaperNotFound, StorageFailed
from rag.library.archive import Archive, Head, free_to_write, write_archive
from rag.library.backfill import fill_states
from rag.library.collections import LONGEST_NAME, Collections
from rag.library.damage import RecordsGuard
from rag.library.files import bytes_in, make_folder
from rag.library.follower import Follower
from rag.library.indexes.lazy import LazyIndexes
from rag.library.indexes.stores import EMBEDDED, Stores, VectorStore, WordStore
from rag.library.ingest import Ingestion, Throttle, preview
from rag.library.known_vectors import KnownVectors
from rag.library.listener import Listener
from rag.library.lock import Lock, take
from rag.library.lookup import find
from rag.library.marks import Marks
from rag.library.owner import Owner, OwnersCollections, OwnersMarks
from rag.library.paper_cache import PaperCache
from rag.library.provenance import fitted, mismatch
from rag.library.records import Database, Records
from rag.library.reindex import Reindexing
from rag.library.undo import Removed, Undone, collect, kept, merge, note_collection, put_back, undo_batch
from rag.library.word_states import StoredStates
from rag.types import Added, Batch, Paper, Progress, Refused

if TYPE_CHECKING:
    from types import TracebackType

    from rag.library.word_states import WordStates
    from rag.protocols import Chunker, Encoder, SentenceReader
    from rag.query.catalogue import Catalogue


RECORDS = "records.db"


class Library:
    """Made by `Library.open`. Either owns its folder and may write, or reads beside the process that does."""

    def __init__(
        self,
        folder: Path,
        records: Records,
        encoder: Encoder,
        chunker: Chunker,
        lock: Lock | None,
        stores: Stores = EMBEDDED,
        states: WordStates | None = None,
        database: Database | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.folder = folder
        self.records = records
        self.encoder = fitted(encoder, records)
        self._encoder = encoder
        self.chunker = chunker
        self.states = states
        self.notices: list[str] = []
        self._own = lock
        self._guard: RecordsGuard | None = None
        self._writing = threading.RLock()
        """Held by one change at a time; never wait for it holding the lock of the indexes, which searching takes."""
        self._indexes = LazyIndexes(folder, records, stores, lock is None, lock is None or database is not None, self.notices)
        self._cache = PaperCache(records)
        self._mismatch: LibraryMismatch | None = None
        self._why_readonly: LibraryError | None = None
        self._owner: Owner | None = None
        self._listener: Listener | None = None
        self._progress = progress
        self._database = database
        self._encoding = ""
        self._follower: Follower | None = None

    @classmethod
    def open(
        cls,
        folder: Path,
        encoder: Encoder,
        chunker: Chunker,
        readonly: bool = False,
        progress: Progress | None = None,
        allow_mismatch: bool = False,
        stores: Stores = EMBEDDED,
        states: WordStates | None = None,
        database: Database | None = None,
    ) -> Library:
        """The library in `folder`, made if there is none; where another process owns it, for reading only, with a notice.

        With a `database` the records are there, shared with other processes, and the folder holds what is this process's own.
        With `states`, what the sentence ranker reads of a paper is made and kept when the paper is added.

        Raises StorageFailed, LibraryDamaged, or LibraryMismatch unless `allow_mismatch` (for `reindex`).
        """
        lock, why = _owned(folder, readonly, database is not None)
        try:
            guard = _guarded(folder, stores) if lock is not None and database is None else None
            records = (database.open if database is not None else Records.open)(folder / RECORDS, readonly=lock is None)
            library = cls(folder, records, encoder, chunker, lock, stores, states, database, progress)
            library._guard = guard
            if why is not None:
                library._read_only(why)
            library._mismatch = mismatch(records, encoder, chunker)
            if library._mismatch is not None and not allow_mismatch:
                records.close()
                if guard is not None:
                    guard.closed(records)
                raise library._mismatch
            if lock is not None and not allow_mismatch:
                records.discard_draft()
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        return library

    @property
    def readonly(self) -> bool:
        return self._own is None

    @property
    def database(self) -> Database | None:
        """Where the records are, if not in the folder."""
        return self._database

    @property
    def meaning(self) -> VectorStore:
        """Search by meaning; opened when it is first asked for, as that takes seconds."""
        return self._current_meaning(self._progress)

    @property
    def words(self) -> WordStore:
        """Search by words; while another process owns the library, it follows that one's changes."""
        return self._indexes.words(self._progress)

    @property
    def collections(self) -> Collections:
        """Papers under names. To change them, ask `writable_collections`."""
        return Collections(self.records)

    def writable_collections(self) -> Collections:
        """The same, to be changed, by the process that owns the library. Raises LibraryBusy or what else keeps this process from writing."""
        if self._owner is not None:
            return OwnersCollections(self.records, self._owner)
        self._may_write()
        return self.collections

    def marks(self, source: str) -> Marks:
        """What is remembered of a source that papers are taken from, to be changed. Raises as `writable_collections`."""
        if self._owner is not None:
            return OwnersMarks(self.records, source, self._owner)
        self._may_write()
        return Marks(self.records, source)

    def add(
        self,
        papers: Iterable[Paper | Refused],
        progress: Progress | None = None,
        encoder: Encoder | None = None,
        name: str = "",
        batch: int | None = None,
    ) -> Added:
        """Adds new papers, replaces changed ones and merges versions of one paper. A crash loses the last 32 at most.

        What is stored is found within seconds, while the rest is still being encoded. Another `encoder` must give the vectors of the library's own.

        What changes is kept under a batch, called `name`, for `undo_import`; `batch` goes on with one that an earlier call began.
        """
        if self._owner is not None and encoder is None:
            return self._owner.add(papers, progress, name, batch)
        with self._writing:
            self._may_write()
            self._agreed()
            state = self.records.state
            ingestion = Ingestion(
                self.records, encoder or self.encoder, self.chunker, name, batch, None if encoder else self.states
            )
            try:
                ingestion.run(papers, progress, Throttle(lambda: self._sync(None)))
            finally:
                if self.records.state != state:
                    self._sync(progress)
            return ingestion.outcome

    def preview(self, papers: Iterable[Paper | Refused]) -> Added:
        """What `add` would do with these; nothing is written."""
        return preview(self.records, papers)

    def undo_import(self, batch: int | None = None) -> tuple[Batch, Undone]:
        """Undoes one import, the latest that is not undone where none is named. Raises PaperNotFound if there is none."""
        if self._owner is not None:
            return self._owner.undo_import(batch)
        with self._writing, self.records.turn():
            self._may_write()
            self._agreed()
            open_ones = [one for one in self.records.batches() if not one.undone]
            chosen = next((one for one in open_ones if batch in (None, one.id)), None)
            if chosen is None:
                raise PaperNotFound("There is no such import to undo. `paperchat undo --list` shows the imports.")
            undone = undo_batch(self.records, chosen.id, self.encoder, self.chunker, self.states)
            self._sync(None)
            return chosen, undone

    def duplicates(self) -> list[tuple[Paper, ...]]:
        """Papers that share a title, a group a title: versions that were not sure enough to be merged, or papers of one name."""
        groups = [tuple(paper for id in ids if (paper := self.records.paper(id))) for ids in self.records.same_titles()]
        return [group for group in groups if len(group) > 1]

    def merge(self, names: Sequence[str]) -> tuple[Paper, int]:
        """The first paper, made of the records of all, and the batch that undoes it. Raises PaperNotFound."""
        if self._owner is not None:
            return self._owner.merge(names)
        with self._writing, self.records.turn():
            self._may_write()
            self._agreed()
            papers = list({paper.id: paper for paper in map(self.paper, names)}.values())
            if len(papers) < 2:
                raise PaperNotFound("Merging needs at least two papers.")
            merged = merge(self.records, papers, self.encoder, self.chunker, self.states)
            self._sync(None)
            return merged

    def remove(self, ids: Sequence[str]) -> tuple[Paper, ...]:
        """The papers removed. Raises PaperNotFound, before anything is removed, if one of them is not there."""
        return self._owner.remove(ids) if self._owner is not None else self.take_out(ids).papers

    def take_out(self, ids: Sequence[str]) -> Removed:
        """The same, with all that `put_back` needs."""
        with self._writing, self.records.turn():
            self._may_write()
            found = tuple(dict.fromkeys(self.paper(one) for one in ids))
            removed = kept(self.records, found)
            self.records.remove([paper.id for paper in found])
            self._sync(None)
            return removed

    def export(self, path: Path, names: Sequence[str] = (), overwrite: bool = False) -> Head:
        """Writes collections (none: the whole library) with their vectors to one file. Raises CollectionError or StorageFailed."""
        free_to_write(path, overwrite)
        with self._writing:
            ids = self.collections.ids(names) if names else list(self.records.content_hashes())
            called = " and ".join(self.collections.named(name).name for name in names) or "Library"
            return write_archive(self.records, called[:LONGEST_NAME], list(ids), path)

    def take_in(
        self, path: Path, name: str = "", progress: Progress | None = None, batch: int | None = None
    ) -> tuple[str, Added]:
        """Adds the papers of an exported file, under a collection of its name or the one given; nothing that it knows is encoded again.

        `batch` goes on with an import, as in `add`. Raises ImportFailed or CollectionError.
        """
        if self._owner is not None:
            return self._owner.take_in(path, name, progress, batch)
        with self._writing, Archive(path) as archive:
            self._may_write()
            there = {one.name for one in self.collections.all()}
            name = self.collections.ensure(name or archive.head.name)
            known = KnownVectors(self.encoder)
            fits = archive.fits(self)
            if not fits:
                self.notices.append(
                    f"{path} was made with encoder {archive.head.encoder[:100]}: its papers will be encoded again."
                )
            added = self.add(archive.papers(self.chunker, known if fits else None), progress, known, batch=batch)
            with self.records.change(counted=False):
                for id in archive.versions.keys() & set(added.added):
                    self.records.set_versions(id, archive.versions[id])
            self.collections.put(name, list(dict.fromkeys(added.placed)))
            if name not in there and added.batch is not None:
                note_collection(self.records, added.batch, name)
            return name, added

    def put_back(self, removed: Removed) -> tuple[Paper, ...]:
        """The papers that are back in their places; one that was added again meanwhile stays as it is now.

        Nothing is encoded, unless the library was encoded again since the removal.
        """
        with self._writing, self.records.turn():
            self._may_write()
            if removed.encoding != self.records.encoding:
                present = self.records.content_hashes([paper.id for paper in removed.papers])
                missing = tuple(paper for paper in removed.papers if paper.id not in present)
                self.add(missing)
                collect(self.records, removed, missing)
                return missing
            back = put_back(self.records, removed)
            self._sync(None)
            return back

    def papers(self) -> list[Paper]:
        """All, in the order in which they were first added; read again only after a change."""
        return self._cache.papers()

    def catalogue(self, scope: frozenset[str] | None = None) -> Catalogue:
        """What is known of all papers, or of those in `scope`, by names, authors, venues and years."""
        return self._cache.catalogue(scope)

    def paper(self, name: str) -> Paper:
        """By id, by a beginning of the id that only one paper has, by bare arXiv id, or by title. Raises PaperNotFound."""
        return find(
            name,
            self.records,
            lambda text: [paper_id for paper_id, _ in self.words.matching(text, 3) or self.words.best([text], 3)],
        )

    def reindexing(self) -> Reindexing:
        """What re-indexing has to do yet; an interrupted run is continued."""
        return Reindexing(self.records, self.records.draft(), self._encoder, self.chunker, self.states)

    def reindex(self, progress: Progress | None = None) -> None:
        """Cuts and encodes all papers again, beside the old records, and puts the result in their place as a whole."""
        if self._owner is not None:
            self._owner.reindex(progress)
            return
        with self._writing, self.records.turn():
            self._may_write()
            self.reindexing().finish(progress)
            self._mismatch = None
            self._sync(progress)

    def sentences(self) -> SentenceReader | None:
        """The word states of this library; None if it keeps none."""
        if self.states is None:
            return None
        return StoredStates(self.states, self.records, self.states.reads(self.encoder, self.chunker))

    def fill_states(self, stopped: Callable[[], bool]) -> None:
        """Makes the word states that are missing, as after an upgrade or for papers whose vectors came with them, until `stopped`."""
        if not self.readonly and self.states is not None:
            fill_states(self.records, self.states, self.states.reads(self.encoder, self.chunker), stopped)

    def info(self) -> dict[str, object]:
        """What a person wants to know of a library: where it is, what it holds, what made it."""
        from importlib.metadata import version

        return {
            "folder": str(self.folder.absolute()),
            "papers": self.records.paper_count(),
            "passages": self.records.passage_count(),
            "encoder": self.records.meta("encoder"),
            "dimensions": int(self.records.meta("dimensions") or 0),
            "chunker": self.records.meta("chunker"),
            "generation": self.records.generation,
            "readonly": self.readonly,
            **({} if self._database is None else {"database": self._database.name}),
            "bytes": bytes_in(self.folder),
            "versions": {"sqlite": sqlite3.sqlite_version, **{name: version(name) for name in ("chromadb", "tantivy")}},
        }

    def listen(self) -> None:
        """Lets other processes of the same user change the library through this one, which owns it, until it is closed."""
        if self._own is not None and self._listener is None and hasattr(socket, "AF_UNIX"):
            with suppress(OSError, StorageFailed):  # without it, other processes learn only who has the library
                self._listener = Listener(self)

    def follow(self) -> None:
        """Keeps the indexes equal to records that other processes change too, until the library is closed."""
        if self._database is not None and self._own is not None and self._follower is None:
            self._follower = Follower(self._catch_up)
            self._indexes.shared = False

    def _catch_up(self) -> None:
        # Whoever writes in this process brings them up to date as well.
        if self._indexes.opened and self._writing.acquire(blocking=False):
            try:
                self._sync(None)
            finally:
                self._writing.release()

    def close(self) -> None:
        """Closes everything and gives the folder free. May be called twice."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        if self._follower is not None:
            self._follower.close()
            self._follower = None
        with self._writing, self._indexes.lock:
            self._indexes.close()
            self.records.close()
            if self._guard is not None:
                self._guard.closed(self.records)
                self._guard = None
            if self._own is not None:
                self._own.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _current_meaning(self, progress: Progress | None) -> VectorStore:
        with self._indexes.lock:
            self._agreed()
            return self._indexes.meaning(progress)

    def _sync(self, progress: Progress | None) -> None:
        """Brings both indexes to the state of the records."""
        self._indexes.words(progress).sync(progress)
        self._current_meaning(progress).sync(progress)

    def _read_only(self, why: LibraryError) -> None:
        """The library could not be had for writing; where its owner listens, changes are asked of that one."""
        self._why_readonly = why
        self._owner = Owner.of(self.folder) if isinstance(why, LibraryBusy) else None
        if self._owner is None:
            self.notices.append(f"This library is open read-only. {why}")

    def _may_write(self) -> None:
        if self._own is None:
            raise self._why_readonly or LibraryBusy(f"The library {self.folder} was opened read-only. Open it for writing.")

    def _agreed(self) -> None:
        if self._database is not None and self._encoding != self.records.encoding:  # another process has encoded it again
            self._encoding = self.records.encoding
            self._mismatch = mismatch(self.records, self._encoder, self.chunker)
        if self._mismatch is not None:
            raise self._mismatch


def _guarded(folder: Path, stores: Stores) -> RecordsGuard:
    """Raises LibraryDamaged."""
    guard = RecordsGuard(folder / RECORDS, stores.names)
    guard.check()
    guard.opened()
    return guard


def _owned(folder: Path, readonly: bool, elsewhere: bool) -> tuple[Lock | None, LibraryError | None]:
    """The lock, or why there is none although it was wanted."""
    if readonly:
        return None, None
    try:
        make_folder(folder)
        return take(folder), None
    except (LibraryBusy, StorageFailed) as error:
        if not elsewhere and not (folder / RECORDS).exists():
            raise
        return None, error
