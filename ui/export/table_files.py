"""A comparison table as a file: Markdown, CSV, BibTeX. Pure; what papers hold is never trusted."""

from __future__ import annotations

import csv
import io
from typing import Literal

from rag.types import Cell, ComparisonTable
from ui.conversations.comparison import with_markers
from ui.export.bibtex import entries
from ui.export.plain import for_people, not_computed
from ui.export.references import markdown, plain_in_markdown

Format = Literal["markdown", "csv", "bibtex"]
SUFFIXES: dict[Format, str] = {"markdown": "md", "csv": "csv", "bibtex": "bib"}


def exported(table: ComparisonTable, how: Format) -> str:
    if how == "bibtex":
        return entries(list(table.papers))
    return as_csv(table) if how == "csv" else as_markdown(table)


def as_markdown(table: ComparisonTable) -> str:
    """A table with numbers, and below it what they stand for."""
    head = [f"| Paper | {' | '.join(map(plain_in_markdown, table.aspects))} |", f"|{' --- |' * (len(table.aspects) + 1)}"]
    rows = [
        f"| {markdown(paper)} | {' | '.join(_in_markdown(cell) for cell in row)} |"
        for paper, row in zip(table.papers, table.rows, strict=True)
    ]
    quotes = [f"[{each.number}] “{plain_in_markdown(each.quote)}” {markdown(each.paper)}\n" for each in table.citations]
    return "\n".join([*head, *rows, "", *quotes])


def as_csv(table: ComparisonTable) -> str:
    """A heading, then a line a paper; several sentences of a cell stand one behind the other."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["Paper", "Id", *map(_harmless, table.aspects)])
    for paper, row in zip(table.papers, table.rows, strict=True):
        cells = (" ".join(claim.text for claim in cell.claims) for cell in row)
        lines.writerow([_harmless(each) for each in (paper.title, paper.id, *cells)])
    return text.getvalue()


def _in_markdown(cell: Cell) -> str:
    return " ".join(plain_in_markdown(with_markers(claim)) for claim in cell.claims) or "not stated"


def _harmless(value: str) -> str:
    return not_computed(for_people(value))
