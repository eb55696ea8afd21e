"""Finds out, before a library is opened for writing, whether its records are still what they were when it was closed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import LibraryDamaged, LibraryError
from rag.library.database import damaged
from rag.library.files import storage_failures
from rag.library.lock import take
from rag.library.manifest import ManifestStore
from rag.library.repair import readable

if TYPE_CHECKING:
    from rag.library.library import Library
    from rag.library.records import Records

CHECKED_BYTES = 64_000_000
"""Up to this size a database that was not closed in order is checked as a whole, which takes a tenth of a second at most."""


class RecordsGuard:
    """The checksum of the records, made when the library is closed and compared when it is opened; held by its owner."""

    def __init__(self, path: Path, indexes: Sequence[str]) -> None:
        self._path = path
        self._manifest_store = ManifestStore(path)
        self._index_manifests = [ManifestStore(path.with_name(name)) for name in indexes]

    def check(self) -> None:
        """Raises LibraryDamaged, and changes nothing, where records were lost or altered since the library was closed."""
        if not self._path.exists():
            if self._manifest_store.known or any(index.known for index in self._index_manifests):
                raise damaged(self._path, "the file is missing, though there are indexes made from it")
            return
        if not self._path.is_file():
            raise damaged(self._path, "it is no file")
        with storage_failures(self._path):
            if self._path.stat().st_size == 0:
                raise damaged(self._path, "the file is empty")
        if self._manifest_store.manifest() is not None:
            return
        if self._manifest_store.damaged() and self._manifest_store.state() == self._written():
            raise damaged(self._path, "its content has changed though nobody has written it: the disk may be failing")
        if said := structure(self._path):
            raise damaged(self._path, said)
        # A backup that was restored, or a change by another program: sound if every paper is as it was stored.
        if self._manifest_store.damaged() and (lost := readable(self._path)[1]):
            raise damaged(self._path, f"{lost} of its papers are not as they were stored")

    def opened(self) -> None:
        """From now on the file may change."""
        self._manifest_store.discard()

    def closed(self, records: Records) -> None:
        """Call it after the records were closed. What cannot be written down is checked the slow way at the next opening."""
        with suppress(LibraryError, OSError):
            records.file.check()
            self._manifest_store.save(self._written(), 0, "records")

    def _written(self) -> str:
        """When the file was last written."""
        return str(self._path.stat().st_mtime_ns)


def sound_papers(path: Path, open_library: Callable[[], Library]) -> int | None:
    """How many papers the records at `path` hold if nothing in them is damaged, so that `open_library` opens them; else None.

    Raises LibraryBusy while another process has the library, StorageFailed if it cannot be opened for a reason other than damage.
    """
    take(path.parent).release()
    papers, lost = readable(path)
    if lost or not path.is_file() or structure(path, whole=True) is not None:
        return None
    try:
        open_library().close()
    except LibraryDamaged:
        return None
    return len(papers)


def structure(path: Path, whole: bool = False) -> str | None:
    """What SQLite finds wrong with the pages and indexes of a database file (of a large one, unless `whole`: with its schema), or None."""
    whole = whole or path.stat().st_size <= CHECKED_BYTES
    try:
        connection = sqlite3.connect(path, timeout=10.0)
        try:
            found = connection.execute("PRAGMA quick_check(1)" if whole else "SELECT 'ok' FROM sqlite_schema").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        return str(error) if type(error) is sqlite3.DatabaseError else None
    return None if found is None or found[0] == "ok" else str(found[0])
