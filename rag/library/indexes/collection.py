"""One collection of passages as Chroma keeps it, in a folder or on a server: only ids and vectors, which the records can make anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rag.types import Progress

if TYPE_CHECKING:
    from rag.library.indexes.main_directions import MainDirections
    from rag.library.records import Records
    from rag.protocols import Vectors


WHOLE, SHORT = "layout 2", "layout 3"
"""Of what is put in: whole vectors, or coordinates along main directions. An index of another layout is rebuilt."""
PAGE = 500
"""Rows at once (Chroma fails on a `get` of more than 32,766 with metadata), and passages after which Chroma writes its file of vectors: what is not
written yet takes room in its database, which keeps it, and time at the next opening."""
WRITTEN_EVERY = 1000
"""The same of a large index, whose file takes longer to write."""
SETTINGS = {"hnsw": {"space": "cosine", "ef_search": 200, "sync_threshold": PAGE}}


class Collection:
    """The collection `name` of a client of Chroma; made if it is not there, where told to. Closing it closes the client.

    With `directions`, vectors are kept and compared along these alone. One that is made remembers the `passages` that it is made for.
    """

    def __init__(
        self,
        client: Any,
        name: str,
        encoding: str,
        create: bool = True,
        directions: MainDirections | None = None,
        passages: int = 0,
    ) -> None:
        self._client = client
        self._name = name
        self.directions = directions
        self.layout = WHOLE if directions is None else SHORT
        self._about = {"encoding": encoding, "layout": self.layout}
        try:
            settings: Any = SETTINGS
            about = {**self._about, "made_for": passages}
            self._collection = (
                client.get_or_create_collection(name, embedding_function=None, configuration=settings, metadata=about)
                if create
                else client.get_collection(name, embedding_function=None)
            )
            self.page = min(PAGE, client.get_max_batch_size())
        except BaseException:
            self.close()
            raise

    @property
    def encoding(self) -> str | None:
        """The encoding given when the collection was made; None for one of another layout."""
        told = self._collection.metadata or {}
        return told.get("encoding") if told.get("layout") == self.layout else None

    @property
    def made_for(self) -> int | None:
        """Passages that there were when it was made; None for one of an earlier version."""
        return (self._collection.metadata or {}).get("made_for")

    def state(self) -> str | None:
        """What `tell` was last told, by whatever process."""
        told = self._client.get_collection(self._name, embedding_function=None).metadata or {}
        return told.get("state") if told.get("layout") == self.layout else None

    def tell(self, state: str) -> None:
        """Keeps with the collection which state of the records it is equal to."""
        self._collection.modify(metadata={**self._about, "state": state})

    def remove(self) -> None:
        self._client.delete_collection(self._name)

    def count(self) -> int:
        return int(self._collection.count())

    def id_pages(self) -> Iterator[list[str]]:
        offset = 0
        while ids := self._collection.get(include=[], limit=PAGE, offset=offset)["ids"]:
            yield ids
            offset += len(ids)

    def pages(self, size: int) -> Iterator[tuple[list[str], Vectors]]:
        """All ids with their vectors, so many at once."""
        offset = 0
        while (page := self._collection.get(include=["embeddings"], limit=size, offset=offset))["ids"]:
            vectors: Any = page["embeddings"]
            yield page["ids"], vectors
            offset += len(page["ids"])

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """(id, cosine similarity), best first, as Chroma orders them."""
        asked: Any = self.kept(vector.reshape(1, -1))
        found: Any = self._collection.query(query_embeddings=asked, n_results=limit, include=["distances"])
        # Rounded, so that a last bit does not decide what a tie is.
        return [(one, round(1.0 - distance, 6)) for one, distance in zip(found["ids"][0], found["distances"][0], strict=True)]

    def kept(self, vectors: Vectors) -> Vectors:
        """These vectors as the collection keeps them."""
        return vectors if self.directions is None else self.directions.shortened(vectors)

    def put(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Only ids and vectors: Chroma would keep a text four times over, and every text is read from the records."""
        embeddings: Any = self.kept(vectors)
        self._collection.upsert(ids=list(ids), embeddings=embeddings)

    def write_every(self, passages: int) -> None:
        """From the next opening on, Chroma writes its file of vectors, the whole of it, whenever so many passages were put in."""
        self._collection.modify(configuration={"hnsw": {"sync_threshold": passages}})

    def delete(self, ids: Sequence[str]) -> None:
        for at in range(0, len(ids), PAGE):
            self._collection.delete(ids=list(ids[at : at + PAGE]))

    def close(self) -> None:
        self._client.close()


def best(index: Collection, vector: Vectors, limit: int, count: int) -> list[tuple[str, float]]:
    """(id, cosine similarity) of an index with `count` entries, best first; equal ones by id, wherever the cut falls."""
    asked = min(limit + 10, count)
    while count and limit > 0:
        found = index.nearest(vector, asked)
        # What ties with the last one may have been cut off: ask for more, so that the id decides and not the index.
        if len(found) <= limit or found[-1][1] < found[limit - 1][1] or asked >= count:
            return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]
        asked = min(asked * 2, count)
    return []


def fill(index: Collection, records: Records, ids: Sequence[str], progress: Progress | None) -> None:
    """Puts these passages in, with the vectors of the records."""
    for at in range(0, len(ids), index.page):
        part = ids[at : at + index.page]
        for found, vectors in records.vectors(part):
            index.put(found, vectors)
        if progress is not None:
            progress(at + len(part), len(ids), "indexing passages")


def follow(index: Collection, records: Records, since: int, progress: Progress | None) -> bool:
    """Takes out and puts in what changed after that generation; says whether the number of passages then agrees."""
    index.delete(records.passages_gone_since(since))
    fill(index, records, records.passages_changed_since(since), progress)
    return index.count() == records.passage_count()


def compare(index: Collection, records: Records, progress: Progress | None) -> None:
    """The same by all ids, if unknown since when."""
    wanted = records.passage_ids()
    stored = {one for ids in index.id_pages() for one in ids}
    index.delete(sorted(stored.difference(wanted)))
    fill(index, records, [one for one in wanted if one not in stored], progress)
