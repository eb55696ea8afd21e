"""Work that comes piece by piece beside the page: rows of a table, sentences of a draft. One at a time for each person."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from rag.errors import PaperchatError

Piece = TypeVar("Piece")
KEPT = 50
AT_ONCE = threading.Semaphore(2)
"""So much of it runs side by side on one server: questions need the processor too."""
LOG = logging.getLogger("paperchat.page")


@dataclass
class Work(Generic[Piece]):
    """Pieces so far, of how many, and how it ended."""

    owner: str
    about: str
    total: int
    pieces: list[Piece] = field(default_factory=list)
    finished: bool = False
    stopped: bool = False
    error: str = ""
    failed: bool = False


class Works(Generic[Piece]):
    """Runs work in threads of its own. Who begins something new stops what was running for the same person."""

    def __init__(self) -> None:
        self._works: OrderedDict[str, Work[Piece]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(
        self,
        owner: str,
        about: str,
        total: int,
        pieces: Iterator[Piece],
        keep: Callable[[Sequence[Piece]], None],
        every: int = 0,
    ) -> str:
        """The token of the work; `keep` is called with all pieces at the end, and `every` so many before."""
        work: Work[Piece] = Work(owner, about, total)
        token = secrets.token_urlsafe(16)
        with self._lock:
            for other in self._works.values():
                other.stopped = other.stopped or other.owner == owner
            self._works[token] = work
            while len(self._works) > KEPT:
                _, oldest = self._works.popitem(last=False)
                oldest.stopped = True
        threading.Thread(target=_run, args=(work, pieces, keep, every), daemon=True, name="paperchat-filling").start()
        return token

    def get(self, owner: str, token: object) -> Work[Piece] | None:
        with self._lock:
            work = self._works.get(token) if isinstance(token, str) else None
        return work if work is not None and work.owner == owner else None

    def stop(self, owner: str, token: object) -> None:
        if work := self.get(owner, token):
            work.stopped = True


def _run(work: Work[Any], pieces: Iterator[Any], keep: Callable[[Sequence[Any]], None], every: int) -> None:
    try:
        with AT_ONCE:
            for piece in pieces:
                if work.stopped:
                    break
                work.pieces.append(piece)
                if every and len(work.pieces) % every == 0:
                    keep(work.pieces)
        keep(work.pieces)
    except PaperchatError as error:
        work.error = str(error)
    except Exception:  # the last place that can report it
        LOG.exception("filling %s failed", work.about)
        work.failed = True
    finally:
        work.finished = True
