"""The command line. Results go to standard output; everything else, errors as one sentence each, to standard error.

Exit codes: 0 answered or done, 1 error, 2 wrong use, 3 the papers do not hold the answer, 130 interrupted, 143 ended by SIGTERM.
"""

from __future__ import annotations

import gc
import os
import stat
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, BinaryIO, NoReturn, TextIO

import typer

from rag import __version__
from rag.errors import ImportFailed, PaperchatError
from rag.types import AskOptions
from ui.cli import collections as named
from ui.cli import evaluation as evaluate
from ui.cli import models, output, review, sources
from ui.cli import papers as shelf
from ui.cli import serve as serving_commands
from ui.cli import summaries as digest
from ui.cli.session import ERROR, InCollections, Json, Options, opened, tell_notices
from ui.cli.termination import INTERRUPTED, Termination

app = typer.Typer(
    help="Ask a collection of paper abstracts: every sentence of an answer cites the sentence it rests on.", add_completion=False
)
for command in (
    sources.fetch,
    sources.enrich,
    sources.watch,
    shelf.add,
    shelf.undo,
    shelf.duplicates,
    shelf.merge,
    shelf.remove,
    shelf.reindex,
    shelf.repair,
    shelf.info,
    models.models,
    digest.summarize,
    digest.compare,
    review.table,
    review.cite,
):
    app.command()(command)
app.command()(serving_commands.serve)
app.command()(serving_commands.mcp)
app.add_typer(shelf.papers_app, name="papers")
app.add_typer(named.app, name="collections")
app.add_typer(sources.sync_app, name="sync")
app.add_typer(evaluate.app, name="eval")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs one command and ends the process with its exit code."""
    # The matrices here are small: threads of the library behind numpy would wait for each other, half of a busy server's processor time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    output.prepare_streams()
    options, termination = Options(), Termination()
    try:
        with termination.watched():
            try:
                typer.main.get_command(app).main(arguments, prog_name="paperchat", obj=options)
            finally:
                gc.freeze()  # at the end of the process everything goes at once: looking for cycles first takes a tenth of a short run
                sys.stdout.flush()
    except KeyboardInterrupt:
        _exit_early(termination)
    except SystemExit as end:
        if end.code == INTERRUPTED:  # what Typer makes of an interrupt
            _exit_early(termination)
        raise
    except Exception as error:  # noqa: BLE001 (the last place that can report it)
        if options.debug:
            traceback.print_exception(error)
        output.fail(_sentence(error))
        sys.exit(ERROR)
    sys.exit(0)


def _exit_early(termination: Termination) -> NoReturn:
    output.notice(termination.reason)
    sys.exit(termination.code)


def _sentence(error: Exception) -> str:
    if isinstance(error, PaperchatError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else "reading or writing failed: "
        return f"{where}{error.strerror}. Check the disk and the permissions, and try again."
    said = f"{type(error).__name__}: {error}"[:200]
    return f"Something went wrong inside Paperchat ({said}). Run `paperchat --debug …` and report what it prints."


def _version(wanted: bool) -> None:
    if wanted:
        output.say(f"paperchat {__version__}")
        raise typer.Exit


def is_fed(stream: TextIO | None) -> bool:
    """Whether questions come from a pipe or a file; a terminal gives none by itself, nor does `/dev/null`."""
    try:
        mode = os.fstat(stream.fileno()).st_mode if stream is not None else 0
    except (OSError, ValueError):
        return stream is not None  # no file at all: a program that calls this one and brings its own lines
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="Folder of the library, as PAPERCHAT_HOME.", metavar="FOLDER")] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Print where an error comes from.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)] = False,
) -> None:
    """Ask a collection of paper abstracts: every sentence of an answer cites the sentence it rests on.

    Without a command: the chat page in a browser, or a chat in the terminal where questions come from a pipe.
    """
    context.obj.home, context.obj.debug = home, debug
    if context.invoked_subcommand is None:
        if is_fed(sys.stdin):
            chat(context)
        else:
            serving_commands.page(context)


@app.command()
def chat(context: typer.Context, collection: InCollections = None) -> None:
    """Chat in the terminal; from a pipe it answers each line."""
    from ui.cli.chat import Chat

    with opened(context) as paperchat:
        options = AskOptions(scope=paperchat.within(collection or ()))
        Chat(paperchat, lambda: tell_notices(paperchat), options=options).run()


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[list[str] | None, typer.Argument(metavar="QUESTION", help="What you want to know.")] = None,
    json: Json = False,
    questions: Annotated[
        str | None, typer.Option(help="Answer each line of this JSON Lines file, or of standard input (-).", metavar="FILE")
    ] = None,
    history: Annotated[
        list[str] | None, typer.Option(help="An earlier question; repeat it, oldest first.", metavar="QUESTION")
    ] = None,
    collection: InCollections = None,
    as_typed: Annotated[bool, typer.Option("--as-typed", help="Correct no typing errors in questions.")] = False,
) -> None:
    """Answer a question. With --questions: JSON Lines in (question, id, history), JSON Lines out."""
    if (questions is None) == (question is None):
        raise typer.BadParameter("give a question, or --questions FILE, and not both.")
    if question is not None and not "".join(question).strip():
        raise typer.BadParameter("the question is empty.")
    if questions is not None:
        _ask_all(context, questions, history, collection or (), not as_typed)
    else:
        _ask_one(context, " ".join(question or ()), history or (), collection or (), json, not as_typed)


def _ask_one(
    context: typer.Context, question: str, history: Sequence[str], collections: Sequence[str], json: bool, correct: bool
) -> None:
    with opened(context) as paperchat:
        options = AskOptions(scope=paperchat.within(collections), correct=correct)
        paperchat.load(question)
        answer = paperchat.ask(question, history, options)
    if answer.corrected:
        output.notice(f"asked as: {answer.corrected} (--as-typed keeps your words)")
    digest.show(answer, json)


def _ask_all(context: typer.Context, source: str, history: list[str] | None, collections: Sequence[str], correct: bool) -> None:
    from ui.cli.batch import answers, read_lines

    if history:
        raise typer.BadParameter("with --questions, each line brings its own `history`.")
    with _lines(source) as file, opened(context) as paperchat:
        options = AskOptions(scope=paperchat.within(collections), correct=correct)
        read = usable = 0
        for answer in answers(read_lines(file), partial(paperchat.ask, options=options)):
            output.say_json(answer)
            read += 1
            usable += answer["status"] != "error"
    name = "standard input" if source == "-" else source
    if not read:
        raise ImportFailed(f'{name} holds no question. Write each as {{"question": "…"}}, one a line.')
    if not usable:
        output.fail(f"No line of {name} could be answered; the output says why for each.")
        raise typer.Exit(ERROR)


@contextmanager
def _lines(source: str) -> Iterator[BinaryIO]:
    if source == "-":
        yield sys.stdin.buffer
        return
    if Path(source).is_dir():
        raise ImportFailed(f"{source} is a folder. Give a file of questions in it.")
    try:
        file = Path(source).open("rb")  # noqa: SIM115 (closed below; only opening it is to be explained)
    except OSError as error:
        raise ImportFailed(f"{source} cannot be read: {error.strerror}. Check the name and the permissions.") from error
    with file:
        yield file
