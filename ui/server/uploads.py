"""Files that the page has uploaded: in a folder of their own, until they are added, are too old, or the server ends."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rag.library.files import storage_failures

KEPT_SECONDS = 3600.0
"""A file that was uploaded and not added within this time goes."""
SWEEP_SECONDS = 300.0
MOST_BYTES = 500_000_000
"""Of all files that wait to be added; no more is taken until some are gone."""
FULL = "Too many files wait to be added. Try again later."


@dataclass(frozen=True)
class Uploads:
    """The folder `uploads` of a library. Whatever is in it when the server starts was left by one that was killed."""

    folder: Path
    clock: Callable[[], float] = time.time

    def begin(self) -> None:
        self.end()
        with suppress(OSError):  # on a full disk the page serves all the same; an upload fails and says so
            self.folder.mkdir(mode=0o700, parents=True)

    def end(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def full(self) -> bool:
        return sum(path.stat().st_size for path in self._files()) >= MOST_BYTES

    @contextmanager
    def one(self, name: str) -> Iterator[Path]:
        """Where a file of this name can be put; it is gone afterwards. Raises StorageFailed."""
        folder = self.folder / uuid.uuid4().hex
        with storage_failures(folder):
            folder.mkdir(mode=0o700, parents=True)
        try:
            yield folder / name
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def sweep(self) -> None:
        """Removes what is too old."""
        oldest = self.clock() - KEPT_SECONDS
        for path in list(self._files()):
            with suppress(OSError):
                if path.stat().st_mtime < oldest:
                    path.unlink()

    def holds(self, path: Path) -> bool:
        """Whether this is a file that was uploaded, and no link to anything else."""
        with suppress(OSError):
            return path.resolve().is_relative_to(self.folder.resolve()) and path.is_file()
        return False

    def remove(self, paths: Iterable[Path]) -> None:
        for path in paths:
            with suppress(OSError):
                path.unlink()

    def _files(self) -> Iterable[Path]:
        return (path for path in self.folder.rglob("*") if path.is_file())
