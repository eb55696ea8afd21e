"""Shorter vectors in Chroma: what they leave out, when an index has them, and that what is found keeps its whole cosines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers
from numpy.typing import NDArray

from rag.library.chunking import SentenceWindows
from rag.library.files import bytes_in
from rag.library.indexes.brute_force import ExactScan
from rag.library.indexes.chroma import FOLDER, ChromaStore
from rag.library.indexes.main_directions import FILE, MainDirections, directions_for, outgrown, wanted
from rag.library.ingest import store
from rag.library.records import Records

ENCODER = WordHashEncoder(96)
QUESTIONS = ENCODER.encode(["sparse kernel inference", "graph transport policy and spike memory", "On topology number 3"])


@pytest.fixture(autouse=True)
def short_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes that a test can reach: 32 of 96 from 60 passages on."""
    for name, value in {"RENEWED_AT": (60, 400), "QUICK": 240, "LEAST": 24}.items():
        monkeypatch.setattr(f"rag.library.indexes.main_directions.{name}", value)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(tmp_path / "records.db") as opened:
        yield opened


def put(records: Records, count: int, first: int = 0) -> None:
    store(records, some_papers(count, first), ENCODER, SentenceWindows())


def opened(records: Records, notices: list[str] | None = None) -> ChromaStore:
    return ChromaStore.open(records.path.parent, records, notices)


def numbers(index: ChromaStore) -> int:
    """How many numbers of each passage Chroma has."""
    ((_, vectors), *_) = index._open_index.pages(10_000)
    return int(vectors.shape[1])


def agrees(index: ChromaStore, records: Records, depth: int = 20, share: float = 0.7) -> None:
    """All passages are there; what is found has its whole cosine, and is mostly what a scan finds, though hashed words have no main directions."""
    assert index.count() == records.passage_count()
    for question in QUESTIONS:
        exact = dict(ExactScan(records).nearest(question, records.passage_count()))
        found = index.nearest(question, depth)
        assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))
        assert len({one for one, _ in found} & {*list(exact)[:depth]}) >= share * depth
        everything = index.nearest(question, 10_000)
        assert len(everything) == len(exact)
        for one, score in [*found, *everything]:
            assert score == pytest.approx(exact[one], abs=2e-6)


def vectors(rows: int, rank: int, dimensions: int = 40) -> NDArray[np.float32]:
    """Rows of unit length that lie in `rank` of the dimensions, turned about."""
    draw = np.random.default_rng(rank)
    made = draw.standard_normal((rows, rank)) @ np.linalg.qr(draw.standard_normal((dimensions, rank)))[0].T
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def test_directions_are_orthonormal_and_keep_the_cosines_of_what_lies_in_them() -> None:
    rows = vectors(200, 12)
    found = MainDirections.fitted(rows, 12)
    assert found.count == 12
    np.testing.assert_allclose(found.directions.T @ found.directions, np.eye(12), atol=1e-5)
    short = found.shortened(rows)
    np.testing.assert_allclose(short @ short.T, rows @ rows.T, atol=1e-5)


def test_the_first_directions_hold_most() -> None:
    rows = vectors(300, 30) * np.geomspace(1, 0.01, 40, dtype=np.float32)
    held = ((rows @ MainDirections.fitted(rows, 10).directions) ** 2).sum(axis=0)
    assert (np.diff(held) <= 1e-4).all()
    assert held.sum() >= max(
        ((rows @ MainDirections.fitted(vectors(300, other), 10).directions) ** 2).sum() for other in (11, 20, 30)
    )


def test_what_lies_across_all_directions_becomes_zeros() -> None:
    directions = MainDirections(np.eye(3, 2, dtype=np.float32))
    assert directions.shortened(np.array([[0, 0, 1], [0, 0, 0]], np.float32)).tolist() == [[0, 0], [0, 0]]


