"""Follows a file or a folder: says which files have changed and are not being written any more, and takes them in."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import FetchFailed, ImportFailed
from rag.library.marks import Mark
from rag.types import Added, Paper, Refused

if TYPE_CHECKING:
    from rag.library.library import Library

MOST_FILES = 10_000
"""Files of a folder that is followed. Chosen."""
BLOCK = 1024 * 1024
Stamp = tuple[int, int]
"""Time of last writing in nanoseconds, and size in bytes."""


@dataclass
class Watch:
    """One file, or all in a folder and the folders in it with the endings that an importer reads. Hidden ones are passed over."""

    path: Path
    endings: frozenset[str]
    _begun: bool = False
    _seen: dict[Path, Stamp] = field(default_factory=dict)
    _given: dict[Path, Stamp] = field(default_factory=dict)

    def look(self) -> list[Path]:
        """The files that have changed since they were last given and were not written between the last look and this one.

        Raises FetchFailed if there is nothing to follow at the first look, or too much.
        """
        if not self._begun and not self.path.exists():
            raise FetchFailed(f"There is no file or folder {self.path}. Check the name.")
        self._begun = True
        now = {file: stamp for file in self._files() if (stamp := _stamp(file)) is not None}
        steady = [file for file, stamp in now.items() if self._seen.get(file) == stamp and self._given.get(file) != stamp]
        self._seen = now
        self._given.update({file: now[file] for file in steady})
        self._given = {file: stamp for file, stamp in self._given.items() if file in now}
        return sorted(steady)

    def again(self, file: Path) -> None:
        """The file is given again at the next look: it could not be taken in."""
        self._given.pop(file, None)

    def _files(self) -> Iterator[Path]:
        if not self.path.is_dir():
            yield self.path
            return
        count = 0
        for folder, inside, names in os.walk(self.path):
            inside[:] = sorted(name for name in inside if not name.startswith("."))
            for name in sorted(names):
                if not name.startswith(".") and any(name.lower().endswith(ending) for ending in self.endings):
                    count += 1
                    if count > MOST_FILES:
                        raise FetchFailed(f"{self.path} has more than {MOST_FILES:,} files: follow a folder in it.")
                    yield Path(folder) / name


@dataclass(frozen=True, slots=True)
class Taken:
    """What happened to a changed file: what was added, and the titles of papers that it had and no longer has. They stay in the library."""

    file: Path
    added: Added = field(default_factory=Added)
    gone: tuple[str, ...] = ()
    error: str = ""
    unchanged: bool = False
    paper_ids: tuple[str, ...] = ()


def take(library: Library, file: Path, read: Callable[[Path], Iterable[Paper | Refused]]) -> Taken:
    """Adds the papers of a file, unless it holds what it held last time. A file that cannot be read changes nothing; `error` says why."""
    marks = library.marks(f"watch:{file.resolve()}")
    before = marks.all()
    known = before.pop("", None)
    try:
        digest = _digest(file)
        if known is not None and known.text == digest:
            return Taken(file, unchanged=True)
        recorded = _TitleRecorder(read(file))
        added = library.add(recorded, name=file.name)
        if _digest(file) != digest:
            return Taken(file, added, error=f"{file} was written while it was read: it is read again.")
    except (ImportFailed, OSError) as error:
        return Taken(file, error=str(error))
    ids = tuple(dict.fromkeys(added.placed))
    gone = {key: json.loads(mark.text) for key, mark in before.items() if key not in recorded.titles}
    marks.drop(sorted(gone))
    marks.put({id: Mark(id, json.dumps(title)) for id, title in recorded.titles.items()} | {"": Mark("", digest)})
    return Taken(file, added, tuple(gone.values()), paper_ids=ids)


class _TitleRecorder:
    """Hands papers on and remembers their titles by id."""

    def __init__(self, papers: Iterable[Paper | Refused]) -> None:
        self._papers = papers
        self.titles: dict[str, str] = {}

    def __iter__(self) -> Iterator[Paper | Refused]:
        for paper in self._papers:
            if isinstance(paper, Paper):
                self.titles[paper.id] = paper.title[:200]
            yield paper


def _stamp(file: Path) -> Stamp | None:
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size


def _digest(file: Path) -> str:
    sha = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            sha.update(block)
    return sha.hexdigest()
