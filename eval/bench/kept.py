"""The same papers kept in several ways, each of which answers questions: what `eval.bench.same_answers` compares."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.cases.reading import Case
from rag.build import assistant_over
from rag.library.chunking import SentenceWindows, context
from rag.library.encoder import OnnxEncoder
from rag.library.indexes.chroma import ChromaStore
from rag.library.indexes.chroma_server import ChromaServer, ServerVectors
from rag.library.indexes.stores import EMBEDDED, Stores
from rag.library.library import Library
from rag.library.owner import Owner
from rag.library.postgres import PostgresDatabase
from rag.library.records import Database, Records
from rag.library.word_states import WordStates
from rag.reader.cross_encoder import CrossEncoder
from rag.retrieval.reranker import Reranker
from rag.settings import own_library
from rag.types import Answer, Paper, WordVectors

if TYPE_CHECKING:
    from rag.protocols import Vectors


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader sees of an answer: its status, its text, and where each citation stands."""

    status: str
    text: str
    cited: tuple[tuple[str, int, int], ...]

    @classmethod
    def of(cls, answer: Answer) -> Told:
        cited = tuple((one.paper.id, one.span.start, one.span.end) for one in answer.citations)
        return cls(answer.status, answer.text, cited)

    @classmethod
    def of_json(cls, answer: Mapping[str, Any]) -> Told:
        """The same, from the JSON of `POST /api/ask`."""
        cited = tuple((one["paper"]["id"], one["start"], one["end"]) for one in answer["citations"])
        return cls(answer["status"], answer["text"], cited)


Ask = Callable[[Case], Told]


