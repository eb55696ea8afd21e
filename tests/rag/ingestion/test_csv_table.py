"""CSV from spreadsheets and libraries: which columns are which, cells over several lines, and slips that cost one row only."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.ingestion.abstracts import cleaned, cleaned_title
from rag.ingestion.cleaning import clean
from rag.ingestion.csv_table import LONGEST_ROW, CsvImporter
from rag.types import Paper, Refused
from ui.export.papers import exported


def read(text: str) -> list[Paper | Refused]:
    return list(CsvImporter().read(text.splitlines(keepends=True), "mine.csv"))


def papers(text: str) -> list[Paper]:
    return [each for each in read(text) if isinstance(each, Paper)]


def test_all_that_is_known_of_a_paper() -> None:
    text = 'Title,Author,Publication Year,Publication Title,Abstract Note,Url,DOI\nA walk,"Lin, B.; Ek, Bo",2021-05-03,ICML,It walks.,see https://a.example/x ok,10.1000/182\n'
    assert papers(text) == [
        Paper("doi:10.1000/182", "A walk", "It walks.", ("B. Lin", "Bo Ek"), 2021, "ICML", "https://a.example/x", "mine.csv")
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_divider(delimiter: str) -> None:
    text = delimiter.join(["year", "abstract", "TITLE"]) + "\n" + delimiter.join(["2020.0", "It is so.", "Is it?"]) + "\n"
    assert [(paper.title, paper.abstract, paper.year) for paper in papers(text)] == [("Is it?", "It is so.", 2020)]
    assert CsvImporter().recognises(text)


@pytest.mark.parametrize(
    "heading",
    [
        "Titel;Autoren;Jahr;Zeitschrift;Zusammenfassung;DOI", "Titre;Auteurs;Année;Revue;Résumé;DOI", "Título;Autores;Año;Revista;Resumen;DOI", "Titolo;Autori;Anno;Rivista;Riassunto;DOI",
        "Название;Авторы;Год;Журнал;Аннотация;DOI", "标题;作者;年份;期刊;摘要;DOI", "タイトル;著者;年;雑誌;抄録;DOI",
    ],
)  # fmt: skip
def test_columns_are_known_in_other_languages(heading: str) -> None:
    text = f'{heading}\nA walk;"Lin, B.; Ek, Bo";2021;J Walk;It walks.;10.1000/182\n'
    (paper,) = papers(text)
    assert CsvImporter().recognises(text)
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.1000/182", "A walk", "It walks.")
    assert (paper.authors, paper.year, paper.venue) == (("B. Lin", "Bo Ek"), 2021, "J Walk")


def test_a_table_of_films_in_another_language_is_not_one_of_papers() -> None:
    (refused,) = read("Titel;Jahr;Zusammenfassung\nDer Hase;1999;Ein Hase flieht vor dem Fuchs und findet einen Freund.\n")
    assert isinstance(refused, Refused)


def test_the_rule_of_a_table_in_markdown_is_no_paper() -> None:
    found = read("| Title | Year | Abstract |\n|:---|---|---:|\n| A walk | 2020 | It walks. |\n")
    assert [(each.title, each.abstract) for each in found if isinstance(each, Paper)] == [("A walk", "It walks.")]
    assert len(found) == 1


def test_excels_hint_is_passed_over() -> None:
    text = "\ufeffsep=;\ntitle;abstract\nA;B.\n"
    assert CsvImporter().recognises(text)
    assert [paper.title for paper in papers(text)] == ["A"]


@pytest.mark.parametrize(
    "above", ["My papers on crabs\n", "Report of a tool\n\nMade on Monday, by me\n", "\x0c one\ntwo\nthree\nfour\nfive\n"]
)
def test_other_lines_may_stand_above_the_heading(above: str) -> None:
    text = above + 'Title,Abstract,Year\n"A walk, again",It walks.,2020\n'
    assert CsvImporter().recognises(text)
    assert [(paper.title, paper.abstract, paper.year) for paper in papers(text)] == [("A walk, again", "It walks.", 2020)]


def test_a_heading_that_any_table_may_have_counts_only_at_the_top_and_none_at_all_is_told() -> None:
    text = "Things in my kitchen\nname,description,date\nA spoon,It holds soup.,2020\n"
    assert not CsvImporter().recognises(text)
    for lines in (text, "Things\n", "one\ntwo\nthree\nfour\nfive\nsix\ntitle,abstract\nA,B\n"):
        (refused,) = read(lines)
        assert isinstance(refused, Refused)
        assert "must name a column `title`" in refused.reason
        assert refused.where.endswith("line 1")


def test_a_cell_may_go_over_lines_and_hold_dividers_and_quotes() -> None:
    (paper, after) = papers('title,abstract\n"A, B","One ""two""\nthree,\n\nfour."\nC,D.\n')
    assert (paper.title, paper.abstract) == ("A, B", 'One "two" three, four.')
    assert after.title == "C"


def test_a_quotation_mark_that_never_closes_costs_its_own_row() -> None:
    found = read('title,abstract\nA,"open\nB,It is.\nC,It was.\n')
    assert [each.title for each in found if isinstance(each, Paper)] == ["B", "C"]
    assert [each.where for each in found if isinstance(each, Refused)] == ["mine.csv, line 2"]
    many = 'title,abstract\nA,"open\n' + "".join(f"T{number},It is so.\n" for number in range(LONGEST_ROW // 5))
    assert len(papers(many)) == LONGEST_ROW // 5


def test_a_mark_inside_a_cell_is_only_a_mark() -> None:
    assert [paper.abstract for paper in papers('title,abstract\nA,a 5" disk\nB,b 3" disk\n')] == ['a 5" disk', 'b 3" disk']


def test_a_row_with_too_many_cells_is_not_guessed_at() -> None:
    (refused,) = read("title,abstract,year\nA,It is, they say, so.,2020\n")
    assert isinstance(refused, Refused)
    assert "5 cells and the heading has 3" in refused.reason
    assert [paper.title for paper in papers("title,abstract\nA,B.,,\n")] == ["A"]


def test_rows_without_title_or_abstract_are_named() -> None:
    found = read("title,abstract\nA,\n,B.\nC\nD,It is.\n")
    assert [each.where for each in found if isinstance(each, Refused)] == ["mine.csv, line 3"]
    assert [each.title for each in found if isinstance(each, Paper) and each.title_only] == ["A", "C"]


def test_a_heading_without_the_two_columns_is_refused() -> None:
    (refused,) = read("name of it,year\nA,2020\n")
    assert isinstance(refused, Refused)
    assert "a column `title` and beside it `abstract`" in refused.reason


def test_files_put_together_have_their_heading_twice() -> None:
    assert [paper.title for paper in papers("title,abstract\nA,B.\ntitle,abstract\nC,D.\n")] == ["A", "C"]


def test_an_apostrophe_inside_a_cell_stays() -> None:
    assert papers("title,abstract\nThe models'-eye view,A 5'+ gain.\n")[0].title == "The models'-eye view"


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).map(clean).filter(bool)


@given(
    st.lists(st.builds(Paper, id=st.just(""), title=words, abstract=words, year=st.none() | st.integers(1600, 2100)), max_size=5)
)
def test_what_was_exported_is_read_again(shelf: list[Paper]) -> None:
    assume(all(cleaned(one.abstract)[0] == one.abstract and cleaned_title(one.title) == one.title for one in shelf))
    found = papers(exported(shelf, "csv"))
    expected = list(
        {paper.id: (paper.title, paper.abstract, paper.year) for paper in reversed(papers(exported(shelf, "csv")))}.values()
    )
    assert len(expected) <= len(found)
    first = {(paper.title, paper.abstract, paper.year) for paper in shelf}
    assert {(paper.title, paper.abstract, paper.year) for paper in found} <= first
    assert {paper.title for paper in found} >= {paper.title for paper in shelf[:1]}
