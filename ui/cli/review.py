"""`paperchat table` and `paperchat cite`: work over many papers at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from rag.errors import ImportFailed
from ui.cli import output
from ui.cli.session import InCollections, Json, check_aspects, opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.review.evidence_table import EvidenceRow
    from ui.export.evidence_files import Format

Piece = TypeVar("Piece")
LONGEST = 1_000_000
"""Characters of a draft that are read at all; how many are checked is said where they are."""


def table(
    context: typer.Context,
    question: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="QUESTION", help="Rows: the papers that this finds; without it, --paper and --collection, all papers."
        ),
    ] = None,
    paper: Annotated[list[str] | None, typer.Option(help="A row (id or title); repeat it.", metavar="PAPER")] = None,
    collection: InCollections = None,
    aspect: Annotated[
        list[str] | None, typer.Option(help="A column, in a few words or as a question; repeat it.", metavar="ASPECT")
    ] = None,
    limit: Annotated[int, typer.Option(help="Papers that a question finds, at most.", min=1, max=500)] = 20,
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    latex: Annotated[bool, typer.Option("--latex", help="Print LaTeX with \\cite{key}.")] = False,
    bibtex: Annotated[bool, typer.Option("--bibtex", help="Print the BibTeX that belongs to --latex.")] = False,
) -> None:
    """Fill an evidence table: for each paper and aspect a quote, or “not stated”; “(?)” marks a doubtful one.

    Without --aspect: problem, approach, data, result, limits.
    """
    chosen = [name for name, wanted in (("csv", csv), ("latex", latex), ("bibtex", bibtex), ("json", json)) if wanted]
    if len(chosen) > 1:
        raise typer.BadParameter(f"give one of {' and '.join(f'--{name}' for name in chosen)}.")
    check_aspects(aspect or ())
    from rag.review.aspects import columns

    names = [column.name for column in columns(aspect or ())]
    with opened(context) as paperchat:
        scope = paperchat.within(collection or ())
        papers = paperchat.rows_for(paper or (), " ".join(question or ()), scope, limit)
        rows = list(_watched(paperchat.table(papers, names), len(papers)))
    _printed(names, rows, chosen[0] if chosen else "markdown")


def cite(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A text in plain words, Markdown or LaTeX; - for standard input.")],
    collection: InCollections = None,
    json: Json = False,
) -> None:
    """Hold each sentence of a draft against the papers: which support it, which contradict it, with their quotes, or none."""
    from ui.export import draft

    text = _text(file)
    if not text.strip():
        raise ImportFailed(
            f"{'Standard input' if file == '-' else file} holds no text to check. Give a file with the text of a draft."
        )
    with opened(context) as paperchat:
        checked = list(_counted(paperchat.cite(text, paperchat.within(collection or ())), "checking sentences"))
    if json:
        output.say_json([draft.sentence_json(one) for one in checked])
    else:
        output.say("\n\n".join(draft.plain(one) for one in checked))


def _text(file: str) -> str:
    """What a file holds. Raises ImportFailed, WrongDraft."""
    if file == "-":
        return sys.stdin.read(LONGEST + 1).removeprefix("\ufeff")
    if Path(file).is_dir():
        raise ImportFailed(f"{file} is a folder. Give a file with the text of a draft.")
    try:
        with Path(file).open(encoding="utf-8-sig") as opened_file:
            return opened_file.read(LONGEST + 1)
    except UnicodeDecodeError:
        raise ImportFailed(f"{file} is not a text in UTF-8. Save it as plain text, Markdown or LaTeX.") from None
    except OSError as error:
        raise ImportFailed(f"{file} cannot be read: {error.strerror}. Check the name and the permissions.") from error


def _counted(pieces: Iterator[Piece], label: str) -> Iterator[Piece]:
    with output.Bars() as bars:
        for done, piece in enumerate(pieces, 1):
            bars(done, 0, label)
            yield piece


def _watched(rows: Iterator[EvidenceRow], total: int) -> Iterator[EvidenceRow]:
    with output.Bars() as bars:
        for done, row in enumerate(rows, 1):
            bars(done, total, "filling the table")
            yield row


def _printed(names: Sequence[str], rows: Sequence[EvidenceRow], how: str) -> None:
    from ui.export import evidence_files

    if how == "json":
        output.say_json(evidence_files.table_json(names, rows))
        return
    wanted: Format = how  # type: ignore[assignment]
    output.say(evidence_files.exported(names, rows, wanted).rstrip("\r\n"))
