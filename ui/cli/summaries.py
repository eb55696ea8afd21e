"""`paperchat summarize` and `paperchat compare`: several papers at once."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.types import Answer, AskOptions
from ui.cli import output
from ui.cli.session import NOT_FOUND, InCollections, Json, check_aspects, opened, tell_notices
from ui.export import plain as render

Csv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]


def summarize(
    context: typer.Context,
    text: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT", help="A paper's title, or a topic; left out, all papers.")
    ] = None,
    paper: Annotated[list[str] | None, typer.Option(help="Only this paper (id or title); repeat it.", metavar="PAPER")] = None,
    collection: InCollections = None,
    json: Json = False,
) -> None:
    """Summarize a paper, a topic, some papers (--paper), or the whole collection."""
    with opened(context) as paperchat:
        if text:
            paperchat.load(" ".join(text))
        answer = paperchat.summarize(" ".join(text or ()), paper or (), AskOptions(scope=paperchat.within(collection or ())))
    show(answer, json)


def compare(
    context: typer.Context,
    papers: Annotated[list[str] | None, typer.Argument(metavar="PAPER", help="Ids or titles.")] = None,
    aspect: Annotated[list[str] | None, typer.Option(help="A column of the table; repeat it.", metavar="ASPECT")] = None,
    collection: InCollections = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Compare papers in a table, each cell cited or “not stated”. Without --aspect: problem, approach, data, result."""
    if json and csv:
        raise typer.BadParameter("give --json or --csv, not both.")
    check_aspects(aspect or ())
    from ui.export import answer_table as table

    with opened(context) as paperchat:
        inside = (
            [paper.id for paper in paperchat.papers() if paper.id in (paperchat.within(collection) or ())] if collection else []
        )
        if not papers and not inside:
            raise typer.BadParameter("name the papers to compare, or a --collection of them.")
        found = paperchat.compare([*(papers or ()), *inside], aspect or ())
        tell_notices(paperchat)
    for each in found.notices:
        output.notice(each)
    if json:
        output.say_json(table.table_json(found))
    else:
        output.say(table.as_csv(found).rstrip("\r\n") if csv else table.markdown(found))


def show(answer: Answer, json: bool) -> None:
    """The answer and its notices; ends the command with its own code where nothing was found."""
    for each in answer.notices:
        output.notice(each)
    if json:
        output.say_json(render.answer_json(answer))
    else:
        output.show_answer(answer)
    if answer.status == "not_found":
        raise typer.Exit(NOT_FOUND)
