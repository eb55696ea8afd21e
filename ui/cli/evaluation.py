"""`paperchat eval …`: checks cases, runs them, compares and gates runs. What is heavy is imported by the command that needs it."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from rag.errors import ImportFailed, why_unreadable
from ui.cli import output
from ui.cli.figures import compared_json, comparison_columns, counts, row_json, run_columns
from ui.cli.session import Json, Options
from ui.export.plain import visible

app = typer.Typer(help="Measure answers: run questions with known answers, compare runs, fail a build.", no_args_is_help=True)
Papers = Annotated[
    Path | None, typer.Option(help="A file of papers of your own, of which a new library is made.", metavar="FILE")
]
Home = Annotated[
    Path | None, typer.Option(help="A library of your own; default: a new one of the bundled papers.", metavar="FOLDER")
]


@app.command()
def validate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of cases.")],
    home: Home = None,
    papers: Papers = None,
    json: Json = False,
) -> None:
    """Look for mistakes in a file of cases: all are named, with line and id."""
    _validate(context, file, home, papers, json)


@app.command(hidden=True)
def check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of cases.")],
    home: Home = None,
    papers: Papers = None,
    json: Json = False,
) -> None:
    """The old name of `validate`."""
    output.notice("`eval check` is now `eval validate`; the old name goes with the next release.")
    _validate(context, file, home, papers, json)


def _validate(context: typer.Context, file: Path, home: Path | None, papers: Path | None, json: bool) -> None:
    from eval.cases.papers import collection, library_papers
    from eval.cases.reading import KINDS, load_cases

    library = _home(context, home, papers)
    cases = load_cases(file, library_papers(library) if library else collection(papers))
    kinds = Counter(case.kind for case in cases)
    ordered = {kind: kinds[kind] for kind in KINDS if kinds[kind]}
    if json:
        output.say_json({"file": str(file), "cases": len(cases), "kinds": ordered})
    else:
        output.say(f"{len(cases)} cases, no mistake: {counts(ordered)}.")


@app.command()
def run(
    context: typer.Context,
    cases: Annotated[
        str, typer.Option(help="dev, sample (some of it), test (only for a report), or a file of cases.", metavar="NAME|FILE")
    ] = "dev",
    writer: Annotated[
        str, typer.Option(help="quotes, model (the configured one), or a model's name.", metavar="NAME")
    ] = "quotes",
    out: Annotated[
        Path | None, typer.Option(help="Where the run is written; default: runs/CASES-WRITER.jsonl.", metavar="FILE")
    ] = None,
    home: Home = None,
    papers: Papers = None,
    parallel: Annotated[
        int, typer.Option(help="Questions under way at once; for models on another machine.", min=1, max=64, metavar="N")
    ] = 1,
    cache: Annotated[
        Path | None, typer.Option(help="Where answers are kept; default: the platform's cache folder.", metavar="FOLDER")
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Ask every question, and keep no answer.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Start the file anew instead of finishing it.")] = False,
    price_in: Annotated[float | None, typer.Option(help="Price of a million tokens read.", min=0.0)] = None,
    price_out: Annotated[float | None, typer.Option(help="Price of a million tokens written.", min=0.0)] = None,
    json: Json = False,
) -> None:
    """Ask the questions, score the answers, write a run. An interrupted run is finished by the same command."""
    if (price_in is None) != (price_out is None):
        raise typer.BadParameter("give --price-in and --price-out together.")
    from eval.runs import runner as runner
    from eval.scores.answer_level import Prices

    prices, library = Prices(price_in, price_out), _home(context, home, papers)
    options = runner.Options(cases, out, writer, library, papers, cache, not no_cache, parallel, overwrite, prices)
    with output.Bars() as bars:
        done = runner.run(options, bars)
    output.notice(
        f"{done.path}: {done.cases} cases, {done.asked} asked, {done.cached} from the cache, {done.kept} there before, {done.failed} failed."
    )
    _show_run(done.path, json)


MOST_BAD = 10
"""Records that cannot be read, of which it is told what is wrong with each."""


@app.command()
def answers(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="JSON Lines with `question`, `answer` and `sources`; or an export of another tool."),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Where the run is written; default: runs/FILE-answers.jsonl.", metavar="FILE")
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--from", help="ragas, deepeval, llamaindex, langchain, ragchecker, trulens; default: recognised by the fields."
        ),
    ] = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Start the file anew instead of finishing it.")] = False,
    json: Json = False,
) -> None:
    """Judge the answers of any system: are they grounded in the sources they cite? No model is asked."""
    from eval.answers.formats import read_answers
    from eval.answers.judging import write_run
    from rag.grounding.checker import GroundingChecker
    from rag.library.encoder import OnnxEncoder
    from rag.reader.cross_encoder import CrossEncoder

    path = out or Path("runs") / f"{file.stem}-answers.jsonl"
    bad: list[str] = []
    given = list(read_answers(file, form, bad))
    for one in bad[:MOST_BAD]:
        output.notice(one)
    if not given:
        raise ImportFailed(f"{file} holds no answer that could be read. Give JSON Lines with `question`, `answer` and `sources`.")
    bare = sum(not one.sources for one in given)
    if bare:
        output.notice(
            f"{bare} of {len(given)} answers have no sources, so their claims cannot be checked. Give them as `sources` or `contexts`."
        )
    if overwrite:
        path.unlink(missing_ok=True)
    with output.Bars() as bars:
        judged = write_run(given, file.name, path, GroundingChecker(OnnxEncoder(), CrossEncoder()), bars)
    output.notice(f"{path}: {len(given)} answer{'' if len(given) == 1 else 's'}, {judged} judged now.")
    _show_run(path, json)
    if bad:
        output.notice(
            f"{len(bad)} of {len(bad) + len(given)} records of {file} could not be read and are not judged: the exit code is 1."
        )
        raise typer.Exit(1)


@app.command()
def claim(
    text: Annotated[str, typer.Argument(metavar="CLAIM", help="A sentence.")],
    source: Annotated[list[Path], typer.Option(help="A text file that it is held against; repeatable.", metavar="FILE")],
    json: Json = False,
) -> None:
    """Hold one sentence against a text: the verdict, the sentences that speak most to it, and why."""
    if not text.strip():
        raise typer.BadParameter("the claim is empty.")
    from rag.grounding.checker import GroundingChecker
    from rag.grounding.claims import pieces
    from rag.library.encoder import OnnxEncoder
    from rag.reader.cross_encoder import CrossEncoder

    sources = [_text_of(path) for path in source]
    checker = GroundingChecker(OnnxEncoder(), CrossEncoder())
    found = checker.check(text, sources)
    texts = [piece for one in sources for piece in pieces(one)]
    evidence = [texts[place] for place in checker.rationale(text, texts)]
    if json:
        output.say_json({"verdict": found.verdict, "score": found.score, "reason": found.reason, "evidence": evidence})
    else:
        output.say("\n".join([f"{found.verdict}: {visible(found.reason)}", *(f"  {visible(one)}" for one in evidence)]))


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ImportFailed(f"{path} cannot be read ({why_unreadable(error)}). Give a UTF-8 text.") from None


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="A run.", metavar="RUN")],
    to: Annotated[str, typer.Option(help="ragas, deepeval, llamaindex, ragchecker or trulens.", metavar="TOOL")],
    out: Annotated[Path | None, typer.Option(help="Default: RUN-TOOL.jsonl or .json beside the run.", metavar="FILE")] = None,
    json: Json = False,
) -> None:
    """Hand a run's answers to another evaluation tool, in the shape of its data sets."""
    from eval.answers.exports import SUFFIXES
    from eval.answers.exports import export as exported
    from eval.runs.run_file import RunReader

    path = out or file.with_name(f"{file.stem}-{to}{SUFFIXES.get(to, '')}")
    reader = RunReader(file)
    done = exported(reader.results(), to, path)
    for notice in reader.notices:
        output.notice(notice)
    if json:
        output.say_json({"file": str(path), "answers": done.written, "left_out": done.left_out})
    else:
        left = f", {done.left_out} cases without an answer left out" if done.left_out else ""
        output.say(f"{path}: {done.written} answers{left}.")


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="The earlier run.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="The later run.")],
    json: Json = False,
) -> None:
    """What became better or worse from one run to another, and whether it can be chance."""
    from eval.compare.two_runs import compare as compared
    from eval.compare.two_runs import read_scored

    found = compared(read_scored(before), read_scored(after))
    for notice in found.notices:
        output.notice(notice)
    if json:
        output.say_json({"cases": found.cases, "measures": [compared_json(one) for one in found.measures]})
    else:
        output.show_columns(comparison_columns(found))


