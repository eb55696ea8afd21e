"""Vectors from a server: as an encoder, in a library, through an interrupted re-indexing, and in the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from fakes import WordHashEncoder, some_papers
from openai_server import Fails, OpenAIServer, Raw
from pydantic import SecretStr

from rag.build import open_library
from rag.errors import LibraryMismatch, ModelFailed
from rag.library.chunking import SentenceWindows
from rag.library.ingest import BATCH
from rag.library.library import Library
from rag.llm.embedding import OpenAIEncoder
from rag.llm.endpoint import Endpoint
from rag.llm.retry import Retry
from rag.retrieval.hybrid import HybridSearch
from rag.settings import Settings
from tests.conftest import Command
from ui.cli.main import main

KEY = "sk-of-the-tests-1234567890"


def encoder(server: OpenAIServer, model: str = "vectors", timeout: float = 20.0) -> OpenAIEncoder:
    endpoint = Endpoint(model, server.url, SecretStr(KEY), timeout, "PAPERCHAT_EMBEDDING")
    return OpenAIEncoder(endpoint, Retry(base=0.0))


def opened(folder: Path, server: OpenAIServer, model: str = "vectors", **how: bool) -> Library:
    return Library.open(folder, encoder(server, model), SentenceWindows(), **how)


def test_vectors_are_those_of_the_server_of_unit_length_and_in_order() -> None:
    texts = [f"text number {number}" for number in range(70)]
    with OpenAIServer() as server:
        one = encoder(server)
        assert (one.name, one.dimensions) == ("openai:vectors", 0)
        assert np.allclose(one.encode(texts), WordHashEncoder(64).encode(texts), atol=1e-6)
        assert one.dimensions == 64
        assert one.encode([]).shape == (0, 64)
        assert [len(asked.body["input"]) for asked in server.asked] == [32, 32, 6]
        assert {asked.body["encoding_format"] for asked in server.asked} == {"float"}


def test_a_question_is_sent_once() -> None:
    with OpenAIServer() as server:
        one = encoder(server)
        assert (one.encode(["Why?"]) == one.encode(["Why?"])).all()
        assert len(server.asked) == 1


def test_what_no_server_takes_is_not_sent() -> None:
    with OpenAIServer() as server:
        encoder(server).encode(["", "a\ud800b", "x" * 100_000])
        assert server.asked[0].body["input"] == ["-", "a?b", "x" * 8_000]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"data": []}', "vectors that cannot be used"),
        (b'{"data": [{"index": 0, "embedding": [0, 0]}]}', "vectors that cannot be used"),
        (b'{"data": [{"index": 0, "embedding": [1, NaN]}]}', "cannot be"),
        (b'{"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1]}]}', "vectors that cannot be used"),
        (b'{"data": 7}', "cannot be read"),
        (b"{", "cannot be read"),
    ],
)
def test_a_reply_that_is_no_matrix_is_refused(body: bytes, said: str) -> None:
    with OpenAIServer() as server:
        server.embedding_replies = [Raw(body, "application/json")] * 3
        with pytest.raises(ModelFailed, match=said):
            encoder(server).encode(["Why?"])


def test_faults_are_sentences_that_name_the_setting_and_never_the_key() -> None:
    with OpenAIServer() as server:
        server.embedding_replies = [Fails(404, f"no such model for {KEY}")]
        with pytest.raises(ModelFailed, match="set PAPERCHAT_EMBEDDING") as error:
            encoder(server).encode(["Why?"])
        assert KEY not in str(error.value)
        server.embedding_replies = [Fails(429, headers={"Retry-After": "0"}), Fails(503)]
        assert encoder(server).encode(["Why?"]).shape == (1, 64)


def test_a_library_remembers_the_model_and_the_length_of_its_vectors(tmp_path: Path) -> None:
    with OpenAIServer() as server:
        with opened(tmp_path, server) as library:
            library.add(some_papers(3))
            assert (library.info()["encoder"], library.info()["dimensions"]) == ("openai:vectors", 64)
        before = len(server.asked)
        opened(tmp_path, server).close()
        assert len(server.asked) == before
        with pytest.raises(LibraryMismatch, match=r"openai:vectors .64 dimensions.*openai:others .*paperchat reindex"):
            opened(tmp_path, server, "others")


def test_a_model_that_was_changed_behind_its_name_is_noticed(tmp_path: Path) -> None:
    with OpenAIServer() as server, opened(tmp_path, server) as library:
        library.add(some_papers(3))
    with OpenAIServer(dimensions=32) as server:
        with opened(tmp_path, server) as library:
            with pytest.raises(LibraryMismatch, match=r"64 dimensions.*32 dimensions.*paperchat reindex"):
                library.add(some_papers(1, first=9))
            with pytest.raises(LibraryMismatch, match="paperchat reindex"):
                HybridSearch(library).search("topology")
        with opened(tmp_path, server, allow_mismatch=True) as library:
            library.reindex()
            assert library.info()["dimensions"] == 32
            assert HybridSearch(library).search("topology")


def test_where_the_server_fails_search_goes_by_words_and_says_so(tmp_path: Path) -> None:
    with OpenAIServer() as server, opened(tmp_path, server) as library:
        library.add(some_papers(9))
        server.embedding_replies = [Fails(401)] * 2
        hits = HybridSearch(library).search("topology")
        assert hits
        assert {hit.found_by for hit in hits} == {"words"}
        HybridSearch(library).search("topology")
        assert len(library.notices) == 1
        assert library.notices[0].startswith("Searched by words alone. ")


def test_an_interrupted_reindexing_is_continued(tmp_path: Path) -> None:
    count = 3 * BATCH
    with OpenAIServer() as server:
        with opened(tmp_path, server) as library:
            library.add(some_papers(count))
            old = library.papers()
        with opened(tmp_path, server, "others", allow_mismatch=True) as library:
            whole = library.reindexing().tokens()
            assert whole is not None

            def stop(done: int, total: int, label: str) -> None:
                if done == 2 * BATCH:
                    raise KeyboardInterrupt

            with pytest.raises(KeyboardInterrupt):
                library.reindex(stop)
            assert library.records.meta("encoder") == "openai:vectors"
        with opened(tmp_path, server, "others", allow_mismatch=True) as library:
            reindexing = library.reindexing()
            assert reindexing.done() == 2 * BATCH
            left = reindexing.tokens()
            assert left is not None
            assert 0 < left < whole / 2
            server.asked.clear()
            library.reindex()
            assert sum(len(asked.body["input"]) for asked in server.asked) == library.records.passage_count() / 3
            assert library.papers() == old
            assert library.info()["encoder"] == "openai:others"
            assert reindexing.done() == 0


@pytest.mark.parametrize("changed", ["paper", "model", "removed", "damaged"])
def test_what_was_begun_for_something_else_is_begun_anew(tmp_path: Path, changed: str) -> None:
    with OpenAIServer() as server:
        with opened(tmp_path, server) as library:
            library.add(some_papers(2 * BATCH))

        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        with opened(tmp_path, server, "others", allow_mismatch=True) as library:
            with pytest.raises(KeyboardInterrupt):
                library.reindex(stop)
            assert library.reindexing().done() == BATCH
            if changed == "removed":
                library.records.remove([library.papers()[0].id])
            if changed == "paper":
                first = some_papers(1)[0]
                library.records.set_meta("encoder", "x")
                library.records._connection.execute("UPDATE papers SET abstract = 'Other words.' WHERE id = ?", (first.id,))
        if changed == "damaged":
            (tmp_path / "records.new.db").write_bytes(b"no database" * 999)
        with opened(tmp_path, server, "third" if changed == "model" else "others", allow_mismatch=True) as library:
            assert library.reindexing().done() == 0
            library.reindex()
            assert library.records.paper_count() == 2 * BATCH - (changed == "removed")
        assert not list(tmp_path.glob("records.new*"))


def test_encoding_here_costs_no_tokens(tmp_path: Path) -> None:
    with Library.open(tmp_path, WordHashEncoder(), SentenceWindows()) as library:
        library.add(some_papers(1))
        assert library.reindexing().tokens() is None


def test_the_setting_gives_a_library_that_searches_and_answers(tmp_path: Path) -> None:
    with OpenAIServer() as server:
        settings = Settings(OPENAI_BASE_URL=server.url, embedding="openai:vectors", bundled=False)
        with open_library(tmp_path / "library", settings=settings) as paperchat:
            paperchat.add(some_papers(5))
            server.asked.clear()
            answer = paperchat.ask("topology?")
            assert answer.hits
            assert paperchat.library.info()["encoder"] == "openai:vectors"
        assert {asked.path for asked in server.asked} == {"/v1/embeddings"}
        assert "Authorization" not in server.asked[0].headers


def test_the_command_tells_tokens_and_cost_before_it_starts(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("PAPERCHAT_EMBEDDING", "openai:vectors")
        ran = command("reindex", "--json", "--price", "20")
        assert ran.code == 0
        told = json.loads(ran.out)
        assert told["papers"] == 58
        cost = told["tokens"] / 1_000_000 * 20
        assert f"About {told['tokens']:,} tokens are sent to be encoded, which costs about {cost:.4f} at 20 a million." in ran.err
        assert command("ask", "What does MgNO use?").code in (0, 3)
        again = command("reindex")
        assert "give --price" in again.err


@pytest.mark.parametrize(("said", "goes_on"), [(False, False), (True, True)])
def test_on_a_terminal_it_asks_first(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: bool, goes_on: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "confirm", lambda *_, **__: said)
    with OpenAIServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("PAPERCHAT_EMBEDDING", "openai:vectors")
        with pytest.raises(SystemExit) as end:
            main(["--home", str(home), "reindex"])
        assert (end.value.code == 0, bool(server.asked)) == (goes_on, goes_on)
        server.asked.clear()
        monkeypatch.setattr(typer, "confirm", None)
        with pytest.raises(SystemExit) as end:
            main(["--home", str(home), "reindex", "--yes"])
        assert end.value.code == 0
        assert server.asked
