"""The Chroma index: equal to the records, never trusted blindly, and built anew without encoding whatever happens to its files."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers

from rag.library.chunking import SentenceWindows
from rag.library.indexes.brute_force import ExactScan
from rag.library.indexes.chroma import FOLDER, ChromaStore
from rag.library.indexes.integrity import problem
from rag.library.ingest import store
from rag.library.records import Records
from rag.types import Paper

ENCODER = WordHashEncoder()
QUESTIONS = ENCODER.encode(
    ["sparse kernel inference", "On topology number 3", "graph transport policy and spike memory", "none of these"]
)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library's folder as a clean close leaves it; large enough that Chroma has written its vector files (from 1,000 on)."""
    folder = tmp_path_factory.mktemp("pattern")
    with Records.open(folder / "records.db") as records:
        put(records, some_papers(520))
        assert records.passage_count() > 1000
        ChromaStore.open(folder, records).close()
    return folder


@pytest.fixture
def folder(pattern: Path, tmp_path: Path) -> Path:
    shutil.copytree(pattern, tmp_path / "library")
    return tmp_path / "library"


@pytest.fixture
def records(folder: Path) -> Iterator[Records]:
    with Records.open(folder / "records.db") as opened:
        yield opened


@pytest.fixture
def no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.library.indexes.chroma.problem_seen_by_child", None)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Doubtful files are checked in a child process, as those of a large library are."""
    monkeypatch.setattr("rag.library.indexes.chroma.CHECK_FROM", 0)


@pytest.fixture
def no_rebuild(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ChromaStore, "rebuild", None)


def put(records: Records, papers: list[Paper]) -> None:
    store(records, papers, ENCODER, SentenceWindows())


def agrees(opened: ChromaStore, records: Records, depth: int = 15) -> None:
    assert opened.count() == records.passage_count()
    for question in QUESTIONS:
        expected = ExactScan(records).nearest(question, depth)
        found = opened.nearest(question, depth)
        assert [one for one, _ in found] == [one for one, _ in expected]
        np.testing.assert_allclose([score for _, score in found], [score for _, score in expected], atol=2e-6)


@pytest.mark.usefixtures("no_child", "no_rebuild")
def test_a_cleanly_closed_index_is_opened_as_it_is(folder: Path, records: Records) -> None:
    notices: list[str] = []
    for _ in range(2):
        opened = ChromaStore.open(folder, records, notices)
        agrees(opened, records)
        opened.close()
    assert notices == []


def test_an_index_that_searches_poorly_is_made_once_and_not_at_each_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poor = {"hnsw": {"space": "cosine", "ef_search": 1, "ef_construction": 1, "max_neighbors": 2}}
    monkeypatch.setattr("rag.library.indexes.collection.SETTINGS", poor)
    notices: list[str] = []
    with Records.open(tmp_path / "records.db") as records:
        put(records, some_papers(1_100))
        ChromaStore.open(tmp_path, records, notices).close()
        written = {file: file.stat().st_ino for file in (tmp_path / FOLDER).rglob("*") if file.is_file()}
        for _ in range(2):
            opened = ChromaStore.open(tmp_path, records, notices)
            assert problem(opened._open_index, records) == "stored passages did not find themselves"
            opened.close()
    assert notices == []
    assert {file: file.stat().st_ino for file in written} == written


@pytest.mark.usefixtures("no_rebuild")
def test_changes_are_followed(folder: Path, records: Records) -> None:
    opened = ChromaStore.open(folder, records)
    put(records, some_papers(3, first=1000))
    records.remove([paper.id for paper in some_papers(300)])
    put(records, [replace(some_papers(1, first=400)[0], abstract="Sparse kernel inference. On topology number three.")])
    opened.sync()
    agrees(opened, records)
    put(records, some_papers(2))
    opened.sync()
    agrees(opened, records)
    opened.close()


