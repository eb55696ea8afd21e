"""What a record is to a library: the same, a further version, or another paper that must not overwrite one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import WordHashEncoder, some_papers

from rag.identity import paper_id
from rag.library.chunking import SentenceWindows
from rag.library.library import Library
from rag.library.records import Records
from rag.types import Paper, Part, Span

GULLS = (
    "Coastal gulls steal food from visitors in harbours. We filmed 214 thefts in four towns over two summers. "
    "Gulls attacked people who looked away 3.2 times as often. Watching the birds is the cheapest protection."
)
MOSS = (
    "Slate roofs in mountain villages lose heat at night. We measured 61 roofs with infrared cameras during one winter. "
    "Roofs with a moss layer lost 18 percent less heat than bare ones. Moss should not be removed in autumn."
)
PREPRINT = Paper("arxiv:2101.01234", "Watched gulls steal less", GULLS, ("Eva Muster",), 2021, keys=("muster21",))
JOURNAL = Paper("doi:10.5555/bj.7", "Watched Gulls Steal Less", GULLS, ("Eva Muster",), 2022, "Bird Journal", keys=("m",))
REPORT = Paper(paper_id("Harbour bird report"), "Harbour bird report", GULLS, ("Eva Muster",), 2019)
OTHER_REPORT = replace(REPORT, abstract=MOSS, authors=("Jo Beispiel",), year=2020)
CHAPTER = Paper("doi:10.1007/978-3", "Watched gulls steal less", GULLS, ("Eva Muster",), 2021)
OTHER_CHAPTER = Paper("doi:10.1007/978-3", "Moss keeps roofs warm", MOSS, ("Jo Beispiel",), 2021)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", WordHashEncoder(), SentenceWindows()) as library:
        yield library


@pytest.mark.parametrize("pair", [(PREPRINT, JOURNAL), (JOURNAL, PREPRINT)])
def test_a_preprint_and_its_journal_version_are_one_paper_with_both_records(library: Library, pair: tuple[Paper, Paper]) -> None:
    first, second = pair
    library.add([first])
    assert library.add([second]).merged == (first.id,)
    (paper,) = library.papers()
    assert (paper.id, paper.links, paper.venue, paper.year) == (first.id, (second.id,), "Bird Journal", 2022)
    assert set(paper.keys) == {"muster21", "m"}
    assert library.records.versions(paper.id) == pair
    assert library.paper(second.id) == paper
    assert library.add(pair).unchanged == (first.id, first.id)


@pytest.mark.parametrize(
    "pair",
    [
        (REPORT, OTHER_REPORT),
        (replace(REPORT, title="Editorial", abstract=""), replace(REPORT, title="Editorial", abstract="", year=2020)),
        (replace(REPORT, id="doi:10.5555/r.2019"), replace(OTHER_REPORT, id="doi:10.5555/r.2020")),
        (replace(REPORT, id="doi:10.5555/r.2019"), replace(REPORT, id="doi:10.5555/r.2020")),
        (CHAPTER, OTHER_CHAPTER),
        (replace(REPORT, year=2015), replace(REPORT, year=2019, abstract=MOSS)),
        (replace(PREPRINT, id="arxiv:2101.00001"), replace(PREPRINT, id="arxiv:2101.00002")),
    ],
    ids=[
        "no ids",
        "a title that many have",
        "other DOIs",
        "other DOIs, one author",
        "shared DOI",
        "years apart",
        "two arXiv ids",
    ],
)
def test_two_papers_stay_two_whatever_they_share(library: Library, pair: tuple[Paper, Paper]) -> None:
    library.add([pair[0]])
    found = library.add([pair[1]])
    assert len(found.added) == 1
    assert [paper.abstract for paper in library.papers()] == [paper.abstract for paper in pair]
    again = library.add(pair)
    assert (len(again.unchanged), len(library.papers())) == (2, 2)


def test_a_shared_doi_is_told(library: Library) -> None:
    (note,) = library.add([CHAPTER, OTHER_CHAPTER]).notes
    assert note.kind == "kept_apart"
    assert "10.1007/978-3" in note.reason
    assert library.add([OTHER_CHAPTER]).unchanged == (library.papers()[1].id,)


def test_a_record_without_abstract_takes_none_away(library: Library) -> None:
    library.add([PREPRINT])
    found = library.add([replace(PREPRINT, abstract="", keys=("new",))])
    assert found.updated == (PREPRINT.id,)
    (paper,) = library.papers()
    assert (paper.abstract, paper.keys) == (GULLS, ("new", "muster21"))


def test_a_page_without_authors_joins_the_paper_with_its_title_and_text(library: Library) -> None:
    library.add([PREPRINT])
    plain = Paper(paper_id(PREPRINT.title), PREPRINT.title, GULLS)
    assert library.add([plain]).merged == (PREPRINT.id,)
    assert library.papers()[0].links == ()


def test_a_preview_tells_the_same_and_writes_nothing(library: Library) -> None:
    library.add([PREPRINT])
    state = library.records.state
    wanted = [JOURNAL, CHAPTER, OTHER_CHAPTER, PREPRINT, replace(REPORT, title=" "), REPORT, REPORT]
    told = library.preview(wanted)
    assert (library.records.state, library.records.batches()[0].papers) == (state, 1)
    assert library.add(wanted) == told


def test_an_import_is_undone_as_one_step(library: Library) -> None:
    library.add([PREPRINT, REPORT])
    before = library.papers()
    changed = replace(REPORT, venue="Birds")
    found = library.add([JOURNAL, changed, *some_papers(40)], name="all.bib")
    batch, undone = library.undo_import()
    assert (batch.id, batch.name, batch.papers) == (found.batch, "all.bib", 42)
    assert (len(undone.removed), set(undone.restored), undone.kept) == (40, {PREPRINT.id, REPORT.id}, ())
    assert library.papers() == before
    assert library.records.versions(PREPRINT.id) == ()
    assert library.undo_import()[0].papers == 2
    assert library.papers() == []


def test_what_was_changed_after_an_import_stays_when_it_is_undone(library: Library) -> None:
    first = library.add([PREPRINT, REPORT]).batch
    library.add([replace(PREPRINT, venue="Birds")])
    _, undone = library.undo_import(first)
    assert (undone.removed, undone.kept) == ((REPORT.id,), (PREPRINT.id,))


def test_papers_of_one_title_are_listed_merged_and_parted_again(library: Library) -> None:
    library.add([replace(REPORT, year=2010), replace(OTHER_REPORT, authors=())])
    (group,) = library.duplicates()
    merged, _ = library.merge([paper.id for paper in group])
    assert library.papers() == [merged]
    library.undo_import()
    assert {paper.id for paper in library.papers()} == {paper.id for paper in group}


def test_reindexing_keeps_versions_and_imports(library: Library) -> None:
    library.add([PREPRINT, JOURNAL])
    library.reindex()
    assert library.records.versions(PREPRINT.id) == (PREPRINT, JOURNAL)
    assert library.undo_import()[1].removed == (PREPRINT.id,)


def test_a_removal_that_is_put_back_keeps_both_records(library: Library) -> None:
    library.add([PREPRINT, JOURNAL])
    library.put_back(library.take_out([PREPRINT.id]))
    assert library.records.versions(PREPRINT.id) == (PREPRINT, JOURNAL)


def test_a_citation_key_names_its_paper(library: Library) -> None:
    library.add([replace(PREPRINT, parts=(Part("Methods", Span(0, 5)),)), REPORT])
    assert library.paper("Muster21").parts == (Part("Methods", Span(0, 5)),)


def test_a_library_of_the_former_layout_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    old = sqlite3.connect(path)
    old.executescript(FORMER)
    old.close()
    with Records.open(path) as records:
        assert records.titled("watched GULLS steal less") == [
            Paper("arxiv:1", "Watched gulls steal less", "Text.", ("A B",), 2021)
        ]
        assert records.batches() == []


FORMER = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE papers (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, abstract TEXT NOT NULL, authors TEXT NOT NULL, year INTEGER, venue TEXT, url TEXT,
    source TEXT NOT NULL, content_hash TEXT NOT NULL, position INTEGER NOT NULL UNIQUE, changed INTEGER NOT NULL
);
CREATE INDEX papers_changed ON papers (changed);
CREATE TABLE passages (
    id TEXT PRIMARY KEY, paper_id TEXT NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passages_paper ON passages (paper_id);
CREATE TABLE removed (id TEXT PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE history (generation INTEGER PRIMARY KEY, token TEXT NOT NULL);
INSERT INTO papers VALUES ('arxiv:1', 'Watched gulls steal less', 'Text.', '["A B"]', 2021, NULL, NULL, '', 'x', 1, 1);
PRAGMA application_id = 1346457682;
PRAGMA user_version = 1;
"""


