"""What an import reads: an uploaded file under the name that the person knows, and records source by source, of which one that fails stops no other."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import PaperchatError
from rag.library.archive import Archive, is_archive
from rag.library.chunking import SentenceWindows
from rag.types import Paper, Refused

NOT_LOOKED = (
    "Something went wrong inside Paperchat. Nothing was added; try again, or add one file at a time to find the one that fails."
)
LOG = logging.getLogger("paperchat.page")

Sources = Callable[[], Iterable[Iterable[Paper | Refused]]]
"""Gives what is to be added, source by source, and may be called again."""


@dataclass(frozen=True)
class ExportedCollection:
    """A file that is a whole collection: gives its papers to look at, and is imported with its vectors."""

    name: str
    path: Path

    def called(self) -> str:
        """The name that it has in the file. Raises ImportFailed where it is damaged."""
        with named_file(self.name, self.path) as own, Archive(own) as archive:
            return archive.head.name

    def __iter__(self) -> Iterator[Paper | Refused]:
        with named_file(self.name, self.path) as own, Archive(own) as archive:
            yield from archive.papers(SentenceWindows())


def uploaded(name: str, path: Path) -> Iterable[Paper | Refused]:
    return ExportedCollection(name, path) if is_archive(path) else _read_as(name, path)


def records_of(sources: Sources, failed: list[str], collections: list[str]) -> Iterator[Paper | Refused]:
    """All records; a source that cannot be read is told in `failed` and does not stop the others. `collections` gets the names of whole ones."""
    with reporting(failed, NOT_LOOKED):  # what the sources themselves meet
        for source in sources():
            with reporting(failed, NOT_LOOKED):
                if isinstance(source, ExportedCollection):
                    collections.append(source.called())
                yield from source


@contextmanager
def reporting(failed: list[str], mistake: str) -> Iterator[None]:
    """Puts into `failed` what goes wrong inside: an error's own sentence, or, of what nobody foresaw and is logged, `mistake`."""
    try:
        yield
    except PaperchatError as error:
        failed.append(str(error))
    except Exception:  # the last place that can report it
        LOG.exception("adding papers failed")
        failed.append(mistake)


def _read_as(name: str, path: Path) -> Iterable[Any]:
    """The papers of an uploaded file under the name it had; errors are about that name too."""
    from rag.ingestion import read_papers

    with named_file(name, path) as own:
        yield from read_papers(own)


@contextmanager
def named_file(name: str, path: Path) -> Iterator[Path]:
    """The file under the name it had where it came from; errors speak of that name too."""
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / (Path(name).name or "file")
        with suppress(OSError):
            own.symlink_to(path)
        try:
            yield own
        except PaperchatError as error:
            raise type(error)(str(error).replace(str(own), own.name)) from error
