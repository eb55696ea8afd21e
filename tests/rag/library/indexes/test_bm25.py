"""Search by words: inflections, spelling, the list that is searched while typing; in step with the records, whatever happens to the files."""

from __future__ import annotations

import random
import shutil
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import tantivy
from fakes import WordHashEncoder, some_papers
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.library.chunking import SentenceWindows
from rag.library.indexes.bm25 import FOLDER, TantivyWords, _prepared
from rag.library.ingest import store
from rag.library.records import Records
from rag.text.spelling import distance
from rag.types import Paper

PAPERS = [
    Paper(
        "arxiv:1",
        "Topology of neural representations",
        "Networks represent stimuli. Geometry matters.",
        ("Baihan Lin", "N. Kriegeskorte"),
    ),
    Paper("arxiv:2", "Volume rendering", "A network renders implicit surfaces with Poincaré maps.", ("Lior Yariv",)),
    Paper("arxiv:3", "Bandits in deep networks", "Regret of bandits. Networking is not meant: bandits are.", ("Ana Linden",)),
    Paper("arxiv:4", "Quiet title", "Nothing but 3D surfaces and surfaces.", ()),
]


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(tmp_path / "records.db") as opened:
        put(opened, PAPERS)
        yield opened


@pytest.fixture
def words(tmp_path: Path, records: Records) -> Iterator[TantivyWords]:
    opened = TantivyWords.open(tmp_path, records)
    yield opened
    opened.close()


def put(records: Records, papers: list[Paper]) -> None:
    store(records, papers, WordHashEncoder(), SentenceWindows())


def ids(found: list[tuple[str, float]]) -> list[str]:
    return [one for one, _ in found]


def test_inflections_are_one_word(words: TantivyWords) -> None:
    assert set(ids(words.best(["network"], 10))) == {"arxiv:1", "arxiv:2", "arxiv:3"}
    assert words.best(["NETWORKING"], 10) == words.best(["network"], 10)
    assert words.document_frequency("representation") == words.document_frequency("Represents") == 1
    assert words.document_frequency("surface") == 2
    assert words.document_frequency("xylophone") == 0
    assert words.document_frequency("") == 0
    assert words.document_count() == 4


def test_scores_are_those_of_bm25(words: TantivyWords) -> None:
    from math import log

    # Robertson and Zaragoza (2009), k1 = 1.2, b = 0.75: “bandits” is in one paper of four, there three times.
    lengths = [len(f"{paper.title} {paper.abstract}".replace(".", " ").replace(":", " ").split()) for paper in PAPERS]
    norm = 1.2 * (1 - 0.75 + 0.75 * lengths[2] / (sum(lengths) / 4))
    expected = log(1 + (4 - 1 + 0.5) / (1 + 0.5)) * 3 * 2.2 / (3 + norm)
    [(found, score)] = words.best(["bandit"], 1)
    assert found == "arxiv:3"
    assert score == pytest.approx(expected, rel=1e-3)


def test_any_of_the_words_is_enough_and_accents_do_not_matter(words: TantivyWords) -> None:
    assert ids(words.best(["bandits", "poincare"], 10)) == ["arxiv:3", "arxiv:2"]
    assert ids(words.best(["Poincaré"], 10)) == ["arxiv:2"]
    for accented in ("Pöincaré", unicodedata.normalize("NFD", "Pöincaré")):
        assert ids(words.best([accented], 10)) == ["arxiv:2"]
        assert ids(words.matching(accented, 10)) == ["arxiv:2"]
    assert words.best([], 10) == []
    assert words.best(["", "?!"], 10) == []
    assert words.best(["bandits"], 0) == []


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("topolgy", "topology"),
        ("topologiy", "topology"),
        ("regert", "regret"),
        ("netwrok", "network"),
        ("rpresentatoins", "representations"),
        ("rxpresxntxtions", None),
        ("Networks", None),
        ("represented", None),
        ("xyz", None),
        ("xylophone", None),
        ("two words", None),
        ("", None),
    ],
)
def test_the_nearest_spelling(words: TantivyWords, typed: str, nearest: str | None) -> None:
    assert words.near(typed) == nearest


