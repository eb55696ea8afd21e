"""A comparison of papers as a turn of a conversation: an answer that holds all its citations, and its table, kept and read back."""

from __future__ import annotations

import json
from typing import Any

from rag.citations import heading
from rag.types import Answer, Cell, Claim, ComparisonTable, Hit, Paper, Passage, Span
from ui.conversations.types import Turn

MOST = 12
"""Papers in one comparison."""


def compared(question: str, table: ComparisonTable) -> Answer:
    """The table as text: a paragraph a paper, each sentence with its numbers."""
    paragraphs = [f"{heading(paper)}: {_row_text(row)}" for paper, row in zip(table.papers, table.rows, strict=True)]
    return Answer(
        question, question, "answered", "\n\n".join(paragraphs), table.writer, tuple(claim for row in table.rows for claim in _claims(row)),
        table.citations, tuple(_hit(paper) for paper in table.papers), table.notices, usage=table.usage,
    )  # fmt: skip


def packed(table: ComparisonTable) -> str:
    """The table as JSON; what it cites is kept with the answer."""
    rows = [[[_fields(claim) for claim in cell.claims] for cell in row] for row in table.rows]
    return json.dumps({"papers": [paper.id for paper in table.papers], "aspects": table.aspects, "rows": rows})


def table_of(turn: Turn) -> ComparisonTable | None:
    """The table of a turn that compares."""
    if not turn.table or turn.answer is None:
        return None
    kept: dict[str, Any] = json.loads(turn.table)
    papers = {hit.paper.id: hit.paper for hit in turn.answer.hits}
    rows = tuple(tuple(Cell(tuple(_claim(*claim) for claim in cell)) for cell in row) for row in kept["rows"])
    return ComparisonTable(tuple(papers[id] for id in kept["papers"]), tuple(kept["aspects"]), rows, turn.answer.citations)


def with_markers(claim: Claim) -> str:
    """A cell's sentence with its numbers."""
    return " ".join([claim.text, *(f"[{number}]" for number in claim.citations)])


def _row_text(row: tuple[Cell, ...]) -> str:
    return " ".join(with_markers(claim) for claim in _claims(row))


def _claims(row: tuple[Cell, ...]) -> list[Claim]:
    return [claim for cell in row for claim in cell.claims]


def _fields(claim: Claim) -> list[object]:
    return [claim.text, claim.citations, claim.verdict, claim.score, claim.reason]


def _claim(text: str, numbers: list[int], verdict: Any, score: float | None, reason: str) -> Claim:
    return Claim(text, tuple(numbers), verdict, score, reason)


def _hit(paper: Paper) -> Hit:
    return Hit(Passage(f"{paper.id}#abstract", paper, Span(0, len(paper.abstract))), 1.0, "both")
