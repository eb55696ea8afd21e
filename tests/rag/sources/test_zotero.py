"""Following Zotero, by its local API and by its database: in, changed, moved, gone, and never more than was asked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import WordHashEncoder
from web_server import Page, WebServer
from zotero_server import ZoteroLibrary

from rag.errors import FetchFailed, LibraryBusy
from rag.ingestion.zotero_items import citation_key, item_fields
from rag.library.chunking import SentenceWindows
from rag.library.library import Library
from rag.sources.client import Client
from rag.sources.zotero import Zotero, full_names
from rag.sources.zotero_api import ZoteroApi, zotero_service
from rag.sources.zotero_file import ZoteroFile
from rag.sources.zotero_sync import Synced, ZoteroSync
from rag.types import Paper

ABSTRACT = "Mills grind {0} sacks a day. We count the sacks with a lever. The lever counts {0} of them."


@pytest.fixture
def zotero() -> ZoteroLibrary:
    return filled(ZoteroLibrary())


def filled(zotero: ZoteroLibrary, count: int = 6) -> ZoteroLibrary:
    thesis = zotero.collection("Thesis")
    chapter = zotero.collection("Chapter 2", thesis)
    for number in range(count):
        inside = [thesis] * (number < 2) + [chapter] * (number in (1, 3))
        zotero.add(
            title=f"Counting Sacks {number}", abstractNote=ABSTRACT.format(number), date=f"20{10 + number}-05-01", inside=inside,
            creators=["Ada Ek", "Bo Lind"], publicationTitle="Journal of Mills", DOI=f"10.1000/mill.{number}",
        )  # fmt: skip
    zotero.add("note", note="<p>not a paper</p>")
    zotero.add("attachment", title="Full text PDF", url="https://example.org/x.pdf")
    return zotero


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", WordHashEncoder(), SentenceWindows()) as library:
        yield library


@pytest.fixture
def server(zotero: ZoteroLibrary) -> Iterator[WebServer]:
    with zotero.served() as server:
        yield server


@pytest.fixture(params=["api", "file"])
def source(request: pytest.FixtureRequest, zotero: ZoteroLibrary, tmp_path: Path) -> Iterator[Zotero]:
    """Both ways to read the same library; the file is written anew whenever it is read."""
    if request.param == "api":
        with zotero.served() as server, Client(sleep=lambda _: None) as client:
            yield ZoteroApi(client, zotero_service(server.url))
        return
    file = ZoteroFile(tmp_path / "zotero.sqlite")

    class Fresh(ZoteroFile):
        def changes(self, *how: object) -> object:  # type: ignore[override]
            zotero.write(file.path)
            return file.changes(*how)  # type: ignore[arg-type]

    yield Fresh(file.path)


def sync(library: Library, source: Zotero, prune: bool = False) -> Synced:
    return ZoteroSync(library, source).run(prune)


def test_papers_and_collections_come_in(library: Library, source: Zotero) -> None:
    done = sync(library, source)
    assert (len(done.added.added), done.added.refused, done.gone) == (6, (), ())
    paper = library.records.paper("doi:10.1000/mill.3")
    assert isinstance(paper, Paper)
    assert (paper.title, paper.year, paper.venue) == ("Counting Sacks 3", 2013, "Journal of Mills")
    assert paper.authors == ("Ada Ek", "Bo Lind")
    assert paper.abstract == ABSTRACT.format(3)
    assert [(one.name, one.papers) for one in library.collections.all()] == [("Thesis", 2), ("Thesis / Chapter 2", 2)]
    assert library.collections.of("doi:10.1000/mill.1") == ["Thesis", "Thesis / Chapter 2"]


def test_nothing_new_changes_nothing(library: Library, source: Zotero) -> None:
    sync(library, source)
    state = library.records.state
    done = sync(library, source)
    assert done.added == type(done.added)()
    assert library.records.state == state


def test_what_is_changed_new_or_moved_is_followed(library: Library, source: Zotero, zotero: ZoteroLibrary) -> None:
    sync(library, source)
    keys, collections = list(zotero.items), list(zotero.collections)
    zotero.change(keys[2], abstractNote="A new abstract. It has two sentences.")
    zotero.put_in(keys[5], collections[1])
    zotero.collections[collections[1]]["name"] = "Chapter 3"
    new = zotero.add(
        title="Windmills", abstractNote="Windmills turn. We watch them.", DOI="10.1000/wind", inside=[collections[0]]
    )
    done = sync(library, source)
    assert (done.added.added, done.added.updated) == (("doi:10.1000/wind",), ("doi:10.1000/mill.2",))
    assert new in zotero.items
    assert [(one.name, one.papers) for one in library.collections.all()] == [("Thesis", 3), ("Thesis / Chapter 3", 3)]


def test_what_is_gone_is_told_and_removed_only_when_asked(library: Library, source: Zotero, zotero: ZoteroLibrary) -> None:
    sync(library, source)
    keys = list(zotero.items)
    del zotero.items[keys[0]]
    zotero.trash.add(keys[4])
    for _ in range(2):
        done = sync(library, source)
        assert {each.title for each in done.gone} == {"Counting Sacks 0", "Counting Sacks 4"}
        assert done.pruned == ()
        assert len(library.papers()) == 6
    done = sync(library, source, prune=True)
    assert set(done.pruned) == {"doi:10.1000/mill.0", "doi:10.1000/mill.4"}
    assert len(library.papers()) == 4
    assert sync(library, source).gone == ()


def test_a_paper_that_was_here_before_zotero_is_never_pruned(library: Library, source: Zotero, zotero: ZoteroLibrary) -> None:
    own = Paper("doi:10.1000/mill.0", "Counting Sacks 0", ABSTRACT.format(0), ("Ada Ek", "Bo Lind"), 2010)
    library.add([own])
    sync(library, source)
    zotero.trash.add(next(iter(zotero.items)))
    done = sync(library, source, prune=True)
    assert [each.paper_id for each in done.gone] == ["doi:10.1000/mill.0"]
    assert done.pruned == ()
    assert library.records.paper("doi:10.1000/mill.0") is not None


def test_a_collection_that_is_gone_keeps_its_papers(library: Library, source: Zotero, zotero: ZoteroLibrary) -> None:
    sync(library, source)
    library.collections.create("my own")
    zotero.delete_collection(list(zotero.collections)[1])
    assert sync(library, source).collections_gone == ("Thesis / Chapter 2",)
    assert [one.name for one in library.collections.all()] == ["my own", "Thesis", "Thesis / Chapter 2"]
    sync(library, source, prune=True)
    assert [one.name for one in library.collections.all()] == ["my own", "Thesis"]
    assert len(library.papers()) == 6


def test_a_collection_of_ones_own_with_the_same_name_stays_apart(library: Library, source: Zotero) -> None:
    library.collections.create("thesis")
    for _ in range(2):
        sync(library, source)
        assert [(one.name, one.papers) for one in library.collections.all()] == [
            ("thesis", 0), ("Thesis (Zotero)", 2), ("Thesis / Chapter 2", 2),
        ]  # fmt: skip


def test_a_paper_that_was_removed_here_stays_removed_until_it_changes(
    library: Library, source: Zotero, zotero: ZoteroLibrary
) -> None:
    sync(library, source)
    library.remove(["doi:10.1000/mill.2"])
    sync(library, source)
    assert len(library.papers()) == 5
    zotero.change(list(zotero.items)[2], title="Counting Sacks 2, Revised")
    sync(library, source)
    assert len(library.papers()) == 6


def test_items_that_are_no_papers_are_refused_by_name_once(library: Library, source: Zotero, zotero: ZoteroLibrary) -> None:
    zotero.add("webpage", title="", url="https://example.org")
    done = sync(library, source)
    assert len(done.added.refused) == 1
    assert len(library.papers()) == 6
    assert sync(library, source).added.refused == ()


def test_a_change_that_arrives_from_another_machine_is_seen(library: Library, tmp_path: Path) -> None:
    zotero = filled(ZoteroLibrary(synced=True), 250)
    with zotero.served() as server, Client(sleep=lambda _: None) as client:
        source = ZoteroApi(client, zotero_service(server.url))
        assert len(sync(library, source).added.added) == 250
        first = len(server.asked)
        zotero.arrives(list(zotero.items)[5], abstractNote="Changed elsewhere. It has two sentences.")
        assert sync(library, source).added.updated == ("doi:10.1000/mill.5",)
        assert len(server.asked) - first < first + 3
        assert {request.parameters.get("since") for request in server.asked[first:]} >= {"252"}


def test_the_second_reading_asks_for_few_items(library: Library) -> None:
    zotero = filled(ZoteroLibrary(), 450)
    with zotero.served() as server, Client(sleep=lambda _: None) as client:
        source = ZoteroApi(client, zotero_service(server.url))
        sync(library, source)
        first = [request for request in server.asked if request.parameters.get("limit") and "items" in request.path]
        server.asked.clear()
        zotero.change(list(zotero.items)[7], title="Counting Sacks 7, Again")
        sync(library, source)
        second = [request for request in server.asked if request.parameters.get("limit") and "items" in request.path]
    assert (len(first), len(second)) == (5, 1)


def test_an_interrupted_first_reading_is_done_again(library: Library, server: WebServer) -> None:
    with Client(sleep=lambda _: None) as client:
        source = ZoteroApi(client, zotero_service(server.url))
        items = server.pages.pop("/api/users/0/collections")
        with pytest.raises(FetchFailed):
            sync(library, source)
        assert library.papers() == []
        server.pages["/api/users/0/collections"] = items
        assert len(sync(library, source).added.added) == 6


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (Page("Local API is not enabled", 403), "Allow other applications"),
        (Page("No endpoint found", 404), "Zotero 7"),
        (Page("<html>"), "not JSON"),
        (Page("no", 400), "rejects the request"),
    ],
)
def test_zotero_that_does_not_answer_is_told_with_what_to_do(library: Library, server: WebServer, page: Page, said: str) -> None:
    server.pages["/api/users/0/items/top"] = page
    with Client(sleep=lambda _: None) as client, pytest.raises(FetchFailed, match=said):
        sync(library, ZoteroApi(client, zotero_service(server.url)))


def test_zotero_that_is_not_running_is_told(library: Library) -> None:
    with WebServer() as gone:
        address = gone.url
    with Client(sleep=lambda _: None) as client, pytest.raises(FetchFailed, match="Start Zotero"):
        sync(library, ZoteroApi(client, zotero_service(address)))


def test_a_database_that_zotero_has_locked_is_read_and_left_as_it_is(
    library: Library, zotero: ZoteroLibrary, tmp_path: Path
) -> None:
    path = zotero.write(tmp_path / "zotero.sqlite")
    owner = sqlite3.connect(path, isolation_level=None)
    owner.execute("PRAGMA locking_mode = EXCLUSIVE")
    owner.execute("BEGIN EXCLUSIVE")
    before = path.read_bytes()
    assert len(sync(library, ZoteroFile(tmp_path)).added.added) == 6
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["library", "zotero.sqlite"]
    owner.close()


def test_changes_in_the_log_beside_the_database_are_seen(library: Library, zotero: ZoteroLibrary, tmp_path: Path) -> None:
    path = zotero.write(tmp_path / "zotero.sqlite")
    owner = sqlite3.connect(path, isolation_level=None)
    owner.execute("PRAGMA journal_mode = WAL")
    owner.execute("UPDATE itemDataValues SET value = 'A Title in the Log' WHERE value = 'Counting Sacks 1'")
    sync(library, ZoteroFile(path))
    owner.close()
    assert "A Title in the Log" in {paper.title for paper in library.papers()}


@pytest.mark.parametrize("content", [None, b"", b"no database", b"SQLite format 3\0" + b"x" * 500])
def test_a_file_that_is_no_database_of_zotero_is_told(library: Library, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "zotero.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FetchFailed, match=r"zotero\.sqlite"):
        sync(library, ZoteroFile(path))


def test_a_library_that_another_process_owns_is_not_written(library: Library, source: Zotero) -> None:
    with Library.open(library.folder, WordHashEncoder(), SentenceWindows(), readonly=True) as other, pytest.raises(LibraryBusy):
        sync(other, source)


def test_fields_of_other_kinds_of_items() -> None:
    data = {
        "itemType": "preprint", "title": "T", "abstractNote": "A.", "archiveID": "arXiv:2401.00001", "repository": "arXiv",
        "extra": "DOI: 10.1000/x\nCitation Key: ek2024\nother: y", "date": "2024-01-10 January 10, 2024",
        "creators": [{"creatorType": "author", "name": "The Mill Group"}, {"creatorType": "editor", "lastName": "No"}],
    }  # fmt: skip
    fields, authors = item_fields(data)
    assert (fields["arxiv_id"], fields["doi"], fields["venue"], authors) == (
        "arXiv:2401.00001",
        "10.1000/x",
        "arXiv",
        ["The Mill Group"],
    )
    assert citation_key(data, "@misc{other_key,") == "ek2024"
    assert citation_key({**data, "citationKey": "own"}) == "own"
    assert citation_key({}, "\n@article{ek_counting_2010,\n title = {x}") == "ek_counting_2010"
    assert citation_key({"extra": 5, "citationKey": None}, "@article{}") == ""


def test_names_of_collections_in_a_circle_end() -> None:
    assert full_names({"A": ("one", "B"), "B": ("two", "A"), "C": ("", "gone")}) == {
        "A": "two / one", "B": "one / two", "C": "C",
    }  # fmt: skip


def test_items_of_any_shape_are_read(library: Library, server: WebServer) -> None:
    strange = [
        {"key": "AAAA2222"},
        {"key": 5, "data": {}},
        {"data": []},
        7,
        {"key": "BBBB2222", "data": {"title": ["x"], "creators": "y"}},
    ]
    server.pages["/api/users/0/items/top"] = lambda request: (
        Page("AAAA2222\nBBBB2222") if request.parameters.get("format") == "keys" else Page(json.dumps(strange))
    )
    with Client(sleep=lambda _: None) as client:
        done = sync(library, ZoteroApi(client, zotero_service(server.url)))
    assert len(done.added.refused) == 2
