"""The index of a large library is loaded while other things are done, and the first search waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import WordHashEncoder, some_papers

from rag.errors import StorageFailed
from rag.library.chunking import SentenceWindows
from rag.library.indexes.brute_force import ExactScan
from rag.library.indexes.chroma import ChromaStore
from rag.library.indexes.embedded import EmbeddedVectors
from rag.library.ingest import store
from rag.library.manifest import ManifestStore
from rag.library.records import Records

QUESTION = WordHashEncoder().encode(["sparse kernel inference"])[0]


def scanned(records: Records, limit: int) -> list[tuple[str, object]]:
    """What a scan finds: sums in another order may differ in the last digit kept."""
    return [(one, pytest.approx(score, abs=2e-6)) for one, score in ExactScan(records).nearest(QUESTION, limit)]


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    """Of a library that counts as large and was closed in order."""
    monkeypatch.setattr("rag.library.indexes.embedded.SCANNED", 0)
    with Records.open(tmp_path / "records.db") as opened:
        store(opened, some_papers(20), WordHashEncoder(), SentenceWindows())
        EmbeddedVectors.open(tmp_path, opened).close()
        yield opened


def test_opening_does_not_wait_for_chroma_and_searching_does(
    tmp_path: Path, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, may_start, found = ChromaStore._start, threading.Event(), []

    def held_up(self: ChromaStore, *args: Any) -> None:
        assert may_start.wait(60)
        start(self, *args)

    monkeypatch.setattr(ChromaStore, "_start", held_up)
    opened = EmbeddedVectors.open(tmp_path, records)
    searching = threading.Thread(target=lambda: found.append(opened.nearest(QUESTION, 7)))
    searching.start()
    assert (opened.count(), opened._chroma.started, found) == (records.passage_count(), False, [])
    may_start.set()
    searching.join(60)
    assert found == [scanned(records, 7)]
    assert opened._chroma.started
    opened.close()


def test_searching_waits_until_chroma_is_checked_and_counted(
    tmp_path: Path, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opened but not counted, the index would give nothing."""
    open_now, go_on, found = threading.Event(), threading.Event(), []

    def held_up(*_: object) -> None:
        open_now.set()
        assert go_on.wait(60)

    monkeypatch.setattr("rag.library.indexes.chroma.problem_at_a_glance", held_up)
    opened = EmbeddedVectors.open(tmp_path, records)
    assert open_now.wait(60)
    searching = threading.Thread(target=lambda: found.append(opened.nearest(QUESTION, 7)))
    searching.start()
    searching.join(0.2)
    go_on.set()
    searching.join(60)
    assert found == [scanned(records, 7)]
    opened.close()


def test_files_are_read_once_to_be_checked(tmp_path: Path, records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []
    manifest = ManifestStore.manifest
    monkeypatch.setattr(ManifestStore, "manifest", lambda self: (checked.append(1), manifest(self))[1])
    opened = EmbeddedVectors.open(tmp_path, records)
    assert opened.nearest(QUESTION, 3) == scanned(records, 3)
    assert len(checked) == 1
    opened.close()


def test_closing_waits_for_what_is_being_loaded_and_leaves_the_files_in_order(tmp_path: Path, records: Records) -> None:
    for _ in range(3):
        notices: list[str] = []
        EmbeddedVectors.open(tmp_path, records, notices).close()
        assert ChromaStore(tmp_path, records, []).as_left() is not None
        assert notices == []


def test_an_index_that_cannot_be_loaded_is_told_once_and_all_passages_are_searched(
    tmp_path: Path, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: ChromaStore, *args: Any) -> None:
        raise StorageFailed("The disk is full.")

    monkeypatch.setattr(ChromaStore, "_start", fails)
    notices: list[str] = []
    opened = EmbeddedVectors.open(tmp_path, records, notices)
    for _ in range(2):
        assert opened.nearest(QUESTION, 7) == scanned(records, 7)
    assert notices == ["The disk is full. Until then, the search goes through all passages."]
    opened.close()


def test_an_index_that_was_opened_but_not_brought_up_to_date_is_not_searched(
    tmp_path: Path, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr("rag.library.indexes.chroma.problem_seen_by_child", lambda *_: None)
    monkeypatch.setattr("rag.library.indexes.chroma.CHECK_FROM", 0)
    opened = EmbeddedVectors.open(tmp_path, records)
    opened.nearest(QUESTION, 7)
    opened.close()
    ManifestStore(tmp_path / "chroma").mark_open()  # as a process leaves it that was killed
    store(records, some_papers(5, 50), WordHashEncoder(), SentenceWindows())
    opened = EmbeddedVectors(ChromaStore(tmp_path, records, []), records, [])
    with monkeypatch.context() as full:
        full.setattr("rag.library.indexes.chroma.compare", fails)
        for _ in range(2):
            assert opened.nearest(QUESTION, 7) == scanned(records, 7)
    assert opened.nearest(QUESTION, 7) == scanned(records, 7)
    assert opened._chroma.started
    opened.close()


def test_files_that_are_not_as_they_were_left_are_seen_to_before_the_library_is_open(tmp_path: Path, records: Records) -> None:
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"no database")
    notices: list[str] = []
    opened = EmbeddedVectors.open(tmp_path, records, notices)
    assert opened._chroma.started
    assert "was rebuilt from the records because its files were damaged" in notices[0]
    assert opened.nearest(QUESTION, 7) == scanned(records, 7)
    opened.close()
