"""The commands that bring papers from elsewhere: fetch, enrich, sync, watch. The first two go online, and only when they are called."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.errors import FetchFailed, LibraryBusy
from rag.types import Added, Paper, Refused
from ui.cli import output
from ui.cli.session import ERROR, InCollections, IntoCollection, Json, collect, opened
from ui.export import plain as render
from ui.export.plain import in_line

if TYPE_CHECKING:
    from rag.paperchat import Paperchat
    from rag.sources.enrich import Filled
    from rag.sources.fetch import Wanted
    from rag.sources.watch import Taken
    from rag.sources.zotero import Zotero
    from rag.sources.zotero_sync import Synced

sync_app = typer.Typer(help="Follow a reference manager: take in what is new or changed there.", no_args_is_help=True)
Server = Annotated[str, typer.Option(help="Ask this address instead, such as a mirror's.", metavar="ADDRESS")]


def fetch(
    context: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="WHAT",
            help="arXiv ids, DOIs, OpenAlex ids, addresses of these; daily and a date; arxiv or openalex with --query.",
        ),
    ],
    query: Annotated[
        str | None, typer.Option(help="Search for this, in the service's own query language.", metavar="QUERY")
    ] = None,
    max: Annotated[int, typer.Option(help="How many papers of a search at most.", metavar="N")] = 100,
    collection: IntoCollection = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the papers and add none.")] = False,
    server: Server = "",
    json: Json = False,
) -> None:
    """Fetch papers from arXiv, Crossref, OpenAlex or Daily Papers, over the network. An interrupted fetch goes on when it is called again."""
    wanted = _wanted(what, query, max)
    with opened(context, bundled=False) as paperchat, output.Bars() as bars:
        client, services = paperchat.online(output.notice, server)
        with client:
            if dry_run:
                from rag.sources.fetch import fetched

                _show_found(fetched(wanted, client, services), json)
                return
            from rag.sources.fetch import FetchInto

            into = FetchInto(paperchat.library, client, services)
            if begun := into.begun(wanted):
                output.notice(f"{begun} records came in before: going on behind them.")
            added, error = _added(into.add(wanted, bars))
        collect(paperchat, collection, added)
    _tell_added(added, error, json)


def enrich(
    context: typer.Context,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="Ids or titles; left out, all papers that lack something.")
    ] = None,
    collection: InCollections = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    server: Server = "",
    json: Json = False,
) -> None:
    """Look up missing abstracts, authors, years and venues over the network, show them, and fill them in when you agree."""
    from rag.sources.enrich import filled

    error = ""
    found: list[Filled] = []
    with opened(context) as paperchat, output.Bars() as bars:
        client, services = paperchat.online(output.notice, server)
        try:
            with client:
                found.extend(filled(_chosen(paperchat, ids, collection), client, services, bars))
        except FetchFailed as failed:
            error = str(failed)
        bars.close()
        if not json:
            _show_filled(found)
        written = bool(found) and (yes or (not json and sys.stdin.isatty() and typer.confirm("Write this?", err=True)))
        if written:
            paperchat.add([each.after for each in found], bars, "enrich")
    _tell_filled(found, written, error, json)


@sync_app.command()
def zotero(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Option(help="Read this zotero.sqlite, or the folder that has it, instead of asking Zotero.", metavar="FILE"),
    ] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove what came from Zotero and is there no more.")] = False,
    server: Annotated[str, typer.Option(help="Where Zotero's local API is.", metavar="ADDRESS")] = "",
    json: Json = False,
) -> None:
    """Take in what is new or changed in Zotero on this machine, with its collections."""
    from rag.sources.zotero_sync import ZoteroSync

    with opened(context, bundled=False) as paperchat, output.Bars() as bars:
        client, _ = paperchat.online(output.notice)
        with client:
            done = ZoteroSync(paperchat.library, _zotero(client, file, server)).run(prune, bars)
    _tell_synced(done, prune, json)


def watch(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE|FOLDER")],
    every: Annotated[float, typer.Option(help="Seconds between two looks.", min=0.1, max=3600, metavar="SECONDS")] = 2.0,
    collection: IntoCollection = None,
    once: Annotated[bool, typer.Option("--once", help="Take in what has changed, and end.")] = False,
    json: Json = False,
) -> None:
    """Follow a file such as a .bib, or a folder, and take in what changes, until Ctrl-C. Other commands may use the library in the meantime."""
    from rag.ingestion.importers import SUFFIXES
    from rag.sources.watch import Watch

    following = Watch(path, SUFFIXES)
    following.look()
    if not once:
        output.notice(f"following {path}; Ctrl-C ends it.")
    waiting: set[Path] = set()
    failed = False
    try:
        while True:
            time.sleep(every)
            for file in following.look():
                try:
                    failed |= not _take(context, file, collection, json)
                    waiting.discard(file)
                except LibraryBusy as error:
                    following.again(file)
                    if file not in waiting:
                        output.notice(f"{file} is taken in later. {error}")
                    waiting.add(file)
            if once and (failed or waiting):
                raise typer.Exit(ERROR)
            if once:
                return
    except KeyboardInterrupt:
        output.notice("stopped.")


def _wanted(what: Sequence[str], query: str | None, most: int) -> Wanted:
    from rag.sources.request import references, search
    from rag.sources.services import KINDS

    kind, *rest = what
    if query is not None:
        return search(kind.casefold(), " ".join([*rest, query]), most)
    if kind.casefold() in ("arxiv", "openalex") and not rest:
        raise FetchFailed(f"Give ids, or a search: `paperchat fetch {kind.casefold()} --query …`.")
    if kind.casefold() in KINDS and rest:
        return references(" ".join(f"{kind}:{one}" for each in rest for one in each.split()))
    return references(" ".join(what))


def _added(parts: Iterator[Added]) -> tuple[Added, str]:
    """All that was added, and the sentence that ended it early."""
    added = Added()
    try:
        for part in parts:
            added += part
    except FetchFailed as failed:
        return added, str(failed)
    return added, ""


def _tell_added(added: Added, error: str, json: bool) -> None:
    if json:
        output.say_json({**render.added_json(added), "error": error or None})
    elif not error or added.placed or added.refused:
        output.say(render.plain_added(added))
    if error:
        output.fail(error)
    if error or not added.placed:
        raise typer.Exit(ERROR)


def _show_found(found: Sequence[Paper | Refused], json: bool) -> None:
    papers = [one for one in found if isinstance(one, Paper)]
    refused = [one for one in found if isinstance(one, Refused)]
    if json:
        reasons = [{"where": one.where, "reason": one.reason} for one in refused]
        output.say_json({"papers": [render.whole_paper_json(one) for one in papers], "refused": reasons})
    else:
        output.show_papers(papers)
        for one in refused:
            output.notice(f"{one.where}: {one.reason}")


def _chosen(paperchat: Paperchat, ids: Sequence[str] | None, collections: Sequence[str] | None) -> list[Paper]:
    inside = paperchat.within(collections or ())
    chosen = [paperchat.library.paper(one) for one in ids] if ids else paperchat.papers()
    return [paper for paper in chosen if inside is None or paper.id in inside]


def _show_filled(found: Sequence[Filled]) -> None:
    for each in found:
        new = "; ".join(f"{name}: {_shown(getattr(each.after, name))}" for name in each.fields)
        output.say(f"{in_line(each.before.id)}  {in_line(each.before.title)}\n    + {new}")


def _shown(value: object) -> str:
    text = in_line(", ".join(value) if isinstance(value, tuple) else str(value))
    return text if len(text) <= 100 else f"{text[:100]} … ({len(text.split())} words)"


def _tell_filled(found: Sequence[Filled], written: bool, error: str, json: bool) -> None:
    if json:
        shown = [
            {"id": one.after.id, "title": one.after.title, "fields": {name: getattr(one.after, name) for name in one.fields}}
            for one in found
        ]
        output.say_json({"filled": shown, "written": written, "error": error or None})
    elif written:
        output.say(f"{len(found)} papers filled in.")
    elif found:
        output.notice("nothing was written: --yes writes it without asking.")
    else:
        output.say("Nothing was found that is missing.")
    if error:
        output.fail(error)
        raise typer.Exit(ERROR)


def _zotero(client: object, file: Path | None, server: str) -> Zotero:
    from rag.sources.client import Client
    from rag.sources.zotero_api import LOCAL, ZoteroApi, zotero_service
    from rag.sources.zotero_file import ZoteroFile

    if file is not None:
        if server:
            raise typer.BadParameter("give --file or --server, not both.")
        return ZoteroFile(file)
    assert isinstance(client, Client)
    return ZoteroApi(client, zotero_service(server or LOCAL))


def _tell_synced(done: Synced, prune: bool, json: bool) -> None:
    if json:
        gone = [{"key": each.key, "paper": each.paper_id, "title": each.title} for each in done.gone]
        names = {"collections": list(done.collections), "collections_gone": list(done.collections_gone)}
        output.say_json({**render.added_json(done.added), "gone": gone, "pruned": list(done.pruned), **names})
        return
    output.say(render.plain_added(done.added))
    if done.collections:
        output.say(f"Collections: {', '.join(in_line(name) for name in done.collections)}")
    for each in done.gone:
        state = "removed" if each.paper_id in done.pruned else "still here"
        output.say(f"No more in Zotero, {state}: {in_line(each.title)}")
    for name in done.collections_gone:
        output.say(f"Collection no more in Zotero, {'removed' if prune else 'still here'}: {in_line(name)}")
    if not prune and (done.gone or done.collections_gone):
        output.notice("`paperchat sync zotero --prune` removes what is no more in Zotero.")


def _take(context: typer.Context, file: Path, collection: str | None, json: bool) -> bool:
    """Whether the file could be read. The library is open only in the meantime, so that others may use it. Raises LibraryBusy if somebody else does."""
    from rag.ingestion import read_papers
    from rag.sources.watch import take

    with opened(context, bundled=False) as paperchat:
        if paperchat.library.readonly:
            paperchat.library.notices.clear()
        paperchat.library.writable_collections()
        done = take(paperchat.library, file, read_papers)
        if done.paper_ids:
            collect(paperchat, collection, done.added)
    _tell_taken(done, json)
    return not done.error


def _tell_taken(done: Taken, json: bool) -> None:
    if json:
        output.say_json(
            {"file": str(done.file), "error": done.error or None, "gone": list(done.gone), **render.added_json(done.added)}
        )
        return
    if done.error:
        output.fail(done.error)
    elif not done.unchanged:
        output.say(f"{done.file}: {render.plain_added(done.added)}")
    for title in done.gone:
        output.say(f"No more in {done.file.name}, still in the library: {in_line(title)}")
