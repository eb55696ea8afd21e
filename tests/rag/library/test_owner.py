"""Changes asked of the process that owns the library: the same as if they were made there, and nothing half done when one of the two ends."""

from __future__ import annotations

import socket
import stat
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers
from numpy.typing import NDArray

from rag.errors import CollectionError, ImportFailed, LibraryBusy, LibraryError, PaperNotFound
from rag.library.chunking import SentenceWindows
from rag.library.collections import Collection
from rag.library.library import Library
from rag.library.lock import noted
from rag.library.marks import Mark
from rag.sources.watch import take
from rag.types import Paper, Refused


def opened(folder: Path) -> Library:
    return Library.open(folder, WordHashEncoder(), SentenceWindows())


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path) as library:
        library.listen()
        yield library


@pytest.fixture
def other(owner: Library) -> Iterator[Library]:
    with opened(owner.folder) as library:
        yield library


def address(library: Library) -> Path:
    found = noted(library.folder, "socket")
    assert isinstance(found, str)
    return Path(found)


def test_papers_are_added_by_the_owner_and_at_once_found_by_both(owner: Library, other: Library) -> None:
    seen: list[tuple[int, int, str]] = []
    papers = some_papers(70)
    added = other.add(papers, lambda *told: seen.append(told), name="many.jsonl")
    assert added.added == tuple(paper.id for paper in papers)
    assert added.placed == added.added
    assert (70, 70, "adding papers") in seen
    assert [batch.name for batch in owner.records.batches()] == ["many.jsonl"]
    for library in (owner, other):
        assert library.papers() == papers
        assert library.words.best(["number", "42"], 1)[0][0] == papers[42].id
        assert library.meaning.nearest(WordHashEncoder().encode([papers[42].abstract])[0], 1)
    assert (other.notices, owner.notices) == ([], [])


def test_what_was_refused_and_kept_apart_is_told(other: Library) -> None:
    refused = Refused("file:3", "It has no title.", "no_title")
    added = other.add(iter([refused, Paper("title:x", " ", ""), *some_papers(1)]))
    assert (added.refused[0], added.refused[0].kind, len(added.refused), len(added.added)) == (refused, "no_title", 2, 1)


def test_removing_undoing_merging_and_reindexing(owner: Library, other: Library) -> None:
    one, two, three = papers = some_papers(3)
    batch = other.add(papers).batch
    assert other.remove([two.id]) == (two,)
    assert owner.papers() == [one, three]
    other.reindex()
    merged, number = other.merge([one.id, three.id])
    assert owner.papers() == [merged]
    found, undone = other.undo_import(number)
    assert (found.id, set(undone.removed + undone.restored)) == (number, {one.id, three.id})
    other.undo_import(batch)
    assert owner.papers() == []


