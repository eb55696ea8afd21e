"""The papers that cases are about: the bundled ones, a library's, or those of a file that `paperchat add` takes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from eval.console import tell
from rag.build import open_library
from rag.errors import ImportFailed
from rag.ingestion import read_papers
from rag.ingestion.bundled import bundled_papers
from rag.paperchat import Paperchat
from rag.settings import Settings, load_settings, own_library
from rag.types import Paper, Progress

Check = Callable[[Sequence[Paper]], object]


def collection(path: Path | None) -> list[Paper]:
    """The papers of a library's folder or of a file; without a path, the bundled ones.

    Raises ImportFailed if there are none. A bad record of a file is reported on standard error.
    """
    if path is None:
        return bundled_papers()
    return library_papers(path) if path.is_dir() else _of_file(path)


def library_papers(folder: Path) -> list[Paper]:
    """The papers of the library in a folder. Raises ImportFailed if it is none."""
    _must_be_library(folder)
    with open_library(folder, readonly=True, settings=own_library(folder), allow_mismatch=True) as chat:
        return list(chat.papers())


@contextmanager
def opened(
    home: Path | None, file: Path | None, progress: Progress | None = None, check: Check = list
) -> Iterator[tuple[Paperchat, Settings]]:
    """The library in `home` and the settings it depends on; without `home` a new one, gone afterwards, of the papers in `file` or of the bundled ones.

    `check` sees the papers before any of them is indexed, and may raise. Raises ImportFailed if `home` is no library or `file` holds no paper.
    """
    settings = load_settings()
    if home is not None:
        _must_be_library(home)
        settings = settings.model_copy(update={"database": None})
        with open_library(home, settings=settings, progress=progress) as chat:
            check(chat.papers())
            yield chat, settings
        return
    papers = collection(file)
    check(papers)
    with tempfile.TemporaryDirectory(prefix="paperchat-eval-") as fresh:
        own = settings.model_copy(update={"home": Path(fresh), "bundled": False, "chroma": None, "database": None})
        with open_library(fresh, settings=own, progress=progress) as chat:
            chat.library.add(papers, progress)
            yield chat, own


def _must_be_library(folder: Path) -> None:
    if not (folder / "records.db").exists():
        raise ImportFailed(
            f"{folder} is no library: it has no records.db. Make one with `paperchat --home {folder} add FILE`, or give a file of papers."
        )


def _of_file(path: Path) -> list[Paper]:
    papers: dict[str, Paper] = {}
    for each in read_papers(path):
        if isinstance(each, Paper):
            papers[each.id] = each
        else:
            tell(f"{each.where}: {each.reason}")
    if not papers:
        raise ImportFailed(f"{path} holds no paper that can be used.")
    return list(papers.values())