@pytest.mark.usefixtures("no_child", "no_rebuild")
def written() -> int:
    """Bytes that this process has written so far, to whatever file."""
    return int(Path("/proc/self/io").read_text().partition("wchar: ")[2].split()[0])


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="needs Linux")
def test_many_passages_are_written_a_few_times_and_all_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    costs = {}
    for bulk in (2_000, 10**9):
        monkeypatch.setattr("rag.library.indexes.chroma.BULK", bulk)
        folder = tmp_path / str(bulk)
        folder.mkdir()
        with Records.open(folder / "records.db") as records:
            put(records, some_papers(3_000))
            before = written()
            ChromaStore.open(folder, records).close()
            costs["made", bulk] = written() - before
            put(records, [replace(paper, id=f"{paper.id}+") for paper in some_papers(3_000)])
            before = written()
            with closing(ChromaStore.open(folder, records)) as index:
                costs["added", bulk] = written() - before
                assert index.count() == records.passage_count() > 4 * 2_000
                agrees(index, records, 5)
            before = written()
            put(records, some_papers(1, first=9_000))
            with closing(ChromaStore.open(folder, records)):
                assert written() - before < 2_000_000, "all was written again for one paper"
    assert costs["made", 2_000] < 0.8 * costs["made", 10**9]
    assert costs["added", 2_000] < 0.8 * costs["added", 10**9]


def test_what_was_changed_while_it_was_closed_is_made_up_for(folder: Path, records: Records) -> None:
    put(records, some_papers(3, first=1000))
    records.remove([some_papers(2)[1].id])
    opened = ChromaStore.open(folder, records)
    agrees(opened, records)
    opened.close()


def test_an_empty_library_can_be_searched(tmp_path: Path) -> None:
    with Records.open(tmp_path / "records.db") as records:
        notices: list[str] = []
        opened = ChromaStore.open(tmp_path, records, notices)
        assert opened.nearest(QUESTIONS[0], 5) == []
        put(records, some_papers(1))
        opened.sync()
        assert opened.nearest(QUESTIONS[0], 0) == []
        agrees(opened, records)
        records.remove([some_papers(1)[0].id])
        opened.sync()
        assert opened.nearest(QUESTIONS[0], 5) == []
        opened.close()
        assert notices == []


def test_ties_are_broken_by_id_wherever_the_cut_falls(tmp_path: Path) -> None:
    papers = [Paper(f"arxiv:2401.{number:05d}", "Same title", "Same words in every abstract.") for number in range(60)]
    random.Random(5).shuffle(papers)
    with Records.open(tmp_path / "records.db") as records:
        put(records, papers)
        opened = ChromaStore.open(tmp_path, records)
        for limit in (1, 9, 30, 60, 100):
            found = opened.nearest(ENCODER.encode(["same words"])[0], limit)
            assert [one for one, _ in found] == records.passage_ids()[:limit]
        opened.close()


def test_chroma_holds_vectors_under_the_ids_of_the_records_and_no_second_copy_of_a_text(folder: Path, records: Records) -> None:
    opened = ChromaStore.open(folder, records)
    passage = records.passages(records.passage_ids()[:1])[0]
    stored = opened._open_index._collection.get(ids=[passage.id], include=["documents", "metadatas", "embeddings"])
    assert (stored["documents"], stored["metadatas"]) == ([None], [None])
    ((_, own),) = records.vectors([passage.id])
    np.testing.assert_allclose(stored["embeddings"], own, atol=1e-6)
    opened.close()
    written = (folder / FOLDER / "chroma.sqlite3").read_bytes()
    assert passage.text.encode() not in written