def test_a_later_version_on_arxiv_may_have_another_title(library: Library) -> None:
    library.add([PREPRINT])
    later = replace(PREPRINT, title="How observation deters theft by harbour birds", abstract=f"{GULLS} A third summer agrees.")
    assert library.add([later]).updated == (PREPRINT.id,)
    assert [paper.title for paper in library.papers()] == [later.title]


@pytest.mark.parametrize(
    "other",
    [
        replace(PREPRINT, title="Moss keeps roofs warm", abstract=MOSS),  # the same author's other paper
        replace(PREPRINT, title="Moss keeps roofs warm", abstract=MOSS, authors=()),
        replace(PREPRINT, title="Moss keeps roofs warm", abstract="", authors=()),
        replace(PREPRINT, title="Moss keeps roofs warm", abstract="", authors=("Jo Beispiel",)),
    ],
    ids=["same author", "nobody", "title only", "another author"],
)
def test_another_paper_under_an_arxiv_id_never_overwrites_one(library: Library, other: Paper) -> None:
    library.add([PREPRINT])
    added = library.add([other])
    assert len(added.added) == 1
    assert "both are kept" in added.notes[0].reason
    assert {paper.title for paper in library.papers()} == {PREPRINT.title, other.title}
    assert library.add([other]).unchanged == added.added
