"""Vectors on a Chroma server: the token, cut connections, a server that is started anew, two processes, and no server at all."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chroma_server import ChromaProcess, TokenProxy, free_port
from fakes import WordHashEncoder, some_papers
from numpy.typing import NDArray
from pydantic import SecretStr

from rag.errors import LibraryBusy, SettingsError, StorageFailed
from rag.library.chunking import SentenceWindows
from rag.library.indexes.chroma_server import ChromaServer, ServerVectors
from rag.library.indexes.stores import EMBEDDED
from rag.library.ingest import store
from rag.library.library import Library
from rag.library.records import Records
from rag.settings import load_settings

ENCODER = WordHashEncoder()
QUESTION = ENCODER.encode(["sparse kernel inference"])[0]


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(tmp_path / "records.db") as records:
        store(records, some_papers(12), ENCODER, SentenceWindows())
        yield records


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ASKING", "WRITING"):
        monkeypatch.setattr(f"rag.library.indexes.chroma_server.{name}", (0.01, 0.02))


def opened(records: Records, url: str, token: str, notices: list[str], writes: bool = True) -> ServerVectors:
    return ServerVectors.opener(ChromaServer(url, SecretStr(token)), writes)(Path(), records, notices, None)


def test_a_connection_that_is_cut_is_made_again(records: Records, chroma_proxy: TokenProxy) -> None:
    notices: list[str] = []
    vectors = opened(records, chroma_proxy.url, chroma_proxy.token, notices)
    before = vectors.nearest(QUESTION, 5)
    chroma_proxy.cut = 1
    assert vectors.nearest(QUESTION, 5) == before
    chroma_proxy.cut = 2
    store(records, some_papers(3, first=40), ENCODER, SentenceWindows())
    vectors.sync()
    assert (vectors.count(), notices) == (records.passage_count(), [])
    vectors.close()


def test_a_change_that_fails_for_good_is_told_and_made_up_for_later(records: Records, chroma_proxy: TokenProxy) -> None:
    vectors = opened(records, chroma_proxy.url, chroma_proxy.token, [])
    store(records, some_papers(3, first=40), ENCODER, SentenceWindows())
    chroma_proxy.cut = 1000
    with pytest.raises(StorageFailed, match="The papers themselves are safe"):
        vectors.sync()
    chroma_proxy.cut = 0
    assert vectors.nearest(QUESTION, 100)
    assert vectors.count() == records.passage_count()
    vectors.close()


def test_while_no_server_answers_a_small_library_is_searched_all_the_same(records: Records, chroma_proxy: TokenProxy) -> None:
    known = opened(records, chroma_proxy.url, chroma_proxy.token, [])
    notices: list[str] = []
    vectors = opened(records, f"http://127.0.0.1:{free_port()}", "none", notices)
    assert [one for one, _ in vectors.nearest(QUESTION, 5)] == [one for one, _ in known.nearest(QUESTION, 5)]
    assert len(notices) == 1
    assert "check that it runs" in notices[0]
    vectors.close()
    known.close()


def test_a_large_one_is_not(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.library.indexes.chroma_server.SCANNED", records.passage_count() - 1)
    monkeypatch.setattr("rag.library.indexes.chroma_server.AWAY", 0.0)
    vectors = opened(records, f"http://127.0.0.1:{free_port()}", "none", [])
    with pytest.raises(StorageFailed, match="check that it runs"):
        vectors.nearest(QUESTION, 5)


def test_while_another_process_changes_the_library_it_is_searched_as_it_is(
    records: Records, chroma_proxy: TokenProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = opened(records, chroma_proxy.url, chroma_proxy.token, [])
    before, waits = known.nearest(QUESTION, 5), []

    @contextmanager
    def busy(wait: float | None = None) -> Iterator[None]:
        waits.append(wait)
        raise LibraryBusy("Another process is changing the library.")
        yield

    monkeypatch.setattr(records, "turn", busy)
    notices: list[str] = []
    vectors = opened(records, chroma_proxy.url, chroma_proxy.token, notices)
    assert (vectors.nearest(QUESTION, 5), notices) == (before, [])
    assert waits == [None, 0.0]
    with pytest.raises(LibraryBusy):
        vectors.sync()
    vectors.close()
    known.close()


def test_a_question_does_not_wait_for_a_turn(records: Records, chroma_proxy: TokenProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = opened(records, chroma_proxy.url, chroma_proxy.token, [])
    store(records, some_papers(3, first=40), ENCODER, SentenceWindows())
    waiting, answered = threading.Event(), threading.Event()

    @contextmanager
    def long_turn(wait: float | None = None) -> Iterator[None]:
        waiting.set()
        assert answered.wait(30)
        yield

    monkeypatch.setattr(records, "turn", long_turn)
    with ThreadPoolExecutor(2) as pool:
        syncing = pool.submit(vectors.sync)
        assert waiting.wait(30)
        asked = pool.submit(vectors.nearest, QUESTION, 5)
        try:
            assert asked.result(20)
        finally:
            answered.set()
        syncing.result()
    assert vectors.count() == records.passage_count()
    vectors.close()


def test_a_wrong_token_is_told_without_repeating_it(records: Records, chroma_proxy: TokenProxy) -> None:
    vectors = opened(records, chroma_proxy.url, "wrong-secret-9", [])
    with pytest.raises(StorageFailed, match="refuses the token") as told:
        vectors.sync()
    server = ChromaServer(chroma_proxy.url, SecretStr("wrong-secret-9"))
    assert "wrong-secret-9" not in f"{told.value}{server!r}{server}"


def test_a_server_that_is_killed_and_started_again_goes_on(records: Records, tmp_path: Path) -> None:
    with ChromaProcess(tmp_path / "server") as server:
        vectors = opened(records, server.url, "any", [])
        before = vectors.nearest(QUESTION, 5)
        server.stop()
        server.start()
        assert vectors.nearest(QUESTION, 5) == before
        vectors.close()


def test_tenant_and_database_are_those_that_are_set(
    records: Records, chroma_process: ChromaProcess, chroma_proxy: TokenProxy
) -> None:
    for place, name in (("", "acme"), ("/acme/databases", "biology")):
        line = http.client.HTTPConnection("127.0.0.1", chroma_process.port, timeout=60)
        line.request("POST", f"/api/v2/tenants{place}", json.dumps({"name": name}), {"Content-Type": "application/json"})
        assert line.getresponse().status == 200
    server = ChromaServer(chroma_proxy.url, SecretStr(chroma_proxy.token), "acme", "biology")
    vectors = ServerVectors.opener(server, writes=True)(Path(), records, [], None)
    assert vectors.count() == records.passage_count()
    used = [asked for asked in chroma_proxy.asked if "/collections" in asked]
    assert used
    assert all("/tenants/acme/databases/biology/" in asked for asked in used)
    with pytest.raises(StorageFailed, match="PAPERCHAT_CHROMA_DATABASE"):
        ServerVectors.opener(replace(server, database="none"), writes=True)(Path(), records, [], None).sync()


def test_a_server_that_ends_in_the_middle_of_an_add_loses_no_paper(
    tmp_path: Path, chroma_proxy: TokenProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.library.indexes.chroma_server.AWAY", 0.0)

    class Ending(WordHashEncoder):
        def encode(self, texts: Sequence[str]) -> NDArray[Any]:
            chroma_proxy.cut = 1000 if self.encoded else 0
            return super().encode(texts)

    server = ChromaServer(chroma_proxy.url, SecretStr(chroma_proxy.token))
    stores = replace(EMBEDDED, vectors=ServerVectors.opener(server, writes=True))
    papers = some_papers(50)
    with Library.open(tmp_path / "library", ENCODER, SentenceWindows(), stores=stores) as library:
        with pytest.raises(StorageFailed, match="The papers themselves are safe"):
            library.add(papers, encoder=Ending())
        assert library.papers() == papers
        assert library.words.document_count() == 50
        chroma_proxy.cut = 0
        assert library.meaning.nearest(QUESTION, 3)
        assert library.meaning.count() == library.records.passage_count()


def test_another_process_finds_what_one_has_put_in_and_does_not_put_it_in_again(
    records: Records, tmp_path: Path, chroma_proxy: TokenProxy
) -> None:
    first = opened(records, chroma_proxy.url, chroma_proxy.token, [])
    with Records.open(tmp_path / "records.db") as same:
        second = opened(same, chroma_proxy.url, chroma_proxy.token, [])
        store(records, some_papers(3, first=40), ENCODER, SentenceWindows())
        first.sync()
        chroma_proxy.asked.clear()
        second.sync()
        assert not [asked for asked in chroma_proxy.asked if asked.endswith(("/upsert", "/delete"))]
        assert second.nearest(QUESTION, 100) == first.nearest(QUESTION, 100)
        second.close()
    first.close()


def test_a_reader_asks_the_collection_as_it_is(records: Records, chroma_proxy: TokenProxy) -> None:
    owner = opened(records, chroma_proxy.url, chroma_proxy.token, [])
    chroma_proxy.asked.clear()
    reader = opened(records, chroma_proxy.url, chroma_proxy.token, [], writes=False)
    assert reader.nearest(QUESTION, 5) == owner.nearest(QUESTION, 5)
    assert {asked.partition(" ")[0] for asked in chroma_proxy.asked} == {"GET", "POST"}
    assert not [asked for asked in chroma_proxy.asked if asked.endswith(("/upsert", "/collections"))]


def test_the_library_searches_on_the_server_that_is_configured(
    home: Path, chroma_proxy: TokenProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag import open_library

    monkeypatch.setenv("PAPERCHAT_CHROMA", chroma_proxy.url)
    monkeypatch.setenv("PAPERCHAT_CHROMA_TOKEN", chroma_proxy.token)
    with open_library(home) as paperchat:
        assert paperchat.ask("Why does MgNO use multigrid?").citations
        assert any(asked.endswith("/query") for asked in chroma_proxy.asked)
        assert paperchat.library.meaning.count() == paperchat.library.records.passage_count()
        assert chroma_proxy.token not in str(paperchat.library.info())


@pytest.mark.parametrize("address", ["localhost:8000", "ftp://a", "http://me:secret7@host:8000", "http://host?token=secret7"])
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PAPERCHAT_CHROMA", address)
    with pytest.raises(SettingsError, match="PAPERCHAT_CHROMA") as told:
        load_settings(tmp_path / "none")
    assert "secret7" not in str(told.value)
