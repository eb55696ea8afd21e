"""A selection of papers as a file: BibTeX, CSV, Markdown. Pure; what it writes, `paperchat add` reads again (Markdown excepted)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Literal

from rag.types import Paper
from ui.export.bibtex import entries
from ui.export.plain import in_line, link, not_computed
from ui.export.references import markdown

Format = Literal["bibtex", "csv", "markdown"]
SUFFIXES: dict[Format, str] = {"bibtex": ".bib", "csv": ".csv", "markdown": ".md"}
COLUMNS = ("id", "title", "authors", "year", "venue", "url", "abstract")
"""How a cell begins that a spreadsheet would compute; an apostrophe before it makes it text."""


def exported(papers: Sequence[Paper], how: Format) -> str:
    """The whole file, in the order given."""
    return {"bibtex": entries, "csv": as_csv, "markdown": as_markdown}[how](papers)


def as_csv(papers: Sequence[Paper]) -> str:
    """RFC 4180 with a heading; several authors are separated by `; `."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows([cell(value) for value in _row(paper)] for paper in papers)
    return text.getvalue()


def as_markdown(papers: Sequence[Paper]) -> str:
    """A list of references."""
    return "".join(f"- {markdown(paper)}\n" for paper in papers)


def _row(paper: Paper) -> tuple[str, ...]:
    authors = "; ".join(paper.authors)
    return paper.id, paper.title, authors, str(paper.year or ""), paper.venue or "", link(paper) or "", paper.abstract


def cell(value: str) -> str:
    """On one line, and nothing that a spreadsheet would compute."""
    return not_computed(in_line(value))
