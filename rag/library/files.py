"""Index folders on disk: what lies in one, and putting a new one in the place of an old one as a whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import StorageFailed


def fingerprint(folder: Path) -> dict[str, list[int]]:
    """Size and time of last writing (nanoseconds) of every file but locks, by its path within the folder; empty where there is none."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix != ".lock":
            state = file.stat()
            found[file.relative_to(folder).as_posix()] = [state.st_size, state.st_mtime_ns]
    return found


def bytes_in(folder: Path) -> int:
    return sum(size for size, _ in fingerprint(folder).values())


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A place to build a new folder in, which then takes the place of `folder` as a whole; after an error the old one stays.

    A crash between the last two steps leaves no folder at all: then it is built anew from the records, as after any other loss.
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


@contextmanager
def storage_failures(path: Path) -> Iterator[None]:
    """Turns an error of the disk or of rights into StorageFailed."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageFailed(
            f"{path} could not be written ({reason}): check free space and rights there, then try again."
        ) from error
