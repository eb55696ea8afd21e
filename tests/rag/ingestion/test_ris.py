"""RIS from publishers and reference managers: every spelling of the tags, and damage that costs one record only."""

from __future__ import annotations

import pytest

from rag.ingestion.outcomes import LONGEST_ABSTRACT, Unreadable
from rag.ingestion.ris import RIS
from rag.types import Paper, Refused

RECORD = """\
TY  - CONF
T1  - A walk
AU  - Lin, Baihan
A1  - Ek, Bo
AU  - Team Walk
Y1  - 2021/05/03/
T2  - ICML
N2  - It walks.
  And walks on.
KW  - walking
UR  - https://a.example/x
DO  - 10.1000/182
ER  -
"""


def read(*lines: str) -> list[Paper | Refused]:
    return list(RIS.read(lines, "mine.ris"))


def test_all_that_is_known_of_a_paper() -> None:
    assert read(*RECORD.splitlines(keepends=True)) == [
        Paper(
            "doi:10.1000/182", "A walk", "It walks. And walks on.", ("Baihan Lin", "Bo Ek", "Team Walk"), 2021, "ICML",
            "https://a.example/x", "mine.ris",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    "start", ["TY  - JOUR", "\ufeffTY  - JOUR", "Provider: ACM\nContent: text/plain\n\nTY - GEN ", "  TY  -JOUR"]
)
def test_recognised(start: str) -> None:
    assert RIS.recognises(f"{start}\nTI  - A\n")


@pytest.mark.parametrize("start", ["TY", "TY  - ", "On TY  - JOUR as a format", "\n" * 5 + "x\n" * 30 + "TY  - JOUR"])
def test_not_recognised(start: str) -> None:
    assert not RIS.recognises(start)


def test_a_record_whose_end_is_missing_ends_where_the_next_begins() -> None:
    found = read("TY  - JOUR", "TI  - A", "AB  - B.", "TY  - JOUR", "TI  - C", "AB  - D.", "ER  - ")
    assert [each.title for each in found if isinstance(each, Paper)] == ["A", "C"]


def test_a_last_record_that_breaks_off_is_refused_as_its_abstract_may_be_cut() -> None:
    (refused,) = read("", "TY  - JOUR", "TI  - A", "AB  - B.")
    assert refused == Refused("mine.ris, line 2", "The file breaks off in this record: its end is missing.")


def test_what_is_missing_or_unreadable_is_named_with_the_records_line() -> None:
    found = read("TY  - JOUR", "AB  - A.", "ER  - ", "TY  - JOUR", Unreadable("It is smudged."), "AB  - D.", "ER  - ")
    assert [each.where for each in found if isinstance(each, Refused)] == ["mine.ris, line 1", "mine.ris, line 4"]
    assert "`title` is missing" in str(found[0])
    assert "smudged" in str(found[1])


def test_an_endless_record_is_not_held() -> None:
    (refused, paper) = read(
        "TY  - X", "AB  - a", *["more"] * LONGEST_ABSTRACT, "ER  -", "TY  - X", "TI  - A", "AB  - B.", "ER  -"
    )
    assert isinstance(refused, Refused)
    assert "longer than" in refused.reason
    assert isinstance(paper, Paper)


def test_an_arxiv_id_is_found_wherever_a_program_writes_it() -> None:
    for tag in ("M1", "M3", "AN"):
        text = f"TY  - UNPB\nTI  - On Looms\nN1  - Export Date: 1 May 2021\n{tag}  - arXiv:2101.00001 [cs.LG]\nER  - \n"
        (paper,) = RIS.read(text.splitlines(keepends=True), "mine.ris")
        assert isinstance(paper, Paper)
        assert paper.id == "arxiv:2101.00001"


def test_a_doi_in_the_third_miscellaneous_field_counts() -> None:
    text = "TY  - JOUR\nT1  - On Looms\nM3  - doi: 10.1000/182\nER  - \n"
    (paper,) = RIS.read(text.splitlines(keepends=True), "mine.ris")
    assert isinstance(paper, Paper)
    assert paper.id == "doi:10.1000/182"
