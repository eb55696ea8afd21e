"""The tables of results that the READMEs show, made from a run of the held-out cases.

`python -m eval.report.results RUN [--write README] [--write-all README]` prints what is aimed at, by kind of question, and all measures; `--write` puts
the first into its place in a file, `--write-all` the second.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.console import fail
from eval.report.marks import Place, write_table
from eval.report.summary import ALL, Row, summarise
from eval.runs.run_file import RunReader
from eval.scores.labels import bounds, figure, label
from rag.errors import PaperchatError

AIMED = (
    ("all", "quote_verbatim", "citations that appear word for word in their abstract", "100 %"),
    ("all", "supported", "sentences that the checker calls supported", "≥ 99 %"),
    ("all", "hit@5", "a gold paper among the first five hits", "≥ 99 %"),
    ("fact", "gold_sentence@1", "first sentence cited is gold", "≥ 65 %"),
    ("fact", "gold_sentence@3", "gold among first three sentences", "≥ 90 %"),
    ("method", "gold_sentence@3", "gold among first three sentences", ""),
    ("follow_up", "gold_sentence@3", "gold among first three sentences", ""),
    ("list", "list_f1", "F1 of the papers listed", ""),
    ("compare", "papers_cited", "share of gold papers cited", ""),
    ("summary", "papers_cited", "share of gold papers cited", ""),
    ("collection", "key_anywhere", "all answer keys in the text", ""),
    ("unanswerable", "refusal", "refused", "≥ 80 %"),
    ("all", "false_refusal", "answerable, but refused", "≤ 3 %"),
)
"""Kind, measure, its words, and the aim."""
RESULTS = Place("results", "python -m eval.report.results RUN --write FILE")
MEASURES = Place("measures", "python -m eval.report.results RUN --write-all FILE")


def results(rows: Sequence[Row]) -> str:
    """What is aimed at, by kind, as Markdown."""
    found = {(row.kind, row.measure): row for row in rows}
    lines = ["| kind | measure | held out | aim |", "|---|---|---|---|"]
    for kind, measure, words, aim in AIMED:
        if row := found.get((kind, measure)):
            value, n, unscored = _cells(row)
            held = f"{value}, n = {n}{f', {unscored} unscored' if unscored else ''}"
            lines.append(f"| {kind} | {words} | {held} | {aim} |")
    return "\n".join(lines)


def measures(rows: Sequence[Row]) -> str:
    """Every measure over all cases, as Markdown."""
    lines = ["| score | mean (95 % interval) | n | unscored |", "|---|---|---|---|"]
    lines += [f"| `{row.measure}` | {' | '.join(_cells(row))} |" for row in rows if row.kind == ALL]
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, str, str]:
    """Mean and interval, what was counted, and what could not be scored."""
    unscored = str(row.unscored) if row.unscored else ""
    if row.interval is None:
        return "–", "0", unscored
    unit = label(row.measure).unit
    return f"{figure(row.interval.value, unit)} ({bounds(row.interval, unit).removesuffix(' %')})", str(row.interval.n), unscored


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.report.results", description="The READMEs' tables of results.")
    parser.add_argument("run", type=Path, metavar="RUN", help="a file that `paperchat eval run --cases test` wrote")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put what is aimed at into its place in this file")
    parser.add_argument("--write-all", type=Path, metavar="FILE", help="put all measures into their place in this file")
    options = parser.parse_args(arguments)
    try:
        rows = summarise(RunReader(options.run).results())
        for made, place, path in (
            (results(rows), RESULTS, options.write),
            (measures(rows), MEASURES, options.write_all),
        ):
            sys.stdout.write(made + "\n\n")
            if path is not None:
                write_table(path, made, place)
    except PaperchatError as error:
        fail(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
