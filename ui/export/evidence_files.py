"""An evidence table as a file: Markdown, CSV, LaTeX with `\\cite{key}`, the BibTeX that belongs to it, and JSON values. Pure; what papers hold is never trusted."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, Literal

from rag.review.evidence_table import EvidenceCell, EvidenceRow
from ui.export.bibtex import entries, escaped, keys
from ui.export.papers import cell as spreadsheet_cell
from ui.export.plain import paper_json
from ui.export.references import markdown, plain_in_markdown

Format = Literal["markdown", "csv", "latex", "bibtex"]
SUFFIXES: dict[Format, str] = {"markdown": ".md", "csv": ".csv", "latex": ".tex", "bibtex": ".bib"}
NOT_STATED = "not stated"
DOUBT = "(?)"
"""Stands behind a quote that may not be what the column asks."""


def exported(aspects: Sequence[str], rows: Sequence[EvidenceRow], how: Format) -> str:
    """The whole file."""
    if how == "bibtex":
        return entries([row.paper for row in rows])
    return {"markdown": as_markdown, "csv": as_csv, "latex": as_latex}[how](aspects, rows)


def as_markdown(aspects: Sequence[str], rows: Sequence[EvidenceRow]) -> str:
    """A table whose rows are numbered, and below it the papers by these numbers."""
    head = [f"| Paper | {' | '.join(map(plain_in_markdown, aspects))} |", f"|{' --- |' * (len(aspects) + 1)}"]
    lines = [
        f"| [{number}] {plain_in_markdown(row.paper.title)} | {' | '.join(_in_markdown(cell) for cell in row.cells)} |"
        for number, row in enumerate(rows, 1)
    ]
    papers = [f"{number}. {markdown(row.paper)}" for number, row in enumerate(rows, 1)]
    return "\n".join([*head, *lines, "", *papers, ""])


def as_csv(aspects: Sequence[str], rows: Sequence[EvidenceRow]) -> str:
    """RFC 4180 with a heading; a cell holds its quote, or nothing if it is not stated."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow([spreadsheet_cell(name) for name in ("id", "paper", "year", *aspects)])
    for row in rows:
        cells = (_plain(cell) for cell in row.cells)
        lines.writerow([spreadsheet_cell(value) for value in (row.paper.id, row.paper.title, str(row.paper.year or ""), *cells)])
    return text.getvalue()


def as_latex(aspects: Sequence[str], rows: Sequence[EvidenceRow]) -> str:
    """A `longtable`; its keys are those of the BibTeX file of the same rows."""
    width = f"{0.94 / (len(aspects) + 1):.3f}"
    columns = " ".join([rf">{{\raggedright\arraybackslash}}p{{{width}\linewidth}}"] * (len(aspects) + 1))
    head = " & ".join(["Paper", *map(escaped, aspects)])
    named = keys([row.paper for row in rows])
    lines = [
        " & ".join([rf"\cite{{{key}}}", *(_in_latex(cell) for cell in row.cells)]) + r" \\"
        for key, row in zip(named, rows, strict=True)
    ]
    return "\n".join(
        [
            r"% \usepackage{array,booktabs,longtable}",
            rf"\begin{{longtable}}{{{columns}}}",
            r"\toprule",
            head + r" \\",
            r"\midrule",
            r"\endhead",
            *lines,
            r"\bottomrule",
            r"\end{longtable}",
            "",
        ]
    )


def table_json(aspects: Sequence[str], rows: Sequence[EvidenceRow]) -> dict[str, Any]:
    """As JSON values; a cell is null if nothing is stated, else `abstract[start:end]` is its quote."""
    return {
        "aspects": list(aspects),
        "rows": [{"paper": paper_json(row.paper), "cells": [_fields(cell) for cell in row.cells]} for row in rows],
    }


def _fields(cell: EvidenceCell) -> dict[str, Any] | None:
    if cell.evidence is None:
        return None
    span = cell.evidence.span
    return {"quote": cell.evidence.text, "start": span.start, "end": span.end, "doubtful": cell.doubtful}


def _plain(cell: EvidenceCell) -> str:
    quote = cell.evidence.text if cell.evidence is not None else ""
    return f"{quote} {DOUBT}" if cell.doubtful and quote else quote


def _in_markdown(cell: EvidenceCell) -> str:
    if cell.evidence is None:
        return f"*{NOT_STATED}*"
    return plain_in_markdown(cell.evidence.text) + (f" {DOUBT}" if cell.doubtful else "")


def _in_latex(cell: EvidenceCell) -> str:
    if cell.evidence is None:
        return rf"\emph{{{NOT_STATED}}}"
    return f"``{escaped(cell.evidence.text)}''" + (f" {DOUBT}" if cell.doubtful else "")