def test_directions_are_read_as_they_were_written(tmp_path: Path) -> None:
    assert MainDirections.read(tmp_path) is None
    found = MainDirections.fitted(vectors(50, 9), 9)
    found.save(tmp_path / "new")
    again = MainDirections.read(tmp_path / "new")
    assert again is not None
    np.testing.assert_allclose(again.directions, found.directions, atol=1e-3)
    assert again.directions.dtype == np.float32


@pytest.mark.parametrize(
    ("passages", "dimensions", "numbers"),
    [
        (0, 0, 0),
        (59, 384, 384),
        (60, 384, 128),
        (100_000, 384, 128),
        (100, 1536, 512),
        (100, 60, 24),
        (100, 20, 20),
    ],
)
def test_how_many_numbers_a_passage_takes(passages: int, dimensions: int, numbers: int) -> None:
    assert wanted(passages, dimensions) == numbers


@pytest.mark.parametrize(
    ("numbers", "made_for", "now", "anew"),
    [
        (None, 10, 59, False),  # few
        (None, 59, 60, True),
        (None, 59, 240, True),
        (None, 0, 500, True),
        (None, 61, 62, True),  # of an earlier version
        (None, 240, 241, False),
        (None, 241, 240, True),
        (None, 399, 400, True),
        (None, 500, 501, False),
        (32, 61, 399, False),
        (32, 61, 400, True),
        (32, 400, 401, False),
        (32, 500, 350, False),
        (32, 61, 40, False),
        (32, 40, 61, True),
    ],
)
def test_when_an_index_is_made_anew(numbers: int | None, made_for: int, now: int, anew: bool) -> None:
    directions = None if numbers is None else MainDirections(np.zeros((96, numbers), np.float32))
    assert outgrown(directions, 96, made_for, now) == anew


