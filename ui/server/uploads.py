"""Files that the page has uploaded: in a folder of their own, until they are added, are too old, or the server ends."""

from __future__ import annotations

import os
import shutil
import stat
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
        return sum(state.st_size for _, state in self._files()) >= MOST_BYTES

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
        self.remove([path for path, state in self._files() if state.st_mtime < oldest])

    def holds(self, path: Path) -> bool:
        """Whether this is a file that was uploaded, and no link to anything else."""
        with suppress(OSError):
            return path.resolve().is_relative_to(self.folder.resolve()) and path.is_file()
        return False

    def remove(self, paths: Iterable[Path]) -> None:
        for path in paths:
            with suppress(OSError):
                path.unlink()

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        """Each file and its state; what goes in the meantime, as others add and remove files, is passed over."""
        for folder, _, names in os.walk(self.folder):
            for path in (Path(folder, name) for name in names):
                try:
                    state = path.stat()
                except OSError:
                    continue
                if stat.S_ISREG(state.st_mode):
                    yield path, state