@app.command()
def gate(
    file: Annotated[Path, typer.Argument(help="A run.", metavar="RUN")],
    least: Annotated[
        list[str] | None,
        typer.Option("--min", help="Least mean of a measure; KIND/MEASURE for one kind.", metavar="MEASURE=VALUE"),
    ] = None,
    most: Annotated[list[str] | None, typer.Option("--max", help="Greatest mean of a measure.", metavar="MEASURE=VALUE")] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="An earlier run: what is significantly worse fails.", metavar="RUN")
    ] = None,
    json: Json = False,
) -> None:
    """Hold a run against limits: exit code 1 where one is missed, and what."""
    from eval.compare.limits import GateError, limits
    from eval.compare.limits import gate as held

    try:
        wanted = [*limits(least or (), "min"), *limits(most or (), "max")]
    except GateError as error:
        raise typer.BadParameter(visible(str(error))) from None
    if not wanted and baseline is None:
        raise typer.BadParameter("there is nothing to compare the run with: give --min, --max or --baseline.")
    found = held(file, wanted, baseline)
    for notice in found.notices:
        output.notice(notice)
    if json:
        output.say_json({"failed": list(found.failures), "passed": list(found.passed)})
    else:
        output.say("\n".join([*(f"failed: {one}" for one in found.failures), *(f"passed: {one}" for one in found.passed)]))
    if found.failures:
        raise typer.Exit(1)


