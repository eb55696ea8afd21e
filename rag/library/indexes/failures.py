"""Turns whatever an index library raises over its files into an error that people can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import PaperchatError, StorageFailed

LONGEST = 200
"""Characters of a library's own message that are shown."""


@contextmanager
def failures(index: str, folder: Path | None) -> Iterator[None]:
    """Raises StorageFailed, naming the `index`, for errors of the disk and for all that a library makes of damaged files."""
    try:
        yield
    except (PaperchatError, MemoryError):
        raise
    except BaseException as error:
        # A panic of a library written in Rust is no `Exception`.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise StorageFailed(
            f"The index for search by {index} in {folder} could not be read or written ({first_line(error)}): "
            "check the free space and the permissions there. The papers themselves are safe."
        ) from error


def first_line(error: BaseException) -> str:
    """What an error says, in one short line."""
    return (str(error).splitlines() or [type(error).__name__])[0][:LONGEST]
