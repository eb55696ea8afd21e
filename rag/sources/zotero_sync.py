"""Follows Zotero: takes in what is new or changed, keeps its collections, tells what is gone and removes that only when asked to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from rag.errors import CollectionError
from rag.ingestion.cleaning import clean
from rag.ingestion.fields import UnusableError, foreign_paper_of
from rag.ingestion.zotero_items import NO_PAPERS, citation_key, item_fields
from rag.library.ingest import refusal
from rag.library.marks import Mark, Marks
from rag.sources.zotero import ROOT, Changes, Item, State, Zotero, ZoteroCollection
from rag.types import Added, Paper, Progress, Refused

if TYPE_CHECKING:
    from rag.library.library import Library


AT_ONCE = 200
"""Items a step: what an interruption may have to do again."""
_STATE = ""  # the key under which the state of the whole is marked; no item has it
_OURS, _FOUND = "+", "="  # whether the synchronisation brought the paper, or found it here


@dataclass(frozen=True, slots=True)
class Gone:
    """An item that is in Zotero no more, and the paper that it was here."""

    key: str
    paper_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Synced:
    """What a synchronisation did. `gone` is still here unless it was pruned; `collections` are their names."""

    added: Added = field(default_factory=Added)
    gone: tuple[Gone, ...] = ()
    pruned: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    collections_gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class ZoteroSync:
    """Brings Zotero's papers and collections into a library."""

    library: Library
    source: Zotero

    def run(self, prune: bool = False, progress: Progress | None = None) -> Synced:
        """Raises FetchFailed before anything is changed, where Zotero cannot be read."""
        marks = self.library.marks(ROOT)
        before = marks.all()
        state = before.pop(_STATE, None)
        changes = self.source.changes(State.read(state.text) if state else State(), frozenset(before))
        added = self._take(changes, before, marks, progress)
        left = {key: mark for key, mark in before.items() if key not in changes.keys}
        gone = [Gone(key, mark.paper_id, mark.text[18:]) for key, mark in left.items() if mark.paper_id]
        marks.drop([key for key, mark in left.items() if not mark.paper_id])
        pruned = self._prune(gone, before, marks) if prune else ()
        kept, lost = self._collect(changes.collections, marks.all(), prune)
        marks.put({_STATE: Mark("", changes.state.written())})
        return Synced(added, tuple(gone), pruned, kept, lost)

    def _take(self, changes: Changes, before: Mapping[str, Mark], marks: Marks, progress: Progress | None) -> Added:
        """Adds what has changed, some at a time, and marks what each item became."""
        new = [item for item in changes.items if item.key not in before or before[item.key].text[:16] != item.fingerprint]
        items, done, total = iter(new), 0, Added()
        while step := list(islice(items, AT_ONCE)):
            total += self._step(step, before, marks, total.batch)
            done += len(step)
            if progress is not None:
                progress(done, len(new), "taking papers from Zotero")
        return total

    def _step(self, items: Sequence[Item], before: Mapping[str, Mark], marks: Marks, batch: int | None) -> Added:
        records = [(item, paper_of_item(item)) for item in items if item.data.get("itemType") not in NO_PAPERS]
        added = self.library.add([record for _, record in records], name="Zotero", batch=batch)
        taken = [item.key for item, record in records if isinstance(record, Paper)]
        placed = dict(zip(taken, added.placed, strict=True))
        new = set(added.added)
        for item in items:
            id = placed.get(item.key, "")
            ours = id in new or (item.key in before and before[item.key].text[16:17] == _OURS)
            title = str(item.data.get("title") or "")[:200]
            marks.put({item.key: Mark(id, f"{item.fingerprint}{_OURS if ours else _FOUND} {title}")})
        return added

    def _prune(self, gone: Iterable[Gone], before: Mapping[str, Mark], marks: Marks) -> tuple[str, ...]:
        """Removes the papers that Zotero brought and no longer has; one that was here before it, or is another item's too, stays."""
        keys = {each.key for each in gone}
        others = {mark.paper_id for key, mark in marks.all().items() if key not in keys}
        ids = [each.paper_id for each in gone if each.paper_id and before[each.key].text[16:17] == _OURS]
        there = self.library.records.content_hashes(ids)
        wanted = [id for id in dict.fromkeys(ids) if id in there and id not in others]
        if wanted:
            self.library.remove(wanted)
        marks.drop(sorted(keys))
        return tuple(wanted)

    def _collect(
        self, found: Sequence[ZoteroCollection], marks: Mapping[str, Mark], prune: bool
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of the collections kept, and of those that Zotero no longer has."""
        collections = self.library.writable_collections()
        known = {one.origin: one.name for one in collections.all() if one.origin.startswith(f"{ROOT}:")}
        names = []
        for collection in found:
            origin = f"{ROOT}:{collection.key}"
            name = known.pop(origin, None)
            if name is None:
                name = self._named(collection.name, lambda free, origin=origin: collections.create(free, origin))  # type: ignore[misc]
            elif name not in (collection.name[:200], _other(collection.name)):
                name = self._named(collection.name, lambda free, old=name: collections.rename(old, free))  # type: ignore[misc]
            collections.hold(
                name, sorted({mark.paper_id for key in collection.items if (mark := marks.get(key)) and mark.paper_id})
            )
            names.append(name)
        if prune:
            for name in known.values():
                collections.remove(name)
        return tuple(names), tuple(known.values())

    def _named(self, name: str, use: Callable[[str], str]) -> str:
        """Uses the name, or where a person has a collection of that name, another one."""
        try:
            return use(name[:200])
        except CollectionError:
            return use(_other(name))


def paper_of_item(item: Item) -> Paper | Refused:
    """The paper, or why there is none."""
    fields, authors = item_fields(item.data)
    key = clean(citation_key(item.data, item.bibtex))
    try:
        paper = foreign_paper_of(fields, authors, "Zotero")
    except UnusableError as reason:
        return Refused(f"Zotero, {fields['title'][:80] or item.key}", str(reason))
    paper = replace(paper, keys=(key,)) if key else paper
    return refusal(paper) or paper


def _other(name: str) -> str:
    return f"{name[:190]} (Zotero)"
