"""Files and folders of a library on disk: checksums, replacing a folder as a whole, and keeping what is damaged aside."""

from __future__ import annotations

import errno
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path

from rag.errors import StorageFailed

BLOCK = 1 << 20


def files_in(place: Path) -> dict[str, Path]:
    """Every file but locks, by its path within the folder; a file is its own only one; empty if there is nothing."""
    if place.is_file():
        return {place.name: place}
    found = (file for file in sorted(place.rglob("*")) if file.is_file() and file.suffix != ".lock")
    return {file.relative_to(place).as_posix(): file for file in found}


def checksum(file: Path) -> int:
    """CRC-32 of the content, which finds any damage of a disk at some 3 GB a second; no protection against a forger."""
    value = 0
    with file.open("rb", buffering=0) as opened:
        while block := opened.read(BLOCK):
            value = zlib.crc32(block, value)
    return value


def bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in files_in(folder).values())


def set_aside(place: Path) -> Path:
    """Renames a damaged file or folder to `<name>.damaged-<date>`, never over another one. Raises StorageFailed."""
    name = f"{place.name}.damaged-{date.today().isoformat()}"
    for number in count(1):
        aside = place.with_name(name if number == 1 else f"{name}-{number}")
        if not aside.exists():
            break
    with storage_failures(place):
        place.replace(aside)
    return aside


def set_database_aside(path: Path) -> Path:
    """The same for an SQLite file, with the log beside it, which may hold its last changes."""
    aside = set_aside(path)
    for ending in ("-wal", "-shm"):
        log = path.with_name(path.name + ending)
        if log.exists():
            with storage_failures(log):
                log.replace(aside.with_name(aside.name + ending))
    return aside


class OpenFile:
    """Tells whether a file that stays open is still the one at its path."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._identity = self._now()

    def check(self) -> None:
        """Raises StorageFailed when the file was deleted or another one was put in its place."""
        if self._identity is None or self._now() != self._identity:
            raise StorageFailed(
                f"{self.path} was deleted or replaced while Paperchat had it open. Close Paperchat and start it again; "
                "to keep the library, put its folder back first."
            )

    def _now(self) -> tuple[int, int] | None:
        try:
            state = os.stat(self.path)  # noqa: PTH116  (asked before every query: half the time of Path.stat)
        except OSError:
            return None
        return state.st_dev, state.st_ino


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A place to build a new folder in, which then takes the place of `folder` as a whole; after an error the old one stays.

    A crash between the last two steps leaves no folder at all: then it is rebuilt from the records, as after any other loss.
    """
    new, old = folder.with_name(folder.name + ".new"), folder.with_name(folder.name + ".old")
    with storage_failures(folder):
        for left in (new, old):
            if left.exists():
                shutil.rmtree(left)
    try:
        yield new
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    with storage_failures(folder):
        if folder.is_dir():
            folder.replace(old)
        new.replace(folder)
    shutil.rmtree(old, ignore_errors=True)


def write_whole(path: Path, text: str) -> None:
    """Writes a small file so that a reader sees the old text or the new one, never a part."""
    part = path.with_name(path.name + ".part")
    with storage_failures(path):
        part.write_text(text, encoding="utf-8")
        part.replace(path)


def make_folder(folder: Path) -> None:
    """Makes the folder of a library and those around it. Raises StorageFailed."""
    for place in (folder, *folder.parents):
        if place.is_file():
            raise StorageFailed(f"{place} is a file, not a folder. Give a folder for the library.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _failure(folder, error) from error
        raise StorageFailed(
            f"The folder {folder} cannot be made ({error.strerror or error}). Give another one for the library, or check the permissions."
        ) from error


@contextmanager
def storage_failures(path: Path) -> Iterator[None]:
    """Turns an error of the disk or of rights into StorageFailed."""
    try:
        yield
    except OSError as error:
        raise _failure(path, error) from error


def _failure(path: Path, error: OSError) -> StorageFailed:
    reason = error.strerror or str(error)
    return StorageFailed(
        f"{path} could not be written ({reason}): check the free space and the permissions there, then try again."
    )
