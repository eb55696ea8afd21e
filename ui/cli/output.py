"""Where words go: results to standard output, notices, errors and progress to standard error, colour only where a person looks."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from rag.types import Answer, Paper
from ui.export.plain import in_line, json_text, plain_answer, plain_paper, plain_papers

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import Progress

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
    _to_stderr("Note", text, "2")


def warn(text: str) -> None:
    _to_stderr("Warning", text, "33")


def fail(text: str) -> None:
    _to_stderr("Error", text, "31")


def _draw(view: RenderableType) -> None:
    from rich.console import Console

    Console(highlight=False).print(view)


def _to_stderr(kind: str, text: str, colour: str) -> None:
    lines = filter(None, map(in_line, text.split("\n")))
    line = f"{kind}: " + "\n  ".join(lines)  # set in, so that no line of a text can pass for a message of its own
    if sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
        line = f"\x1b[{colour}m{line}\x1b[0m"
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


class Bars:
    """Progress on standard error, one bar for each kind of work; nothing where standard error is not a terminal.

    A context manager, and the function that the core tells its progress: done, of how many (0 where nobody knows), at what.
    """

    def __init__(self) -> None:
        self._shown: Progress | None = None
        self._label = ""
        self._task: Any = None

    def __call__(self, done: int, total: int, label: str) -> None:
        if not sys.stderr.isatty():
            return
        if self._shown is None or label != self._label:
            self.close()
            self._open(label)
        if self._shown is not None:
            self._shown.update(self._task, completed=done, total=total or None)
        if total and done >= total:
            self.close()

    def close(self) -> None:
        if self._shown is not None:
            self._shown.stop()
            self._shown = None

    def _open(self, label: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._shown = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._shown.add_task(label, total=None)
        self._label = label
        self._shown.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
