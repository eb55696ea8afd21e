"""Brings papers into the records: decides what each record is, cuts, encodes, and stores batch by batch, so that it can be undone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from rag.identity import content_hash
from rag.library.chunking import context, passages
from rag.library.matching import Decision, KnownPapers, decide
from rag.library.provenance import remember
from rag.library.spilled import Spill
from rag.types import Added, Paper, Progress, Refused

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.library.word_states import WordStates
    from rag.protocols import Chunker, Encoder, Vectors
    from rag.types import PackedWords, Passage


ADDING = "adding papers"
"""What progress is told of; indexing is another kind of work, and counted by itself."""
LEAST_PAUSE = 2.0
"""Seconds between two steps that make what was stored searchable."""
BATCH = 32
"""Papers a transaction: what a crash may lose, and what one call of the encoder gets."""


class Throttle:
    """Calls a step that takes a while, now and then: never more often than every two seconds, nor for more than a twentieth of the time."""

    def __init__(self, step: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._step = step
        self._clock = clock
        self._next = clock() + LEAST_PAUSE

    def __call__(self) -> None:
        began = self._clock()
        if began >= self._next:
            self._step()
            ended = self._clock()
            self._next = ended + max(LEAST_PAUSE, 19 * (ended - began))


class Tally:
    """Counts what happens to each record; `outcome` says at any moment how far it is."""

    def __init__(self) -> None:
        self._ids: dict[str, list[str]] = {name: [] for name in ("added", "updated", "unchanged", "merged", "title_only")}
        self._refused: list[Refused] = []
        self._notes: list[Refused] = []
        self._placed: list[str] = []

    @property
    def outcome(self) -> Added:
        added, updated, unchanged, merged, title_only = (tuple(ids) for ids in self._ids.values())
        return Added(
            added, updated, unchanged, tuple(self._refused), merged, title_only, tuple(self._notes), placed=tuple(self._placed)
        )

    def refuse(self, refused: Refused) -> None:
        self._refused.append(refused)

    def count(self, decision: Decision) -> None:
        paper = decision.paper
        self._placed.append(paper.id)
        self._ids[decision.outcome].append(paper.id)
        if paper.title_only and decision.outcome != "unchanged":
            self._ids["title_only"].append(paper.id)
        if decision.note:
            self._notes.append(Refused(paper.source or paper.id, decision.note, "kept_apart"))


def preview(records: Records, papers: Iterable[Paper | Refused]) -> Added:
    """What adding these would do; nothing is written."""
    tally = Tally()
    with Spill() as spill:
        known = KnownPapers(records, spill)
        for paper in papers:
            refused = paper if isinstance(paper, Refused) else refusal(paper)
            if refused is not None:
                tally.refuse(refused)
            elif isinstance(paper, Paper):
                decision = decide(paper, known)
                known.put(decision)
                tally.count(decision)
    return tally.outcome


@dataclass
class Ingestion:
    """One run of adding papers. `outcome` says at any moment what is stored by then; `batch` names it among the imports."""

    records: Records
    encoder: Encoder
    chunker: Chunker
    name: str = ""
    batch: int | None = None
    states: WordStates | None = None
    _tally: Tally = field(default_factory=Tally)
    _waiting: list[Paper] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._known = KnownPapers(self.records)

    @property
    def outcome(self) -> Added:
        outcome = self._tally.outcome
        return replace(outcome, batch=self.batch if outcome.changed else None)

    def run(
        self, papers: Iterable[Paper | Refused], progress: Progress | None = None, stored: Callable[[], None] = lambda: None
    ) -> None:
        """Stores them all; `progress(done, total, step)` is called now and then (`total` is 0 if unknown), `stored()` after each transaction."""
        total = len(papers) if isinstance(papers, Sized) else 0
        seen = 0
        for seen, paper in enumerate(papers, 1):
            self._match(paper)
            if len(self._waiting) >= BATCH:
                self._store()
                stored()
            if progress is not None and seen % BATCH == 0:
                progress(seen, total, ADDING)
        self._store()
        if progress is not None:
            progress(seen, total, ADDING)

    def _match(self, paper: Paper | Refused) -> None:
        refused = paper if isinstance(paper, Refused) else refusal(paper)
        if refused is not None:
            self._tally.refuse(refused)
        elif isinstance(paper, Paper):
            self._waiting.append(paper)

    def _store(self) -> None:
        papers, self._waiting = self._waiting, []
        for decision in self.records.attempt(lambda: self._stored(papers)) if papers else ():
            self._tally.count(decision)

    def _stored(self, papers: Sequence[Paper]) -> list[Decision]:
        """Decides, encodes and writes, while no other process changes what was decided from."""
        batch = self.batch
        self._known.clear()
        try:
            with self.records.turn():
                decisions = [self._decided(paper) for paper in papers]
                changes = {one.paper.id: one for one in decisions if one.outcome != "unchanged"}
                encoded = EncodedPapers.of([one.paper for one in changes.values()], self.encoder, self.chunker, self.states)
                if changes:
                    self._write(changes, encoded)
        except BaseException:
            self.batch = batch
            raise
        self._known.clear()
        return decisions

    def _decided(self, paper: Paper) -> Decision:
        decision = decide(paper, self._known)
        self._known.put(decision)
        return decision

    def _write(self, changes: Mapping[str, Decision], encoded: EncodedPapers) -> None:
        with self.records.change():
            remember(self.records, self.encoder, self.chunker)
            for decision in changes.values():
                self._note(decision)
            encoded.put(self.records)
            for id, decision in changes.items():
                self.records.set_versions(id, decision.versions)

    def _note(self, decision: Decision) -> None:
        """Keeps, inside the transaction and before the paper is written, what it was."""
        if self.batch is None:
            self.batch = self.records.begin_batch(self.name or decision.paper.source)
        before = self.records.paper(decision.paper.id)
        former = None if before is None else (before, *self.records.versions(before.id))
        self.records.note_change(self.batch, decision.paper.id, former, content_hash(decision.paper))


def store(
    records: Records, papers: Iterable[Paper], encoder: Encoder, chunker: Chunker, states: WordStates | None = None
) -> None:
    """Cuts and encodes these papers in one call of the encoder and stores them in one transaction, with what made them."""
    encoded = EncodedPapers.of(papers, encoder, chunker, states)
    if encoded.parts:
        with records.change():
            remember(records, encoder, chunker)
            encoded.put(records)


@dataclass(frozen=True, eq=False)
class EncodedPapers:
    """Papers with their passages, the vectors of all passages in order, and what is kept of the papers' words: what takes time is done
    before the transaction."""

    parts: Sequence[tuple[Paper, Sequence[Passage]]]
    vectors: Vectors | None
    words: Sequence[PackedWords | None]

    @classmethod
    def of(cls, papers: Iterable[Paper], encoder: Encoder, chunker: Chunker, states: WordStates | None = None) -> EncodedPapers:
        """Where passages are cut and encoded just as the words are read, they are encoded once for both."""
        import numpy as np

        parts = [(paper, passages(paper, chunker)) for paper in papers]
        texts = [context(part) for _, own in parts for part in own]
        if not texts:
            return cls(parts, None, [None] * len(parts))
        if states is None or states.codec is None:
            return cls(parts, encoder.encode(texts), [None] * len(parts))
        if not states.reads(encoder, chunker):
            return cls(parts, encoder.encode(texts), states.of([paper for paper, _ in parts], wholes=True))
        read = states.encoder.encode_words(texts)
        starts = accumulate((len(own) for _, own in parts), initial=0)
        words = [states.packed(paper, own, read[at : at + len(own)]) for (paper, own), at in zip(parts, starts, strict=False)]
        return cls(parts, np.stack([one.sentence for one in read]), words)

    def put(self, records: Records) -> None:
        at = 0
        for (paper, own), words in zip(self.parts, self.words, strict=True):
            if self.vectors is not None:
                records.put(paper, own, self.vectors[at : at + len(own)], words)
            at += len(own)


def refusal(paper: Paper) -> Refused | None:
    """Why this paper cannot be taken, or None."""
    where = paper.source or paper.id
    if not paper.title.strip():
        return Refused(where, "It has no title.", "no_title")
    try:
        "".join([paper.id, paper.title, paper.abstract, *paper.authors, paper.venue or "", paper.url or "", where]).encode()
    except UnicodeEncodeError:
        return Refused(
            paper.id.encode("ascii", "replace").decode(),
            "It holds characters that are not text (lone surrogates): save the file as UTF-8.",
            "unreadable",
        )
    return None
