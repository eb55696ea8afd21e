"""What every store must do, whatever it is made of. A new store is added to the list, and passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers
from pydantic import SecretStr

from rag.library.chunking import SentenceWindows
from rag.library.indexes.bm25 import TantivyWords
from rag.library.indexes.chroma import ChromaStore
from rag.library.indexes.chroma_server import ChromaServer, ServerVectors
from rag.library.indexes.embedded import EmbeddedVectors
from rag.library.indexes.stores import OpenVectors, OpenWords, VectorStore, scan, words_beside_owner, words_in_memory
from rag.library.ingest import store
from rag.library.records import Records
from rag.types import Paper

ENCODER = WordHashEncoder()
QUESTIONS = ENCODER.encode(["sparse kernel inference", "graph transport policy", "On topology number 3"])
VECTOR_STORES = {
    "scan": scan,
    "chroma": ChromaStore.open,
    "embedded": EmbeddedVectors.open,
    "embedded, large": EmbeddedVectors.open,
    "server": None,
}
WORD_STORES = {"tantivy": TantivyWords.open, "memory": words_in_memory, "beside": words_beside_owner}


@pytest.fixture(params=["file", "postgres"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    place = tmp_path / "records.db"
    opened = Records.open(place) if request.param == "file" else request.getfixturevalue("postgres").open(place)
    with opened as records:
        yield records


@pytest.fixture(params=VECTOR_STORES)
def open_vectors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> OpenVectors:
    if request.param == "embedded, large":
        monkeypatch.setattr("rag.library.indexes.embedded.SCANNED", 0)
    if request.param == "server":
        monkeypatch.setattr("rag.library.indexes.chroma_server.SCANNED", -1)  # the server answers, or nobody
        proxy = request.getfixturevalue("chroma_proxy")
        return ServerVectors.opener(ChromaServer(proxy.url, SecretStr(proxy.token)), writes=True)
    chosen: OpenVectors = VECTOR_STORES[request.param]
    return chosen


@pytest.fixture(params=WORD_STORES)
def open_words(request: pytest.FixtureRequest) -> OpenWords:
    chosen: OpenWords = WORD_STORES[request.param]
    return chosen


def put(records: Records, papers: list[Paper]) -> None:
    store(records, papers, ENCODER, SentenceWindows())


def expected(records: Records, question: object, limit: int) -> list[tuple[str, float]]:
    """By plain arithmetic over what the records hold."""
    scored = [
        (one, round(float(vector @ question), 5))
        for ids, rows in records.vectors()
        for one, vector in zip(ids, rows, strict=True)
    ]
    return sorted(scored, key=lambda hit: (-hit[1], hit[0]))[:limit]


def agrees(opened: VectorStore, records: Records) -> None:
    assert opened.count() == records.passage_count()
    for question in QUESTIONS:
        for limit in (1, 7, 1000):
            found = opened.nearest(question, limit)
            wanted = expected(records, question, limit)
            np.testing.assert_allclose([score for _, score in found], [score for _, score in wanted], atol=2e-5)
            assert {one for one, _ in found} == {one for one, _ in wanted} or limit == 1
            assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))


def test_an_empty_store_finds_nothing(tmp_path: Path, records: Records, open_vectors: OpenVectors) -> None:
    opened = open_vectors(tmp_path, records, [], None)
    assert (opened.count(), opened.nearest(QUESTIONS[0], 5), opened.nearest(QUESTIONS[0], 0)) == (0, [], [])
    opened.close()
    opened.close()


def test_a_store_is_equal_to_the_records_when_it_is_opened_and_after_each_sync(
    tmp_path: Path, records: Records, open_vectors: OpenVectors
) -> None:
    put(records, some_papers(30))
    opened = open_vectors(tmp_path, records, [], None)
    agrees(opened, records)
    changes: list[Callable[[], None]] = [
        lambda: put(records, some_papers(5, first=50)),
        lambda: records.remove([paper.id for paper in some_papers(7)]),
        lambda: put(records, [replace(one, abstract="Wholly new words here. And there.") for one in some_papers(3, first=10)]),
        lambda: put(records, some_papers(9)),
        lambda: records.remove([paper.id for paper in some_papers(60)]),
        lambda: put(records, some_papers(4)),
    ]
    for change in changes:
        change()
        opened.sync()
        agrees(opened, records)
    opened.close()


def test_what_changed_while_it_was_closed_is_made_up_for(tmp_path: Path, records: Records, open_vectors: OpenVectors) -> None:
    put(records, some_papers(20))
    open_vectors(tmp_path, records, [], None).close()
    put(records, some_papers(3, first=50))
    records.remove([paper.id for paper in some_papers(4)])
    notices: list[str] = []
    opened = open_vectors(tmp_path, records, notices, None)
    agrees(opened, records)
    opened.close()
    assert notices == []


def test_a_new_encoding_replaces_the_old_vectors(tmp_path: Path, records: Records, open_vectors: OpenVectors) -> None:
    put(records, some_papers(10))
    opened = open_vectors(tmp_path, records, [], None)
    records.discard_draft()
    with records.draft().open() as other:
        store(other, some_papers(12), WordHashEncoder(128), SentenceWindows())
        records.replace_with(other)
    opened.sync()
    question = WordHashEncoder(128).encode(["sparse kernel"])[0]
    assert opened.nearest(question, 5)[0][0] == expected(records, question, 5)[0][0]
    assert opened.count() == records.passage_count()
    opened.close()


def test_equal_scores_are_ordered_by_id_wherever_the_cut_falls(
    tmp_path: Path, records: Records, open_vectors: OpenVectors
) -> None:
    put(records, [Paper(f"arxiv:2401.{number:05d}", "Same title", "Same words in every abstract.") for number in range(40)][::-1])
    opened = open_vectors(tmp_path, records, [], None)
    for limit in (1, 9, 39, 100):
        found = opened.nearest(ENCODER.encode(["same words"])[0], limit)
        assert [one for one, _ in found] == records.passage_ids()[:limit]
    opened.close()


def test_a_small_library_that_is_as_it_was_left_is_searched_without_loading_chroma(tmp_path: Path, records: Records) -> None:
    put(records, some_papers(20))
    EmbeddedVectors.open(tmp_path, records).close()
    opened = EmbeddedVectors.open(tmp_path, records)
    agrees(opened, records)
    assert opened._chroma._index is None
    put(records, some_papers(2, first=50))
    opened.sync()
    agrees(opened, records)
    assert sorted(one for ids in opened._chroma._open_index.id_pages() for one in ids) == records.passage_ids()
    opened.close()


def test_sync_does_work_for_what_changed_and_not_for_what_is_there(
    tmp_path: Path, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(records, some_papers(50))
    opened = ChromaStore.open(tmp_path, records)
    monkeypatch.setattr(Records, "passage_ids", None)
    put(records, some_papers(2, first=90))
    records.remove([some_papers(1)[0].id])
    opened.sync()
    opened.close()
    put(records, some_papers(2, first=95))
    opened = ChromaStore.open(tmp_path, records)
    monkeypatch.undo()
    agrees(opened, records)
    opened.close()


# --- words


def test_a_store_of_words_follows_the_records(tmp_path: Path, records: Records, open_words: OpenWords) -> None:
    put(records, some_papers(20))
    opened = open_words(tmp_path, records, [], None)
    assert opened.document_count() == 20
    assert opened.best(["number", "11"], 1)[0][0] == some_papers(1, first=11)[0].id
    put(records, [*some_papers(1, first=77), Paper("title:x", "Quokka habits", "The quokka smiles.")])
    opened.sync()
    assert [one for one, _ in opened.best(["quokkas"], 3)] == ["title:x"]
    assert [one for one, _ in opened.matching("quok", 3)] == ["title:x"]
    assert (opened.document_count(), opened.document_frequency("quokka"), opened.near("quoka")) == (22, 1, "quokka")
    everything = opened.best(["number", "graph"], 100)
    inside = {one for one, _ in everything[::3]} | {"title:unknown"}
    assert opened.best(["number", "graph"], 100, inside) == [hit for hit in everything if hit[0] in inside]
    assert opened.best(["number"], 100, []) == []
    records.remove(["title:x"])
    opened.sync()
    assert (opened.best(["quokka"], 3), opened.document_frequency("quokka")) == ([], 0)
    opened.close()
    opened.close()
