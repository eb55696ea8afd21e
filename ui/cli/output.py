"""Where words go: results to standard output, notices, errors and progress to standard error, colour only where a person looks."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.prompts import error_label, error_text
from rag.types import Answer, Paper
from ui.cli.language import language
from ui.cli.progress import Bars as Bars
from ui.export.plain import in_line, json_text, plain_answer, plain_paper, plain_papers

if TYPE_CHECKING:
    from rich.console import RenderableType

    from ui.cli.figures import Columns


def prepare_streams() -> None:
    """A character that a stream cannot hold is replaced instead of ending the program."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def show_answer(answer: Answer) -> None:
    if sys.stdout.isatty():
        from ui.cli.screen import answer_view

        _draw(answer_view(answer))
    else:
        say(plain_answer(answer))


def show_papers(papers: Sequence[Paper]) -> None:
    if not papers:
        notice("no paper to show.")
    elif sys.stdout.isatty():
        from ui.cli.screen import papers_table

        _draw(papers_table(papers))
    else:
        say(plain_papers(papers))


def show_paper(paper: Paper) -> None:
    if sys.stdout.isatty():
        from ui.cli.screen import paper_view

        _draw(paper_view(paper))
    else:
        say(plain_paper(paper))


def show_columns(columns: Columns) -> None:
    if sys.stdout.isatty():
        from ui.cli.screen import columns_table

        _draw(columns_table(columns))
    else:
        from ui.cli.figures import plain_columns

        say(plain_columns(columns))


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_json(value: object) -> None:
    say(json_text(value))


def notice(text: str) -> None:
    _to_stderr("note", text, "2")


def warn(text: str) -> None:
    _to_stderr("warning", text, "33")


def fail(text: str) -> None:
    _to_stderr("error", text, "31")


def _draw(view: RenderableType) -> None:
    from rich.console import Console

    Console(highlight=False).print(view)


def _to_stderr(kind: str, text: str, colour: str) -> None:
    lines = filter(None, map(in_line, error_text(text, language()).split("\n")))
    line = f"{error_label(kind, language())}: " + "\n  ".join(
        lines
    )  # set in, so that no line of a text can pass for a message of its own
    if sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
        line = f"\x1b[{colour}m{line}\x1b[0m"
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