class OneByOne(OnnxEncoder):
    """The encoder, with each text by itself and remembered: the same vectors, in whatever order papers come."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, WordVectors] = {}

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        import numpy as np

        return np.stack([one.sentence for one in self.encode_words(texts)])

    def encode_words(self, texts: Sequence[str]) -> list[WordVectors]:
        for text in texts:
            if text not in self._known:
                self._known[text] = super().encode_words([text])[0]
        return [self._known[text] for text in texts]


class Uncompressed(OneByOne):
    """The same vectors under another name, for which no codes are known: words stay in float32."""

    name = f"{OnnxEncoder.name}, uncompressed"


@dataclass
class Kept:
    """Makes libraries of the same papers."""

    papers: Sequence[Paper]
    words: OnnxEncoder = field(default_factory=OneByOne)
    reranker: Reranker = field(default_factory=lambda: Reranker(CrossEncoder(), remembered=100_000))
    """Shared, as it reads the same sentences with the same question to the same end."""
    database: str = ""
    """Address of an empty PostgreSQL database, for `on_servers` alone."""
    chroma: str = ""
    """Address of a Chroma server, for the same."""

    @contextmanager
    def library(self, stores: Stores = EMBEDDED, states: bool = True, database: Database | None = None) -> Iterator[Library]:
        kept = WordStates(self.words) if states else None
        with (
            tempfile.TemporaryDirectory(prefix="paperchat-same-") as folder,
            Library.open(Path(folder), self.words, SentenceWindows(), stores=stores, states=kept, database=database) as library,
        ):
            library.add(self.papers)
            yield library

    def asking(self, library: Library) -> Ask:
        assistant = assistant_over(library, self.words, own_library(library.folder))
        assistant = replace(assistant, writer=replace(assistant.writer, reranker=self.reranker))
        return lambda case: Told.of(assistant.ask(case.question, case.history))

    @contextmanager
    def shipped(self) -> Iterator[Ask]:
        """An exact scan over vectors of one byte a dimension, and word states of 24 bytes."""
        with self.library() as library:
            yield self.asking(library)

    @contextmanager
    def through_chroma(self) -> Iterator[Ask]:
        """Chroma's index, which a library above 400,000 passages uses."""
        with self.library(replace(EMBEDDED, vectors=ChromaStore.open)) as library:
            yield self.asking(library)

    @contextmanager
    def beside_owner(self) -> Iterator[Ask]:
        """A reader beside the owner, as a worker process is: its own copy of what the owner's folder holds, vectors by its own scan."""
        with self.library() as library, self._reader(library, EMBEDDED) as reader:
            yield self.asking(reader)

    @contextmanager
    def of_owners_chroma(self) -> Iterator[Ask]:
        """A reader beside the owner of a large library, whose Chroma it asks through the owner's socket."""
        with self.library(replace(EMBEDDED, vectors=ChromaStore.open)) as library:
            library.listen()
            with self._reader(library, replace(EMBEDDED, reader_vectors=asked_of_owner)) as reader:
                yield self.asking(reader)

    @contextmanager
    def grown(self) -> Iterator[Ask]:
        """Half the papers at first, some that are removed and added again, then the rest: words and vectors follow each change."""
        half = len(self.papers) // 2
        with (
            tempfile.TemporaryDirectory(prefix="paperchat-same-") as folder,
            Library.open(Path(folder), self.words, SentenceWindows(), states=WordStates(self.words)) as library,
        ):
            library.add(self.papers[:half])
            _ = library.words, library.meaning
            removed = library.take_out([paper.id for paper in self.papers[: half // 2]])
            library.put_back(removed)
            for paper in self.papers[half:]:
                library.add([paper])
            yield self.asking(library)

    @contextmanager
    def in_batches(self) -> Iterator[Ask]:
        """Encoded 32 papers at a time, as a library is that is filled in one go."""
        with replace(self, words=OnnxEncoder()).shipped() as ask:
            yield ask

    @contextmanager
    def in_float_words(self) -> Iterator[Ask]:
        """Words as the encoder gives them, read when a paper is first asked about."""
        with replace(self, words=Uncompressed()).shipped() as ask:
            yield ask

    @contextmanager
    def on_servers(self) -> Iterator[Ask]:
        """Records in PostgreSQL, vectors on a Chroma server."""
        stores = replace(EMBEDDED, vectors=ServerVectors.opener(ChromaServer(self.chroma), writes=True))
        with self.library(stores, database=PostgresDatabase.at(self.database)) as library:
            yield self.asking(library)

    @contextmanager
    def encoded_when_asked(self) -> Iterator[Ask]:
        """No word states are stored: each paper is encoded when it is first asked about."""
        with self.library(states=False) as library:
            yield self.asking(library)

    @contextmanager
    def in_floats(self) -> Iterator[Ask]:
        """Vectors of passages as the encoder gives them, four bytes a dimension."""
        with self.library(replace(EMBEDDED, vectors=self._floats)) as library:
            yield self.asking(library)

    def _floats(self, folder: Path, records: Records, notices: list[str], progress: object) -> FloatScan:
        return FloatScan(records, self.words)

    @contextmanager
    def _reader(self, owner: Library, stores: Stores) -> Iterator[Library]:
        states = WordStates(self.words)
        with Library.open(owner.folder, self.words, SentenceWindows(), readonly=True, stores=stores, states=states) as reader:
            yield reader


@dataclass
class FloatScan:
    """A VectorStore that keeps vectors of the encoder in memory and compares all of them; for a library that does not change."""

    records: Records
    encoder: OnnxEncoder

    def count(self) -> int:
        return len(self._made[0])

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        ids, matrix = self._made
        scores = (matrix @ vector).round(6)
        return sorted(zip(ids, map(float, scores), strict=True), key=lambda hit: (-hit[1], hit[0]))[:limit]

    def sync(self, progress: object = None) -> None:
        """The vectors are made when they are first asked for."""

    def close(self) -> None:
        """Holds no files."""

    @cached_property
    def _made(self) -> tuple[list[str], Vectors]:
        parts = self.records.passages(self.records.passage_ids())
        return [part.id for part in parts], self.encoder.encode([context(part) for part in parts])


def asked_of_owner(folder: Path, records: Records, notices: list[str], progress: object) -> OwnersChroma:
    """The vectors of the process that owns the library in `folder`, which must listen."""
    owner = Owner.of(folder)
    assert owner is not None
    return OwnersChroma(owner, records)


@dataclass
class OwnersChroma:
    """A VectorStore that asks the owner, whatever the library's size."""

    owner: Owner
    records: Records

    def count(self) -> int:
        return self.records.passage_count()

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        return self.owner.nearest(vector, limit)

    def sync(self, progress: object = None) -> None:
        """The owner does that."""

    def close(self) -> None:
        """Each question has a connection of its own."""
