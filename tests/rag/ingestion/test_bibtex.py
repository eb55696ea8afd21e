"""BibTeX as people and programs write it, and what LaTeX in it means; damage costs one entry only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.ingestion.abstracts import cleaned, cleaned_title
from rag.ingestion.bibtex import BibtexImporter
from rag.ingestion.bibtex_entries import LONGEST_ENTRY
from rag.ingestion.cleaning import clean
from rag.text.latex import plain
from rag.types import Paper, Refused
from ui.export.bibtex import entry

FILE = """\
% made by hand
@string{icml = "Proc. of {ICML}"}
@comment{ @article{not, title={not}, abstract={not}} }
Something between entries, user@example.org.
@InProceedings{lin2021,
  TITLE     = {{A Walk} on {Graphs} with $\\alpha_{i}$},
  author    = {Lin, Baihan and M{\\"u}ller, Ada and {The Walk Team} and Davis, Jr., Sam and others},
  booktitle = icml # " 2021",
  year      = 2021,
  month     = may,
  abstract  = "It {walks}.
               100\\% of \\emph{graphs} are walked.",
  url       = {https://a.example/x\\_y},
  eprint    = {2101.00001}, archivePrefix = "arXiv",
}
@misc{two,title={Two},abstract={It is two.},date={2020-02-03},doi={10.1000/182}}@misc{three,title={Three},abstract={It is three.}}
"""


def read(text: str) -> list[Paper | Refused]:
    return list(BibtexImporter().read(text.splitlines(keepends=True), "mine.bib"))


def titles(text: str) -> list[str]:
    return [each.title for each in read(text) if isinstance(each, Paper)]


def test_all_that_is_known_of_a_paper() -> None:
    first, *others = read(FILE)
    assert first == Paper(
        "arxiv:2101.00001",
        "A Walk on Graphs with $\\alpha_{i}$",
        "It walks. 100% of graphs are walked.",
        ("Baihan Lin", "Ada Müller", "The Walk Team", "Sam Davis Jr."),
        2021,
        "Proc. of ICML 2021",
        "https://a.example/x_y",
        "mine.bib",
        ("lin2021",),
    )
    assert next((each.id, each.year) for each in others if isinstance(each, Paper)) == ("doi:10.1000/182", 2020)
    assert titles(FILE)[1:] == ["Two", "Three"]


@pytest.mark.parametrize("start", ["@article{a,", "% Encoding: UTF-8\n\n@Book {b,", "\ufeff@string{x = 1}", "@comment{}"])
def test_recognised(start: str) -> None:
    assert BibtexImporter().recognises(start)


@pytest.mark.parametrize("start", ["someone@example.org{", "@", "A title\n@article is a word", ""])
def test_not_recognised(start: str) -> None:
    assert not BibtexImporter().recognises(start)


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        ("@misc{a, title={A}, abstract={B.\n", "another entry begins inside"),
        ('@misc{a, title="A, abstract={B.}}\n', "quotation mark"),
        ("@misc{a, abstract={A}}\n", "`title` is missing"),
        ("@misc{a, title={A}, abstract={" + "x" * LONGEST_ENTRY + "}}\n", "longer than"),
    ],
)
def test_damage_costs_one_entry(damaged: str, said: str) -> None:
    found = read("@misc{z, title={Z}, abstract={Z.}}\n" + damaged + "@misc{b, title={B}, abstract={It is B.}}\n")
    refused = [each for each in found if isinstance(each, Refused)]
    assert [each.title for each in found if isinstance(each, Paper)] == ["Z", "B"]
    assert [each.where for each in refused] == ["mine.bib, line 2"]
    assert said in refused[0].reason


def test_a_file_that_breaks_off_says_so() -> None:
    (refused,) = read("@misc{a, title={A}, abstract={B.")
    assert isinstance(refused, Refused)
    assert "breaks off" in refused.reason


def test_a_venue_that_is_an_address_is_the_address() -> None:
    (paper,) = read("@misc{a, title={A}, abstract={B.}, howpublished={\\url{https://a.example}}}")
    assert isinstance(paper, Paper)
    assert (paper.venue, paper.url) == (None, "https://a.example")


def test_an_eprint_of_another_archive_is_no_arxiv_id() -> None:
    (paper,) = read("@misc{a, title={A}, abstract={B.}, eprint={2101.00001}, eprinttype={hal}}")
    assert isinstance(paper, Paper)
    assert paper.id.startswith("title:")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"Poincar\'e, G{\"o}del, Erd\H{o}s, {\L}ukasiewicz, Stra{\ss}e, \c{C}a, na\"{\i}ve, \v{S}", "Poincaré, Gödel, Erdős, Łukasiewicz, Straße, Ça, naïve, Š"),
        (r"R\&D at 5\% for \$3 \#1 a\_b \{x\}", "R&D at 5% for $3 #1 a_b {x}"),
        (r"$x_{i} \& y$ and {B}races", r"$x_{i} \& y$ and Braces"),
        (r"``Quoted'' by~Ada, see https://a.example/~me", "“Quoted” by Ada, see https://a.example/~me"),
        (r"\textbf{Bold} and \unknown{kept} \lamp", r"Bold and \unknownkept \lamp"),
        (r"\textbackslash{}input", r"\input"),
        (r"12% of it for $5", "12% of it for $5"),
    ],
)  # fmt: skip
def test_latex_as_a_reader_sees_it(written: str, read: str) -> None:
    assert plain(written) == read


characters = st.sampled_from("ab éß\\{}%&#_~^`'$-,.:") | st.characters(codec="utf-8", exclude_characters="$")
words = st.text(characters, min_size=1, max_size=40).map(clean).filter(bool).filter(lambda text: "$" not in text)


@given(title=words, abstract=words)
def test_what_was_exported_is_read_again(title: str, abstract: str) -> None:
    paper = Paper(
        "arxiv:2101.00001", title, abstract, ("Ada Lind", "Davis, Jr."), 2021, "ICML", "https://arxiv.org/abs/2101.00001"
    )
    assume(cleaned(abstract)[0] == abstract and cleaned_title(title) == title)
    assert read(entry(paper, "k", with_abstract=True)) == [replace(paper, source="mine.bib", keys=("k",))]
