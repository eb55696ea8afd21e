"""What every command shares: the options given before it, and the open library with its progress and notices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli import output

if TYPE_CHECKING:
    from rag.paperchat import Paperchat
    from rag.types import Added

ERROR, NOT_FOUND = 1, 3

InCollections = Annotated[
    list[str] | None,
    typer.Option("--collection", help="Only in this collection; repeat it for several together.", metavar="NAME"),
]
IntoCollection = Annotated[
    str | None, typer.Option("--collection", help="Put the papers into this collection, made if there is none.", metavar="NAME")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass
class Options:
    """What was given before the command."""

    home: Path | None = None
    debug: bool = False


@contextmanager
def opened(context: typer.Context, **how: Any) -> Iterator[Paperchat]:
    """The library, with progress bars while it works; its notices are printed at the end at the latest."""
    from rag.build import open_library

    options: Options = context.obj
    with output.Bars() as bars, open_library(options.home, progress=bars, **how) as paperchat:
        before = paperchat.library.records.paper_count()
        try:
            yield paperchat
        except KeyboardInterrupt:
            bars.close()
            _tell_kept(paperchat.library.records.paper_count() - before)
            raise
        finally:
            tell_notices(paperchat)


def _tell_kept(added: int) -> None:
    if added > 0:
        papers = "1 paper was added and is kept" if added == 1 else f"{added:,} papers were added and are kept"
        output.notice(f"{papers}; the same command goes on from there.")


def check_aspects(names: Sequence[str]) -> None:
    """Raises BadParameter where a column of a table has no name."""
    if not all(name.strip() for name in names):
        raise typer.BadParameter("--aspect needs a name for the column, such as --aspect data.")


def collect(paperchat: Paperchat, name: str | None, added: Added) -> None:
    """Puts the papers that records went into, whatever they were to them, into the collection of that name."""
    if name is not None:
        collections = paperchat.library.writable_collections()
        collections.put(collections.ensure(name), list(dict.fromkeys(added.placed)))


def tell_notices(paperchat: Paperchat) -> None:
    notices = paperchat.library.notices
    while notices:
        output.notice(notices.pop(0))