def test_of_two_words_as_near_the_more_frequent_is_taken(tmp_path: Path) -> None:
    with Records.open(tmp_path / "records.db") as records:
        put(records, [Paper("a", "Cats", "One bats."), Paper("b", "Rats", "Of rats."), Paper("c", "Rats", "More rats.")])
        words = TantivyWords.open(tmp_path, records)
        assert words.near("zats") == "rats"


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_the_distance_is_that_of_the_definition(one: str, other: str) -> None:
    def defined(a: str, b: str) -> int:
        if not a or not b:
            return len(a) + len(b)
        best = min(defined(a[1:], b) + 1, defined(a, b[1:]) + 1, defined(a[1:], b[1:]) + (a[0] != b[0]))
        if len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0]:
            best = min(best, defined(a[2:], b[2:]) + 1)
        return best

    one, other = one[:5], other[:5]
    assert distance(one, other, 2) == min(defined(one, other), 3)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lin", ["arxiv:1", "arxiv:3"]),
        ("Lin ", ["arxiv:1"]),
        ("lin topol", ["arxiv:1"]),
        ("baihan  LIN, topology", ["arxiv:1"]),
        ("surf", ["arxiv:2", "arxiv:4"]),
        ("poincare", ["arxiv:2"]),
        ("bandit kriegeskorte", []),
        ('title:x AND "(', []),
        ("", []),
        (" -- ", []),
    ],
)
def test_searching_a_list_while_typing(words: TantivyWords, typed: str, found: list[str]) -> None:
    assert sorted(ids(words.matching(typed, 10))) == found


def test_the_title_counts_more_than_the_abstract(words: TantivyWords, records: Records) -> None:
    put(records, [Paper("arxiv:0", "Other things", "A quiet quiet abstract."), Paper("arxiv:5", "Quiet", "Loud.")])
    words.sync()
    assert ids(words.matching("quiet", 10))[-1] == "arxiv:0"
    assert ids(words.matching("qui", 10))[-1] == "arxiv:0"


@settings(max_examples=60)
@given(st.text(max_size=30))
def test_no_text_breaks_a_search(text: str) -> None:
    found = ANY.best([text], 3) + ANY.matching(text, 3)
    assert all(one.startswith("arxiv:") for one, _ in found)
    assert ANY.near(text) is None or isinstance(ANY.near(text), str)


