"""Shows what an evaluation found as lines of columns, for a terminal, a pipe and JSON. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.export.plain import in_line

if TYPE_CHECKING:
    from eval.cases.reading import Kind
    from eval.compare.two_runs import Compared, Comparison
    from eval.report.summary import Row
    from eval.types import Header

CASES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Columns:
    """A table: its headings, its rows, and lines that stand below it."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    below: tuple[str, ...] = ()


def plain_columns(columns: Columns) -> str:
    """The table with its columns padded, then what stands below it."""
    lines = [columns.headings, *columns.rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns.headings))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([*text, *([""] if columns.below else []), *columns.below])


def run_columns(rows: Sequence[Row], header: Header) -> Columns:
    """Means with intervals; the checker's own error rate stands below, as the grounding figures are only as good as it."""
    cells = tuple(_row(row) for row in rows)
    card = header.card or "checker: no card says how often it errs"
    return Columns(
        ("kind", "measure", "mean", "95 % interval", "n", "unscored"),
        cells,
        (f"Grounding by {in_line(header.checker)} ({in_line(card)})",),
    )


def _row(row: Row) -> tuple[str, ...]:
    if row.interval is None:
        return row.kind, row.measure, "–", "", "0", f"{row.unscored} of {row.cases}"
    found = row.interval
    bounds = f"{found.low:.3f}–{found.high:.3f}"
    unscored = f"{row.unscored} of {row.cases}" if row.unscored else ""
    return row.kind, row.measure, f"{found.value:.3f}", bounds, str(found.n), unscored


def row_json(row: Row) -> dict[str, Any]:
    found = row.interval
    mean = {} if found is None else {"mean": found.value, "low": found.low, "high": found.high, "n": found.n}
    return {"kind": row.kind, "measure": row.measure, "cases": row.cases, "unscored": row.unscored, **mean}


def comparison_columns(comparison: Comparison) -> Columns:
    """Each measure before and after; a word where the difference is more than chance, and the cases that moved."""
    rows = tuple(_compared(one) for one in comparison.measures)
    headings = ("measure", "before", "after", "change", "95 % interval", "p (Holm)", "verdict", "better", "worse")
    moved = [f"{one.measure}: {_moved(one)}" for one in comparison.measures if one.verdict in ("better", "worse")]
    counted = f"{comparison.cases} cases in both; a verdict where p, corrected for {len(rows)} measures, is under 0.05."
    return Columns(headings, rows, (counted, *moved))


def _compared(one: Compared) -> tuple[str, ...]:
    found = one.found
    bounds = f"{found.low:+.3f}–{found.high:+.3f}"
    return (
        one.measure, f"{found.before:.3f}", f"{found.after:.3f}", f"{found.change:+.3f}", bounds, f"{one.p:.3f}",
        one.verdict or "–", str(len(one.better)), str(len(one.worse)),
    )  # fmt: skip


def _moved(one: Compared) -> str:
    parts = [f"{word} {_some(ids)}" for word, ids in (("better", one.better), ("worse", one.worse)) if ids]
    return "; ".join(parts)


def _some(ids: Sequence[str]) -> str:
    shown = ", ".join(map(in_line, ids[:CASES_SHOWN]))
    return f"{shown} and {len(ids) - CASES_SHOWN} more" if len(ids) > CASES_SHOWN else shown


def compared_json(one: Compared) -> dict[str, Any]:
    found = one.found
    return {
        "measure": one.measure,
        "before": found.before,
        "after": found.after,
        "change": found.change,
        "low": found.low,
        "high": found.high,
        "p": found.p,
        "p_holm": one.p,
        "n": found.n,
        "verdict": one.verdict,
        "better": list(one.better),
        "worse": list(one.worse),
        "unscored": one.unscored,
    }


def counts(kinds: Mapping[Kind, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in kinds.items())
