"""Shows papers side by side: Markdown, CSV and JSON values. Pure; what comes from papers and models is never trusted."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from rag.text.latex import readable
from rag.types import Cell, ComparisonTable
from ui.export.papers import cell as spreadsheet_cell
from ui.export.plain import citation_json, claim_json, for_people, paper_json, paper_line

NOT_STATED = "not stated"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|!~$&])")


def markdown(table: ComparisonTable) -> str:
    """A table with a row a paper, then the papers behind the numbers."""
    rows = [["Paper", *table.aspects], ["---"] * (len(table.aspects) + 1)]
    shown = [[_escaped(cell) for cell in rows[0]], rows[1]]
    for paper, row in zip(table.papers, table.rows, strict=True):
        shown.append([_escaped(paper.title), *(_marked(cell) for cell in row)])
    lines = [f"| {' | '.join(cells)} |" for cells in shown]
    sources = [f"[{each.number}] “{_escaped(each.quote)}” {_escaped(paper_line(each.paper))}" for each in table.citations]
    return "\n".join([*lines, *(["", "Sources:", "", *(f"- {source}" for source in sources)] if sources else [])])


def as_csv(table: ComparisonTable) -> str:
    """RFC 4180 with a heading; a cell holds the sentences with their numbers."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow([spreadsheet_cell(cell) for cell in ("id", "paper", *table.aspects)])
    for paper, row in zip(table.papers, table.rows, strict=True):
        rows.writerow([spreadsheet_cell(readable(cell)) for cell in (paper.id, paper.title, *map(_text, row))])
    return text.getvalue()


def table_json(table: ComparisonTable) -> dict[str, Any]:
    """The table as JSON values; a cell that is not stated has no claims."""
    return {
        "aspects": list(table.aspects),
        "rows": [
            {"paper": paper_json(paper), "cells": [[claim_json(claim) for claim in cell.claims] for cell in row]}
            for paper, row in zip(table.papers, table.rows, strict=True)
        ],
        "citations": [citation_json(citation) for citation in table.citations],
        "writer": table.writer,
        "notices": list(table.notices),
        "usage": dict(table.usage),
    }


def _text(cell: Cell) -> str:
    return " ".join(claim.text + "".join(f" [{number}]" for number in claim.citations) for claim in cell.claims) or NOT_STATED


def _marked(cell: Cell) -> str:
    return (
        " ".join(_escaped(claim.text) + "".join(f" [{number}]" for number in claim.citations) for claim in cell.claims)
        or f"*{NOT_STATED}*"
    )


def _escaped(text: str) -> str:
    """On one line, with every sign that Markdown or HTML would act on as itself."""
    return _MARKDOWN.sub(r"\\\1", for_people(text)).replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;")
