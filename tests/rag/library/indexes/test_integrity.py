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
from rag.library.indexes.integrity import problem
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

    def pages(self) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        for ids, vectors in self.records.vectors():
            turned = vectors * np.array([[-1 if one in self.changed else 1] for one in ids], np.float32)
            yield ids[self.hidden :], turned[self.hidden :]

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        self.searches += 1
        blind = self.blind_every and self.searches % self.blind_every == 0
        return ExactScan(self.records).nearest(-vector if blind else vector, limit)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Records.open(tmp_path / "records.db") as records:
        store(records, some_papers(40), WordHashEncoder(), SentenceWindows())
        yield Index(records)


@pytest.mark.parametrize("thorough", [True, False])
def test_a_sound_index_has_no_problem_even_if_one_search_in_four_misses(index: Index, thorough: bool) -> None:
    assert problem(index, index.records, thorough) is None
    index.blind_every = 4
    assert problem(index, index.records, thorough) is None
    assert index.searches >= 5


@pytest.mark.parametrize("thorough", [True, False])
def test_an_index_that_mostly_misses_is_not_sound(index: Index, thorough: bool) -> None:
    index.blind_every = 1
    assert problem(index, index.records, thorough) == "stored passages did not find themselves"


def test_another_encoding_is_a_problem(index: Index) -> None:
    index.encoding = None
    assert "another encoding" in str(problem(index, index.records, thorough=False))


def test_one_wrong_vector_is_a_problem(index: Index) -> None:
    index.changed = {index.records.passage_ids()[7]}
    assert "not those of the records" in str(problem(index, index.records, thorough=True))


def test_passages_that_are_counted_but_not_listed_are_a_problem(index: Index) -> None:
    index.hidden = 3
    assert "lists 77 of its 80" in str(problem(index, index.records, thorough=True))
    assert problem(index, index.records, thorough=False) is None


def test_an_empty_index_is_sound(tmp_path: Path) -> None:
    with Records.open(tmp_path / "empty.db") as records:
        assert problem(Index(records), records, thorough=True) is None
