"""A whole library: what is added can be found, records and indexes stay in step, and no crash, damage or rival does harm."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rag.errors import LibraryBusy, LibraryDamaged, LibraryMismatch, PaperNotFound, StorageFailed
from rag.library.chunking import SentenceWindows
from rag.library.indexes.bm25 import TantivyWords
from rag.library.indexes.brute_force import ExactScan
from rag.library.indexes.chroma import ChromaStore
from rag.library.indexes.owners_vectors import OwnersVectors
from rag.library.indexes.stores import EMBEDDED
from rag.library.ingest import Throttle
from rag.library.library import Library
from rag.library.records import Records
from rag.types import Added, Paper, Refused

QUESTIONS = WordHashEncoder().encode(["sparse kernel inference", "graph transport policy", "On topology number 3"])


CHROMA = replace(EMBEDDED, vectors=ChromaStore.open)
"""Chroma is searched even where the library is small."""


def opened(folder: Path, readonly: bool = False) -> Library:
    return Library.open(folder, WordHashEncoder(), SentenceWindows(), readonly, stores=CHROMA)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as library:
        yield library


def in_step(library: Library, papers: list[Paper] | None = None) -> None:
    """Records, Chroma and Tantivy hold the same, and search by meaning finds what exact arithmetic finds."""
    records = library.records
    if papers is not None:
        assert library.papers() == papers
    meaning, words = library.meaning, library.words
    assert isinstance(meaning, ChromaStore)
    assert sorted(one for ids in meaning._open_index.id_pages() for one in ids) == records.passage_ids()
    everything = words._top(__import__("tantivy").Query.all_query(), 10_000)
    assert [one for one, _ in everything] == sorted(paper.id for paper in records.papers())
    for question in QUESTIONS:
        assert order(meaning.nearest(question, 8)) == order(ExactScan(records).nearest(question, 8))
    for paper in library.papers():
        assert records.passages_of([paper.id])[paper.id][-1].span.end == len(paper.abstract)


def order(found: list[tuple[str, float]]) -> list[str]:
    return [one for one, _ in found]


# --- adding, finding, removing


def test_what_is_added_is_found(library: Library) -> None:
    papers = some_papers(20)
    assert library.add(iter(papers)) == Added(added=tuple(paper.id for paper in papers))
    in_step(library, papers)
    paper = papers[11]
    vector = library.encoder.encode([f"{paper.title}. {paper.abstract}"])[0]
    assert library.meaning.nearest(vector, 1)[0][0].startswith(paper.id)
    assert library.words.best(["number", "11"], 1)[0][0] == paper.id


def test_outcomes_are_told_apart(library: Library) -> None:
    papers = some_papers(4)
    library.add(papers[:2])
    changed = replace(papers[0], year=1950)
    refused = Refused("file.jsonl:3", "It is no JSON.")
    found = library.add([changed, papers[1], refused, papers[2], replace(papers[3], title="")])
    assert (found.added, found.updated, found.unchanged) == ((papers[2].id,), (papers[0].id,), (papers[1].id,))
    assert [one.reason.split()[-1] for one in found.refused] == ["JSON.", "title."]
    in_step(library, [changed, papers[1], papers[2]])


def test_a_paper_without_abstract_is_kept_and_found_by_its_title(library: Library) -> None:
    bare = replace(some_papers(1)[0], abstract="")
    found = library.add([bare, *some_papers(3, first=1)])
    assert found.title_only == (bare.id,)
    in_step(library, [bare, *some_papers(3, first=1)])
    assert library.meaning.nearest(library.encoder.encode([bare.title])[0], 1)[0][0].startswith(bare.id)
    assert library.add([bare]).unchanged == (bare.id,)


def test_one_id_twice_in_one_call_is_taken_as_it_comes(library: Library) -> None:
    first, other = some_papers(2)
    second = replace(first, abstract="Wholly another text. Of two sentences.")
    found = library.add([first, other, second, second])
    assert found == Added(added=(first.id, other.id), updated=(first.id,), unchanged=(first.id,))
    in_step(library, [second, other])


def test_text_that_cannot_be_stored_is_refused(library: Library) -> None:
    broken = replace(some_papers(1)[0], abstract="Half a \ud83d character.")
    found = library.add([broken, *some_papers(2, first=1)])
    assert [("UTF-8" in one.reason) for one in found.refused] == [True]
    in_step(library, some_papers(2, first=1))


def test_unchanged_papers_are_not_encoded_again(library: Library) -> None:
    library.add(some_papers(5))
    assert isinstance(library.encoder, WordHashEncoder)
    encoded, generation = library.encoder.encoded, library.records.generation
    assert library.add(some_papers(5)).unchanged == tuple(paper.id for paper in some_papers(5))
    assert (library.encoder.encoded, library.records.generation) == (encoded, generation)


def test_batches_are_encoded_at_once_and_progress_is_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.library.ingest.BATCH", 4)
    calls: list[tuple[int, int, str]] = []
    library.add(some_papers(10), lambda *told: calls.append(told))
    assert [told[:2] for told in calls if told[2] == "adding papers"] == [(4, 10), (8, 10), (10, 10)]
    assert {told[2] for told in calls} == {"adding papers", "indexing words", "indexing passages"}
    assert all(0 < done <= total for done, total, _ in calls)


def test_an_error_half_way_keeps_what_was_stored(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.library.ingest.BATCH", 4)

    def breaking() -> Iterator[Paper]:
        yield from some_papers(6)
        raise KeyError("the source broke")

    with pytest.raises(KeyError):
        library.add(breaking())
    in_step(library, some_papers(4))


def test_removing(library: Library) -> None:
    papers = some_papers(6)
    library.add(papers)
    assert library.remove([papers[4].id, papers[1].id]) == (papers[4], papers[1])
    in_step(library, [papers[0], papers[2], papers[3], papers[5]])


def test_removing_an_unknown_paper_removes_nothing(library: Library) -> None:
    papers = some_papers(3)
    library.add(papers)
    with pytest.raises(PaperNotFound):
        library.remove([papers[0].id, "arxiv:9999.99999"])
    in_step(library, papers)


def test_a_paper_by_what_people_call_it(library: Library) -> None:
    papers = [
        Paper("arxiv:2309.11028", "The Topology of Things", "It is about topology."),
        Paper("arxiv:2309.11111", "On Graphs", "It is about graphs."),
        Paper("doi:10.1000/xyz", "Plain Words", "It is about words."),
        Paper("title:abcdef0123456789", "Éclair: a Network", "It is about éclairs."),
    ]
    library.add(papers)
    for name, paper in {
        "arxiv:2309.11028": 0,
        "2309.11028": 0,
        "2309.11028v2": 0,
        "https://arxiv.org/abs/2309.11111": 1,
        "arxiv:2309.111": 1,
        "2309.110": 0,
        "10.1000/XYZ": 2,
        "doi:10": 2,
        "title:abc": 3,
        "the topology of things": 0,
        " On Graphs ": 1,
        "éclair a network": 3,
    }.items():
        assert library.paper(name) == papers[paper], name


def test_a_paper_that_is_not_there_or_not_clear(library: Library) -> None:
    library.add([Paper("arxiv:2309.11028", "The Topology of Things", "Text."), Paper("arxiv:2309.11111", "On Graphs", "Text.")])
    with pytest.raises(PaperNotFound, match=r"“On Graphs” \(arxiv:2309\.11111\).*full id"):
        library.paper("arxiv:2309")
    with pytest.raises(PaperNotFound, match="The nearest: “The Topology of Things”"):
        library.paper("Topology of Stuff")
    for name in ("xylophone", "", "arxiv:1234.56789"):
        with pytest.raises(PaperNotFound, match="paperchat papers"):
            library.paper(name)
    with pytest.raises(PaperNotFound, match="no paper"):
        library.paper("half a \ud800 pair")


def test_a_paper_is_found_by_the_name_before_its_titles_colon(library: Library) -> None:
    papers = [Paper("title:a", "MgNO: Multigrid for Operators", "A."), Paper("title:b", "Beyond MgNO", "B.")]
    library.add([*papers, Paper("title:c", "Maps: one", "C."), Paper("title:d", "Maps: two", "D.")])
    assert library.paper("mgno") == papers[0]
    for name in ("Maps", "Multigrid", ":"):
        with pytest.raises(PaperNotFound):
            library.paper(name)


def test_info_says_what_there_is(library: Library) -> None:
    library.add(some_papers(3))
    info = library.info()
    assert (info["papers"], info["passages"]) == (3, 6)
    assert (info["encoder"], info["dimensions"], info["chunker"]) == ("word-hash-64", 64, SentenceWindows().name)
    assert isinstance(info["bytes"], int)
    assert info["bytes"] > 10_000


def test_listing_papers_loads_no_index(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        library.add(some_papers(2))
    code = (
        "import sys; from pathlib import Path; from fakes import WordHashEncoder; from rag.library.chunking import SentenceWindows\n"
        "from rag.library.library import Library\n"
        "assert 'numpy' not in sys.modules or 'fakes' in sys.modules\n"
        f"library = Library.open(Path({str(tmp_path)!r}), WordHashEncoder(), SentenceWindows())\n"
        "print(len(library.papers()), library.paper('2401.00001').id, [one for one in ('chromadb', 'tantivy') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=child_environment(), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "2 arxiv:2401.00001 []"


# --- any sequence of steps


class Steps(RuleBasedStateMachine):
    """Adds, updates, removes, re-indexes and reopens in any order, beside a plain dictionary of what should be there."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="paperchat-"))
        self.library = opened(self.folder)
        self.papers: dict[str, Paper] = {}

    @rule(numbers=st.lists(st.integers(0, 30), max_size=12), version=st.integers(0, 2))
    def add(self, numbers: list[int], version: int) -> None:
        papers = [
            replace(one, abstract=f"{one.abstract} Version {version}.") for number in numbers for one in some_papers(1, number)
        ]
        found = self.library.add(papers)
        assert len(found.added) + len(found.updated) + len(found.unchanged) == len(papers)
        assert set(found.added) == {paper.id for paper in papers} - set(self.papers)
        self.papers |= {paper.id: paper for paper in papers}

    @rule(choice=st.randoms(use_true_random=False))
    def remove(self, choice: random.Random) -> None:
        ids = choice.sample(sorted(self.papers), min(len(self.papers), 4))
        assert [paper.id for paper in self.library.remove(ids)] == ids
        for one in ids:
            del self.papers[one]

    @rule()
    def reopen(self) -> None:
        self.library.close()
        self.library = opened(self.folder)

    @rule()
    def reindex(self) -> None:
        self.library.reindex()

    @invariant()
    def all_in_step(self) -> None:
        in_step(self.library, list(self.papers.values()))
        assert self.library.notices == []

    def teardown(self) -> None:
        self.library.close()
        shutil.rmtree(self.folder)


