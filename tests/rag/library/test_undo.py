"""A removed paper can be put back: the same in every respect, in its place, and without being encoded again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers

from rag.errors import LibraryBusy, PaperNotFound
from rag.library.chunking import SentenceWindows
from rag.library.library import Library

PAPERS = some_papers(12)
SOME = [PAPERS[3].id, PAPERS[11].id]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", WordHashEncoder(), SentenceWindows()) as library:
        library.add(PAPERS)
        yield library


def content(library: Library) -> list[object]:
    rows = [(ids, matrix.tobytes()) for ids, matrix in library.records.vectors()]
    nearest = library.meaning.nearest(np.eye(64, dtype=np.float32)[5], 50)
    return [
        library.papers(),
        rows,
        nearest,
        library.words.best(["graph", "kernel", "policy"], 50),
        library.words.matching("on", 50),
    ]


def encoded(library: Library) -> int:
    assert isinstance(library.encoder, WordHashEncoder)
    return library.encoder.encoded


def test_put_back_it_is_as_if_nothing_had_happened(library: Library) -> None:
    before, work = content(library), encoded(library)
    removed = library.take_out(SOME)
    assert [paper.id for paper in removed.papers] == SOME
    assert len(library.papers()) == 10
    assert content(library) != before
    assert [paper.id for paper in library.put_back(removed)] == SOME
    assert content(library) == before
    assert encoded(library) == work


def test_after_other_changes_it_comes_to_a_free_place(library: Library) -> None:
    removed = library.take_out(SOME)
    library.add(some_papers(2, first=20))
    library.put_back(removed)
    order = [paper.id for paper in library.papers()]
    assert order.index(SOME[0]) == 3
    assert sorted(order) == sorted({*(paper.id for paper in PAPERS), "arxiv:2401.00020", "arxiv:2401.00021"})
    assert library.words.document_count() == 14


def test_one_that_was_added_again_stays_as_it_is(library: Library) -> None:
    removed = library.take_out(SOME)
    newer = replace(PAPERS[3], venue="ICML")
    library.add([newer])
    assert [paper.id for paper in library.put_back(removed)] == [SOME[1]]
    assert library.paper(SOME[0]) == newer
    assert library.put_back(removed) == ()


def test_vectors_of_another_encoding_are_not_mixed_in(library: Library) -> None:
    removed = library.take_out(SOME)
    library.reindex()
    before = encoded(library)
    assert [paper.id for paper in library.put_back(removed)] == SOME
    assert encoded(library) > before
    assert library.records.passage_count() == len(library.records.passages_of([paper.id for paper in PAPERS])) * 2


def test_an_unknown_paper_removes_nothing(library: Library) -> None:
    with pytest.raises(PaperNotFound):
        library.take_out([PAPERS[0].id, "arxiv:0000.00000"])
    assert library.papers() == PAPERS


def test_a_library_that_is_read_only_takes_nothing_out(library: Library) -> None:
    with Library.open(library.folder, WordHashEncoder(), SentenceWindows(), readonly=True) as reader, pytest.raises(LibraryBusy):
        reader.take_out(SOME)


def test_what_is_undone_in_an_emptied_and_reindexed_library_can_be_opened_again(tmp_path: Path) -> None:
    papers = some_papers(2)
    with Library.open(tmp_path, WordHashEncoder(), SentenceWindows()) as library:
        library.add(papers)
        merged, batch = library.merge([paper.id for paper in papers])
        library.remove([merged.id])
        library.reindex()
        library.undo_import(batch)
        left = library.papers()
    with Library.open(tmp_path, WordHashEncoder(), SentenceWindows()) as library:
        assert library.papers() == left != []
