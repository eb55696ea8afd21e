"""`/api/collection` behind the guard: collections out of the library and into another, for editors; errors in words; nothing left behind."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine, Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from fakes import WordHashEncoder, some_papers
from fastapi import FastAPI
from starlette.testclient import TestClient

from rag.library.archive import Head
from rag.library.chunking import SentenceWindows
from rag.library.library import Library
from rag.types import Added
from ui.server import collection_route, uploads
from ui.server.collection_route import COLLECTION
from ui.server.middleware import Access, Guard
from ui.server.service import Service
from ui.server.uploads import Uploads

PAPERS = some_papers(30)
IDS = [paper.id for paper in PAPERS]


@dataclass
class OverLibrary:
    """What the route needs of a service, over one library."""

    library: Library

    @property
    def paperchat(self) -> OverLibrary:
        return self

    def ready(self) -> None:
        pass

    def export_collections(self, path: Path, names: list[str]) -> Head:
        return self.library.export(path, names)

    def import_collection(self, path: Path, name: str) -> tuple[str, Added]:
        return self.library.take_in(path, name)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", WordHashEncoder(), SentenceWindows()) as library:
        library.add(PAPERS)
        for name, inside in (('Größe & "Co"', IDS[:12]), ("Graphs", IDS[10:20])):
            library.collections.create(name)
            library.collections.put(name, inside)
        yield library


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "other", WordHashEncoder(), SentenceWindows()) as library:
        yield library


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path / "temporary"


def served(library: Library) -> Guard:
    app = FastAPI()
    collection_route.install(app, cast(Service, OverLibrary(library)), Uploads(library.folder.parent / "uploads"))
    return Guard(app, Access())


def client_of(library: Library, address: str = "127.0.0.1", app: Guard | None = None) -> TestClient:
    app = app or served(library)
    return TestClient(app, "http://localhost:7860", raise_server_exceptions=False, client=(address, 5000))


def download_that_stalls(app: Guard, address: str) -> Coroutine[Any, Any, None]:
    """A request whose client never takes the body."""

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    headers = [(b"host", b"localhost:7860")]
    asked = {"type": "http", "method": "GET", "path": COLLECTION, "raw_path": COLLECTION.encode(), "query_string": b""}
    more = {"headers": headers, "client": (address, 5000), "server": ("localhost", 7860), "scheme": "http", "root_path": ""}
    return app({**asked, **more, "http_version": "1.1", "asgi": {"version": "3.0"}}, receive, send)


def test_collections_go_out_one_or_several_and_come_in(library: Library, other: Library, temporary: Path) -> None:
    mine, theirs = client_of(library), client_of(other)
    one = mine.get(COLLECTION, params={"name": 'größe & "co"'})
    assert one.status_code == 200
    assert "filename*=UTF-8''Gr%C3%B6%C3%9Fe%20_%20_Co_.paperchat" in one.headers["content-disposition"]
    reply = theirs.post(COLLECTION, content=one.content)
    assert (reply.status_code, reply.json()["name"], len(reply.json()["added"])) == (200, 'Größe & "Co"', 12)
    assert other.papers() == PAPERS[:12]
    both = mine.get(COLLECTION, params={"name": ["Graphs", 'größe & "co"']})
    reply = theirs.post(COLLECTION, params={"name": "Both"}, content=both.content)
    assert (reply.json()["name"], len(reply.json()["added"]), other.collections.ids(["Both"])) == ("Both", 8, set(IDS[:20]))
    whole = mine.get(COLLECTION)
    assert len(theirs.post(COLLECTION, content=whole.content).json()["added"]) == 10
    assert other.papers() == PAPERS
    assert list(temporary.iterdir()) == []


def test_what_goes_wrong_is_told_and_nothing_is_left(library: Library, temporary: Path) -> None:
    client = client_of(library)
    reply = client.get(COLLECTION, params={"name": "none"})
    assert (reply.status_code, "There is no collection “none”" in reply.json()["detail"]) == (404, True)
    for content in (b"", b"no zip", b"PK\x03\x04" + b"\0" * 99):
        reply = client.post(COLLECTION, content=content)
        assert (reply.status_code, "not an exported collection" in reply.json()["detail"]) == (400, True)
        assert str(temporary) not in reply.text
    saved = client.get(COLLECTION, params={"name": "Graphs"}).content
    reply = client.post(COLLECTION, params={"name": "a" * 300}, content=saved)
    assert (reply.status_code, "one line of 1 to 200" in reply.json()["detail"]) == (400, True)
    assert client.get(COLLECTION, params={"name": "a" * 2000}).status_code == 422
    assert library.papers() == PAPERS
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(("asked", "status"), [("bytes=x", 400), ("bytes=999999999-", 416), ("bytes=0-9", 206)])
def test_a_part_of_a_file_leaves_nothing_behind(library: Library, temporary: Path, asked: str, status: int) -> None:
    assert client_of(library).get(COLLECTION, headers={"Range": asked}).status_code == status
    assert list(temporary.iterdir()) == []


def test_a_viewer_saves_but_imports_nothing(library: Library) -> None:
    stranger = client_of(library, "192.0.2.7")
    saved = stranger.get(COLLECTION, params={"name": "Graphs"})
    assert saved.status_code == 200
    reply = stranger.post(COLLECTION, params={"name": "Mine"}, content=saved.content)
    assert (reply.status_code, [one.name for one in library.collections.all()]) == (403, ["Graphs", 'Größe & "Co"'])
    elsewhere = client_of(library).post(COLLECTION, content=saved.content, headers={"Origin": "http://evil.example"})
    assert elsewhere.status_code == 403


def test_downloads_that_stall_are_few_and_end(library: Library, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection_route, "SILENCE", 2.0)
    monkeypatch.setattr(collection_route, "MOST_SAVED", 3)
    app = served(library)

    async def stall() -> None:
        mine = [asyncio.create_task(download_that_stalls(app, "127.0.0.1")) for _ in range(2)]
        while len(list(temporary.glob("*/file"))) < 2:
            await asyncio.sleep(0.01)
        refused = await asyncio.to_thread(client_of(library, app=app).get, COLLECTION)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
        theirs = asyncio.create_task(download_that_stalls(app, "192.0.2.7"))
        while len(list(temporary.glob("*/file"))) < 3:
            await asyncio.sleep(0.01)
        assert (await asyncio.to_thread(client_of(library, "192.0.2.8", app).get, COLLECTION)).status_code == 429
        await asyncio.gather(*mine, theirs)

    asyncio.run(stall())
    assert list(temporary.iterdir()) == []
    assert client_of(library, app=app).get(COLLECTION).status_code == 200


def test_a_download_takes_an_hour_at_most(library: Library, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection_route, "LONGEST_DOWNLOAD", 0.5)
    asyncio.run(download_that_stalls(served(library), "127.0.0.1"))
    assert list(temporary.iterdir()) == []


def test_files_that_wait_to_be_added_have_a_bound_together(
    library: Library, other: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = client_of(library).get(COLLECTION).content
    monkeypatch.setattr(uploads, "MOST_BYTES", len(saved) - 1)
    reply = client_of(other).post(COLLECTION, content=saved)
    assert (reply.status_code, "Too many files wait" in reply.json()["detail"], other.papers()) == (507, True, [])
    monkeypatch.setattr(uploads, "MOST_BYTES", len(saved) + 1)
    assert client_of(other).post(COLLECTION, content=saved).status_code == 200
    (other.folder.parent / "uploads" / "another").write_bytes(saved)
    assert client_of(other).post(COLLECTION, content=b"PK").status_code == 507
    assert [path.name for path in (other.folder.parent / "uploads").rglob("*")] == ["another"]


def test_a_file_that_cannot_be_kept_is_told(library: Library, tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("no folder", encoding="utf-8")
    reply = client_of(library).post(COLLECTION, content=b"PK")
    assert (reply.status_code, "could not be written" in reply.json()["detail"]) == (507, True)


def test_a_file_that_is_too_large_is_refused(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.server.middleware.LARGEST_UPLOAD", 1_000)
    assert client_of(library).post(COLLECTION, content=b"x" * 1_001).status_code == 413