TestSteps = Steps.TestCase
TestSteps.settings = settings(max_examples=5, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck))


# --- encoder and chunker


def test_another_encoder_or_chunker_is_a_mismatch(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        library.add(some_papers(3))
    with pytest.raises(LibraryMismatch, match=r"word-hash-64 .*word-hash-32 .*paperchat reindex"):
        Library.open(tmp_path, WordHashEncoder(32), SentenceWindows())
    with pytest.raises(LibraryMismatch, match="whole"):
        Library.open(tmp_path, WordHashEncoder(), SentenceWindows(0, 0))
    opened(tmp_path).close()  # and the lock was given back


def test_an_empty_library_takes_any_encoder(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        library.add([])
    with Library.open(tmp_path, WordHashEncoder(32), SentenceWindows()) as library:
        library.add(some_papers(1))
    with pytest.raises(LibraryMismatch):
        opened(tmp_path)


def test_reindexing_is_the_way_out_of_a_mismatch(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        library.add(some_papers(5))
    with Library.open(tmp_path, WordHashEncoder(32), SentenceWindows(0, 0), allow_mismatch=True) as library:
        with pytest.raises(LibraryMismatch):
            library.add(some_papers(1, first=9))
        with pytest.raises(LibraryMismatch):
            _ = library.meaning
        library.reindex()
        assert library.papers() == some_papers(5)
        assert library.records.passage_count() == library.meaning.count() == 5
        vector = library.encoder.encode(["topology"])[0]
        assert order(library.meaning.nearest(vector, 5)) == order(ExactScan(library.records).nearest(vector, 5))
        library.add(some_papers(1, first=9))
    with pytest.raises(LibraryMismatch):
        opened(tmp_path)
    Library.open(tmp_path, WordHashEncoder(32), SentenceWindows(0, 0)).close()


def test_reindexing_makes_the_index_anew_without_calling_the_old_one_damaged(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        library.add(some_papers(5))
    with opened(tmp_path) as library:  # a process that has not opened Chroma's index before
        library.reindex()
        assert library.notices == []
    with opened(tmp_path) as library:
        assert library.meaning.count() == library.records.passage_count()
        assert library.notices == []
    assert not list(tmp_path.glob("*.damaged-*"))


def test_reindexing_that_fails_leaves_the_old_library(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.add(some_papers(5))
    before = library.records.state

    def encode(texts: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(library.encoder, "encode", encode)
        with pytest.raises(MemoryError):
            library.reindex()
    assert library.records.state == before
    assert not list(library.folder.glob("records.new*"))
    in_step(library, some_papers(5))


# --- two at once


def test_a_second_opening_reads_beside_the_first(library: Library) -> None:
    library.add(some_papers(10))
    with opened(library.folder) as second:
        assert second.readonly
        assert f"process {os.getpid()}" in second.notices[0]
        assert isinstance(second.meaning, OwnersVectors)
        assert order(second.meaning.nearest(QUESTIONS[0], 5)) == order(library.meaning.nearest(QUESTIONS[0], 5))
        assert second.words.best(["topology"], 5) == library.words.best(["topology"], 5)
        for step in (lambda: second.add(some_papers(1)), lambda: second.remove([some_papers(1)[0].id]), second.reindex):
            with pytest.raises(LibraryBusy, match="close that process first"):
                step()
        library.add(some_papers(5, first=10))
        assert len(second.papers()) == 15
        assert second.words.document_count() == 15
        assert second.meaning.nearest(QUESTIONS[1], 5) == ExactScan(library.records).nearest(QUESTIONS[1], 5)
        library.reindex()
        assert second.papers() == some_papers(15)
    in_step(library, some_papers(15))


def test_a_library_opened_for_reading_leaves_the_owner_alone(library: Library) -> None:
    library.add(some_papers(3))
    with opened(library.folder, readonly=True) as reader:
        assert reader.notices == []
        with pytest.raises(LibraryBusy, match="read-only"):
            reader.add(some_papers(1))
    library.add(some_papers(1, first=3))
    in_step(library, some_papers(4))


def test_a_library_on_a_place_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path / "library") as library:
        library.add(some_papers(3))
    # Root may write anywhere: the lock's own refusal stands for that of the folder.
    (tmp_path / "library" / "lock").unlink()
    (tmp_path / "library" / "lock").mkdir()
    with opened(tmp_path / "library") as library:
        assert library.readonly
        assert "cannot be locked" in library.notices[0]
        assert library.papers() == some_papers(3)
        assert library.words.document_count() == 3
        with pytest.raises(StorageFailed, match="check the permissions"):
            library.add(some_papers(1))
    (tmp_path / "file").touch()
    for readonly in (False, True):
        with pytest.raises(StorageFailed):
            opened(tmp_path / "file" / "library", readonly=readonly)
    with pytest.raises(StorageFailed):
        opened(Path("/proc/paperchat"))


def test_threads_may_search_while_one_adds(library: Library) -> None:
    library.add(some_papers(20))
    trouble: list[BaseException] = []
    stop = threading.Event()

    def search() -> None:
        try:
            while not stop.is_set():
                assert len(library.meaning.nearest(QUESTIONS[0], 5)) == 5
                assert library.words.best(["number"], 5)
                assert library.records.passages(library.records.passage_ids())
        except BaseException as error:  # noqa: BLE001 - told below, in the thread of the test
            trouble.append(error)

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    for first in range(20, 50, 10):
        library.add(some_papers(10, first=first))
    stop.set()
    for thread in threads:
        thread.join()
    assert trouble == []
    in_step(library, some_papers(50))


# --- crashes

KILLED = """
import os, random, signal, sys, threading, time
from pathlib import Path
import rag.library.ingest, rag.library.reindex, rag.library.indexes.collection
from fakes import WordHashEncoder, some_papers
from rag.library.chunking import SentenceWindows
from rag.library.library import Library
rag.library.ingest.BATCH, rag.library.reindex.BATCH, rag.library.indexes.collection.PAGE = 10, 10, 20
folder, moment, step = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
def progress(done, total, what):
    if f"{what} {done}" == moment: die()
class Encoder(WordHashEncoder):
    def encode(self, texts):
        found = super().encode(texts)
        if moment == "encoding" and self.encoded > 60: die()
        return found
library = Library.open(folder, Encoder(), SentenceWindows())
library.meaning, library.words
if moment.endswith("ms"):
    threading.Timer(int(moment[:-2]) / 1000, die).start()
if moment == "swap":
    Path.replace = die
if step == "add":
    library.add(some_papers(60, first=5), progress)
    library.remove([paper.id for paper in some_papers(30, first=5)])
else:
    library.reindex(progress)
time.sleep(3)
"""


def child_environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*filter(None, sys.path), str(Path(__file__).parents[2] / "support")])}


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pattern") / "library"
    with opened(folder) as library:
        library.add(some_papers(25))
    return folder


@pytest.mark.parametrize(
    ("moment", "step", "papers"),
    [
        ("adding papers 30", "add", 35),
        ("encoding", "add", 0),
        ("indexing passages 40", "add", 65),
        ("20ms", "add", 0),
        ("encoding papers 20", "reindex", 25),
        ("indexing passages 40", "reindex", 25),
        ("swap", "reindex", 25),
    ],
)
def test_killed_at_any_moment_opens_cleanly(pattern: Path, tmp_path: Path, moment: str, step: str, papers: int) -> None:
    folder = tmp_path / "library"
    shutil.copytree(pattern, folder)
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), moment, step], env=child_environment(), check=False)
    assert done.returncode == -signal.SIGKILL
    with opened(folder) as library:
        assert not library.readonly
        kept = library.papers()
        assert kept[:25] == some_papers(25) or "ms" in moment
        assert len(kept) == papers or papers == 0
        assert {paper.id for paper in kept} <= {paper.id for paper in some_papers(65)}
        in_step(library)
        library.add(some_papers(65))
        assert sorted(paper.id for paper in library.papers()) == [paper.id for paper in some_papers(65)]
        in_step(library)
    with opened(folder) as library:
        in_step(library)
        assert library.notices == []
    assert not list(folder.glob("*.new*")) + list(folder.glob("*.old*"))