def test_an_index_of_an_earlier_layout_is_made_anew_without_a_word(
    folder: Path, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("chroma", "collection"):
        monkeypatch.setattr(f"rag.library.indexes.{module}.WHOLE", "layout 1")
    shutil.rmtree(folder / FOLDER)
    (folder / f"{FOLDER}.manifest.json").unlink()
    ChromaStore.open(folder, records).close()
    monkeypatch.undo()
    notices: list[str] = []
    opened = ChromaStore.open(folder, records, notices)
    agrees(opened, records)
    assert (opened._open_index.encoding, notices) == (records.encoding, [])
    assert not list(folder.glob("*.damaged-*"))
    opened.close()


def test_a_new_encoding_makes_a_new_index(folder: Path, records: Records, tmp_path: Path) -> None:
    opened = ChromaStore.open(folder, records)
    with Records.open(tmp_path / "other.db") as other:
        wide = WordHashEncoder(128)
        store(other, some_papers(10), wide, SentenceWindows())
        records.replace_with(other)
    opened.sync()
    assert opened.count() == records.passage_count()
    question = wide.encode(["sparse kernel"])[0]
    assert [one for one, _ in opened.nearest(question, 5)] == [one for one, _ in ExactScan(records).nearest(question, 5)]
    opened.close()


# --- damage


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def overwrite(file: Path) -> None:
    file.write_bytes(random.Random(3).randbytes(max(file.stat().st_size, 10)))


def overwrite_the_middle(file: Path) -> None:
    size = file.stat().st_size
    content = bytearray(file.read_bytes())
    content[size // 3 : size // 2] = random.Random(3).randbytes(size // 2 - size // 3)
    file.write_bytes(content)


VECTOR_FILES = ("data_level0.bin", "header.bin", "index_metadata.pickle", "length.bin", "link_lists.bin")
DAMAGES = [
    ("chroma.sqlite3", overwrite_the_middle),
    ("data_level0.bin", cut_short),
    ("data_level0.bin", overwrite_the_middle),
    ("header.bin", overwrite),
    ("index_metadata.pickle", cut_short),
    ("length.bin", Path.unlink),
    ("link_lists.bin", overwrite),
]


def test_all_the_files_are_damaged_below(folder: Path) -> None:
    files = {file.name for file in (folder / FOLDER).rglob("*") if file.is_file()}
    assert files == {"chroma.sqlite3", *VECTOR_FILES} == {name for name, _ in DAMAGES}


@pytest.mark.usefixtures("checked")
@pytest.mark.parametrize(("name", "damage"), DAMAGES)
def test_whatever_file_is_damaged_nothing_is_lost(
    folder: Path, records: Records, name: str, damage: Callable[[Path], None]
) -> None:
    damage(next((folder / FOLDER).rglob(name)))
    notices: list[str] = []
    opened = ChromaStore.open(folder, records, notices)
    agrees(opened, records)
    opened.close()
    assert ["rebuilt from the records" in notice for notice in notices] == [True]
    assert [entry.is_dir() for entry in folder.glob(f"{FOLDER}.damaged-*")] == [True]


@pytest.mark.usefixtures("no_child")
def test_a_small_damaged_index_is_built_anew_at_once(folder: Path, records: Records) -> None:
    cut_short(next((folder / FOLDER).rglob("data_level0.bin")))
    notices: list[str] = []
    opened = ChromaStore.open(folder, records, notices)
    agrees(opened, records)
    opened.close()
    assert "damaged or changed by another program" in notices[0]


@pytest.mark.usefixtures("no_child")
def test_a_missing_folder_is_built_anew(folder: Path, records: Records) -> None:
    shutil.rmtree(folder / FOLDER)
    notices: list[str] = []
    opened = ChromaStore.open(folder, records, notices)
    agrees(opened, records)
    opened.close()
    assert notices == ["The vector index was rebuilt from the records because its folder was missing."]


@pytest.mark.usefixtures("no_child")
def test_a_stored_vector_that_is_another_one_is_found_out(folder: Path, records: Records) -> None:
    opened = ChromaStore.open(folder, records)
    first = records.passage_ids()[:1]
    opened._open_index.put(first, -next(records.vectors(first))[1])
    opened._save_manifest(records.state)
    opened.close()
    notices: list[str] = []
    opened = ChromaStore.open(folder, records, notices)
    agrees(opened, records)
    opened.close()
    assert len(notices) == 1


@pytest.mark.usefixtures("no_child")
def test_passages_missing_from_the_index_are_found_out(folder: Path, records: Records) -> None:
    opened = ChromaStore.open(folder, records)
    opened._open_index.delete(records.passage_ids()[5:9])
    opened._manifest_store.save(records.state, records.passage_count(), opened._made_by)
    opened.close()
    notices: list[str] = []
    opened = ChromaStore.open(folder, records, notices)
    agrees(opened, records)
    opened.close()
    assert "because it held" in notices[0]


@pytest.mark.usefixtures("checked")
def test_an_opening_that_did_not_end_leads_to_a_check_elsewhere(
    folder: Path, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / f"{FOLDER}.opening").touch()
    asked: list[str] = []

    def child(entry: str, *_: object) -> str | None:
        asked.append(entry)
        return None

    monkeypatch.setattr("rag.library.indexes.chroma.problem_seen_by_child", child)
    for _ in range(2):
        opened = ChromaStore.open(folder, records)
        agrees(opened, records)
        opened.close()
    assert asked == ["rag.library.indexes.chroma:check"]


@pytest.mark.usefixtures("checked")
@pytest.mark.parametrize(
    ("ending", "reason"),
    [("os.kill(os.getpid(), 11)", "reading it failed"), ("sys.exit(1)", "reading it failed"), ("print('noise')", "no answer")],
)
def test_a_child_that_dies_is_an_answer(
    folder: Path, records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, reason: str
) -> None:
    from rag.library.indexes.integrity import problem_seen_by_child

    (tmp_path / "dying.py").write_text(f"import os, sys\ndef check(): {ending}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(
        "rag.library.indexes.chroma.problem_seen_by_child", lambda _, *rest: problem_seen_by_child("dying:check", *rest)
    )
    (folder / f"{FOLDER}.manifest.json").unlink()
    notices: list[str] = []
    opened = ChromaStore.open(folder, records, notices)
    agrees(opened, records)
    opened.close()
    assert reason in notices[0]


@pytest.mark.usefixtures("checked", "no_rebuild")
def test_a_copied_library_is_checked_and_kept(folder: Path, records: Records) -> None:
    for file in (folder / FOLDER).rglob("*"):
        os.utime(file)
    notices: list[str] = []
    opened = ChromaStore.open(folder, records, notices)
    agrees(opened, records)
    opened.close()
    assert notices == []


def test_an_interrupted_swap_is_taken_up(folder: Path, records: Records) -> None:
    shutil.copytree(folder / FOLDER, folder / f"{FOLDER}.new")
    (folder / FOLDER).rename(folder / f"{FOLDER}.old")
    opened = ChromaStore.open(folder, records)
    agrees(opened, records)
    opened.close()
    assert sorted(file.name for file in folder.iterdir() if file.name.startswith(FOLDER)) == [FOLDER, f"{FOLDER}.manifest.json"]


KILLED = """
import os, signal, sys
from pathlib import Path
import rag.library.indexes.collection
from rag.library.records import Records
from rag.library.indexes.chroma import ChromaStore
rag.library.indexes.collection.PAGE = 100
folder, at = Path(sys.argv[1]), int(sys.argv[2])
def progress(done, total, what):
    if done >= at: os.kill(os.getpid(), signal.SIGKILL)
ChromaStore.open(folder, Records.open(folder / "records.db"), progress=progress)
"""


@pytest.mark.usefixtures("checked")
@pytest.mark.parametrize("fresh", [True, False])
def test_killed_while_filling(folder: Path, records: Records, fresh: bool) -> None:
    if fresh:
        shutil.rmtree(folder / FOLDER)
    else:
        put(records, some_papers(150, first=2000))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), "200"], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    opened = ChromaStore.open(folder, records)
    agrees(opened, records)
    opened.close()
