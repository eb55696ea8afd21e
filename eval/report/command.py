"""Makes a run readable, without asking any model: a table for the terminal, Markdown, and one page that works from disk.

`python -m eval.report.command RUN [--out FOLDER] [--only table|markdown|html]`; `paperchat eval report` is the same.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.console import fail, tell
from eval.report.data import Report, read_report
from eval.report.html import page
from eval.report.text import counts, markdown, plain, tables
from eval.runs.run_file import RunError
from rag.errors import PaperchatError


def write(report: Report, folder: Path, only: str = "") -> list[Path]:
    """Writes the Markdown and the page (or one of them) into the folder, under the run's name. Raises RunError if it cannot."""
    found = []
    for ending, kind, make in ((".md", "markdown", markdown), (".html", "html", page)):
        if only in ("", kind):
            path = folder / f"{report.name}{ending}"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                path.write_text(make(report), encoding="utf-8")
            except OSError as error:
                raise RunError(f"{path} cannot be written ({error.strerror or error}). Give another folder with --out.") from None
            found.append(path)
    return found


def show(report: Report) -> None:
    """The table on standard output: drawn in a terminal, plain elsewhere."""
    if not sys.stdout.isatty():
        sys.stdout.write(plain(report) + "\n")
        return
    from rich.console import Console
    from rich.text import Text

    console = Console()
    console.print(Text(report.title, style="bold"), Text(report.about), Text(report.card), sep="\n")
    for notice in report.notices:
        console.print(Text(notice, style="yellow"))
    for table in tables(report):
        console.print(table)
    console.print(Text(counts(report)))


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog="paperchat eval report", description="A run as table, Markdown and one page; no model is asked."
    )
    found.add_argument("run", type=Path, metavar="RUN", help="a file that `paperchat eval run` or `paperchat eval answers` wrote")
    found.add_argument("--out", type=Path, metavar="FOLDER", help="where Markdown and page go (default: beside the run)")
    found.add_argument("--only", choices=("table", "markdown", "html"), default="", help="make one of the three (default: all)")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        report = read_report(options.run)
        written = write(report, options.out or options.run.parent, options.only)
    except PaperchatError as error:
        fail(error)
        return 1
    if options.only in ("", "table"):
        show(report)
    for path in written:
        tell(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
