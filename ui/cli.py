"""The command line. Results go to standard output; everything else, errors as one sentence each, to standard error.

Exit codes: 0 answered or done, 1 error, 2 wrong use, 3 the papers do not hold the answer, 130 interrupted.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, NoReturn, cast

import typer

from rag import __version__
from rag.errors import ImportFailed, PaperchatError
from rag.types import Added, Answer, Paper
from ui import output, render

if TYPE_CHECKING:
    from rag.build import Paperchat

ERROR, USAGE, NOT_FOUND, INTERRUPTED = 1, 2, 3, 130

app = typer.Typer(
    help="Ask a collection of paper abstracts: every sentence of an answer cites the sentence it rests on.", add_completion=False
)
papers_app = typer.Typer(help="List, search or show the papers of the library.")
app.add_typer(papers_app, name="papers")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass
class Options:
    """What was given before the command."""

    home: Path | None = None
    debug: bool = False


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs one command and ends the process with its exit code."""
    output.prepare_streams()
    options = Options()
    try:
        try:
            typer.main.get_command(app).main(arguments, prog_name="paperchat", obj=options)
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        output.silence()
        sys.exit(ERROR)
    except Exception as error:  # noqa: BLE001 (the last place where one can be told instead of a traceback)
        if options.debug:
            traceback.print_exception(error)
        output.fail(_sentence(error))
        sys.exit(ERROR)
    sys.exit(0)


def _sentence(error: Exception) -> str:
    if isinstance(error, PaperchatError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else "reading or writing failed: "
        return f"{where}{error.strerror}. Check the disk and the rights, and try again."
    said = f"{type(error).__name__}: {error}"[:200]
    return f"Paperchat met a mistake of its own ({said}). Run it again as `paperchat --debug …` and report what it prints."


@contextmanager
def _opened(context: typer.Context, **how: Any) -> Iterator[Paperchat]:
    """The library, with progress bars while it works; its notices are told at the end at the latest."""
    from rag.build import open_library

    options: Options = context.obj
    with output.Bars() as bars, open_library(options.home, progress=bars, **how) as paperchat:
        try:
            yield paperchat
        finally:
            _tell_notices(paperchat)


def _tell_notices(paperchat: Paperchat) -> None:
    notices = paperchat.library.notices
    while notices:
        output.notice(notices.pop(0))


def _version(wanted: bool) -> None:
    if wanted:
        output.say(f"paperchat {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="Folder of the library, as PAPERCHAT_HOME.", metavar="FOLDER")] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Print where an error comes from.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)] = False,
) -> None:
    """Ask a collection of paper abstracts: every sentence of an answer cites the sentence it rests on.

    Without a command: a chat in the terminal.
    """
    context.obj.home, context.obj.debug = home, debug
    if context.invoked_subcommand is None:
        from ui.chat import Chat

        with _opened(context) as paperchat:
            Chat(paperchat, lambda: _tell_notices(paperchat)).run()


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[list[str] | None, typer.Argument(help="What you want to know.")] = None,
    json: Json = False,
    questions: Annotated[
        str | None, typer.Option(help="Answer each line of this JSON Lines file, or of standard input (-).", metavar="FILE")
    ] = None,
    history: Annotated[
        list[str] | None, typer.Option(help="An earlier question; repeat it, oldest first.", metavar="QUESTION")
    ] = None,
) -> None:
    """Answer a question. With --questions: JSON Lines in (question, id, history), JSON Lines out."""
    if (questions is None) == (question is None):
        raise typer.BadParameter("give a question, or --questions FILE, and not both.")
    if questions is not None:
        _ask_all(context, questions, history)
    else:
        _ask_one(context, " ".join(question or ()), history or (), json)


@app.command()
def summarize(
    context: typer.Context, text: Annotated[list[str], typer.Argument(help="A paper's title, or a topic.")], json: Json = False
) -> None:
    """Summarize a paper, or a topic over several papers."""
    _ask_one(context, f"Summarize {' '.join(text)}", (), json)


def _ask_one(context: typer.Context, question: str, history: Sequence[str], json: bool) -> None:
    with _opened(context) as paperchat:
        answer = _ready(paperchat, question).ask(question, history)
    for each in answer.notices:
        output.notice(each)
    _show(answer, json)
    if answer.status == "not_found":
        raise typer.Exit(NOT_FOUND)


def _show(answer: Answer, json: bool) -> None:
    if json:
        output.say_json(render.answer_json(answer))
    else:
        output.show_answer(answer)


