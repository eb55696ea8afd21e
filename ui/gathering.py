"""Summaries and comparisons of several papers, from what the assistant says of each: one answer, and for a comparison its table.

A row is a paper, a column an aspect, a cell the numbers of the citations that fill it; a cell without any was not stated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rag.cite import heading
from rag.types import Answer, AskOptions, Citation, Claim, Hit, Paper, Passage, Span
from ui.turn import Turn

MOST = 12
"""Papers in one summary or comparison."""
ASPECTS = ("Problem", "Approach", "Result")
IN_SUMMARY = ("Approach", "Result")
_MARKER = re.compile(r"\[(\d+)\]")

Ask = Callable[[str, Sequence[str], AskOptions], Answer]


@dataclass(frozen=True, slots=True)
class Row:
    """One paper of a table: for each aspect the numbers of its citations."""

    paper: Paper
    cells: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What papers say side by side. Every number is one of `citations`."""

    aspects: tuple[str, ...]
    rows: tuple[Row, ...]
    citations: tuple[Citation, ...] = field(default=())

    def quote(self, number: int) -> str:
        return next(each.quote for each in self.citations if each.number == number)


def summary(question: str, papers: Sequence[Paper], ask: Ask) -> Answer:
    """What each paper does and finds, one paragraph a paper."""
    return _answer(question, _collected(papers, ask, IN_SUMMARY))


def comparison(question: str, papers: Sequence[Paper], ask: Ask) -> tuple[Answer, str]:
    """The answer that holds every citation of the table, and the table as it is kept with a turn."""
    table = _collected(papers, ask, ASPECTS)
    return _answer(question, table), packed(table)


def packed(table: Table) -> str:
    return json.dumps({"aspects": table.aspects, "rows": [[row.paper.id, row.cells] for row in table.rows]})


def table_of(turn: Turn) -> Table | None:
    """The table of a turn that compares."""
    if not turn.table or turn.answer is None:
        return None
    kept: dict[str, Any] = json.loads(turn.table)
    papers = {hit.paper.id: hit.paper for hit in turn.answer.hits}
    rows = tuple(Row(papers[id], tuple(tuple(cell) for cell in cells)) for id, cells in kept["rows"] if id in papers)
    return Table(tuple(kept["aspects"]), rows, turn.answer.citations)


def _collected(papers: Sequence[Paper], ask: Ask, aspects: tuple[str, ...]) -> Table:
    rows: list[Row] = []
    citations: list[Citation] = []
    for paper in papers[:MOST]:
        told = ask(f"Summarize {paper.title}", (), AskOptions(scope=frozenset([paper.id]), writer="quotes"))
        numbers: dict[int, int] = {}
        for each in (each for each in told.citations if each.paper.id == paper.id):
            numbers[each.number] = len(citations) + 1
            citations.append(replace(each, number=len(citations) + 1))
        rows.append(Row(paper, tuple(_cell(told, aspect, numbers) for aspect in aspects)))
    return _without_unused(Table(aspects, tuple(rows), tuple(citations)))


def _cell(told: Answer, aspect: str, numbers: dict[int, int]) -> tuple[int, ...]:
    """What the paragraph of this aspect cites."""
    paragraph = next((part for part in told.text.split("\n\n") if part.startswith(f"{aspect}: ")), "")
    return tuple(numbers[int(found)] for found in _MARKER.findall(paragraph) if int(found) in numbers)


def _without_unused(table: Table) -> Table:
    used = {number for row in table.rows for cell in row.cells for number in cell}
    kept = [each for each in table.citations if each.number in used]
    new = {each.number: place for place, each in enumerate(kept, 1)}
    rows = tuple(Row(row.paper, tuple(tuple(new[number] for number in cell) for cell in row.cells)) for row in table.rows)
    return Table(table.aspects, rows, tuple(replace(each, number=new[each.number]) for each in kept))


def _answer(question: str, table: Table) -> Answer:
    """The table told as text: a paragraph a paper, each sentence cited."""
    paragraphs, claims = [], []
    for row in table.rows:
        numbers = [number for cell in row.cells for number in cell]
        claims += [Claim(table.quote(number), (number,), "supported", 1.0, "word for word in the paper") for number in numbers]
        paragraphs.append(" ".join([f"{heading(row.paper)}:", *(f"{table.quote(number)} [{number}]" for number in numbers)]))
    hits = tuple(
        Hit(Passage(f"{row.paper.id}#abstract", row.paper, Span(0, len(row.paper.abstract))), 1.0, "both") for row in table.rows
    )
    return Answer(question, question, "answered", "\n\n".join(paragraphs), "quotes", tuple(claims), table.citations, hits)
