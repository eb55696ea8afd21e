"""Search by meaning with Chroma; the only file that knows it. The index is made from the records and never trusted blindly."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import StorageFailed
from rag.library.files import replacing, set_aside
from rag.library.indexes.brute_force import Held
from rag.library.indexes.collection import SHORT, WHOLE, WRITTEN_EVERY, Collection, best, compare, fill, follow
from rag.library.indexes.failures import failures, first_line
from rag.library.indexes.integrity import answer, problem, problem_at_a_glance, problem_seen_by_child
from rag.library.indexes.main_directions import WIDER, MainDirections, directions_for, outgrown
from rag.library.manifest import Manifest, ManifestStore
from rag.library.records import Records
from rag.types import Progress

if TYPE_CHECKING:
    from rag.protocols import Vectors


FOLDER = "chroma"
COLLECTION = "passages"
UNFINISHED = "its last change may not have been finished"
BULK = 10_000
"""Passages put in at once from which Chroma's file of vectors is written less often, but after so many: a long import would write it over and over."""
TIMES = 20
"""How often it is written then, at least. What waits takes room in Chroma's database, which keeps it: a twentieth of the passages is little."""
CHECK_FROM = 2000
"""Passages: below this a new index is made sooner than a doubtful one is checked in a process of its own."""


