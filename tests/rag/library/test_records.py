"""The records: what goes in comes out, transactions are whole, and trouble with the file is told in sentences."""

from __future__ import annotations

import os
import random
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers
from numpy.typing import NDArray

from rag.errors import LibraryDamaged, LibraryMismatch, StorageFailed
from rag.library.chunking import SentenceWindows, context
from rag.library.database import sentences_for_errors
from rag.library.ingest import store
from rag.library.records import Records
from rag.types import Paper

ENCODER = WordHashEncoder()
CHUNKER = SentenceWindows()


@pytest.fixture(params=["file", "postgres"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    place = tmp_path / "records.db"
    opened = Records.open(place) if request.param == "file" else request.getfixturevalue("postgres").open(place)
    with opened as records:
        yield records


def put(records: Records, papers: list[Paper]) -> None:
    store(records, papers, ENCODER, CHUNKER)


def test_what_goes_in_comes_out(records: Records) -> None:
    papers = some_papers(5)
    zero = "\0" if type(records) is Records else ""  # PostgreSQL keeps none
    papers[2] = replace(
        papers[2], authors=(), year=None, venue="NeurIPS “24”", url="https://example.org", abstract=f"Ünïcode{zero} stays. So 𝒳!"
    )
    put(records, papers)
    assert list(records.papers()) == papers
    assert records.paper(papers[3].id) == papers[3]
    assert records.paper("arxiv:0000.00000") is None
    assert records.paper_count() == 5


def test_what_is_counted_inside_a_change_is_counted_again_after_it(records: Records) -> None:
    with records.change():
        assert records.paper_count() == 0
        put(records, some_papers(3))
    assert records.paper_count() == 3


def test_order_is_that_of_first_adding_even_after_an_update(records: Records) -> None:
    papers = some_papers(4)[::-1]
    put(records, papers)
    put(records, [replace(papers[1], abstract="Another text. It has two sentences.")])
    assert [paper.id for paper in records.papers()] == [paper.id for paper in papers]


def test_passages_come_in_the_order_asked_and_unknown_ids_are_left_out(records: Records) -> None:
    put(records, some_papers(3))
    ids = records.passage_ids()[::-1]
    assert [passage.id for passage in records.passages([*ids[:2], "no such", *ids[2:]])] == ids
    paper = some_papers(3)[1]
    of_paper = records.passages_of([paper.id, "no such"])
    assert list(of_paper) == [paper.id]
    assert [passage.span.start for passage in of_paper[paper.id]] == sorted(passage.span.start for passage in of_paper[paper.id])
    assert records.first_passages([paper.id]) == of_paper[paper.id][:1]
    assert of_paper[paper.id][0].text == paper.abstract[slice(of_paper[paper.id][0].span.start, of_paper[paper.id][0].span.end)]


def test_vectors_come_in_pages_in_order_of_id(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.library.reading.PAGE", 3)
    put(records, some_papers(5))
    pages = list(records.vectors())
    assert [one for ids, _ in pages for one in ids] == records.passage_ids()
    assert max(len(ids) for ids, _ in pages) == 3
    wanted = random.Random(0).sample(records.passage_ids(), 4)
    found = {one: row for ids, matrix in records.vectors([*wanted, "no such"]) for one, row in zip(ids, matrix, strict=True)}
    assert sorted(found) == sorted(wanted)
    for passage in records.passages(wanted):
        np.testing.assert_allclose(found[passage.id], WordHashEncoder().encode([context(passage)])[0], atol=5e-3)


def test_removing_takes_everything_of_the_paper_and_nothing_else(records: Records) -> None:
    papers = some_papers(4)
    put(records, papers)
    whole = records.passage_count()
    records.remove([papers[1].id, "no such"])
    assert [paper.id for paper in records.papers()] == [papers[0].id, papers[2].id, papers[3].id]
    assert records.passages_of([papers[1].id]) == {}
    assert records.passage_count() == whole * 3 // 4


def test_content_hashes_tell_which_papers_changed(records: Records) -> None:
    papers = some_papers(3)
    put(records, papers)
    before = records.content_hashes()
    put(records, [replace(papers[0], year=1999)])
    after = records.content_hashes()
    assert {one for one in before if before[one] != after[one]} == {papers[0].id}
    assert records.content_hashes([papers[1].id, "no such"]) == {papers[1].id: before[papers[1].id]}


def test_a_passage_that_stays_keeps_its_vector(records: Records) -> None:
    paper = some_papers(1)[0]
    put(records, [paper])
    before = [matrix for _, matrix in records.vectors()]

    class Wavering(WordHashEncoder):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return super().encode(texts)[:, ::-1]

    store(records, [replace(paper, authors=("New Name",))], Wavering(), CHUNKER)
    np.testing.assert_array_equal([matrix for _, matrix in records.vectors()], before)


def test_generation_grows_once_a_transaction(records: Records) -> None:
    start, state = records.generation, records.state
    with records.change():
        put(records, some_papers(3))
        records.remove([some_papers(1)[0].id])
        records.set_meta("a", "b")
    assert records.generation == start + 1
    assert records.state != state
    assert records.generation_of(state) == start
    assert records.generation_of("17:nonsense") is None
    assert records.meta("a") == "b"


def test_a_failed_transaction_leaves_nothing(records: Records) -> None:
    put(records, some_papers(2))
    before = records.state, list(records.papers()), records.passage_ids()

    def fail() -> None:
        with records.change():
            put(records, some_papers(2, first=2))
            records.remove([some_papers(1)[0].id])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert (records.state, list(records.papers()), records.passage_ids()) == before


def test_changes_since_a_generation_are_known(records: Records) -> None:
    papers = some_papers(4)
    put(records, papers[:2])
    then = records.generation
    put(records, papers[2:])
    records.remove([papers[0].id])
    assert [paper.id for paper in records.changed_since(then)] == [papers[2].id, papers[3].id]
    assert records.changed_count(then) == 2
    assert records.removed_since(then) == [papers[0].id]
    put(records, papers[:1])
    assert records.removed_since(then) == []


def test_replacing_the_whole_content_moves_on_the_generation(tmp_path: Path, records: Records) -> None:
    put(records, some_papers(3))
    generation, encoding, state = records.generation, records.encoding, records.state
    with records.draft().open() as other:
        put(other, some_papers(2, first=7))
        records.replace_with(other)
        assert records.encoding == other.encoding != encoding
    assert [paper.id for paper in records.papers()] == [paper.id for paper in some_papers(2, first=7)]
    assert records.generation > generation
    assert records.generation_of(state) is None


def test_a_reader_sees_what_the_writer_commits(tmp_path: Path, records: Records) -> None:
    with records.reopened(readonly=True) as reader:
        assert reader.paper_count() == 0
        put(records, some_papers(2))
        assert reader.paper_count() == 2
        with records.change():
            records.remove([some_papers(1)[0].id])
            assert reader.paper_count() == 2
        assert reader.paper_count() == 1
        with pytest.raises(StorageFailed, match="may not be written"):
            reader.remove([some_papers(2)[1].id])


def test_reopening_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "a ?#% b.db"
    with Records.open(path) as records:
        put(records, some_papers(2))
        before = records.state, records.encoding, list(records.papers())
    with Records.open(path) as records:
        assert (records.state, records.encoding, list(records.papers())) == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


# --- trouble


@pytest.mark.parametrize("content", [b"not a database at all" * 300, b"SQLite format 3\0" + b"\xff" * 9000, b"\0" * 4096])
def test_a_file_that_is_no_database_is_damaged_and_stays(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "records.db"
    path.write_bytes(content)
    for readonly in (False, True):
        with pytest.raises(LibraryDamaged, match=r"records\.db .*backup copy"):
            Records.open(path, readonly=readonly)
    assert path.read_bytes() == content


def test_a_file_torn_later_is_damaged_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    with Records.open(path) as records:
        put(records, some_papers(50))
    content = bytearray(path.read_bytes())
    content[8192:] = random.Random(1).randbytes(len(content) - 8192)
    path.write_bytes(content)
    with pytest.raises(LibraryDamaged):
        read_everything(path)


def read_everything(path: Path) -> None:
    with Records.open(path, readonly=True) as records:
        assert list(records.papers())
        assert list(records.vectors())
        assert records.content_hashes()


def test_another_programs_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(LibraryDamaged, match="another program"):
        Records.open(path)
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_schema").fetchall() == [("theirs",)]
    other.close()


def test_another_versions_library_is_a_mismatch(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    Records.open(path).close()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(LibraryMismatch, match="layout 99"):
        Records.open(path)


def test_reading_where_nothing_is_says_so_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="no library"):
        Records.open(tmp_path / "records.db", readonly=True)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFailed, match="cannot be opened"):
        Records.open(tmp_path / "file" / "records.db")


def test_a_folder_without_the_right_to_write_can_still_be_read() -> None:
    # Root may write everywhere, so a child gives up being root. pytest's own folders are closed to others.
    folder = Path(tempfile.mkdtemp(prefix="paperchat-"))
    try:
        with Records.open(folder / "records.db") as records:
            put(records, some_papers(3))
        (folder / "records.db").chmod(0o444)
        folder.chmod(0o555)
        assert "PermissionError" in as_nobody(lambda: (folder / "x").touch())  # proof that the folder is closed to the child
        assert as_nobody(lambda: read_count(folder / "records.db")) == "3"
        folder.chmod(0o755)
        (folder / "records.db-wal").write_bytes(b"something")
        folder.chmod(0o555)
        assert "StorageFailed" in as_nobody(lambda: read_count(folder / "records.db"))
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def read_count(path: Path) -> int:
    with Records.open(path, readonly=True) as records:
        return records.paper_count()


def as_nobody(work: Callable[[], object]) -> str:
    """What `work` returns or raises, as text, when done without rights: in a fork, as another user may not read our Python."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.getuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            said = str(work())
        except BaseException as error:  # noqa: BLE001 - it is the answer
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        return answer.read()


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    with Records.open(path) as records:
        put(records, some_papers(3))
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 50_000, limit[1]))
        try:
            with pytest.raises(StorageFailed, match="disk"):
                put(records, some_papers(300, first=3))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        assert records.paper_count() == 3
        put(records, some_papers(2, first=3))
    with Records.open(path) as records:
        assert records.paper_count() == 5


def test_what_changed_is_found_without_going_through_all_papers(tmp_path: Path) -> None:
    steps = {}
    for size in (100, 1_000):
        with Records.open(tmp_path / f"{size}.db") as records:
            put(records, some_papers(size))
            records.remove([some_papers(1)[0].id])
            since = records.generation
            put(records, some_papers(2, first=5_000))
            records.remove([some_papers(2)[1].id])
            steps[size] = _steps(records, lambda records=records, since=since: _changes(records, since))  # type: ignore[misc]
            added = some_papers(2, first=5_000)
            assert list(records.changed_since(since)) == added
            assert {one.rpartition("#")[0] for one in records.passages_changed_since(since)} == {paper.id for paper in added}
            assert records.passages_changed_since(since) == sorted(records.passages_changed_since(since))
            assert records.removed_since(since) == [some_papers(2)[1].id]
    assert steps[1_000] < 2 * steps[100]


def _changes(records: Records, since: int) -> None:
    list(records.changed_since(since))
    records.changed_count(since)
    records.removed_since(since)
    records.passages_changed_since(since)
    records.passages_gone_since(since)


def _steps(records: Records, work: Callable[[], None]) -> int:
    """Steps of SQLite's virtual machine, in tens."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    records._connection.set_progress_handler(step, 10)
    try:
        work()
    finally:
        records._connection.set_progress_handler(None, 0)
    return count


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (sqlite3.SQLITE_PROTOCOL, "cannot be locked"),
        (sqlite3.SQLITE_BUSY_RECOVERY, "stays locked"),
        (sqlite3.SQLITE_READONLY_RECOVERY, "may not be written"),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, "cannot be opened"),
        (sqlite3.SQLITE_IOERR_SHORT_READ, "could not be read"),
    ],
)
def test_a_lock_or_a_disk_that_fails_is_no_damage_of_the_file(tmp_path: Path, code: int, told: str) -> None:
    error = sqlite3.OperationalError("something")
    error.sqlite_errorcode = code
    with pytest.raises(StorageFailed, match=told), sentences_for_errors(tmp_path / "records.db"):
        raise error