def _handed_on(name: str, module: str, help: str, over_a_library: bool = False) -> None:
    """A command whose arguments, `--help` too, are those of the module's own `main`, which may want the library asked for."""

    def command(context: typer.Context) -> None:
        options: Options = context.obj
        home = {"home": options.home} if over_a_library else {}
        raise typer.Exit(int(import_module(module).main(context.args, **home)))

    settings = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
    app.command(name, help=help, context_settings=settings, add_help_option=False)(command)


_handed_on(
    "make",
    "eval.drafting.command",
    "Draft cases over any collection, by rule or from feedback, for a person to edit.",
    over_a_library=True,
)
_handed_on("report", "eval.report.command", "Show a run as a table, Markdown and one HTML page.")
_handed_on("calibrate", "eval.checker.calibrate", "Measure the grounding checker on labelled claims, beside three baselines.")
_handed_on(
    "convert", "eval.checker.converters", "Convert public labelled sets (SciFact, WiCE, HealthVer, …) for `eval calibrate`."
)


def _home(context: typer.Context, home: Path | None, papers: Path | None) -> Path | None:
    """The library that was asked for; none if its papers come from a file."""
    if home is not None and papers is not None:
        raise typer.BadParameter("give --home or --papers, not both.")
    options: Options = context.obj
    return None if papers is not None else home or options.home


def _show_run(path: Path, json: bool) -> None:
    from eval.report.summary import ALL, summarise
    from eval.runs.run_file import RunReader

    reader = RunReader(path)
    rows = summarise(reader.results())
    for notice in reader.notices:
        output.notice(notice)
    if json:
        output.say_json(
            {
                "run": str(path),
                "checker": reader.header.checker,
                "card": reader.header.card,
                "rows": [row_json(row) for row in rows],
            }
        )
    else:
        output.show_columns(run_columns([row for row in rows if row.kind == ALL], reader.header))
