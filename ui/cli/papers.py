"""The commands that keep the library: add and remove papers, list and show them, rebuild, and say what there is."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from rag import __version__
from rag.errors import ImportFailed
from rag.types import Added, Paper, Refused
from ui.cli import output
from ui.cli.progress import counted
from ui.cli.session import ERROR, NOT_FOUND, InCollections, IntoCollection, Json, collect, opened
from ui.export import plain as render

if TYPE_CHECKING:
    from rag.paperchat import Paperchat

papers_app = typer.Typer(help="List, search or show the papers of the library.")


def add(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Files, archives or folders.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be added, updated, merged and refused.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show every record that was refused, with its reason.")] = False,
    collection: IntoCollection = None,
    json: Json = False,
) -> None:
    """Add papers: pages of titles and abstracts, BibTeX, RIS, PubMed, Web of Science, EndNote, CSV, Excel, JSON; packed or in folders."""
    total = Added()
    read = 0
    failed: list[dict[str, str]] = []
    with opened(context, bundled=False) as paperchat, output.Bars() as bars:
        for file in files:
            try:
                total += _taken(paperchat, file, bars, dry_run, total.batch)
                read += 1
            except ImportFailed as error:
                bars.close()
                output.fail(str(error))
                failed.append({"file": str(file), "error": str(error)})
        if not dry_run:
            collect(paperchat, collection, total)
    if read and json:
        output.say_json({**render.added_json(total), "failed": failed, "dry_run": dry_run})
    elif read:
        output.say(render.plain_added(total, verbose, dry_run))
    if failed or not (total.changed or total.unchanged):
        raise typer.Exit(ERROR)


def _taken(paperchat: Paperchat, file: Path, bars: output.Bars, dry_run: bool, batch: int | None) -> Added:
    papers = _papers_of(file)
    return paperchat.library.preview(papers) if dry_run else paperchat.add(papers, bars, name=file.name, batch=batch)


def undo(
    context: typer.Context,
    batch: Annotated[int | None, typer.Argument(metavar="NUMBER", help="Number of the import; without one, the latest.")] = None,
    list_all: Annotated[bool, typer.Option("--list", help="Only list the imports.")] = False,
    json: Json = False,
) -> None:
    """Undo one import: what it added is removed, and what it changed is restored."""
    with opened(context) as paperchat:
        if list_all:
            batches = paperchat.library.records.batches()
            if json:
                output.say_json([asdict(one) for one in batches])
            else:
                output.say("\n".join(render.in_line(f"{one.id}  {one.at}  {one.papers} paper{'' if one.papers == 1 else 's'}  {one.name}{'  (undone)' if one.undone else ''}") for one in batches) or "No import.")  # fmt: skip
            return
        found, undone = paperchat.library.undo_import(batch)
    if json:
        output.say_json({"batch": found.id, "name": found.name, **asdict(undone)})
    else:
        kept = f" {len(undone.kept)} changed since then stay as they are." if undone.kept else ""
        output.say(
            f"Undone: import {found.id} ({render.in_line(found.name)}): {len(undone.removed)} removed, {len(undone.restored)} restored.{kept}"
        )


def duplicates(context: typer.Context, json: Json = False) -> None:
    """List papers that share a title: versions that may be merged, or different papers of one name."""
    with opened(context) as paperchat:
        groups = paperchat.library.duplicates()
    if json:
        output.say_json([[render.paper_json(paper) for paper in group] for group in groups])
    else:
        lines = ["\n".join(f"{paper.id}\t{render.paper_line(paper)}" for paper in group) for group in groups]
        output.say("\n\n".join(lines) or "No two papers share a title.")


def merge(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="Ids or titles; the first one's id and abstract stay.")],
    json: Json = False,
) -> None:
    """Merge papers into one; the records of all are kept, and `paperchat undo` separates them again."""
    with opened(context) as paperchat:
        paper, batch = paperchat.library.merge(ids)
    if json:
        output.say_json({**render.whole_paper_json(paper), "batch": batch})
    else:
        output.say(f"Merged: {render.paper_line(paper)}")


def _papers_of(file: Path) -> Iterable[Paper | Refused]:
    """What the file holds; with their number, unless it can be read once only, as a pipe."""
    from rag.ingestion import read_papers

    return counted(lambda: read_papers(file)) if file.is_file() else read_papers(file)


def remove(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="Ids or titles of papers.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
    json: Json = False,
) -> None:
    """Remove papers from the library."""
    with opened(context) as paperchat:
        found = [paperchat.library.paper(one) for one in ids]
        if not yes and (json or not sys.stdin.isatty()):
            raise typer.BadParameter("removing papers needs --yes when there is no terminal to confirm on.")
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


def reindex(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first, where encoding costs tokens.")] = False,
    price: Annotated[
        float | None, typer.Option(help="What a million tokens cost, as PAPERCHAT_EMBEDDING_PRICE.", min=0, metavar="PRICE")
    ] = None,
    json: Json = False,
) -> None:
    """Encode all papers again and rebuild the indexes. An interrupted run is continued."""
    started = time.perf_counter()
    with opened(context, allow_mismatch=True) as paperchat, output.Bars() as bars:
        reindexing = paperchat.library.reindexing()
        tokens = reindexing.tokens()
        if tokens is not None:
            output.notice(_cost(tokens, reindexing.done(), paperchat.embedding_price if price is None else price))
            if not yes and sys.stdin.isatty() and not typer.confirm("Go on?", err=True):
                raise typer.Exit(ERROR)
        paperchat.library.reindex(bars)
        count = paperchat.library.records.paper_count()
    seconds = round(time.perf_counter() - started, 3)
    if json:
        output.say_json({"papers": count, "seconds": seconds, "tokens": tokens})
    else:
        output.say(f"{count} papers were indexed anew in {seconds:.1f} s.")


def repair(context: typer.Context, json: Json = False) -> None:
    """Make a new library of the papers that can still be read in a damaged one, which is moved aside. Its collections are kept, the history of imports is not."""
    from rag.build import repair_library

    with output.Bars() as bars:
        done = repair_library(context.obj.home, progress=bars)
    if json:
        output.say_json({"kept": done.kept, "lost": done.lost, "damaged": str(done.aside) if done.aside else None})
        return
    if done.aside is None:
        output.say(f"Nothing is damaged: all {done.kept} papers can be read. `paperchat reindex` rebuilds the indexes.")
        return
    lost = f" {done.lost} could not be read: add them again." if done.lost else ""
    output.say(
        f"{done.kept} papers were kept.{lost} Imports made before can no longer be undone. The damaged file is {done.aside}."
    )


def _cost(tokens: int, done: int, price: float | None) -> str:
    """What is about to be spent. A price is never guessed."""
    goes_on = f"{done} papers were encoded already. " if done else ""
    cost = f"{goes_on}About {tokens:,} tokens are sent to be encoded"
    if price is None:
        return f"{cost}; give --price (of a million tokens) to see what that costs."
    return f"{cost}, which costs about {tokens / 1_000_000 * price:.4f} at {price:g} a million."


def info(context: typer.Context, json: Json = False) -> None:
    """Say where the library is, what it holds and what made it."""
    with opened(context, allow_mismatch=True) as paperchat:
        facts = paperchat.library.info()
    libraries = cast("dict[str, str]", facts.pop("versions"))
    versions = {"paperchat": __version__, "python": sys.version.split()[0], **libraries}
    if json:
        output.say_json({**facts, "versions": versions})
    else:
        facts["versions"] = ", ".join(f"{name} {number}" for name, number in versions.items())
        output.say("\n".join(f"{name}: {render.in_line(str(fact))}" for name, fact in facts.items()))


@papers_app.callback(invoke_without_command=True)
def papers(context: typer.Context, json: Json = False) -> None:
    """List, search or show the papers of the library."""
    if context.invoked_subcommand is None:
        list_papers(context, json)


@papers_app.command("list")
def list_papers(context: typer.Context, json: Json = False, collection: InCollections = None) -> None:
    """All papers, or those of collections, in the order in which they came."""
    with opened(context) as paperchat:
        inside = paperchat.within(collection or ())
        found = [paper for paper in paperchat.library.papers() if inside is None or paper.id in inside]
    _show_papers(found, json)


@papers_app.command("export")
def export_papers(
    context: typer.Context,
    how: Annotated[str, typer.Option("--as", help="bibtex, csv or markdown.", metavar="FORMAT")] = "bibtex",
    collection: InCollections = None,
    json: Json = False,
) -> None:
    """Print all papers, or those of collections, as a file: BibTeX with the papers' own citation keys, CSV or Markdown."""
    from ui.export.papers import SUFFIXES, exported

    if how not in SUFFIXES:
        raise typer.BadParameter(f"--as must be one of {', '.join(SUFFIXES)}.")
    with opened(context) as paperchat:
        inside = paperchat.within(collection or ())
        found = [paper for paper in paperchat.library.papers() if inside is None or paper.id in inside]
    text = exported(found, how)
    if json:
        output.say_json({"format": how, "papers": len(found), "text": text})
    else:
        output.say(text.rstrip("\r\n"))