@pytest.fixture(autouse=True, scope="module")
def _any(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    global ANY
    folder = tmp_path_factory.mktemp("any")
    with Records.open(folder / "records.db") as records:
        put(records, PAPERS)
        ANY = TantivyWords.open(folder, records)
        yield


ANY: TantivyWords


def test_ties_are_broken_by_id_wherever_the_cut_falls(tmp_path: Path) -> None:
    papers = [Paper(f"arxiv:{number:03d}", "Same", "Same words.") for number in range(40)]
    random.Random(4).shuffle(papers)
    with Records.open(tmp_path / "records.db") as records:
        put(records, papers)
        words = TantivyWords.open(tmp_path, records)
        for limit in (1, 7, 39, 40, 50):
            assert ids(words.best(["words"], limit)) == sorted(paper.id for paper in papers)[:limit]


# --- in step with the records


def agrees_with_a_new_one(words: TantivyWords, records: Records, folder: Path) -> None:
    fresh = TantivyWords.open_readonly(folder / "nowhere", records)
    assert words.state == records.state
    assert words.document_count() == fresh.document_count() == records.paper_count()
    for asked in (["network"], ["surfaces", "topology"], ["neural"]):
        assert words.best(asked, 50) == fresh.best(asked, 50)
    assert words.matching("o", 50) == fresh.matching("o", 50)


def test_every_kind_of_change_is_followed(tmp_path: Path, records: Records, words: TantivyWords) -> None:
    put(records, some_papers(20))
    words.sync()
    agrees_with_a_new_one(words, records, tmp_path)
    records.remove(["arxiv:1", some_papers(3)[2].id])
    words.sync()
    agrees_with_a_new_one(words, records, tmp_path)
    put(records, [replace(PAPERS[1], abstract="Topology now.")])
    words.sync()
    agrees_with_a_new_one(words, records, tmp_path)
    records.remove([PAPERS[1].id])
    put(records, [PAPERS[1]])
    words.sync()
    agrees_with_a_new_one(words, records, tmp_path)


def test_adding_alone_does_not_build_anew(records: Records, words: TantivyWords, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TantivyWords, "rebuild", None)
    put(records, some_papers(3))
    words.sync()
    assert words.document_count() == 7


def test_a_large_index_takes_removals_without_building_anew(
    tmp_path: Path, records: Records, words: TantivyWords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.library.indexes.bm25.REBUILD_BELOW", 0)
    with monkeypatch.context() as patched:
        patched.setattr(TantivyWords, "rebuild", None)
        records.remove(["arxiv:3"])
        put(records, [replace(PAPERS[0], title="Entirely different"), Paper("arxiv:9", "New", "Bandits.")])
        words.sync()
    assert words.document_count() == 4
    assert ids(words.best(["bandits"], 9)) == ["arxiv:9"]
    assert ids(words.best(["entirely"], 9)) == ["arxiv:1"]
    words.close()
    again = TantivyWords.open(tmp_path, records)
    assert ids(again.best(["bandits"], 9)) == ["arxiv:9"]


def test_reopening_reads_the_files_and_says_nothing(
    tmp_path: Path, records: Records, words: TantivyWords, monkeypatch: pytest.MonkeyPatch
) -> None:
    words.close()
    monkeypatch.setattr(TantivyWords, "rebuild", None)
    notices: list[str] = []
    again = TantivyWords.open(tmp_path, records, notices)
    assert ids(again.best(["bandits"], 9)) == ["arxiv:3"]
    assert notices == []


def test_a_backup_put_back_is_noticed(tmp_path: Path) -> None:
    with Records.open(tmp_path / "records.db") as records:
        put(records, PAPERS[:2])
    shutil.copy(tmp_path / "records.db", tmp_path / "backup.db")
    with Records.open(tmp_path / "records.db") as records:
        put(records, PAPERS[2:3])
        TantivyWords.open(tmp_path, records).close()
    shutil.copy(tmp_path / "backup.db", tmp_path / "records.db")
    with Records.open(tmp_path / "records.db") as records:
        put(records, PAPERS[3:])  # the same generation, the same number of papers, another content
        agrees_with_a_new_one(TantivyWords.open(tmp_path, records), records, tmp_path)


def damages(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if file.suffix != ".lock")


def test_whatever_file_is_damaged_the_index_is_built_anew(tmp_path: Path, records: Records, words: TantivyWords) -> None:
    words.close()
    folder = tmp_path / FOLDER
    for place in range(len(damages(folder))):
        for damage in (cut_short, overwrite, Path.unlink):
            damage(folder / damages(folder)[place])
            notices: list[str] = []
            again = TantivyWords.open(tmp_path, records, notices)
            agrees_with_a_new_one(again, records, tmp_path)
            assert len(notices) == 1
            assert "damaged or changed by another program; the old files are kept in" in notices[0]
            again.close()


def test_files_that_others_write_are_not_read_unasked(tmp_path: Path, words: TantivyWords) -> None:
    known = words.document_count()
    other = _prepared(tantivy.Index.open(str(tmp_path / FOLDER)))
    writer = other.writer(15_000_000, 1)
    writer.add_document(tantivy.Document(id="other", text="other"))
    writer.commit()
    writer.wait_merging_threads()
    time.sleep(1.2)  # Tantivy looks for changes twice a second, where it looks at all
    assert words._index.searcher().num_docs == known


def test_a_missing_folder_is_built_anew(tmp_path: Path, records: Records, words: TantivyWords) -> None:
    words.close()
    shutil.rmtree(tmp_path / FOLDER)
    notices: list[str] = []
    agrees_with_a_new_one(TantivyWords.open(tmp_path, records, notices), records, tmp_path)
    assert len(notices) == 1


def test_an_interrupted_swap_is_taken_up(tmp_path: Path, records: Records, words: TantivyWords) -> None:
    words.close()
    shutil.copytree(tmp_path / FOLDER, tmp_path / f"{FOLDER}.new")
    (tmp_path / FOLDER).rename(tmp_path / f"{FOLDER}.old")
    put(records, some_papers(2))
    agrees_with_a_new_one(TantivyWords.open(tmp_path, records), records, tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir() if file.name.startswith(FOLDER)) == [FOLDER, f"{FOLDER}.manifest.json"]


def test_a_reader_takes_the_files_if_they_fit_and_memory_if_not(tmp_path: Path, records: Records, words: TantivyWords) -> None:
    before = snapshot(tmp_path)
    beside = TantivyWords.open_readonly(tmp_path, records)
    assert ids(beside.best(["bandits"], 9)) == ["arxiv:3"]
    put(records, [Paper("arxiv:9", "New", "Bandits.")])
    beside = TantivyWords.open_readonly(tmp_path, records)
    assert set(ids(beside.best(["bandits"], 9))) == {"arxiv:3", "arxiv:9"}
    assert snapshot(tmp_path) == before


def snapshot(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (folder / FOLDER).iterdir() if file.suffix != ".lock"}


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def overwrite(file: Path) -> None:
    file.write_bytes(random.Random(2).randbytes(max(file.stat().st_size, 10)))
