"""Keeps what a removal took away, so that it can be put back without encoding it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.library.collections import Collections
from rag.types import Paper, Passage

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.protocols import Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Removed:
    """Papers with all that hung on them: places in the library's order, passages, vectors, the run of encoding, names of collections."""

    papers: tuple[Paper, ...]
    places: Mapping[str, int]
    passages: Mapping[str, Sequence[Passage]]
    vectors: Mapping[str, Vectors]
    encoding: str
    collections: Mapping[str, Sequence[str]] = field(default_factory=dict)


def kept(records: Records, papers: Sequence[Paper]) -> Removed:
    """All that must be known to put these papers back."""
    ids = [paper.id for paper in papers]
    passages = records.passages_of(ids)
    wanted = [passage.id for own in passages.values() for passage in own]
    vectors = {id: row for page, rows in records.vectors(wanted) for id, row in zip(page, rows, strict=True)}
    named = {id: Collections(records).of(id) for id in ids}
    return Removed(tuple(papers), records.places(ids), passages, vectors, records.encoding, named)


def put_back(records: Records, removed: Removed) -> tuple[Paper, ...]:
    """Those that could be put back: a paper that was added again meanwhile stays as it is now.

    The caller sees to it that the records are still of the same encoding.
    """
    import numpy as np

    known = records.content_hashes([paper.id for paper in removed.papers])
    missing = tuple(paper for paper in removed.papers if paper.id not in known)
    with records.change():
        for paper in missing:
            own = removed.passages.get(paper.id, ())
            rows = np.stack([removed.vectors[passage.id] for passage in own]) if own else np.empty((0, 0), np.float32)
            records.put(paper, own, rows)
        records.move({paper.id: removed.places[paper.id] for paper in missing})
        collect(records, removed, missing)
    return missing


def collect(records: Records, removed: Removed, papers: Sequence[Paper]) -> None:
    """Puts papers into the collections that they were in, as far as those are there yet."""
    collections = Collections(records)
    there = {one.name for one in collections.all()}
    for paper in papers:
        for name in there.intersection(removed.collections.get(paper.id, ())):
            collections.put(name, [paper.id])