def test_everything_but_the_records_may_go(pattern: Path, tmp_path: Path) -> None:
    folder = tmp_path / "library"
    shutil.copytree(pattern, folder)
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != "records.db":
            entry.unlink()
    with opened(folder) as library:
        in_step(library, some_papers(25))


def test_damaged_records_are_told_and_nothing_is_deleted(pattern: Path, tmp_path: Path) -> None:
    folder = tmp_path / "library"
    shutil.copytree(pattern, folder)
    (folder / "records.db").write_bytes(b"\x13" * 20_000)
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    for readonly in (False, True):
        with pytest.raises(LibraryDamaged, match=r"records\.db"):
            opened(folder, readonly=readonly)
    after = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert {file: after[file] for file in before} == before


FULL = """
import resource, signal, sys
from pathlib import Path
from fakes import WordHashEncoder, some_papers
from rag.library.chunking import SentenceWindows
from rag.errors import StorageFailed
from rag.library.library import Library
library = Library.open(Path(sys.argv[1]), WordHashEncoder(), SentenceWindows())
library.meaning, library.words
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    library.add(some_papers(400, first=25))
except StorageFailed as error:
    print(error)
"""


@pytest.mark.parametrize("allowed", [200_000, 700_000])
def test_a_full_disk_is_told_and_nothing_is_lost(pattern: Path, tmp_path: Path, allowed: int) -> None:
    folder = tmp_path / "library"
    shutil.copytree(pattern, folder)
    command = [sys.executable, "-c", FULL, str(folder), str(allowed)]
    done = subprocess.run(command, env=child_environment(), capture_output=True, text=True, check=False)
    assert "free space" in done.stdout or "disk" in done.stdout, done.stdout + done.stderr
    with opened(folder) as library:
        assert library.papers()[:25] == some_papers(25)
        in_step(library)
        library.add(some_papers(60))
        in_step(library)
    assert np.all([len(ids) for ids, _ in Records.open(folder / "records.db", readonly=True).vectors()])


