"""Takes back: what a removal took away is put back without encoding it again, and an import is undone as one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.identity import content_hash
from rag.library.collections import Collections
from rag.library.ingest import EncodedPapers
from rag.library.marks import Mark, Marks
from rag.library.matching import combined
from rag.library.provenance import remember
from rag.types import PackedWords, Paper, Passage

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.library.word_states import WordStates
    from rag.protocols import Chunker, Encoder, Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Removed:
    """Papers with all that hung on them: places in the library's order, passages, vectors, the run of encoding, names of collections."""

    papers: tuple[Paper, ...]
    places: Mapping[str, int]
    passages: Mapping[str, Sequence[Passage]]
    vectors: Mapping[str, Vectors]
    encoding: str
    collections: Mapping[str, Sequence[str]] = field(default_factory=dict)
    versions: Mapping[str, Sequence[Paper]] = field(default_factory=dict)
    words: Mapping[str, PackedWords | None] = field(default_factory=dict)


def kept(records: Records, papers: Sequence[Paper]) -> Removed:
    """All that must be known to put these papers back."""
    ids = [paper.id for paper in papers]
    passages = records.passages_of(ids)
    wanted = [passage.id for own in passages.values() for passage in own]
    vectors = {id: row for page, rows in records.vectors(wanted) for id, row in zip(page, rows, strict=True)}
    named = {id: Collections(records).of(id) for id in ids}
    versions = {id: records.versions(id) for id in ids}
    words = {id: records.word_states(id) for id in ids}
    return Removed(tuple(papers), records.places(ids), passages, vectors, records.encoding, named, versions, words)


def put_back(records: Records, removed: Removed) -> tuple[Paper, ...]:
    """Those that could be restored: a paper that was added again in the meantime stays as it is now.

    The caller sees to it that the records are still of the same encoding.
    """
    import numpy as np

    known = records.content_hashes([paper.id for paper in removed.papers])
    missing = tuple(paper for paper in removed.papers if paper.id not in known)
    with records.change():
        for paper in missing:
            own = removed.passages.get(paper.id, ())
            rows = np.stack([removed.vectors[passage.id] for passage in own]) if own else np.empty((0, 0), np.float32)
            records.put(paper, own, rows, removed.words.get(paper.id))
            records.set_versions(paper.id, removed.versions.get(paper.id, ()))
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


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing an import did: ids that were removed, ids that are again what they were, and ids that were changed since and stay."""

    removed: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def note_collection(records: Records, batch: int, name: str) -> None:
    """Remembers that an import made this collection."""
    _collections_made(records, batch).put({name: Mark("", "")})


def _collections_made(records: Records, batch: int) -> Marks:
    return Marks(records, f"import:{batch}")


def _remove_empty(records: Records, batch: int) -> None:
    """Of the collections that the import made, those that have no papers now."""
    made, collections = _collections_made(records, batch), Collections(records)
    names = made.all()
    for one in collections.all() if names else ():
        if one.name in names and not one.papers:
            collections.remove(one.name)
    made.drop(list(names))


def undo_batch(records: Records, batch: int, encoder: Encoder, chunker: Chunker, states: WordStates | None = None) -> Undone:
    """Undoes one import in one transaction; papers that were changed after it stay as they are now."""
    items = records.batch_items(batch)
    now = records.content_hashes([id for id, _, _ in items])
    kept = tuple(id for id, before, after in items if now.get(id) != after and (id in now or before is not None))
    mine = [(id, before) for id, before, _ in items if id not in kept]
    removed = tuple(id for id, before in mine if before is None and id in now)
    former = [before for _, before in mine if before is not None]
    encoded = EncodedPapers.of([before[0] for before in former], encoder, chunker, states)
    with records.change():
        if former:
            remember(records, encoder, chunker)  # a library that was empty and re-indexed meanwhile knows no encoder
        records.remove(removed)
        encoded.put(records)
        for before in former:
            records.set_versions(before[0].id, before[1:])
        records.mark_undone(batch)
        _remove_empty(records, batch)
    return Undone(removed, tuple(before[0].id for before in former), kept)


def merge(
    records: Records, papers: Sequence[Paper], encoder: Encoder, chunker: Chunker, states: WordStates | None = None
) -> tuple[Paper, int]:
    """Makes the first of the papers the one paper, which keeps the records of all; and the batch that undoes it."""
    versions = [version for paper in papers for version in records.versions(paper.id) or (paper,)]
    into = combined(versions)
    encoded = EncodedPapers.of([into], encoder, chunker, states)
    with records.change():
        batch = records.begin_batch(f"merge of {len(papers)} papers")
        for paper in papers:
            after = content_hash(into) if paper.id == into.id else None
            records.note_change(batch, paper.id, (paper, *records.versions(paper.id)), after)
        collections = Collections(records)
        for name in {name for paper in papers[1:] for name in collections.of(paper.id)}:
            collections.put(name, [into.id])
        records.remove([paper.id for paper in papers[1:]])
        encoded.put(records)
        records.set_versions(into.id, versions)
    return into, batch
