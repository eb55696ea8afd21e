"""The report as Markdown and as a table for the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from eval.console import visible
from eval.report.data import Finding, Report
from eval.report.summary import ALL, Row
from eval.scores.labels import GLANCE, GROUPS, bounds, figure, label

if TYPE_CHECKING:
    from rich.table import Table

MOST_FINDINGS = 50
"""Claims to look at that Markdown lists; the page shows all."""
HEADINGS = ("measure", "mean", "95 % interval", "n", "not scored")


def cells(row: Row) -> tuple[str, str, str, str, str]:
    """The row as `HEADINGS` has it."""
    own = label(row.measure)
    of = row.interval
    return (
        own.text,
        figure(of.value if of else None, own.unit),
        bounds(of, own.unit),
        str(of.n) if of else "0",
        str(row.unscored) if row.unscored else "",
    )


def by_group(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """The groups that have rows, in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(label(row.measure).group, []).append(row)
    yield from ((group, found[group]) for group in GROUPS if group in found)


def counts(report: Report) -> str:
    return f"{report.failed} of {report.cases} cases failed; {report.unscored} scores could not be made (counted, in no mean)."


def plain(report: Report) -> str:
    """For a terminal that is none: columns of text."""
    rows = [(group, [cells(row) for row in own]) for group, own in by_group(_overall(report))]
    wide = [max([len(HEADINGS[at]), *(len(row[at]) for _, own in rows for row in own)]) for at in range(len(HEADINGS))]
    lines = [_visible(report.title), _visible(report.about), _visible(report.card), *map(_visible, report.notices), ""]
    for group, own in rows:
        lines += [_line((group, *HEADINGS[1:]), wide), *(_line(row, wide) for row in own), ""]
    lines += [f"Refused, {code}: {refused_of(report, code)}" for code in report.refusals]
    return "\n".join([*lines, counts(report)])


def refused_of(report: Report, code: str) -> str:
    """How often this code refused, and how often wrongly."""
    own = report.refusals[code]
    return f"{own.count}, of which {own.wrong} wrongly"


def _line(row: Sequence[str], wide: Sequence[int]) -> str:
    first, *others = (
        text.ljust(width) if at == 0 else text.rjust(width) for at, (text, width) in enumerate(zip(row, wide, strict=True))
    )
    return "  ".join((first, *others)).rstrip()


def tables(report: Report) -> list[Table]:
    """For a terminal: one table a group."""
    from rich.markup import escape
    from rich.table import Table

    found = []
    for group, rows in by_group(_overall(report)):
        table = Table(title=group, title_justify="left", title_style="bold", expand=False)
        for at, heading in enumerate(HEADINGS):
            table.add_column(heading, justify="left" if at == 0 else "right")
        for row in rows:
            table.add_row(*map(escape, cells(row)))
        found.append(table)
    return found


def markdown(report: Report) -> str:
    """The same figures, the shares by kind, and what should be examined."""
    lines = [f"# {escaped(report.title)}", "", f"{escaped(report.about)}. {escaped(report.card)}.", ""]
    lines += [f"> {escaped(notice)}\n" for notice in report.notices]
    for group, rows in by_group(_overall(report)):
        lines += [f"## {group}", "", *_table(HEADINGS, [cells(row) for row in rows]), ""]
    refused = [(code, str(own.count), str(own.wrong)) for code, own in report.refusals.items()]
    lines += ["## By kind", "", *_table(*_kinds(report)), ""]
    lines += ["## Refusals by code", "", *_table(("code", "refused", "wrongly"), refused), ""] if refused else []
    lines += ["## To look at", "", *_findings(report), ""]
    lines += [
        "## What the run went by",
        "",
        *(f"- {name}: {escaped(value)}" for name, value in report.went_by),
        "",
        counts(report),
    ]
    return "\n".join(lines) + "\n"


def _overall(report: Report) -> list[Row]:
    return [row for row in report.rows if row.kind == ALL]


def _kinds(report: Report) -> tuple[Sequence[str], list[Sequence[str]]]:
    found = {(row.kind, row.measure): row for row in report.rows}
    kinds = list(dict.fromkeys(row.kind for row in report.rows if row.kind != ALL))
    names = [name for name in GLANCE if (ALL, name) in found]
    rows: list[Sequence[str]] = [(kind.replace("_", " "), *(_cell(found.get((kind, name))) for name in names)) for kind in kinds]
    return ("kind", *(label(name).text for name in names)), rows


def _cell(row: Row | None) -> str:
    if row is None:
        return ""
    _, mean, interval, n, _ = cells(row)
    return f"{mean} ({interval}), n = {n}" if row.interval else f"not scored ({row.unscored})"


def _findings(report: Report) -> list[str]:
    if not report.findings:
        return ["Nothing: every case was answered, and no sentence that could be checked lacks support."]
    lines = [
        f"- {escaped(one.case)}, **{one.what}**: {_marked(one)} ({escaped(one.why)})" for one in report.findings[:MOST_FINDINGS]
    ]
    more = len(report.findings) - MOST_FINDINGS
    return [*lines, *([f"- and {more} more, which the page shows"] if more > 0 else [])]


def _marked(one: Finding) -> str:
    """The claim with the stretches that are not supported in bold."""
    found, at = [], 0
    for span in one.spans:
        found += [escaped_inside(one.text[at : span.start]), f"**{escaped(span.of(one.text))}**"]
        at = span.end
    return "".join([*found, escaped_inside(one.text[at:])]).strip()


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return [*lines, *("| " + " | ".join(map(escaped, row)) + " |" for row in rows)]


def escaped(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no line of its own, no cell of its own."""
    return escaped_inside(text).strip()


def escaped_inside(text: str) -> str:
    """The same for a part of a text: a blank at its ends stays."""
    return re.sub(r"([\\`*_\[\]<>|#~!&])", r"\\\1", re.sub(r"\s+", " ", visible(text)))


def _visible(text: str) -> str:
    """On one line, without control and format characters, which may move a cursor or turn the writing round."""
    return " ".join(visible(text).split())
