"""What every catalogue of papers must do, in memory or in the database; and that look-ups do not grow with the collection."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import WORDS, WordHashEncoder, some_papers
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.assistant import LibraryAssistant
from rag.answering.quotes import QuoteWriter
from rag.errors import LibraryMismatch
from rag.library.catalogue import SqlCatalogue
from rag.library.chunking import SentenceWindows
from rag.library.ingest import store
from rag.library.library import Library
from rag.library.records import Records
from rag.library.vectors import unpacked
from rag.query.catalogue import VERSION, Catalogue, Limits, PaperList, entries
from rag.query.metadata_answers import answer_catalogue
from rag.query.metadata_questions import understand_catalogue
from rag.query.paper_names import by_authors, by_surname, named, named_in
from rag.retrieval.hybrid import HybridSearch
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.types import Paper

PAPERS = [
    Paper("title:1", "PaleScan: Reading Faded Maps", "Ink fades. We propose PaleScan.", ("Ada Ek", "Bo Lindqvist"), 2019, "MAPCON"),
    Paper("title:2", "A Humming Sensor for River Sand", "Rivers move sand.", ("Cy Young",), 2021, "Journal of Rivers", "https://x.org/2"),
    Paper("title:3", "Weighing Bees at Dusk.", "Bees are light. PaleScan is slow.", ("Ada Ek", "Di Ito"), 2021, "MAPCON 2021"),
    Paper("title:4", "Stiff Oil, Slow Clocks", "Clocks run slow.", (), None, None),
    Paper("title:5", "Éclairs", "Sweet.", ("Émile Ek", "Jan van Ek"), 2023, "Proceedings of the Meeting on Cakes"),
]  # fmt: skip
Made = Callable[[list[Paper]], Catalogue]


@pytest.fixture(params=["memory", "database", "postgres"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Made]:
    if request.param == "memory":
        yield PaperList
        return
    place = tmp_path / "records.db"
    opened = Records.open(place) if request.param == "database" else request.getfixturevalue("postgres").open(place)
    with opened as records:

        def in_database(papers: list[Paper]) -> Catalogue:
            store(records, papers, WordHashEncoder(), SentenceWindows())
            return SqlCatalogue(records)

        yield in_database


def test_papers_are_found_by_their_entries(made: Made) -> None:
    catalogue = made(PAPERS)
    assert catalogue.holders("family", "ek", 9) == [PAPERS[0], PAPERS[2], PAPERS[4]]
    assert catalogue.holders("family", "ek", 2) == [PAPERS[0], PAPERS[2]]
    assert catalogue.holders("first author", "young", 2) == [PAPERS[1]]
    assert catalogue.holders("name", "palescan", 2) == [PAPERS[0], PAPERS[2]]
    assert [catalogue.has("venue acronym", word) for word in ("mapcon", "rivers")] == [True, False]
    assert catalogue.has("given", "ek emile")
    assert not catalogue.has("given", "emile ek")
    assert catalogue.has("beside", "van jan")
    assert catalogue.venues("mapcon") == ["MAPCON", "MAPCON 2021"]
    assert catalogue.venues("map") == []


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (None, [0, 1, 2, 3, 4]),
        (Limits(), [0, 1, 2, 3, 4]),
        (Limits(years=(2021, 2021)), [1, 2]),
        (Limits(years=(2020, 9999)), [1, 2, 4]),
        (Limits(years=(1, 0)), []),
        (Limits(author="ek"), [0, 2, 4]),
        (Limits(author="jan"), [4]),
        (Limits(venue="mapcon"), [0, 2]),
        (Limits(venue="cakes", author="ek"), [4]),
        (Limits(years=(2019, 2020), venue="mapcon"), [0]),
        (Limits(lacking="year"), [3]),
        (Limits(lacking="authors"), [3]),
        (Limits(lacking="url"), [0, 2, 3, 4]),
        (Limits(author="nobody"), []),
    ],
)
def test_limits_select_and_count(made: Made, limits: Limits | None, expected: list[int]) -> None:
    catalogue = made(PAPERS)
    chosen = [PAPERS[number] for number in expected]
    years = [paper.year for paper in chosen if paper.year is not None]
    assert catalogue.select(limits, 9) == chosen
    assert catalogue.select(limits, 1) == chosen[:1]
    assert catalogue.count(limits) == len(chosen)
    assert catalogue.years(limits) == ((min(years), max(years)) if years else None)


@pytest.mark.parametrize(
    "question",
    [
        "papers by Ek", "papers by Ada Ek", "How many papers are there?", "newest papers", "papers at MAPCON from 2021", "Who proposed PaleScan?",
        "papers published in the Journal of Rivers", "papers in the proceedings of the meeting on cakes", "How does Young do it?",
        "How does Young et al. do it?", "papers without a link", "Weighing Bees at Dusk", "papers about sand by Cy Young",
    ],
)  # fmt: skip
def test_a_question_is_understood_alike_in_memory_and_in_the_database(made: Made, question: str) -> None:
    catalogue, plain = made(PAPERS), PaperList(PAPERS)
    assert by_authors(question, catalogue) == by_authors(question, plain)
    assert by_surname(question, catalogue) == by_surname(question, plain)
    asked = understand_catalogue(question, catalogue)
    assert asked == understand_catalogue(question, plain)
    assert {paper.id for paper in named_in(question, catalogue)} == {paper.id for paper in named(question, PAPERS)}
    if asked is not None:
        assert answer_catalogue(asked, catalogue, lambda text: []) == answer_catalogue(asked, plain, lambda text: [])


@given(
    st.lists(st.sampled_from(["palescan", "PaleScan", "Maps", "reading", "faded", "Bees", "at", "dusk", "weighing", "Ek", "?"]))
)
def test_names_are_those_that_a_look_at_all_papers_finds(parts: list[str]) -> None:
    text = " ".join(parts)
    assert {paper.id for paper in named_in(text, PaperList(PAPERS))} == {paper.id for paper in named(text, PAPERS)}


def test_the_version_changes_with_what_is_entered() -> None:
    """Where this fails because entries are made otherwise now, change `VERSION` as well: libraries then renew theirs."""
    paper = replace(PAPERS[0], abstract="Ink fades. NATS-Bench is hard.", keys=("Ek2019",))
    assert VERSION == 3
    assert entries(paper) == {
        ("name", "palescan"), ("name", "palescan reading faded maps"), ("name", "nats bench"), ("citation key", "ek2019"),
        ("title word", "palescan"), ("title word", "reading"), ("title word", "faded"), ("title word", "maps"),
        ("first author", "ek"), ("family", "ek"), ("person", "ek"), ("person", "ada"), ("given", "ek ada"), ("beside", "ada ek"),
        ("family", "lindqvist"), ("person", "lindqvist"), ("person", "bo"), ("given", "lindqvist bo"), ("beside", "bo lindqvist"),
        ("venue", "mapcon"), ("venue word", "mapcon\tMAPCON"), ("venue acronym", "mapcon"),
    }  # fmt: skip


# --- the table follows the records


def rows(records: Records) -> list[tuple[int, str, int]]:
    return records.rows("SELECT kind, key, place FROM catalogue ORDER BY kind, key, place")


def test_the_table_is_always_what_a_new_one_would_be(tmp_path: Path) -> None:
    with Library.open(tmp_path, WordHashEncoder(), SentenceWindows()) as library:
        library.add([*PAPERS, *some_papers(5)])
        library.add([replace(PAPERS[0], title="Another Title: Of Maps", authors=("New Name",), venue="ICLR 2024"), PAPERS[1]])
        removed = library.take_out([PAPERS[2].id, some_papers(2)[1].id])
        library.add(some_papers(2, first=30))
        library.put_back(removed)
        kept = rows(library.records)
        assert len(kept) == sum(len(entries(paper)) for paper in library.papers())
        library.records.set_meta("catalogue", "0")
        library.records.fill_catalogue()
        assert rows(library.records) == kept
        library.reindex()
        assert [row[:2] for row in rows(library.records)] == [row[:2] for row in kept]
        library.remove([paper.id for paper in library.papers()])
        assert rows(library.records) == []


def test_a_count_from_before_a_change_is_not_kept_after_it(tmp_path: Path) -> None:
    wanted, other = Limits(years=(2019, 2021)), Limits(author="ek")
    with Records.open(tmp_path / "records.db") as records:
        store(records, PAPERS[:1], WordHashEncoder(), SentenceWindows())
        catalogue, rows = SqlCatalogue(records), records.rows

        def changing(query: str, values: Sequence[object] = ()) -> list[Any]:
            """Another thread adds papers, and counts them, just after this one has counted."""
            found = rows(query, values)
            records.rows = rows  # type: ignore[method-assign]
            store(records, PAPERS[1:], WordHashEncoder(), SentenceWindows())
            assert catalogue.count(other) == 3
            return found

        records.rows = changing  # type: ignore[method-assign]
        assert catalogue.count(wanted) == 1
        assert catalogue.count(wanted) == 3


def test_a_paper_is_found_by_its_citation_key(tmp_path: Path) -> None:
    keyed = replace(PAPERS[1], keys=("Young2021sand",))
    with Library.open(tmp_path, WordHashEncoder(), SentenceWindows()) as library:
        library.add([PAPERS[0], keyed])
        assert library.paper("young2021SAND") == keyed
        assert library.records.keyed("young2021") == []


def test_a_library_of_an_earlier_layout_is_upgraded_with_a_copy_beside_it(tmp_path: Path) -> None:
    with Library.open(tmp_path, WordHashEncoder(), SentenceWindows()) as library:
        library.add(PAPERS)
        expected = rows(library.records)
    (tmp_path / "records.db.manifest.json").unlink()
    with closing(sqlite3.connect(tmp_path / "records.db")) as file, file:
        file.create_function("as_floats", 1, lambda row: unpacked([row]).tobytes())
        file.execute("UPDATE passages SET vector = as_floats(vector)")
        file.executescript("DROP TABLE catalogue; DELETE FROM meta WHERE key = 'catalogue'; PRAGMA user_version = 2;")
    with Library.open(tmp_path, WordHashEncoder(), SentenceWindows(), readonly=True) as reader:
        assert reader.catalogue().holders("family", "young", 2) == [PAPERS[1]]
        before = reader.meaning.nearest(WordHashEncoder().encode(["sand"])[0], 3)
    with Library.open(tmp_path, WordHashEncoder(), SentenceWindows()) as library:
        assert rows(library.records) == expected
        assert library.papers() == PAPERS
        assert library.meaning.nearest(WordHashEncoder().encode(["sand"])[0], 3) == before
        assert library.notices == []
    with closing(sqlite3.connect(tmp_path / "records.db.layout-2")) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (2,)
        assert file.execute("SELECT count(*) FROM papers").fetchone() == (5,)
    with closing(sqlite3.connect(tmp_path / "records.db")) as file, file:
        file.execute("PRAGMA user_version = 5")
    with pytest.raises(LibraryMismatch, match="layout 5, this one reads 4"):
        Library.open(tmp_path, WordHashEncoder(), SentenceWindows())


# --- work a question


QUESTIONS = [
    "How does method number 17 handle sparse kernel inference?",
    "What does Surname17 propose?",
    "papers by Surname17",
    "How many papers are there?",
    "newest papers",
    "Which papers deal with graph transport at Venue3?",
    "papers from 2003",
    "papers about spectral memory since 2002",
    "Who proposed Nimble17Net?",
    "Summarize Nimble17Net",
    "Compare Nimble17Net with Nimble18Net",
    "What is this collection about?",
]


def many_papers(count: int) -> list[Paper]:
    """Names, authors and titles of their own; years and venues that many share."""
    found = []
    for number in range(count):
        pick = random.Random(number)
        sentences = [" ".join(pick.choices(WORDS, k=7)).capitalize() + "." for _ in range(4)]
        name, authors = f"Nimble{number}Net", (f"Ada Surname{number}", f"Bo Other{number % 97}")
        title = f"{name}: On {pick.choice(WORDS)} {pick.choice(WORDS)}"
        abstract = f"We propose {name}. {' '.join(sentences)}"
        found.append(Paper(f"arxiv:2401.{number:05d}", title, abstract, authors, 2000 + number % 5, f"Venue{number % 7}"))
    return found


def work(tmp_path: Path, count: int) -> dict[str, tuple[int, int]]:
    """By question, search by meaning included: hundreds of steps of SQLite's machine, and rows fetched."""
    encoder = WordHashEncoder(384)
    with Library.open(tmp_path / str(count), encoder, SentenceWindows()) as library:
        library.add(many_papers(count))
        search = HybridSearch(library)
        assistant = LibraryAssistant(search, QuoteWriter(SentenceRanker(encoder), search.search, search.holds), library.catalogue)
        assistant.ask("a first question")
        assert library._cache._papers is None, "no question reads all papers"
        connection, taken = library.records._connection, {}
        for question in QUESTIONS:
            assistant.ask(question)  # what is counted (papers of a year) is counted once after a change
            steps = fetched = 0

            def stepped() -> int:
                nonlocal steps
                steps += 1
                return 0

            def row(cursor: sqlite3.Cursor, values: tuple[object, ...]) -> tuple[object, ...]:
                nonlocal fetched
                fetched += 1
                return values

            connection.set_progress_handler(stepped, 100)
            connection.row_factory = row
            assistant.ask(question)
            connection.set_progress_handler(None, 100)
            connection.row_factory = None
            taken[question] = steps, fetched
        assert library._cache._papers is None, "no question reads all papers"
    return taken


@pytest.mark.slow
def test_a_question_reads_as_much_of_ten_thousand_papers_as_of_a_thousand(tmp_path: Path) -> None:
    compared(work(tmp_path, 1000), work(tmp_path, 10_000))


def test_a_question_reads_as_much_of_twelve_hundred_papers_as_of_four_hundred(tmp_path: Path) -> None:
    compared(work(tmp_path, 400), work(tmp_path, 1200))


def compared(small: dict[str, tuple[int, int]], large: dict[str, tuple[int, int]]) -> None:
    for question, (steps, fetched) in small.items():
        assert large[question][1] <= 2 * fetched + 20, (question, small[question], large[question])
        assert large[question][0] <= 2 * steps + 20, (question, small[question], large[question])