@papers_app.command("search")
def search_papers(
    context: typer.Context,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="Words to look for.")],
    json: Json = False,
) -> None:
    """Papers with all these words in title, authors or abstract, best first."""
    if not "".join(text).strip():
        raise typer.BadParameter("give words to look for.")
    with opened(context) as paperchat:
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


@papers_app.command("similar")
def similar_papers(
    context: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="Id or title.")],
    limit: Annotated[int, typer.Option(help="How many at most.", min=1)] = 10,
    json: Json = False,
) -> None:
    """Other papers near one, nearest first."""
    with opened(context) as paperchat:
        found = paperchat.similar(paperchat.library.paper(id).id, limit)
    if json:
        output.say_json([{**render.paper_json(hit.paper), "score": hit.score} for hit in found])
    else:
        output.show_papers([hit.paper for hit in found])


@papers_app.command("show")
def show_paper(
    context: typer.Context, id: Annotated[str, typer.Argument(metavar="ID", help="Id or title.")], json: Json = False
) -> None:
    """One paper with its abstract. With --json the abstract is the one that the offsets of citations count in."""
    with opened(context) as paperchat:
        paper = paperchat.library.paper(id)
    if json:
        output.say_json(render.whole_paper_json(paper))
    else:
        output.show_paper(paper)