def test_all_but_the_smallest_index_has_shorter_vectors(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    notices: list[str] = []
    index = opened(records, notices)
    for first, expected in ((0, 96), (25, 32), (75, 32), (150, 32)):
        put(records, 25, first)
        index.sync()
        assert numbers(index) == expected, records.passage_count()
        agrees(index, records)
        if first == 25:
            monkeypatch.setattr(ChromaStore, "rebuild", None)  # once is enough
    records.remove([paper.id for paper in some_papers(20)])
    index.sync()
    agrees(index, records)
    index.close()
    index = opened(records, notices)
    assert numbers(index) == 32
    agrees(index, records)
    index.close()
    assert notices == []


def test_an_index_is_made_anew_once_for_a_size_that_is_passed_to_and_fro(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuilt: list[int] = []
    rebuild = ChromaStore.rebuild
    monkeypatch.setattr(ChromaStore, "rebuild", lambda *args, **named: rebuilt.append(1) or rebuild(*args, **named))
    put(records, 15)
    index = opened(records)
    rebuilt.clear()
    few = some_papers(20, 25)
    for _ in range(3):
        put(records, 20, 25)
        index.sync()
        assert numbers(index) == 32, records.passage_count()
        index.close()
        index = opened(records)
        records.remove([paper.id for paper in few])
        index.sync()
        assert records.passage_count() < 60
        agrees(index, records)
    assert rebuilt == [1]
    index.close()


def test_directions_of_many_vectors_are_fitted_to_some_of_all_parts(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    put(records, 50)
    read: list[int] = []
    vectors = records.vectors
    monkeypatch.setattr(records, "vectors", lambda ids=None: read.append(len(ids or ())) or vectors(ids))
    monkeypatch.setattr("rag.library.indexes.main_directions.FITTED", 40)
    ids = records.passage_ids()
    some = directions_for(records, ids)
    assert some is not None
    assert 20 <= read[0] <= 40
    monkeypatch.setattr("rag.library.indexes.main_directions.FITTED", len(ids))
    every = directions_for(records, ids)
    assert every is not None
    assert (read[1], some.count) == (len(ids), every.count)
    ((_, whole),) = vectors(ids)
    held = [float(np.square(whole @ one.directions).sum() / len(whole)) for one in (some, every)]
    assert held[1] >= held[0] > 0.5 * held[1]


def test_shorter_vectors_take_less_room(records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(records, some_papers(300), WordHashEncoder(384), SentenceWindows())
    opened(records).close()
    short = bytes_in(tmp_path / FOLDER)
    monkeypatch.setattr("rag.library.indexes.main_directions.RENEWED_AT", (10**6,))
    index = opened(records)
    index.rebuild()
    index.close()
    left_out = 4 * (384 - 384 // 3) * records.passage_count()
    assert bytes_in(tmp_path / FOLDER) - short > 0.8 * left_out


def test_a_question_is_answered_while_an_index_is_made_anew(records: Records) -> None:
    put(records, 25)
    index = opened(records)
    before = [index.nearest(question, 5) for question in QUESTIONS]
    meanwhile: list[list[tuple[str, float]]] = []
    put(records, 25, 25)
    index.sync(lambda *_: meanwhile.extend(index.nearest(question, 5) for question in QUESTIONS))
    assert meanwhile == before
    assert numbers(index) == 32
    index.close()


def test_an_index_that_was_replaced_under_a_question_is_asked_again(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    put(records, 50)
    notices: list[str] = []
    index = opened(records, notices)
    asked = index._open_index

    def replaced(*_: object) -> object:
        index.rebuild()
        raise RuntimeError("this collection is gone")

    monkeypatch.setattr(asked, "nearest", replaced)
    assert index.nearest(QUESTIONS[0], 3)
    assert (notices, list(records.path.parent.glob("*.damaged-*"))) == ([], [])
    index.close()


@pytest.mark.parametrize(("papers", "had", "numbers_then"), [(30, 96, 32), (30, 24, 24), (130, 96, 96), (130, 24, 24)])
def test_an_earlier_index_is_opened_as_it_is_and_made_anew_where_that_is_quick(
    records: Records, monkeypatch: pytest.MonkeyPatch, papers: int, had: int, numbers_then: int
) -> None:
    put(records, papers)
    with monkeypatch.context() as earlier:
        earlier.setattr("rag.library.indexes.main_directions.wanted", lambda passages, dimensions: had)
        opened(records).close()
    notices: list[str] = []
    index = opened(records, notices)
    assert numbers(index) == had
    agrees(index, records, share=0.2 if had < 32 else 0.7)
    put(records, 1, 500)
    index.sync()
    assert numbers(index) == numbers_then
    index.rebuild()
    assert numbers(index) == 32
    agrees(index, records)
    index.close()
    assert notices == []


@pytest.mark.parametrize("damage", ["cut", "other bytes", "gone"])
@pytest.mark.parametrize("checked", [False, True])
def test_damaged_directions_are_made_anew(records: Records, monkeypatch: pytest.MonkeyPatch, damage: str, checked: bool) -> None:
    monkeypatch.setattr("rag.library.indexes.chroma.CHECK_FROM", 0 if checked else 10**6)
    put(records, 50)
    opened(records).close()
    file = records.path.parent / FOLDER / FILE
    content = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(content[: len(content) // 2] if damage == "cut" else bytes(len(content)))
    if checked:
        (records.path.parent / f"{FOLDER}.manifest.json").unlink()
    notices: list[str] = []
    index = opened(records, notices)
    agrees(index, records)
    index.close()
    assert ["rebuilt from the records" in notice for notice in notices] == [True]


def test_a_copied_index_of_shorter_vectors_is_checked_and_kept(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.library.indexes.chroma.CHECK_FROM", 0)
    put(records, 50)
    opened(records).close()
    (records.path.parent / f"{FOLDER}.manifest.json").unlink()
    monkeypatch.setattr(ChromaStore, "rebuild", None)
    notices: list[str] = []
    index = opened(records, notices)
    agrees(index, records)
    index.close()
    assert notices == []