class ChromaStore:
    """A MeaningIndex on disk. Only the process that owns the library may open it: two of them corrupt the files silently."""

    def __init__(self, folder: Path, records: Records, notices: list[str]) -> None:
        self._folder = folder / FOLDER
        self._records = records
        self._notices = notices
        self._manifest_store = ManifestStore(self._folder)
        self._lock = threading.RLock()
        self._index: Collection | None = None
        self._state: str | None = None
        self._count = 0

    @classmethod
    def open(
        cls, folder: Path, records: Records, notices: list[str] | None = None, progress: Progress | None = None
    ) -> ChromaStore:
        """The index of the library in `folder`, equal to the records; rebuilt from them where it cannot be trusted."""
        store = cls(folder, records, [] if notices is None else notices)
        store.start(progress)
        return store

    def as_left(self) -> Manifest | None:
        """What the files were left with, where they still are as they were left and equal to the records; opens nothing."""
        manifest = self._manifest_store.manifest()
        current = manifest is not None and manifest.state == self._records.state and manifest.made_by in self._usable
        return manifest if current else None

    @property
    def _made_by(self) -> str:
        return f"{self._records.encoding} {self._open_index.layout}"

    @property
    def _usable(self) -> set[str]:
        """What an index can have been made by that is opened and not made anew."""
        return {f"{self._records.encoding} {layout}" for layout in (WHOLE, SHORT)}

    @property
    def _outdated(self) -> bool:
        """Whether it was left in order, but in another layout or with the vectors from before a re-indexing."""
        made_by = self._manifest_store.made_by()
        return made_by is not None and made_by not in self._usable

    @property
    def started(self) -> bool:
        """Whether it can be searched: open, checked and counted."""
        return self._state is not None

    def start(self, progress: Progress | None = None, as_left: Manifest | None = None) -> None:
        """Opens the index, if it is not open, and makes it equal to the records. What has just been found `as_left` is not read again to be checked."""
        with self._lock:
            if self._index is None:
                self._start(progress, as_left)
            elif self._state is None:  # it was opened, and bringing it up to date failed
                self.sync(progress)

    def _start(self, progress: Progress | None, as_left: Manifest | None) -> None:
        known = self._manifest_store.known
        if not self._folder.exists():
            self.rebuild(progress, "its folder was missing" if known else None)
        elif self._outdated:
            self.rebuild(progress)
        elif reason := self._open_or_explain(as_left):
            self.rebuild(progress, reason if reason == UNFINISHED else self._kept_aside(reason))
        else:
            try:
                self.sync(progress)
            except StorageFailed as error:
                if isinstance(error.__cause__, OSError):
                    raise
                self.rebuild(progress, "bringing it up to date failed")

    def count(self) -> int:
        """Passages in the index, as counted after the last change."""
        _ = self._open_index
        return self._count

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """(passage id, cosine similarity), best first; equal ones by id. Built again once where the files were damaged in the meantime."""
        asked = self._index
        try:
            return self._nearest(vector, limit)
        except StorageFailed as error:
            with self._lock:
                if self._index is None:
                    raise
                if self._index is asked:  # and not another one that took its place meanwhile
                    self.rebuild(None, self._kept_aside(f"it could not be read ({first_line(error.__cause__ or error)})"))
        return self._nearest(vector, limit)

    def _nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        index = self._open_index
        with failures("meaning", self._folder):
            if index.directions is None:
                return best(index, vector, limit, self._count)
            asked = min(WIDER * limit, self._count)
            candidates = index.nearest(vector, asked) if asked > 0 else []
        return Held.of(self._records, "", [one for one, _ in candidates]).nearest(vector, limit)

    def sync(self, progress: Progress | None = None) -> None:
        """Makes the index equal to the records, by what changed since the state that it is in. An id never changes its content."""
        with self._lock:
            state = self._records.state
            if self._state == state:
                return
            index = self._open_index
            if index.encoding != self._records.encoding:
                self.rebuild(progress)
                return
            if self._outgrown(index):
                self.rebuild(progress, searched=True)
                return
            with failures("meaning", self._folder):
                self._manifest_store.mark_open()
                since = self._records.generation_of(self._state) if self._state else None
                changed = [] if since is None else self._records.passages_changed_since(since)
                index = self._reopened(_seldom(self._records.passage_count())) if len(changed) > BULK else index
                if since is None or not follow(index, self._records, since, progress):
                    compare(index, self._records, progress)
                if len(changed) > BULK:
                    self._settle(changed[-1])
                self._save_manifest(state)

    def _outgrown(self, index: Collection) -> bool:
        with failures("meaning", self._folder):
            made_for = index.count() if index.made_for is None else index.made_for
        dimensions = int(self._records.meta("dimensions") or 0)
        return outgrown(index.directions, dimensions, made_for, self._records.passage_count())

    def rebuild(self, progress: Progress | None = None, reason: str | None = None, searched: bool = False) -> None:
        """A new index from the records in the place of the old one, which is `searched` until then; `reason` becomes a notice."""
        with self._lock, failures("meaning", self._folder):
            if not searched:
                self.close()
            self._manifest_store.mark_open()
            state, wanted = self._records.state, self._records.passage_ids()
            with replacing(self._folder) as new:
                self._make(new, wanted, progress)
                self.close()
            self._index = _collection(self._folder, self._records.encoding)
            if len(wanted) > BULK:
                self._settle(wanted[-1])
            self._save_manifest(state)
        if reason:
            self._notices.append(f"The vector index was rebuilt from the records because {reason}.")

    def _make(self, folder: Path, wanted: Sequence[str], progress: Progress | None) -> None:
        directions = directions_for(self._records, wanted)
        if directions is not None:
            directions.save(folder)
        with closing(_collection(folder, self._records.encoding, len(wanted))) as index:
            if len(wanted) > BULK:
                index.write_every(_seldom(len(wanted)))
            fill(index, self._records, wanted, progress)

    def close(self) -> None:
        """Closing changes no file: what was last written down about them stays true."""
        with self._lock:
            if self._index is not None:
                self._index.close()
            self._index = self._state = None

    def _reopened(self, write_every: int) -> Collection:
        """The index, opened anew so that the file of vectors is written so often."""
        self._open_index.write_every(write_every)
        self._open_index.close()
        self._index = _collection(self._folder, self._records.encoding)
        return self._index

    def _settle(self, passage: str) -> None:
        """After many passages: has all of them written by putting one in again, so that the next opening need not catch up."""
        fill(self._reopened(WRITTEN_EVERY), self._records, [passage], None)

    @property
    def _open_index(self) -> Collection:
        if self._index is None:
            raise StorageFailed(f"The vector index in {self._folder} is closed. Reopen the library.")
        return self._index

    def _open_or_explain(self, as_left: Manifest | None) -> str | None:
        """Opens the folder and returns None, or says why it must be rebuilt."""
        manifest = as_left or self._manifest_store.manifest()
        if manifest is None:
            if self._manifest_store.damaged() or not self._folder.is_dir():
                return "its files were damaged or changed by another program"
            if self._records.passage_count() < CHECK_FROM or not self._records.path.exists():
                return UNFINISHED
            if reason := problem_seen_by_child("rag.library.indexes.chroma:check", self._folder, self._records.path):
                return reason
        self._manifest_store.mark_open()
        try:
            with failures("meaning", self._folder):
                self._index = _collection(self._folder, self._records.encoding)
                reason = problem_at_a_glance(self._index, self._records)
                count = self._index.count()
        except StorageFailed as error:
            return f"it could not be opened ({first_line(error.__cause__ or error)})"
        if manifest is None or reason:
            return reason
        if manifest.count != count:
            return f"it held {count} passages and not {manifest.count}"
        self._state, self._count = manifest.state, count
        if manifest.state == self._records.state:
            self._save_manifest(manifest.state, count)
        return None

    def _kept_aside(self, reason: str) -> str:
        """The reason, with the place where the files are kept that are not used any more."""
        self.close()
        return f"{reason}; the old files are kept in {set_aside(self._folder)}"

    def _save_manifest(self, state: str, count: int | None = None) -> None:
        self._state, self._count = state, self._open_index.count() if count is None else count
        self._manifest_store.save(state, self._count, self._made_by)


def _seldom(passages: int) -> int:
    """Passages after which the file of so many is written while many are put in."""
    return min(BULK, max(WRITTEN_EVERY, passages // TIMES))


def _collection(folder: Path, encoding: str, passages: int = 0) -> Collection:
    """The collection in a folder, along the directions that lie there; made for so many passages if it is not there."""
    import chromadb
    from chromadb.config import Settings

    # Chroma would read both from the environment and from an `.env` that lies in the current folder
    private = Settings(anonymized_telemetry=False, chroma_otel_collection_endpoint="")
    directions = MainDirections.read(folder)
    client = chromadb.PersistentClient(str(folder), settings=private)
    return Collection(client, COLLECTION, encoding, directions=directions, passages=passages)


def check() -> None:
    """In the child process: looks at the folder and the records named on the command line."""
    folder, records = map(Path, sys.argv[1:])
    with Records.open(records, readonly=True) as opened:
        index = _collection(folder, "")
        answer(problem(index, opened))
