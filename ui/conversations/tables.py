"""An evidence table as it is kept: papers whole, so that it stays what it was when papers change or go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rag.review.evidence_table import EvidenceCell, EvidenceRow
from rag.types import Evidence, Paper, Span

_FIELDS = ("id", "title", "abstract", "authors", "year", "venue", "url", "source", "keys")


@dataclass(frozen=True, slots=True)
class KeptTable:
    """Columns and rows in their order; `hidden` names the columns that are not shown, and are not exported."""

    aspects: tuple[str, ...]
    rows: tuple[EvidenceRow, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def shown(self) -> KeptTable:
        """Without the hidden columns."""
        places = [place for place, name in enumerate(self.aspects) if name not in self.hidden]
        return KeptTable(
            tuple(self.aspects[place] for place in places),
            tuple(replace(row, cells=tuple(row.cells[place] for place in places)) for row in self.rows),
        )

    def with_rows(self, rows: Sequence[EvidenceRow]) -> KeptTable:
        """With further rows at the end; a paper that is there already keeps its row."""
        known = {row.paper.id for row in self.rows}
        return replace(self, rows=(*self.rows, *(row for row in rows if row.paper.id not in known)))

    def with_columns(self, names: Sequence[str]) -> KeptTable:
        """With the columns in this order; those not named go to the end."""
        ordered = [name for name in dict.fromkeys(names) if name in self.aspects]
        ordered += [name for name in self.aspects if name not in ordered]
        places = [self.aspects.index(name) for name in ordered]
        rows = tuple(replace(row, cells=tuple(row.cells[place] for place in places)) for row in self.rows)
        return replace(self, aspects=tuple(ordered), rows=rows)


def packed(table: KeptTable) -> dict[str, Any]:
    """JSON values."""
    return {
        "aspects": list(table.aspects),
        "hidden": list(table.hidden),
        "papers": [paper_fields(row.paper) for row in table.rows],
        "cells": [[_fields(cell) for cell in row.cells] for row in table.rows],
    }


def unpacked(kept: Mapping[str, Any]) -> KeptTable:
    """The table that `packed` made the values of."""
    rows = []
    for fields, cells in zip(kept["papers"], kept["cells"], strict=True):
        paper = paper_of(fields)
        rows.append(EvidenceRow(paper, tuple(_cell(paper, cell) for cell in cells)))
    return KeptTable(tuple(kept["aspects"]), tuple(rows), tuple(kept["hidden"]))


def paper_fields(paper: Paper) -> dict[str, Any]:
    return {name: getattr(paper, name) for name in _FIELDS}


def paper_of(fields: Mapping[str, Any]) -> Paper:
    return Paper(**{**fields, "authors": tuple(fields["authors"]), "keys": tuple(fields["keys"])})


def _fields(cell: EvidenceCell) -> list[int | bool] | None:
    if cell.evidence is None:
        return None
    return [cell.evidence.span.start, cell.evidence.span.end, cell.doubtful]


def _cell(paper: Paper, fields: Sequence[Any] | None) -> EvidenceCell:
    if fields is None:
        return EvidenceCell()
    start, end, doubtful = fields
    return EvidenceCell(Evidence(paper, Span(start, end)), bool(doubtful))
