"""One question on its way to an answer: how it is understood, the seconds by stage, what a person must know, and who writes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.errors import ModelFailed
from rag.types import Event, Noticed

if TYPE_CHECKING:
    from rag.generation.writer import ModelWriter

QUOTED_INSTEAD = "The answer is quoted from the papers instead."


@dataclass(slots=True)
class Clock:
    """Seconds by stage."""

    seconds: dict[str, float] = field(default_factory=dict)
    _started: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self._started, 6)
        self._started = now

    def total(self) -> dict[str, float]:
        return {**self.seconds, "total": round(sum(self.seconds.values()), 6)}


@dataclass(slots=True)
class Turn:
    """`writer` is the language model's, as long as it works; its use is counted even where it failed."""

    question: str
    alone: str = ""
    language: str = "en"
    corrected: str = ""
    unread: tuple[str, ...] = ()
    """Words of another language that neither its glossary nor the collection knows."""
    writer: ModelWriter | None = None
    notices: list[str] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    _usage: Mapping[str, int] = field(default_factory=dict)

    @property
    def usage(self) -> Mapping[str, int]:
        return self.writer.meter.usage if self.writer is not None else self._usage

    def without_model(self, error: ModelFailed) -> Iterator[Event]:
        """Stops using the model for this question and adds a notice."""
        self._usage = self.usage
        self.writer = None
        self.notices.append(f"{error} {QUOTED_INSTEAD}")
        yield Noticed(self.notices[-1])