def _ready(paperchat: Paperchat, question: str) -> Paperchat:
    """Loads the encoder and the indexes side by side, which a cold process would load one after the other."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        encoded = pool.submit(paperchat.library.encoder.encode, [question.encode("utf-8", "replace").decode()])
        _ = paperchat.library.meaning
        encoded.result()
    return paperchat


def _ask_all(context: typer.Context, source: str, history: list[str] | None) -> None:
    from ui.batch import answers, read_lines

    if history:
        raise typer.BadParameter("with --questions, each line brings its own `history`.")
    with _lines(source) as file, _opened(context) as paperchat:
        for answer in answers(read_lines(file), paperchat.ask):
            output.say_json(answer)


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
        raise ImportFailed(f"{source} cannot be read: {error.strerror}. Check the name and the rights.") from error
    with file:
        yield file


@app.command()
def add(context: typer.Context, files: Annotated[list[Path], typer.Argument(metavar="FILE…")], json: Json = False) -> None:
    """Add papers from files: a page of titles and abstracts saved as text, or JSON Lines."""
    from rag.importers import read_papers

    parts: list[Added] = []
    failed: list[dict[str, str]] = []
    with _opened(context) as paperchat, output.Bars() as bars:
        for file in files:
            try:
                parts.append(paperchat.add(read_papers(file), bars))
            except ImportFailed as error:
                bars.close()
                output.fail(str(error))
                failed.append({"file": str(file), "error": str(error)})
    names = ("added", "updated", "unchanged", "refused")
    added = Added(*(tuple(one for part in parts for one in getattr(part, name)) for name in names))
    if parts and json:
        output.say_json({**render.added_json(added), "failed": failed})
    elif parts:
        output.say(render.plain_added(added))
    if failed or not (added.added or added.updated or added.unchanged):
        raise typer.Exit(ERROR)


@app.command()
def remove(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Ids or titles of papers.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
    json: Json = False,
) -> None:
    """Remove papers from the library."""
    if not yes and (json or not sys.stdin.isatty()):
        raise typer.BadParameter("removing papers needs --yes where nobody can be asked.")
    with _opened(context) as paperchat:
        found = [paperchat.library.paper(one) for one in ids]
        if not yes and not _agreed(found):
            raise typer.Exit(ERROR)
        removed = paperchat.library.remove([paper.id for paper in found])
    if json:
        output.say_json({"removed": [render.paper_json(paper) for paper in removed]})
    else:
        output.say("\n".join(f"Removed: {render.paper_line(paper)}" for paper in removed))


def _agreed(papers: Sequence[Paper]) -> bool:
    for paper in papers:
        output.say(render.paper_line(paper))
    return typer.confirm(f"Remove {'this paper' if len(papers) == 1 else f'these {len(papers)} papers'}?", err=True)


@app.command()
def reindex(context: typer.Context, json: Json = False) -> None:
    """Cut and encode all papers anew and rebuild the indexes."""
    started = time.perf_counter()
    with _opened(context, allow_mismatch=True) as paperchat, output.Bars() as bars:
        paperchat.library.reindex(bars)
        count = paperchat.library.records.paper_count()
    seconds = round(time.perf_counter() - started, 3)
    if json:
        output.say_json({"papers": count, "seconds": seconds})
    else:
        output.say(f"{count} papers were indexed anew in {seconds:.1f} s.")


@app.command()
def info(context: typer.Context, json: Json = False) -> None:
    """Say where the library is, what it holds and what made it."""
    with _opened(context, allow_mismatch=True) as paperchat:
        facts = dict(paperchat.library.info())
    versions = cast("dict[str, str]", facts["versions"])
    facts["versions"] = {"paperchat": __version__, "python": sys.version.split()[0], **versions}
    if json:
        output.say_json(facts)
    else:
        facts["versions"] = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
        output.say("\n".join(f"{name}: {render.in_line(str(fact))}" for name, fact in facts.items()))


@papers_app.callback(invoke_without_command=True)
def papers(context: typer.Context, json: Json = False) -> None:
    """List, search or show the papers of the library."""
    if context.invoked_subcommand is None:
        list_papers(context, json)


@papers_app.command("list")
def list_papers(context: typer.Context, json: Json = False) -> None:
    """All papers, in the order in which they came."""
    with _opened(context) as paperchat:
        found = paperchat.library.papers()
    _show_papers(found, json)


@papers_app.command("search")
def search_papers(context: typer.Context, text: Annotated[list[str], typer.Argument()], json: Json = False) -> None:
    """Papers with all these words in title, authors or abstract, best first."""
    with _opened(context) as paperchat:
        known = {paper.id: paper for paper in paperchat.library.papers()}
        found = [known[one] for one, _ in paperchat.library.words.matching(" ".join(text), len(known)) if one in known]
    _show_papers(found, json)
    if not found:
        raise typer.Exit(NOT_FOUND)


def _show_papers(found: Sequence[Paper], json: bool) -> None:
    if json:
        output.say_json([render.paper_json(paper) for paper in found])
    else:
        output.show_papers(found)


@papers_app.command("show")
def show_paper(
    context: typer.Context, id: Annotated[str, typer.Argument(metavar="ID", help="Id or title.")], json: Json = False
) -> None:
    """One paper with its abstract. With --json the abstract is the one that the offsets of citations count in."""
    with _opened(context) as paperchat:
        paper = paperchat.library.paper(id)
    if json:
        output.say_json(render.whole_paper_json(paper))
    else:
        output.show_paper(paper)


if __name__ == "__main__":
    main()
