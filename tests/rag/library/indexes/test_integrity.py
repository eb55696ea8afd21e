"""The check of an index: what is wrong is found, and what is only approximate is let pass."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers
from numpy.typing import NDArray

from rag.library.chunking import SentenceWindows
from rag.library.indexes.brute_force import ExactScan
from rag.library.indexes.integrity import problem, problem_at_a_glance
from rag.library.ingest import store
from rag.library.records import Records


class Index:
    """Holds what the records hold, and can be told to hide or change some of it."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.encoding: str | None = records.encoding
        self.blind_every = 0
        self.changed: set[str] = set()
        self.hidden = 0
        self.searches = 0

    def count(self) -> int:
        return self.records.passage_count()

    def pages(self, size: int) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        ids = self.records.passage_ids()[self.hidden :]
        for at in range(0, len(ids), size):
            for found, vectors in self.records.vectors(ids[at : at + size]):
                yield found, vectors * np.array([[-1 if one in self.changed else 1] for one in found], np.float32)

    def kept(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        return vectors

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        self.searches += 1
        blind = self.blind_every and self.searches % self.blind_every == 0
        return ExactScan(self.records).nearest(-vector if blind else vector, limit)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Records.open(tmp_path / "records.db") as records:
        store(records, some_papers(40), WordHashEncoder(), SentenceWindows())
        yield Index(records)


def test_a_sound_index_has_no_problem_even_if_one_search_in_four_misses(index: Index) -> None:
    assert problem(index, index.records) is None
    index.blind_every = 4
    assert problem(index, index.records) is None
    assert index.searches >= 5


def test_files_that_may_be_damaged_are_not_sound_if_the_index_mostly_misses(index: Index) -> None:
    index.blind_every = 1
    assert problem(index, index.records) == "stored passages did not find themselves"


def test_files_that_are_as_they_were_left_are_not_searched(index: Index) -> None:
    index.blind_every = 1
    assert problem_at_a_glance(index, index.records) is None
    assert index.searches == 0


def test_another_encoding_is_a_problem(index: Index) -> None:
    index.encoding = None
    for check in (problem, problem_at_a_glance):
        assert "another encoding" in str(check(index, index.records))


def test_one_wrong_vector_is_a_problem(index: Index) -> None:
    index.changed = {index.records.passage_ids()[7]}
    for check in (problem, problem_at_a_glance):
        assert "not those of the records" in str(check(index, index.records))
    index.changed = {index.records.passage_ids()[-1]}
    assert "not those of the records" in str(problem(index, index.records))


def test_passages_that_are_counted_but_not_listed_are_a_problem(index: Index) -> None:
    index.hidden = 3
    assert "lists 77 of its 80" in str(problem(index, index.records))
    assert problem_at_a_glance(index, index.records) is None


def test_an_empty_index_is_sound(tmp_path: Path) -> None:
    with Records.open(tmp_path / "empty.db") as records:
        assert problem(Index(records), records) is None
        assert problem_at_a_glance(Index(records), records) is None
