"""Evidence tables as files: every format holds each quote, and no paper's text becomes markup, a formula or a command."""

from __future__ import annotations

import csv
import io
import re

import pytest

from rag.review.evidence_table import EvidenceCell, EvidenceRow
from rag.types import Evidence, Paper, Span
from ui.export.evidence_files import SUFFIXES, exported, table_json

HOSTILE = "=1+1 | <b>x</b> \\input{/etc/passwd} 50% of $x$ & [a](b)."
PAPER = Paper("arxiv:2401.00001", "Title & | <i>", HOSTILE, ("Ada Ek",), 2024)
OTHER = Paper("title:other", "Other", "Nothing.")


def cell(paper: Paper, doubtful: bool = False) -> EvidenceCell:
    return EvidenceCell(Evidence(paper, Span(0, len(paper.abstract))), doubtful)


ASPECTS = ("result", "=cmd|")
ROWS = (EvidenceRow(PAPER, (cell(PAPER), EvidenceCell())), EvidenceRow(OTHER, (cell(OTHER, doubtful=True), EvidenceCell())))


def test_markdown_numbers_the_rows_and_escapes_what_papers_hold() -> None:
    text = exported(ASPECTS, ROWS, "markdown")
    assert text.splitlines()[0] == r"| Paper | result | =cmd\| |"
    assert r"\<b\>x\</b\>" in text
    assert "Nothing. (?) | *not stated* |" in text
    assert "\n1. " in text
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 4 for line in text.splitlines() if line.startswith("|"))


def test_csv_computes_nothing_and_leaves_empty_what_is_not_stated() -> None:
    head, first, second = csv.reader(io.StringIO(exported(ASPECTS, ROWS, "csv")))
    assert head == ["id", "paper", "year", "result", "'=cmd|"]
    assert first == [PAPER.id, PAPER.title, "2024", f"'{HOSTILE}", ""]
    assert second[3:] == ["Nothing. (?)", ""]


def test_latex_cites_by_the_keys_of_its_bibtex_and_runs_no_command() -> None:
    text, bib = exported(ASPECTS, ROWS, "latex"), exported(ASPECTS, ROWS, "bibtex")
    cited = re.findall(r"\\cite\{([^}]+)\}", text)
    assert cited == re.findall(r"^@\w+\{([^,]+),", bib, re.MULTILINE)
    assert len(cited) == 2
    assert r"\input" not in text
    assert r"50\% of $x$ \& " in text
    assert text.count(r" \\") == 3
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("how", list(SUFFIXES))
def test_a_table_without_rows_is_a_whole_file(how: str) -> None:
    assert "Nothing." not in exported(ASPECTS, (), how)  # type: ignore[arg-type]


def test_json_gives_exact_places() -> None:
    told = table_json(ASPECTS, ROWS)
    (first, nothing), (second, _) = (row["cells"] for row in told["rows"])
    assert PAPER.abstract[first["start"] : first["end"]] == first["quote"]
    assert (first["doubtful"], second["doubtful"], nothing) == (False, True, None)