def test_words_of_a_reader_are_made_in_memory_when_the_files_are_gone(library: Library) -> None:
    library.add(some_papers(4))
    library.words.close()
    shutil.rmtree(library.folder / "tantivy")
    with opened(library.folder, readonly=True) as reader:
        assert isinstance(reader.words, TantivyWords)
        assert reader.words.document_count() == 4
    assert not (library.folder / "tantivy").exists()


# --- adding and asking at once


class Slow(WordHashEncoder):
    """Does something before each call."""

    def __init__(self, first: Callable[[], None]) -> None:
        super().__init__()
        self.first = first

    def encode(self, texts):  # type: ignore[no-untyped-def]
        self.first()
        return super().encode(texts)


def test_while_papers_are_added_others_search_and_find_those_that_are_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.library.ingest.LEAST_PAUSE", 0.0)
    papers, found = some_papers(96), []

    def search() -> None:
        with ThreadPoolExecutor(1) as other:
            best = other.submit(
                lambda: [library.words.best(["number"], 200), library.meaning.nearest(QUESTION, 1), library.papers()]
            )
            found.append(len(best.result(timeout=20)[0]))

    encoder = Slow(search)
    with Library.open(tmp_path, encoder, SentenceWindows()) as library:
        library.add(papers)
    assert found[0] == 0
    assert found[-1] >= 32


QUESTION = WordHashEncoder().encode(["number"])[0]


def test_what_takes_long_is_done_rarely() -> None:
    now, steps = [0.0], []

    def step() -> None:
        steps.append(now[0])
        now[0] += 1.0

    throttle = Throttle(step, lambda: now[0])
    while now[0] < 100:
        throttle()
        now[0] += 0.5
    assert 4 <= len(steps) <= 6
