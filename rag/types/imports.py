"""What adding papers does, and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Progress = Callable[[int, int, str], None]
"""Is told how many of how many (0: not known) are done, and what is being done."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that could not be taken: where (file and line, or place in the list), why, as a sentence, and of which kind that is."""

    where: str
    reason: str
    kind: str = field(default="other", compare=False)


@dataclass(frozen=True, slots=True)
class Added:
    """What adding papers did (or would do): ids of papers by outcome, one a record, and each record that was refused.

    `merged` names the paper that a record became a further version of. `notes` tells what was kept apart. `batch` is what undoes it
    all, None if nothing changed. `placed` holds, for each record that was not refused, in order, the paper that it went into.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    merged: tuple[str, ...] = ()
    title_only: tuple[str, ...] = ()
    notes: tuple[Refused, ...] = ()
    batch: int | None = field(default=None, compare=False)
    placed: tuple[str, ...] = field(default=(), compare=False)

    @property
    def changed(self) -> bool:
        return bool(self.added or self.updated or self.merged)

    def __add__(self, other: Added) -> Added:
        """Both together: what adding one file after another did."""
        return Added(
            self.added + other.added,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.refused + other.refused,
            self.merged + other.merged,
            self.title_only + other.title_only,
            self.notes + other.notes,
            other.batch if self.batch is None else self.batch,
            self.placed + other.placed,
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """One import that can be undone: its number, what it was called, when (ISO 8601, UTC), and how many papers it changed."""

    id: int
    name: str
    at: str
    papers: int
    undone: bool = False
