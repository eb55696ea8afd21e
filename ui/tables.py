"""A comparison table as a file: Markdown, CSV, BibTeX. Pure; what papers hold is never trusted."""

from __future__ import annotations

import csv
import io
from typing import Literal

from ui.bibtex import entries
from ui.gathering import Table
from ui.references import markdown, plain_in_markdown
from ui.render import in_line

Format = Literal["markdown", "csv", "bibtex"]
SUFFIXES: dict[Format, str] = {"markdown": "md", "csv": "csv", "bibtex": "bib"}
_FORMULA = ("=", "+", "-", "@", "'")


def exported(table: Table, how: Format) -> str:
    if how == "bibtex":
        return entries([row.paper for row in table.rows])
    return as_csv(table) if how == "csv" else as_markdown(table)


def as_markdown(table: Table) -> str:
    """A table with numbers, and below it what they stand for."""
    head = [f"| Paper | {' | '.join(table.aspects)} |", f"|{' --- |' * (len(table.aspects) + 1)}"]
    rows = [f"| {markdown(row.paper)} | {' | '.join(_in_markdown(table, cell) for cell in row.cells)} |" for row in table.rows]
    return "\n".join([*head, *rows]) + "\n"


def as_csv(table: Table) -> str:
    """A heading, then a line a paper; several sentences of a cell stand one behind the other."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["Paper", "Id", *table.aspects])
    for row in table.rows:
        cells = (" ".join(table.quote(number) for number in cell) for cell in row.cells)
        lines.writerow([_harmless(each) for each in (row.paper.title, row.paper.id, *cells)])
    return text.getvalue()


def _in_markdown(table: Table, cell: tuple[int, ...]) -> str:
    return " ".join(f"{plain_in_markdown(table.quote(number))} [{number}]" for number in cell) or "not stated"


def _harmless(value: str) -> str:
    """A cell that no spreadsheet computes."""
    line = in_line(value)
    return f"'{line}" if line.startswith(_FORMULA) else line