def test_a_reply_is_read_however_long_it_is(owner: Library, other: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = some_papers(200)
    monkeypatch.setattr("rag.library.messages.LONGEST_LINE", 10_000)
    assert len(other.add(papers).added) == 200
    removed = other.remove([paper.id for paper in papers])
    assert len(removed) == 200
    assert owner.papers() == []


def test_collections_are_changed_by_the_owner_and_at_once_seen_by_both(owner: Library, other: Library) -> None:
    one, two, three = other.add(some_papers(3)).added
    state = owner.records.state
    collections = other.writable_collections()
    assert (collections.create("Thesis"), collections.ensure("thesis"), collections.put("thesis", [one, two])) == (
        "Thesis",
        "Thesis",
        2,
    )
    collections.hold("Thesis", [two, three])
    assert owner.collections.ids(["Thesis"]) == {two, three} == other.collections.ids(["Thesis"])
    assert (collections.take("Thesis", [two, "none"]), collections.rename("Thesis", "Second")) == (1, "Second")
    assert collections.remove("second") == Collection("Second", 1)
    assert (owner.collections.all(), owner.records.state) == ([], state)
    with pytest.raises(CollectionError, match="no collection “Third”"):
        collections.put("Third", [])
    with pytest.raises(CollectionError, match="one line"):
        collections.create(" ")


def test_more_papers_than_a_request_holds_go_into_a_collection(
    owner: Library, other: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.library.owner.AT_ONCE", 3)
    ids = other.add(some_papers(8)).added
    collections = other.writable_collections()
    assert collections.put(collections.create("All"), ids) == 8
    collections.hold("All", ids[6:])
    assert owner.collections.ids(["All"]) == set(ids[6:])


def test_a_large_library_is_searched_in_the_owners_index(owner: Library, other: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = some_papers(9)
    other.add(papers)
    vector = WordHashEncoder().encode([papers[4].abstract])[0]
    scanned = other.meaning.nearest(vector, 3)
    monkeypatch.setattr("rag.library.indexes.owners_vectors.SCANNED", 2)
    monkeypatch.setattr(other.meaning, "_scan", None)
    assert other.meaning.nearest(vector, 3) == scanned
    other.remove([papers[4].id])
    assert not {id for id, _ in other.meaning.nearest(vector, 3)} & {id for id, _ in scanned if id.startswith(papers[4].id)}


def test_without_an_owner_a_large_library_is_scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.library.indexes.owners_vectors.SCANNED", 2)
    with opened(tmp_path) as owner:
        owner.add(some_papers(9))
    with Library.open(tmp_path, WordHashEncoder(), SentenceWindows(), readonly=True) as alone:
        assert len(alone.meaning.nearest(WordHashEncoder().encode(["number 4"])[0], 3)) == 3


def test_marks_of_sources_are_kept_by_the_owner(owner: Library, other: Library) -> None:
    marks = other.marks("zotero")
    marks.put({"A": Mark("title:a", "one"), "B": Mark("", "two")})
    assert owner.marks("zotero").all() == {"A": Mark("title:a", "one"), "B": Mark("", "two")} == marks.all()
    marks.drop(["A"])
    assert (list(marks.all()), owner.marks("arxiv").all()) == (["B"], {})


def test_a_watched_file_is_taken_in_by_the_owner(owner: Library, other: Library, tmp_path: Path) -> None:
    file = tmp_path / "papers.jsonl"
    file.write_text("one", encoding="utf-8")
    assert take(other, file, lambda _: some_papers(2)).added.added == tuple(paper.id for paper in owner.papers())
    assert take(other, file, lambda _: some_papers(2)).unchanged


def test_an_exported_collection_is_taken_in_by_the_owner(owner: Library, other: Library, tmp_path: Path) -> None:
    ids = other.add(some_papers(3)).added
    collections = other.writable_collections()
    collections.put(collections.create("Thesis"), ids[:2])
    assert other.export(tmp_path / "thesis.paperchat", ["Thesis"]).papers == 2
    collections.remove("Thesis")
    other.remove(ids[:1])
    name, added = other.take_in(tmp_path / "thesis.paperchat", "Again")
    assert (name, added.added, added.unchanged) == ("Again", ids[:1], ids[1:2])
    assert owner.collections.ids(["Again"]) == set(ids[:2])
    with pytest.raises(ImportFailed):
        other.take_in(tmp_path / "none.paperchat")


def test_a_collection_goes_on_with_an_import_at_the_owner(owner: Library, other: Library, tmp_path: Path) -> None:
    owner.add(some_papers(30)[10:])
    owner.export(tmp_path / "some.paperchat")
    owner.remove([paper.id for paper in owner.papers()])
    begun = other.add(some_papers(10)).batch
    _, added = other.take_in(tmp_path / "some.paperchat", "Some", batch=begun)
    assert (len(added.added), added.batch) == (20, begun)
    other.undo_import(begun)
    assert (owner.papers(), owner.collections.all()) == ([], [])


def test_errors_are_those_of_the_owner(other: Library) -> None:
    with pytest.raises(PaperNotFound, match="no such import"):
        other.undo_import(12)
    with pytest.raises(PaperNotFound, match="sourdough"):
        other.remove(["sourdough"])


@pytest.mark.parametrize("kind", [ValueError, RuntimeError, KeyError])
def test_a_mistake_of_the_owner_is_told_and_logged(
    owner: Library, other: Library, kind: type[Exception], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(_: object, texts: object) -> None:
        raise kind("nobody foresaw this")

    monkeypatch.setattr(WordHashEncoder, "encode", failing)
    with pytest.raises(LibraryError, match="went wrong"):
        other.add(some_papers(3))
    assert "nobody foresaw this" in caplog.text


def test_a_file_that_ends_in_the_middle_leaves_what_came_before(owner: Library, other: Library) -> None:
    def torn() -> Iterator[Paper]:
        yield from some_papers(40)
        raise ImportFailed("The file is torn.")

    with pytest.raises(ImportFailed, match="torn"):
        other.add(torn())
    later = some_papers(1, first=90)
    other.add(later)  # waits until the owner is done with the former
    assert [paper for paper in owner.papers() if paper in some_papers(40)] == some_papers(32)
    assert owner.papers()[-1:] == later


def test_without_an_owner_that_listens_it_is_told_who_has_the_library(tmp_path: Path) -> None:
    with opened(tmp_path) as owner, opened(tmp_path) as other:
        with pytest.raises(LibraryBusy, match="in use by process"):
            other.add(some_papers(1))
        assert "read-only" in other.notices[0]
        owner.listen()
        with opened(tmp_path) as later:
            later.add(some_papers(1))
    with opened(tmp_path) as alone:
        assert len(alone.papers()) == 1
        assert noted(tmp_path, "socket") is None


def test_an_owner_that_ends_meanwhile_is_told_and_leaves_nothing_behind(owner: Library, other: Library) -> None:
    place = address(owner)
    owner.close()
    assert not place.parent.exists()
    with pytest.raises(LibraryError, match="has ended"):
        other.add(some_papers(1))


@pytest.mark.parametrize("endless", [False, True])
def test_an_owner_that_ends_while_it_adds_stops_after_a_batch_and_the_other_is_told(
    owner: Library, other: Library, endless: bool
) -> None:
    told, closed = list[str](), threading.Event()

    def papers() -> Iterator[Paper]:
        yield from some_papers(64)
        while endless:
            yield some_papers(1, 1000)[0]
        closed.wait(60)  # a program that looks for more papers meanwhile

    def add() -> None:
        try:
            other.add(papers())
        except LibraryError as error:
            told.append(str(error))

    asking = threading.Thread(target=add)
    asking.start()
    while owner.records.paper_count() < 32:
        time.sleep(0.02)
    owner.close()
    assert "paperchat-request" not in [thread.name for thread in threading.enumerate()]
    closed.set()
    asking.join(60)
    assert "has ended" in told[0]
    with opened(owner.folder) as again:
        assert len(again.papers()) in (32, 64, 65)


def test_an_owner_that_ends_while_it_reindexes_stops_after_a_batch_and_the_other_is_told(
    owner: Library, other: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.add(some_papers(3))
    told, begun, ending = list[str](), threading.Event(), threading.Event()
    encode = WordHashEncoder.encode

    def slowly(self: WordHashEncoder, texts: Sequence[str]) -> NDArray[np.float32]:
        begun.set()
        assert ending.wait(60)
        return encode(self, texts)

    monkeypatch.setattr(WordHashEncoder, "encode", slowly)

    def reindex() -> None:
        try:
            other.reindex()
        except LibraryError as error:
            told.append(str(error))

    asking = threading.Thread(target=reindex)
    asking.start()
    assert begun.wait(60)
    listener = owner._listener
    assert listener is not None
    ends = threading.Thread(target=owner.close)
    ends.start()
    assert listener._closing.wait(60)
    ending.set()
    for thread in (ends, asking):
        thread.join(60)
    assert "has ended" in told[0]
    with opened(owner.folder) as again:
        assert len(again.papers()) == 3


def test_only_its_user_reaches_the_socket_and_nonsense_changes_nothing(owner: Library) -> None:
    assert stat.S_IMODE(address(owner).parent.stat().st_mode) == 0o700
    for said in (
        b"",
        b"\n",
        b"{}\n",
        b"[]\n",
        b'{"do": "drop"}\n',
        b'{"do": "add"}\n',
        b'{"do": "add", "total": "x"}\n',
        b'{"do": "collections", "change": "all", "values": []}\n',
        b'{"do": "collections", "change": "create", "values": [1]}\n',
        b'{"do": "collections", "change": "create", "values": 1}\n',
        b'{"do": "marks", "source": "x", "change": "put", "value": {"a": "b"}}\n',
        b'{"do": "take in", "path": 1}\n',
        b'{"do": "nearest", "vector": [1], "limit": 3}\n',
        b'{"do": "nearest", "vector": "x", "limit": 3}\n',
        b"\xff\n",
        b"GET / HTTP/1.1\n\n",
    ):
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as connection:
            connection.connect(str(address(owner)))
            connection.sendall(said)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass
    assert owner.papers() == []
    with opened(owner.folder) as other:
        assert other.add(some_papers(1)).added
