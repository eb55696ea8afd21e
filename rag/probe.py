"""Finds out whether an index of vectors holds what the records hold, where need be in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rag.protocols import Vectors
    from rag.records import Records

ITSELF = 0.99
"""Cosine from which two vectors stand for the same text: an encoder may answer a little otherwise in another batch."""
PROBES = 25
"""Stored vectors a page that must find themselves: damaged links do not show in the vectors."""
CHECK_SECONDS = 600


class Index(Protocol):
    """What an index must show of itself."""

    @property
    def encoding(self) -> str | None: ...

    def count(self) -> int: ...

    def pages(self) -> Iterator[tuple[list[str], Vectors]]: ...

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]: ...


def problem(index: Index, records: Records, thorough: bool) -> str | None:
    """What is wrong with an index, in words, or None. Thorough: every stored vector is held against the records."""
    if index.encoding != records.encoding:
        return "it was made from another encoding of the papers"
    count, seen = index.count(), 0
    for ids, stored in index.pages():
        seen += len(ids)
        reason = _differs(index, dict(zip(ids, stored, strict=True)), records, probes=PROBES if thorough else 1, count=count)
        if reason is not None or not thorough:
            return reason
    return None if seen == count else f"it lists {seen} of its {count} passages"


def _differs(index: Index, stored: dict[str, Vectors], records: Records, probes: int, count: int) -> str | None:
    import numpy as np

    # An id that the records do not know will be taken out later; it says nothing about the state of the files.
    for ids, vectors in records.vectors(list(stored)):
        if not np.all(np.einsum("ij,ij->i", np.stack([stored[one] for one in ids]), vectors) >= ITSELF):
            return "its vectors were not those of the records"
        for row in np.linspace(0, len(ids) - 1, probes).astype(int):
            found = index.nearest(vectors[row], min(count, 10))
            if len(found) < min(count, 10) or found[0][1] < ITSELF:
                return "a stored passage did not find itself"
    return None


def problem_seen_by_child(entry: str, folder: Path, records: Path) -> str | None:
    """What `entry` (`module:function`, which must call `answer`) finds wrong; a crash of that process is an answer too.

    In a process of its own, as reading a damaged vector file can end the process that reads it.
    """
    module, _, function = entry.partition(":")
    command = [sys.executable, "-c", f"from {module} import {function}; {function}()", str(folder), str(records)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=CHECK_SECONDS, check=False)
        said = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {"problem": "reading it failed"}
    except subprocess.TimeoutExpired:
        return "reading it did not come to an end"
    except (ValueError, IndexError):
        return "reading it gave no answer"
    return None if said["problem"] is None else str(said["problem"])


def answer(found: str | None) -> None:
    """How the child tells its parent what it has found."""
    sys.stdout.write(json.dumps({"problem": found}) + "\n")
