"""Collections: papers under names, kept through everything that happens to a library."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import WordHashEncoder, some_papers

from rag.errors import CollectionError, LibraryBusy
from rag.library.chunking import SentenceWindows
from rag.library.collections import LONGEST_NAME, Collection, Collections
from rag.library.library import Library

PAPERS = some_papers(8)
IDS = [paper.id for paper in PAPERS]


def opened(folder: Path, **how: bool) -> Library:
    return Library.open(folder, WordHashEncoder(), SentenceWindows(), **how)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as library:
        library.add(PAPERS)
        yield library


@pytest.fixture
def collections(library: Library) -> Collections:
    collections = library.writable_collections()
    collections.create("Graphs")
    collections.create("thesis, chapter 2", "zotero:ABCD2345")
    collections.put("Graphs", IDS[:3])
    collections.put("thesis, chapter 2", IDS[2:5])
    return collections


def test_a_paper_may_be_in_several_collections(collections: Collections) -> None:
    assert collections.all() == [Collection("Graphs", 3), Collection("thesis, chapter 2", 3, "zotero:ABCD2345")]
    assert collections.of(IDS[2]) == ["Graphs", "thesis, chapter 2"]
    assert collections.of(IDS[7]) == []


def test_several_are_asked_together(collections: Collections) -> None:
    assert collections.ids(["graphs"]) == set(IDS[:3])
    assert collections.ids(["graphs", "Thesis, Chapter 2"]) == set(IDS[:5])
    assert collections.ids([]) == set()


def test_putting_and_taking_count_what_changed(collections: Collections) -> None:
    assert collections.put("Graphs", [IDS[0], IDS[6], "title:unknown"]) == 1
    assert collections.take("Graphs", [IDS[0], IDS[5]]) == 1
    assert collections.put("Graphs", []) == 0
    collections.hold("Graphs", [IDS[7], IDS[6]])
    assert collections.ids(["Graphs"]) == {IDS[6], IDS[7]}


def test_renaming_keeps_the_papers(collections: Collections) -> None:
    assert collections.rename("graphs", " Graph   learning ") == "Graph learning"
    assert collections.ids(["Graph learning"]) == set(IDS[:3])
    assert collections.rename("graph learning", "GRAPH LEARNING") == "GRAPH LEARNING"
    with pytest.raises(CollectionError, match="already"):
        collections.rename("Graph learning", "thesis, chapter 2")


def test_names_are_one_however_their_accents_and_capitals_are_written(collections: Collections) -> None:
    collections.create("Thèses d’État")
    decomposed = unicodedata.normalize("NFD", "THÈSES D’ÉTAT")
    assert collections.named(decomposed).name == "Thèses d’État"
    assert collections.ensure(decomposed) == "Thèses d’État"
    collections.put(decomposed, IDS[:2])
    assert collections.ids([decomposed]) == set(IDS[:2])
    with pytest.raises(CollectionError, match="already"):
        collections.create(decomposed)
    assert collections.rename(decomposed, unicodedata.normalize("NFD", "Thèses")) == "Thèses"


def test_removing_a_collection_keeps_its_papers(library: Library, collections: Collections) -> None:
    assert collections.remove("Graphs").papers == 3
    assert [one.name for one in collections.all()] == ["thesis, chapter 2"]
    assert len(library.papers()) == len(PAPERS)


@pytest.mark.parametrize("name", ["", "  ", "a" * (LONGEST_NAME + 1), "a\x00b", "a\x1b[31m"])
def test_names_that_cannot_be_used_are_refused(collections: Collections, name: str) -> None:
    with pytest.raises(CollectionError, match="one line"):
        collections.create(name)


def test_an_unknown_name_is_told_with_those_that_are_near(library: Library, collections: Collections) -> None:
    with pytest.raises(CollectionError, match="“Graphs”"):
        collections.ids(["graph"])
    with pytest.raises(CollectionError, match="already"):
        collections.create("GRAPHS")
    assert collections.ensure("graphs") == "Graphs"
    assert collections.ensure("new") == "new"


def test_names_with_quotes_and_other_scripts_are_names(collections: Collections) -> None:
    for name in ("'; DROP TABLE papers; --", "図書館", "100 %", 'a "quoted" one'):
        collections.create(name)
        collections.put(name, IDS[:1])
        assert collections.ids([name]) == {IDS[0]}


def test_a_removed_paper_leaves_its_collections_and_comes_back_into_them(library: Library, collections: Collections) -> None:
    removed = library.take_out([IDS[2]])
    assert [one.papers for one in collections.all()] == [2, 2]
    collections.remove("Graphs")
    library.put_back(removed)
    assert collections.of(IDS[2]) == ["thesis, chapter 2"]


def test_collections_outlive_an_update_of_a_paper_and_reindexing(library: Library, collections: Collections) -> None:
    from dataclasses import replace

    removed = library.take_out([IDS[1]])
    library.add([replace(PAPERS[0], abstract="Another abstract. It has two sentences.")])
    library.reindex()
    assert collections.ids(["Graphs"]) == {IDS[0], IDS[2]}
    assert collections.all()[1].origin == "zotero:ABCD2345"
    library.put_back(removed)
    assert collections.of(IDS[1]) == ["Graphs"]


def test_changes_of_collections_are_no_changes_of_what_is_indexed(library: Library, collections: Collections) -> None:
    state = library.records.state
    collections.create("another")
    collections.put("another", IDS)
    assert library.records.state == state
    with library.records.change(counted=False):
        library.records.remove([IDS[0]])
    assert library.records.state != state


def test_a_library_of_an_earlier_version_gets_the_tables_when_it_may_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    with opened(folder) as library:
        library.add(PAPERS)
    with sqlite3.connect(folder / "records.db") as database:
        for table in ("collected", "collections", "synced"):
            database.execute(f"DROP TABLE {table}")
    database.close()
    with opened(folder, readonly=True) as library:
        assert library.collections.all() == []
        assert library.collections.of(IDS[0]) == []
        with pytest.raises(CollectionError, match="none yet"):
            library.collections.ids(["Graphs"])
        with pytest.raises(LibraryBusy):
            library.writable_collections()
    with opened(folder) as library:
        library.writable_collections().create("Graphs")
        assert library.papers() == PAPERS


def test_a_repaired_library_has_its_collections(tmp_path: Path) -> None:
    from rag.library.repair import repair

    folder = tmp_path / "damaged"
    with opened(folder) as library:
        library.add(PAPERS)
        library.collections.create("Graphs", "zotero:ABCD2345")
        library.collections.put("Graphs", IDS[:3])
    with sqlite3.connect(folder / "records.db") as database:
        database.execute("UPDATE papers SET title = 'changed by a broken disk' WHERE id = ?", (IDS[1],))
    database.close()
    assert repair(folder / "records.db", lambda: opened(folder)).lost == 1
    with opened(folder) as library:
        assert library.collections.all() == [Collection("Graphs", 2, "zotero:ABCD2345")]
        assert library.collections.ids(["Graphs"]) == {IDS[0], IDS[2]}
