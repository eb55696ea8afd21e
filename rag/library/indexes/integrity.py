"""Finds out whether an index of vectors holds what the records hold, where need be in a process of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.protocols import Vectors

PAGE = 1000
"""Vectors read at once."""
OTHER_ENCODING = "it was made from another encoding of the papers"
OTHER_VECTORS = "its vectors were not those of the records"
ITSELF = 0.99
"""Cosine from which two vectors stand for the same text: an encoder may answer a little otherwise in another batch."""
PROBES = 25
"""Vectors of a page that are looked up, and all that are compared where the files are as they were left. Chosen."""
CHECK_SECONDS = 600
"""Seconds after which the check in a child process is abandoned. Chosen."""


class Index(Protocol):
    """What an index must show of itself."""

    @property
    def encoding(self) -> str | None: ...

    def count(self) -> int: ...

    def pages(self, size: int) -> Iterator[tuple[list[str], Vectors]]: ...

    def kept(self, vectors: Vectors) -> Vectors:
        """What the index keeps of these vectors."""
        ...

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]: ...


def problem(index: Index, records: Records) -> str | None:
    """What is wrong with an index whose files may be damaged, in words, or None: every stored vector is compared with the records.

    Damaged links do not show in the vectors, so some stored vectors of each page are asked to find themselves. Half of them must: the search is
    approximate, and a sound index does not find them all.
    """
    if index.encoding != records.encoding:
        return OTHER_ENCODING
    count, seen, asked, missed = index.count(), 0, 0, 0
    for ids, stored in index.pages(PAGE):
        seen += len(ids)
        known = _known(records, ids)
        if not _equal(index, ids, stored, known):
            return OTHER_VECTORS
        probes = _spread(list(known), PROBES)
        asked += len(probes)
        missed += sum(not _finds(index, known[one], count) for one in probes)
    if missed * 2 > asked:
        return "stored passages did not find themselves"
    return f"it lists {seen} of its {count} passages" if seen != count else None


def problem_at_a_glance(index: Index, records: Records) -> str | None:
    """The same of an index whose files are as they were left: whether Chroma still reads them as it wrote them.

    How well it searches is not asked: it searches as it did when it was made, and making it anew would bring the same again.
    """
    if index.encoding != records.encoding:
        return OTHER_ENCODING
    ids, stored = next(index.pages(PROBES), ([], None))
    return None if stored is None or _equal(index, ids, stored, _known(records, ids)) else OTHER_VECTORS


def _equal(index: Index, ids: Sequence[str], stored: Vectors, known: Mapping[str, Vectors]) -> bool:
    both = [(vector, known[one]) for one, vector in zip(ids, stored, strict=True) if one in known]
    if not both:
        return True
    import numpy as np

    found, wanted = np.array([vector for vector, _ in both]), index.kept(np.array([vector for _, vector in both]))
    return found.shape == wanted.shape and bool(((found * wanted).sum(axis=1) >= ITSELF).all())


def _known(records: Records, ids: list[str]) -> dict[str, Vectors]:
    """Vectors by id. What the records do not know will be taken out later, and says nothing about the state of the files."""
    return {one: vector for found, vectors in records.vectors(ids) for one, vector in zip(found, vectors, strict=True)}


def _spread(ids: list[str], count: int) -> list[str]:
    return ids[:: max(1, len(ids) // count)][:count]


def _finds(index: Index, vector: Vectors, count: int) -> bool:
    found = index.nearest(vector, min(count, 10))
    return len(found) == min(count, 10) and found[0][1] >= ITSELF


def problem_seen_by_child(entry: str, folder: Path, records: Path) -> str | None:
    """What `entry` (`module:function`, which must call `answer`) finds wrong; a crash of that process is an answer too.

    In a process of its own, as reading a damaged vector file can end the process that reads it.
    """
    import subprocess

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
