"""The exact scan: the right passages in the right order, and always those that the records hold now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers

from rag.library.chunking import SentenceWindows, context
from rag.library.indexes.brute_force import ExactScan, Held
from rag.library.ingest import store
from rag.library.records import Records
from rag.library.vectors import MOST
from rag.types import Paper

ENCODER = WordHashEncoder()


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(tmp_path / "records.db") as opened:
        store(opened, some_papers(30), ENCODER, SentenceWindows())
        yield opened


def test_the_nearest_are_those_of_plain_arithmetic(records: Records) -> None:
    question = ENCODER.encode(["sparse kernel inference on graphs"])[0]
    passages = records.passages(records.passage_ids())
    expected = sorted((-float(np.dot(ENCODER.encode([context(one)])[0], question)), one.id) for one in passages)
    found = ExactScan(records).nearest(question, 20)
    assert len(found) == 20
    np.testing.assert_allclose([score for _, score in found], [-score for score, _ in expected[:20]], atol=5e-3)
    assert ExactScan(records).nearest(question, 5) == found[:5]
    assert len(ExactScan(records).nearest(question, 10_000)) == records.passage_count()
    assert ExactScan(records).nearest(question, 0) == []


def test_ties_are_broken_by_id_wherever_the_cut_falls(tmp_path: Path) -> None:
    # Different papers with one text and titles of the same words: vectors that are exactly equal.
    papers = [Paper(f"arxiv:2401.{number:05d}", "Same title", "Same words in every abstract.") for number in range(9)]
    with Records.open(tmp_path / "records.db") as records:
        store(records, papers[::-1], ENCODER, SentenceWindows())
        everything = ExactScan(records).nearest(ENCODER.encode(["same words"])[0], 9)
        assert len({score for _, score in everything}) == 1
        assert [one for one, _ in everything] == records.passage_ids()
        for limit in range(1, 9):
            assert ExactScan(records).nearest(ENCODER.encode(["same words"])[0], limit) == everything[:limit]


def test_bytes_find_what_floats_find() -> None:
    rows = np.random.default_rng(7).integers(-MOST, MOST, (5_000, 96), np.int8, endpoint=True)
    floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    held = Held("", "", [f"{number:04}" for number in range(len(rows))], rows, np.linalg.norm(rows.astype(np.float32), axis=1))
    for question in np.random.default_rng(8).normal(size=(40, 96)).astype(np.float32):
        exact = floats @ question.astype(np.float64)
        best = np.argsort(-exact)[:50]
        found = held.nearest(question, 50)
        assert [score for _, score in found] == pytest.approx(exact[best], abs=1e-6)
        assert {one for one, _ in found[:49]} <= {f"{row:04}" for row in best}
        one_sided = question.copy()
        one_sided[3] = 40.0
        exact = floats @ one_sided.astype(np.float64)
        assert [score for _, score in held.nearest(one_sided, 6_000)] == pytest.approx(np.sort(exact)[::-1], abs=1e-6)
        assert [score for _, score in held.nearest(one_sided, 50)] == pytest.approx(np.sort(exact)[:-51:-1], abs=1e-6)
    assert held.nearest(np.zeros(96, np.float32), 3) == [("0000", 0), ("0001", 0), ("0002", 0)]


def test_changes_are_seen_at_the_next_search(records: Records) -> None:
    scan = ExactScan(records)
    paper = some_papers(1, first=500)[0]
    question = ENCODER.encode([f"{paper.title}. {paper.abstract}"])[0]
    before = scan.nearest(question, 1)
    store(records, [paper], ENCODER, SentenceWindows())
    assert scan.nearest(question, 1)[0][0].startswith(paper.id)
    records.remove([paper.id])
    assert scan.nearest(question, 1) == before


def test_only_what_changed_is_read_again(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    scan, question = ExactScan(records), ENCODER.encode(["sparse kernel inference on graphs"])[0]
    scan.nearest(question, 5)
    read, packed_vectors = [], records.packed_vectors
    monkeypatch.setattr(records, "packed_vectors", lambda ids=None: read.append(ids) or packed_vectors(ids))

    def agrees() -> None:
        fresh = Held.of(records, records.state)
        read.clear()
        assert [one for one, _ in scan.nearest(question, 1000)] == [one for one, _ in fresh.nearest(question, 1000)]

    before = set(records.passage_ids())
    store(records, some_papers(3, first=500), ENCODER, SentenceWindows())
    agrees()
    assert read == [sorted(set(records.passage_ids()) - before)]
    records.remove([paper.id for paper in some_papers(2)])
    agrees()
    assert read == [[]]
    agrees()
    assert read == []
    records.remove([paper.id for paper in [*some_papers(30), *some_papers(3, first=500)]])
    agrees()
    store(records, some_papers(2), ENCODER, SentenceWindows())
    agrees()
    assert None not in read


def test_a_passage_that_is_back_with_another_vector_has_that_one(records: Records) -> None:
    scan, paper = ExactScan(records), some_papers(1)[0]
    own = records.passages_of([paper.id])[paper.id]
    question = ENCODER.encode(["another vector"])[0]
    scan.nearest(question, 1)
    records.remove([paper.id])
    records.put(paper, own, np.repeat(question[None], len(own), axis=0))
    assert {one for one, score in scan.nearest(question, len(own)) if score > 0.99} == {passage.id for passage in own}


def test_a_state_that_the_records_never_were_in_is_no_start(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a backup was restored that has gone on otherwise."""
    scan, question = ExactScan(records), ENCODER.encode(["sparse kernel"])[0]
    scan.nearest(question, 1)
    monkeypatch.setattr(Records, "passages_changed_since", None)
    records.write("UPDATE history SET token = 'another'", [()])
    assert scan.nearest(question, 1000) == ExactScan(records).nearest(question, 1000)


def test_an_empty_library_finds_nothing(tmp_path: Path) -> None:
    with Records.open(tmp_path / "records.db") as records:
        assert ExactScan(records).nearest(np.ones(64, np.float32), 5) == []
