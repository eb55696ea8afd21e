"""Search by meaning with Chroma; the only file that knows it. The index is made from the records and never trusted blindly."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import StorageFailed
from rag.library.files import replacing, set_aside
from rag.library.indexes.failures import failures, first_line
from rag.library.indexes.integrity import answer, problem, problem_seen_by_child
from rag.library.manifest import Trust
from rag.library.records import Records

if TYPE_CHECKING:
    from rag.protocols import Vectors

Progress = Callable[[int, int, str], None]

FOLDER = "chroma"
COLLECTION = "passages"
LAYOUT = "layout 2"
"""Changes with what is put in: an index of another layout is built anew."""
SETTINGS = {"hnsw": {"space": "cosine", "ef_search": 200}}
PAGE = 1000
"""Rows at once: Chroma fails on a `get` of more than 32,766 with metadata."""
UNFINISHED = "its last change may not have been finished"
CHECK_FROM = 2000
"""Passages: below this a new index is made sooner than a doubtful one is checked in a process of its own."""


class ChromaStore:
    """A MeaningIndex on disk. Only the process that owns the library may open it: two of them corrupt the files silently."""

    def __init__(self, folder: Path, records: Records, notices: list[str]) -> None:
        self._folder = folder / FOLDER
        self._records = records
        self._notices = notices
        self._trust = Trust(self._folder)
        self._lock = threading.RLock()
        self._index: Collection | None = None
        self._state: str | None = None
        self._count = 0

    @classmethod
    def open(
        cls, folder: Path, records: Records, notices: list[str] | None = None, progress: Progress | None = None
    ) -> ChromaStore:
        """The index of the library in `folder`, equal to the records; built anew from them where it cannot be trusted."""
        store = cls(folder, records, [] if notices is None else notices)
        store.start(progress)
        return store

    def is_current(self) -> bool:
        """Whether the files are as they were left and equal to the records; opens nothing."""
        manifest = self._trust.manifest()
        return manifest is not None and (manifest.state, manifest.made_by) == (self._records.state, self._made_by)

    @property
    def _made_by(self) -> str:
        return f"{self._records.encoding} {LAYOUT}"

    @property
    def _of_another_layout(self) -> bool:
        made_by = self._trust.made_by()
        return made_by is not None and not made_by.endswith(LAYOUT)

    @property
    def started(self) -> bool:
        return self._index is not None

    def start(self, progress: Progress | None = None) -> None:
        """Opens the index, if it is not open, and makes it equal to the records."""
        with self._lock:
            if self._index is None:
                self._start(progress)

    def _start(self, progress: Progress | None) -> None:
        known = self._trust.known
        if not self._folder.exists():
            self.rebuild(progress, "its folder was missing" if known else None)
        elif self._of_another_layout:
            self.rebuild(progress)
        elif reason := self._distrust():
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
        """(passage id, cosine similarity), best first; equal ones by id. Built anew once where the files were damaged meanwhile."""
        try:
            with failures("meaning", self._folder):
                return self._nearest(vector, limit)
        except StorageFailed as error:
            with self._lock:
                if self._index is None:
                    raise
                self.rebuild(None, self._kept_aside(f"it could not be read ({first_line(error.__cause__ or error)})"))
        with failures("meaning", self._folder):
            return self._nearest(vector, limit)

    def _nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        count = self.count()
        asked = min(limit + 10, count)
        while count and limit > 0:
            found = self._open_index.nearest(vector, asked)
            # What ties with the last one may have been cut off: ask for more, so that the id decides and not the index.
            if len(found) <= limit or found[-1][1] < found[limit - 1][1] or asked >= count:
                return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]
            asked = min(asked * 2, count)
        return []

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
            with failures("meaning", self._folder):
                self._trust.doubt()
                since = self._records.generation_of(self._state) if self._state else None
                if since is None or not self._follow(index, since, progress):
                    self._compare(index, progress)
                self._vouch(state)

    def _follow(self, index: Collection, since: int, progress: Progress | None) -> bool:
        """Takes out and puts in what changed after that generation; says whether the number of passages then agrees."""
        index.delete(self._records.passages_gone_since(since))
        self._fill(index, self._records.passages_changed_since(since), progress)
        return index.count() == self._records.passage_count()

    def _compare(self, index: Collection, progress: Progress | None) -> None:
        """The same by all ids, where nobody knows since when."""
        wanted = self._records.passage_ids()
        stored = {one for ids in index.id_pages() for one in ids}
        index.delete(sorted(stored.difference(wanted)))
        self._fill(index, [one for one in wanted if one not in stored], progress)

    def rebuild(self, progress: Progress | None = None, reason: str | None = None) -> None:
        """A new index from the records in the place of the old one; `reason` is told as a notice."""
        with self._lock, failures("meaning", self._folder):
            self.close()
            self._trust.doubt()
            state, wanted = self._records.state, self._records.passage_ids()
            with replacing(self._folder) as new, closing(Collection(new, self._records.encoding)) as index:
                self._fill(index, wanted, progress)
            self._index = Collection(self._folder, self._records.encoding)
            self._vouch(state)
        if reason:
            self._notices.append(f"The vector index was rebuilt from the records because {reason}.")

    def close(self) -> None:
        """Closing changes no file: what was last written down about them stays true."""
        with self._lock:
            if self._index is not None:
                self._index.close()
            self._index = self._state = None

    @property
    def _open_index(self) -> Collection:
        if self._index is None:
            raise StorageFailed(f"The vector index in {self._folder} is closed. Reopen the library.")
        return self._index

    def _distrust(self) -> str | None:
        """Opens the folder and returns None, or says why it must be built anew."""
        manifest = self._trust.manifest()
        if manifest is None:
            if self._trust.damaged() or not self._folder.is_dir():
                return "its files were damaged or changed by another program"
            if self._records.passage_count() < CHECK_FROM:
                return UNFINISHED
            if reason := problem_seen_by_child("rag.library.indexes.chroma:check", self._folder, self._records.path):
                return reason
        self._trust.doubt()
        try:
            with failures("meaning", self._folder):
                self._index = Collection(self._folder, self._records.encoding)
                reason = problem(self._index, self._records, thorough=False)
                count = self._index.count()
        except StorageFailed as error:
            return f"it could not be opened ({first_line(error.__cause__ or error)})"
        if manifest is None or reason:
            return reason
        if manifest.count != count:
            return f"it held {count} passages and not {manifest.count}"
        self._state, self._count = manifest.state, count
        if manifest.state == self._records.state:
            self._vouch(manifest.state)
        return None

    def _kept_aside(self, reason: str) -> str:
        """The reason, with the place where the files are kept that are not used any more."""
        self.close()
        return f"{reason}; the old files are kept in {set_aside(self._folder)}"

    def _vouch(self, state: str) -> None:
        self._state, self._count = state, self._open_index.count()
        self._trust.vouch(state, self._count, self._made_by)

    def _fill(self, index: Collection, ids: Sequence[str], progress: Progress | None) -> None:
        for at in range(0, len(ids), index.page):
            part = ids[at : at + index.page]
            for found, vectors in self._records.vectors(part):
                index.put(found, vectors)
            if progress is not None:
                progress(at + len(part), len(ids), "indexing passages")


class Collection:
    """One collection in one folder, as Chroma keeps it; made if it is not there."""

    def __init__(self, folder: Path, encoding: str) -> None:
        import chromadb
        from chromadb.config import Settings

        # Chroma would read both from the environment and from an `.env` that lies in the current folder
        private = Settings(anonymized_telemetry=False, chroma_otel_collection_endpoint="")
        self._client: Any = chromadb.PersistentClient(str(folder), settings=private)
        try:
            settings: Any = SETTINGS
            self._collection = self._client.get_or_create_collection(
                COLLECTION, embedding_function=None, configuration=settings, metadata={"encoding": encoding, "layout": LAYOUT}
            )
            self.page = min(PAGE, self._client.get_max_batch_size())
        except BaseException:
            self.close()
            raise

    @property
    def encoding(self) -> str | None:
        """The encoding given when the collection was made; None for one of another layout."""
        told = self._collection.metadata or {}
        return told.get("encoding") if told.get("layout") == LAYOUT else None

    def count(self) -> int:
        return int(self._collection.count())

    def id_pages(self) -> Iterator[list[str]]:
        offset = 0
        while ids := self._collection.get(include=[], limit=PAGE, offset=offset)["ids"]:
            yield ids
            offset += len(ids)

    def pages(self) -> Iterator[tuple[list[str], Vectors]]:
        offset = 0
        while (page := self._collection.get(include=["embeddings"], limit=PAGE, offset=offset))["ids"]:
            vectors: Any = page["embeddings"]
            yield page["ids"], vectors
            offset += len(page["ids"])

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """(id, cosine similarity), best first, as Chroma orders them."""
        asked: Any = vector.reshape(1, -1)
        found: Any = self._collection.query(query_embeddings=asked, n_results=limit, include=["distances"])
        # Rounded, so that a last bit does not decide what a tie is.
        return [(one, round(1.0 - distance, 6)) for one, distance in zip(found["ids"][0], found["distances"][0], strict=True)]

    def put(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Only ids and vectors: Chroma would keep a text four times over, and every text is read from the records."""
        embeddings: Any = vectors
        self._collection.upsert(ids=list(ids), embeddings=embeddings)

    def delete(self, ids: Sequence[str]) -> None:
        for at in range(0, len(ids), PAGE):
            self._collection.delete(ids=list(ids[at : at + PAGE]))

    def close(self) -> None:
        self._client.close()


def check() -> None:
    """In the child process: looks at the folder and the records named on the command line."""
    folder, records = map(Path, sys.argv[1:])
    with Records.open(records, readonly=True) as opened:
        index = Collection(folder, "")
        answer(problem(index, opened, thorough=True))
