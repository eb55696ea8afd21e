"""`paperchat collections …`: papers under names, and one whole collection as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.library.collections import Collection
from ui.cli import output
from ui.cli.session import Json, opened
from ui.export import plain as render
from ui.export.plain import in_line

app = typer.Typer(help="List, make, rename, remove, export and import collections; a paper may be in several.")
Name = Annotated[str, typer.Argument(metavar="NAME")]
Papers = Annotated[list[str], typer.Argument(metavar="PAPER", help="Ids or titles.")]


@app.callback(invoke_without_command=True)
def collections(context: typer.Context, json: Json = False) -> None:
    """List, make, rename, remove, export and import collections; a paper may be in several."""
    if context.invoked_subcommand is None:
        list_collections(context, json)


@app.command("list")
def list_collections(context: typer.Context, json: Json = False) -> None:
    """All collections, with how many papers they have."""
    with opened(context) as paperchat:
        found = paperchat.collections.all()
    if json:
        output.say_json([_json(one) for one in found])
    elif found:
        output.say("\n".join(f"{one.papers}\t{in_line(one.name)}" for one in found))
    else:
        output.notice("there is no collection yet: `paperchat collections create NAME`.")


@app.command()
def show(context: typer.Context, name: Name, json: Json = False) -> None:
    """The papers of one collection."""
    with opened(context) as paperchat:
        ids = paperchat.collections.ids([name])
        found = [paper for paper in paperchat.papers() if paper.id in ids]
    if json:
        output.say_json([render.paper_json(paper) for paper in found])
    else:
        output.show_papers(found)


@app.command()
def create(
    context: typer.Context,
    name: Name,
    papers: Annotated[list[str] | None, typer.Argument(metavar="PAPER", help="Ids or titles.")] = None,
    json: Json = False,
) -> None:
    """Make a collection, with papers (ids or titles) or without."""
    with opened(context) as paperchat:
        ids = [paperchat.library.paper(one).id for one in papers or ()]
        collections = paperchat.library.writable_collections()
        kept = collections.create(name)
        collections.put(kept, ids)
        made = collections.named(kept)
    _report(made, f"Made “{in_line(made.name)}” with {_count(made.papers)}.", json)


@app.command()
def put(context: typer.Context, name: Name, papers: Papers, json: Json = False) -> None:
    """Put papers into a collection."""
    with opened(context) as paperchat:
        ids = [paperchat.library.paper(one).id for one in papers]
        collections = paperchat.library.writable_collections()
        count = collections.put(name, ids)
        now = collections.named(name)
    _report(now, f"{_count(count)} put into “{in_line(now.name)}”, which has {now.papers} now.", json)


@app.command()
def take(context: typer.Context, name: Name, papers: Papers, json: Json = False) -> None:
    """Take papers out of a collection; they stay in the library."""
    with opened(context) as paperchat:
        ids = [paperchat.library.paper(one).id for one in papers]
        collections = paperchat.library.writable_collections()
        count = collections.take(name, ids)
        now = collections.named(name)
    _report(now, f"{_count(count)} taken out of “{in_line(now.name)}”, which has {now.papers} now.", json)


@app.command()
def rename(context: typer.Context, name: Name, new: Annotated[str, typer.Argument(metavar="NEW")], json: Json = False) -> None:
    """Give a collection another name."""
    with opened(context) as paperchat:
        collections = paperchat.library.writable_collections()
        now = collections.named(collections.rename(name, new))
    _report(now, f"It is called “{in_line(now.name)}” now.", json)


@app.command()
def remove(context: typer.Context, name: Name, json: Json = False) -> None:
    """Remove a collection; its papers stay in the library."""
    with opened(context) as paperchat:
        gone = paperchat.library.writable_collections().remove(name)
    _report(gone, f"Removed “{in_line(gone.name)}”; its {_count(gone.papers)} stay in the library.", json)


@app.command("export")
def export_collection(
    context: typer.Context,
    names: Annotated[
        list[str], typer.Argument(metavar="NAME… FILE", help="Collections, then the file; a file alone: the whole library.")
    ],
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    json: Json = False,
) -> None:
    """Write collections with their vectors to one file that another library imports without encoding."""
    *wanted, file = names
    with opened(context) as paperchat:
        if not wanted and any(one.name.casefold() == file.casefold() for one in paperchat.collections.all()):
            raise typer.BadParameter(f"“{in_line(file)}” is a collection: name the file to write as well.")
        head = paperchat.library.export(Path(file), wanted, force)
    if json:
        output.say_json({"file": file, "name": head.name, "papers": head.papers})
    else:
        output.say(f"{_count(head.papers)} of “{in_line(head.name)}” written to {file}.")


@app.command("import")
def import_collection(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    name: Annotated[str, typer.Option(help="Another name for the collection here.", metavar="NAME")] = "",
    json: Json = False,
) -> None:
    """Take in a collection that was exported."""
    with opened(context, bundled=False) as paperchat, output.Bars() as bars:
        kept, added = paperchat.library.take_in(file, name, bars)
    if json:
        output.say_json({"name": kept, **render.added_json(added)})
    else:
        output.say(f"“{in_line(kept)}”: {render.plain_added(added)}")


def _report(one: Collection, text: str, json: bool) -> None:
    if json:
        output.say_json(_json(one))
    else:
        output.say(text)


def _json(one: Collection) -> dict[str, object]:
    return {"name": one.name, "papers": one.papers, "origin": one.origin}


def _count(number: int) -> str:
    return f"{number} paper{'' if number == 1 else 's'}"
