"""Records in PostgreSQL: the same answers as from a file, several processes at once, and connections that break at any moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from chroma_server import TokenProxy
from fakes import WordHashEncoder, some_papers
from numpy.typing import NDArray
from postgres_server import PASSWORD, PostgresServer
from pydantic import SecretStr

from rag.errors import LibraryBusy, LibraryMismatch, SettingsError, StorageFailed
from rag.library.chunking import SentenceWindows
from rag.library.indexes.chroma_server import ChromaServer, ServerVectors
from rag.library.indexes.stores import EMBEDDED
from rag.library.ingest import store
from rag.library.library import Library
from rag.library.marks import Mark, Marks
from rag.library.postgres import PostgresDatabase, PostgresRecords
from rag.library.records import Records
from rag.settings import load_settings, own_library
from rag.types import Paper

PAPERS = some_papers(70)
NEW = Paper("title:quokka", "Quokka habits", "The quokka smiles. It lives on an island.")


class Interrupting(WordHashEncoder):
    """Does something once, when it encodes for the given time."""

    def __init__(self, at: int, what: Callable[[], None]) -> None:
        super().__init__()
        self.left, self.what = at, what

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        self.left -= 1
        if self.left == 0:
            self.what()
        return super().encode(texts)


def opened(folder: Path, database: PostgresDatabase | None, encoder: WordHashEncoder | None = None) -> Library:
    return Library.open(folder, encoder or WordHashEncoder(), SentenceWindows(), database=database)


def cut(records: Records) -> None:
    """Ends the connection of these records, as a network or a server does."""
    assert isinstance(records, PostgresRecords)
    (own,) = records._rows("SELECT pg_backend_pid()")[0]
    with psycopg.connect(records.database.address, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (own,))
        while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (own,)).fetchall():
            time.sleep(0.01)


def whole(library: Library, papers: Sequence[Paper]) -> None:
    """Holds exactly these papers, each with passages, vectors and entries, and indexes equal to them."""
    assert library.papers() == list(papers)
    records = library.records
    passages = records.passages_of([paper.id for paper in papers])
    assert all(passages.values())
    assert len(passages) == len(papers)
    assert [id for ids, _ in records.vectors() for id in ids] == records.passage_ids()
    assert library.words.document_count() == len(papers)
    assert library.meaning.count() == records.passage_count()
    assert all(paper in library.catalogue().holders("title word", "number", 1000) for paper in papers if "number" in paper.title)


def test_every_operation_gives_what_it_gives_in_a_file(tmp_path: Path, postgres: PostgresDatabase) -> None:
    def told(database: PostgresDatabase | None) -> list[object]:
        with opened(tmp_path / f"library-{database is None}", database) as library:
            first = library.add(PAPERS[:40], name="a")
            doubled = replace(PAPERS[3], id="doi:10.1/x")
            seen: list[object] = [
                first,
                library.add([doubled, replace(PAPERS[5], abstract="Other words. And more."), NEW], name="b"),
            ]
            library.collections.create("Zoo")
            library.collections.create("apes")
            library.collections.put("zoo", [NEW.id, PAPERS[1].id, "unknown"])
            seen += [library.collections.all(), library.collections.of(NEW.id), sorted(library.collections.ids(["ZOO"]))]
            removed = library.take_out([NEW.id, PAPERS[1].id])
            seen += [library.papers(), library.put_back(removed), library.collections.all()]
            seen += [library.merge([PAPERS[7].id, PAPERS[8].id])[0], library.records.versions(PAPERS[7].id)]
            seen += [library.undo_import()[1], library.records.versions(PAPERS[7].id), library.undo_import()[1], library.papers()]
            Marks(library.records, "zotero").put({"k": Mark("p", "1"), "l": Mark("", "2")})
            Marks(library.records, "zotero").put({"k": Mark("q", "3")})
            seen += [Marks(library.records, "zotero").all(), [replace(one, at="") for one in library.records.batches()]]
            library.reindex()
            seen += [library.papers(), library.collections.all(), Marks(library.records, "zotero").all()]
            seen += [[replace(one, at="") for one in library.records.batches()], library.records.versions(PAPERS[7].id)]
            seen += [library.add(PAPERS[40:50]).added, library.paper("on " + PAPERS[2].title[3:].upper()), library.duplicates()]
            catalogue = library.catalogue()
            seen += [catalogue.years(), catalogue.count(), catalogue.has("family", "ek"), catalogue.venues("ne")]
            whole(library, library.papers())
            return seen

    assert told(postgres) == told(None)


def test_what_one_server_adds_the_other_finds_within_two_seconds(
    tmp_path: Path, postgres: PostgresDatabase, chroma_proxy: TokenProxy
) -> None:
    server = ChromaServer(chroma_proxy.url, SecretStr(chroma_proxy.token))
    stores = replace(EMBEDDED, vectors=ServerVectors.opener(server, writes=True))
    parts = WordHashEncoder(), SentenceWindows()
    with (
        Library.open(tmp_path / "one", *parts, stores=stores, database=postgres) as one,
        Library.open(tmp_path / "two", *parts, stores=stores, database=postgres) as two,
    ):
        for library in (one, two):
            library.follow()
            _ = library.words, library.meaning
        assert (one.readonly, two.readonly) == (False, False)
        for writer, reader, paper in ((one, two, NEW), (two, one, some_papers(1)[0])):
            writer.add([paper])
            ends = time.monotonic() + 2
            word = paper.title.split()[1]
            while not (found := reader.words.best([word], 1)) and time.monotonic() < ends:
                time.sleep(0.01)
            assert found[0][0] == paper.id
            assert reader.meaning.nearest(WordHashEncoder().encode([f"{paper.title}. {paper.abstract}"])[0], 1)[0][0].startswith(
                paper.id
            )
        two.remove([NEW.id])
        ends = time.monotonic() + 2
        while one.words.best(["quokka"], 1) and time.monotonic() < ends:
            time.sleep(0.01)
        whole(one, some_papers(1))


def test_without_a_follower_each_question_looks(tmp_path: Path, postgres: PostgresDatabase) -> None:
    with opened(tmp_path / "one", postgres) as one, opened(tmp_path / "two", postgres) as two:
        assert two.words.best(["quokka"], 1) == []
        one.add([NEW])
        assert two.words.best(["quokka"], 1)[0][0] == NEW.id


def test_two_that_add_at_once_lose_and_double_nothing(tmp_path: Path, postgres: PostgresDatabase) -> None:
    with opened(tmp_path / "one", postgres) as one, opened(tmp_path / "two", postgres) as two:
        copies = [replace(paper, id=f"doi:10.1/{number}") for number, paper in enumerate(PAPERS)]
        adding = [threading.Thread(target=one.add, args=(PAPERS,)), threading.Thread(target=two.add, args=(copies,))]
        for thread in adding:
            thread.start()
        for thread in adding:
            thread.join()
        titles = [paper.title for paper in one.papers()]
        assert sorted(titles) == sorted(paper.title for paper in PAPERS)
        for library in (one, two):
            library._sync(None)
            whole(library, library.papers())


def test_a_connection_that_is_cut_between_batches_costs_nothing(tmp_path: Path, postgres: PostgresDatabase) -> None:
    with opened(tmp_path, postgres) as library:
        encoder = Interrupting(2, lambda: cut(library.records))
        assert len(library.add(PAPERS, encoder=encoder).added) == 70
        whole(library, PAPERS)


@pytest.mark.parametrize("method", ["set_meta", "note_change", "put", "set_versions"])
def test_a_connection_that_is_cut_in_a_transaction_costs_nothing(
    method: str, tmp_path: Path, postgres: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, postgres) as library:
        real, done = getattr(Records, method), False

        def cutting(records: Records, *rest: object, **more: object) -> object:
            nonlocal done
            if not done:
                done = True
                cut(records)
            return real(records, *rest, **more)

        monkeypatch.setattr(Records, method, cutting)
        added = library.add(PAPERS, name="all")
        assert (done, len(added.added), added.unchanged) == (True, 70, ())
        whole(library, PAPERS)
        assert [batch.papers for batch in library.records.batches()] == [70]


def test_an_answer_to_a_commit_that_is_lost_is_no_loss(
    tmp_path: Path, postgres: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, postgres) as library:
        connection = library.records._connection
        real = connection.commit

        def committed_but_not_told() -> None:
            monkeypatch.undo()
            real()
            connection.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

        monkeypatch.setattr(connection, "commit", committed_but_not_told)
        added = library.add(PAPERS[:5], name="five")
        assert len(added.added) == 5
        assert [batch.papers for batch in library.records.batches()] == [5]
        whole(library, PAPERS[:5])


def test_a_server_that_is_started_anew_in_the_middle_of_an_add_costs_nothing(
    tmp_path: Path, postgres: PostgresDatabase, postgres_process: PostgresServer
) -> None:
    def restart() -> None:
        postgres_process.stop()
        threading.Timer(0.3, postgres_process.start).start()

    with opened(tmp_path, postgres) as library:
        assert len(library.add(PAPERS, encoder=Interrupting(2, restart)).added) == 70
        whole(library, PAPERS)


def test_a_server_that_stays_away_is_told_and_nothing_is_half_written(
    tmp_path: Path, postgres: PostgresDatabase, postgres_process: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.library.postgres_connection.AGAIN", (0.05,))
    with opened(tmp_path, postgres) as library:
        try:
            with pytest.raises(StorageFailed, match=r"PostgreSQL server .* cannot be reached.*nothing is half written") as told:
                library.add(PAPERS, encoder=Interrupting(2, postgres_process.stop))
            assert PASSWORD not in str(told.value)
            with pytest.raises(StorageFailed):
                library.records.file.check()
        finally:
            postgres_process.start()
        library._sync(None)
        whole(library, PAPERS[:32])
        assert len(library.add(PAPERS).added) == 38
        whole(library, PAPERS)


def test_another_process_re_encodes_and_this_one_goes_on(tmp_path: Path, postgres: PostgresDatabase) -> None:
    with opened(tmp_path / "one", postgres) as one, opened(tmp_path / "two", postgres) as two:
        one.add(PAPERS[:10])
        two._sync(None)
        one.reindex()
        two._sync(None)
        whole(two, PAPERS[:10])
        two.add([NEW])
        one.remove([NEW.id])
        two._sync(None)
        whole(two, PAPERS[:10])


def test_one_with_another_encoder_than_the_library_has_by_now_is_told(tmp_path: Path, postgres: PostgresDatabase) -> None:
    with opened(tmp_path / "one", postgres) as one, opened(tmp_path / "two", postgres) as two:
        one.add(PAPERS[:10])
        assert two.meaning.count() == one.meaning.count()
        one.close()
        new = WordHashEncoder(128)
        with Library.open(tmp_path / "one", new, SentenceWindows(), allow_mismatch=True, database=postgres) as changed:
            changed.reindex()
            for step in (lambda: two.add([NEW]), lambda: two.meaning, lambda: two.undo_import()):
                with pytest.raises(LibraryMismatch, match="word-hash-128"):
                    step()
            with pytest.raises(LibraryMismatch):
                store(two.records, [NEW], WordHashEncoder(), SentenceWindows())
            whole(changed, PAPERS[:10])


def test_whoever_waits_too_long_is_told(tmp_path: Path, postgres: PostgresDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.library.postgres.TURN", 0.1)
    with opened(tmp_path / "one", postgres) as one, opened(tmp_path / "two", postgres) as two:
        one.add(PAPERS[:3])
        with one.records.turn(), pytest.raises(LibraryBusy, match="Another process is changing"):
            two.add([NEW])
        monkeypatch.setattr("rag.library.postgres.TURN", 1e9)
        with one.records.turn(), pytest.raises(LibraryBusy), two.records.turn(0.0):
            pass
        two.add([NEW])
        assert one.papers() == [*PAPERS[:3], NEW]


def test_a_reader_writes_nothing_and_needs_a_library(tmp_path: Path, postgres: PostgresDatabase) -> None:
    with pytest.raises(StorageFailed, match="no library"):
        postgres.open(tmp_path, readonly=True)
    with opened(tmp_path / "one", postgres) as one:
        one.add(PAPERS[:3])
        with Library.open(tmp_path / "two", WordHashEncoder(), SentenceWindows(), readonly=True, database=postgres) as reader:
            assert reader.papers() == PAPERS[:3]
            with pytest.raises(LibraryBusy):
                reader.remove([PAPERS[0].id])
            with pytest.raises(StorageFailed, match="may not be written"):
                reader.records.set_meta("a", "b")


def test_a_newer_layout_is_refused_and_an_older_one_is_brought_up(
    tmp_path: Path, postgres: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.open(tmp_path).close()
    monkeypatch.setattr("rag.library.postgres_schema.SCHEMA_VERSION", 5)
    monkeypatch.setattr("rag.library.postgres_schema.MIGRATIONS", {5: "ALTER TABLE papers ADD COLUMN later BIGINT"})
    with postgres.open(tmp_path) as records:
        assert records._rows("SELECT count(later) FROM papers")[0][0] == 0
    monkeypatch.undo()
    with pytest.raises(LibraryMismatch, match="layout 5"):
        postgres.open(tmp_path)


def test_a_text_with_a_zero_in_it_is_kept_without(tmp_path: Path, postgres: PostgresDatabase) -> None:
    paper = replace(NEW, abstract="The quokka\0 smiles. It lives on an island.")
    with opened(tmp_path, postgres) as library:
        library.add([paper])
        assert library.paper(NEW.id).abstract == "The quokka\ufffd smiles. It lives on an island."


def test_long_names_and_titles_fit(tmp_path: Path, postgres: PostgresDatabase) -> None:
    long = replace(NEW, title="quokka " * 3000, venue="Venue " * 3000, authors=("Ann " * 2000,))
    with opened(tmp_path, postgres) as library:
        library.add([long])
        assert library.paper(NEW.id) == long
        assert library.records.titled(long.title) == [long]


@pytest.mark.parametrize(
    "address",
    [
        "mysql://u:secret7@h/d", "postgresql://u:secret7@h:notaport/d?x", "postgresql:/secret7",
        "postgresql://u:secret7/x@h/d", "postgresql://u:x/secret7@h/d", "postgresql://u:1/secret7@h", "postgresql://u:x@secret7@h/d",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(address: str, tmp_path: Path) -> None:
    with pytest.raises((SettingsError, StorageFailed)) as told:
        PostgresDatabase.at(address).open(tmp_path)
    assert "secret7" not in str(told.value)


def test_a_password_is_never_shown(tmp_path: Path, postgres: PostgresDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.library.postgres_connection.AGAIN", ())
    wrong = PostgresDatabase(postgres.address.replace(PASSWORD, "wrong-7"), postgres.schema)
    with pytest.raises(StorageFailed) as told:
        wrong.open(tmp_path)
    assert "wrong-7" not in f"{told.value}{wrong!r}{wrong.name}"
    monkeypatch.setenv("PAPERCHAT_DATABASE", postgres.address)
    settings = load_settings(tmp_path / "none")
    assert PASSWORD not in f"{settings!r}{settings}"
    assert own_library(tmp_path).database is None


def test_the_library_of_the_configured_database_begins_with_the_bundled_papers(
    tmp_path: Path, postgres: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag import open_library

    monkeypatch.setattr(PostgresDatabase, "at", classmethod(lambda cls, address: cls(address, postgres.schema)))
    monkeypatch.setenv("PAPERCHAT_DATABASE", postgres.address)
    for folder in ("one", "two"):
        with open_library(tmp_path / folder) as paperchat:
            assert len(paperchat.papers()) == 58
            assert paperchat.ask("Why does MgNO use multigrid?").citations
            assert not (tmp_path / folder / "records.db").exists()
            assert PASSWORD not in str(paperchat.library.info())
