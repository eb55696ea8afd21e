"""Papers as references and as files: right for the field's habits, and harmless whatever a paper holds."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Paper
from ui.export.bibtex import entries, escaped, key, keys
from ui.export.papers import SUFFIXES, exported
from ui.export.references import apa, bibtex, markdown, plain_in_markdown

PAPER = Paper(
    "arxiv:2309.11028",
    "The Topology and Geometry of Neural Representations",
    "A question. An answer.",
    ("Baihan Lin", "Nikolaus Kriegeskorte"),
    2023,
    "PNAS",
    "https://arxiv.org/abs/2309.11028",
)
BARE = Paper("title:ab", "Is it so?", "It is so.")
texts = st.text(st.characters(codec="utf-8") | st.sampled_from("\\{}$%&#_~^@\"',\n"), max_size=60)
papers = st.builds(Paper, id=st.sampled_from(["arxiv:2309.11028", "doi:10.1000/a_{b}%5", "title:ab"]), title=texts, abstract=texts,
                   authors=st.lists(texts, max_size=4).map(tuple), year=st.none() | st.integers(1900, 2100), venue=st.none() | texts,
                   url=st.none() | st.sampled_from(["https://a.example/(x)_{y}%20", "javascript:alert(1)"]))  # fmt: skip


def test_bibtex_of_a_paper() -> None:
    assert bibtex(PAPER) == (
        "@article{lin2023topology,\n"
        "  title = {{The Topology and Geometry of Neural Representations}},\n"
        "  author = {Baihan Lin and Nikolaus Kriegeskorte},\n"
        "  year = {2023},\n"
        "  journal = {PNAS},\n"
        "  eprint = {2309.11028},\n"
        "  archiveprefix = {arXiv},\n"
        "  url = {https://arxiv.org/abs/2309.11028}\n"
        "}"
    )
    assert bibtex(BARE) == "@misc{anonymousuntitled,\n  title = {{Is it so?}}\n}"
    assert "@inproceedings{lin2023topology" in bibtex(replace(PAPER, venue="ICLR"))
    assert "booktitle = {Proceedings of X \\& Y}" in bibtex(replace(PAPER, venue="Proceedings of X & Y"))
    assert "doi = {10.1000/182}" in bibtex(replace(PAPER, id="doi:10.1000/182"))


def test_names_that_bibtex_would_take_apart_are_in_braces() -> None:
    written = bibtex(replace(PAPER, authors=("Davis, Jr.", "Food and Drug Office", "Sandy Andersen")))
    assert "author = {{Davis, Jr.} and {Food and Drug Office} and Sandy Andersen}" in written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("100% of R&D_#1", r"100\% of R\&D\_\#1"),
        (r"\input{/etc/passwd}", r"\textbackslash{}input\textbraceleft{}/etc/passwd\textbraceright{}"),
        ("$O(n \\log n)$ is $10^{3}$", "$O(n \\log n)$ is $10^{3}$"),
        (r"$\input{x}$", r"\$\textbackslash{}input\textbraceleft{}x\textbraceright{}\$"),
        ("$x}$ and $5", r"\$x\textbraceright{}\$ and \$5"),
        ("$ 5 and $ 6", r"\$ 5 and \$ 6"),
        ("from $5 to $6", r"from \$5 to \$6"),
        ("a ~ b ^ c", r"a \textasciitilde{} b \textasciicircum{} c"),
    ],
)
def test_latex_is_escaped_and_harmless_formulas_stay(text: str, written: str) -> None:
    assert escaped(text) == written


@given(papers)
def test_nothing_in_a_paper_breaks_out_of_its_bibtex_field(paper: Paper) -> None:
    written = bibtex(paper)
    braces = re.findall(r"[{}]", written)  # as BibTeX counts them: with those after a backslash
    depths = [sum(1 if mark == "{" else -1 for mark in braces[: place + 1]) for place in range(len(braces))]
    assert min(depths[:-1]) > 0
    assert depths[-1] == 0
    assert not re.search(r"\\(?:input|write|include|def|csname)", written)
    assert re.fullmatch(r"[a-z0-9]+", key(paper))


def test_keys_are_unique_and_stay_in_order() -> None:
    other = replace(PAPER, id="title:x")
    assert keys([PAPER, BARE, other]) == ["lin2023topologya", "anonymousuntitled", "lin2023topologyb"]
    assert keys([PAPER]) == ["lin2023topology"]


@given(
    st.lists(st.sampled_from([PAPER, BARE, replace(PAPER, title="Topologya"), replace(PAPER, title="Topologyb")]), max_size=60)
)
def test_no_two_papers_of_a_file_share_a_key(chosen: list[Paper]) -> None:
    found = re.findall(r"^@\w+\{(\w+),$", entries(chosen), re.MULTILINE)
    assert len(found) == len(set(found)) == len(chosen)


def test_apa() -> None:
    assert apa(PAPER) == (
        "Lin, B., & Kriegeskorte, N. (2023). The Topology and Geometry of Neural Representations. PNAS. "
        "https://arxiv.org/abs/2309.11028"
    )
    assert apa(BARE) == "Is it so? (n.d.)."
    assert apa(replace(BARE, authors=("Jean-Luc de la Cruz", "Plato", "Sam P. Lee Jr."), year=1)).startswith(
        "de la Cruz, J.-L., Plato, & Lee, S. P., Jr. (1)."
    )
    many = apa(replace(BARE, authors=tuple(f"A Name{number}" for number in range(25))))
    assert "Name18, A., … Name24, A. (n.d.)" in many
    assert "Name19" not in many


def test_markdown() -> None:
    assert markdown(PAPER) == (
        "[The Topology and Geometry of Neural Representations](https://arxiv.org/abs/2309.11028) (Lin \\& Kriegeskorte, 2023, *PNAS*)"
    )
    assert markdown(BARE) == "Is it so?"
    assert markdown(replace(BARE, title="<b>[x](javascript:y)</b>\n# h", url="https://a.example/(b)")) == (
        r"[\<b\>\[x\]\(javascript:y\)\</b\> \# h](https://a.example/%28b%29)"
    )


@given(texts)
def test_markdown_of_any_text_is_that_text(text: str) -> None:
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>\[\]*_`]", plain_in_markdown(text))


def test_a_link_that_is_no_web_address_is_left_out() -> None:
    for each in (bibtex, apa, markdown):
        assert "javascript" not in each(replace(PAPER, url="javascript:alert(1)"))


def test_csv_of_a_selection_is_safe_in_a_spreadsheet() -> None:
    rows = list(
        csv.DictReader(io.StringIO(exported([PAPER, replace(BARE, title='=HYPERLINK("x")', authors=("A B", "C, D"))], "csv")))
    )
    assert [row["title"] for row in rows] == [PAPER.title, '\'=HYPERLINK("x")']
    assert rows[1]["authors"] == "A B; C, D"
    assert rows[0]["year"] == "2023"


@given(papers)
def test_no_cell_is_computed(paper: Paper) -> None:
    for row in csv.reader(io.StringIO(exported([paper], "csv"))):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_every_format_has_a_suffix_and_an_order() -> None:
    for how in SUFFIXES:
        text = exported([PAPER, BARE], how)
        assert text.index("Topology") < text.index("Is it so")
    assert exported([], "bibtex") == exported([], "markdown") == ""
