"""Tasks that deliver piece by piece while the page polls: rows of a table, sentences of a draft. Each person has one at a time."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from rag.errors import PaperchatError
from ui.html.wording import Wording
from ui.server.service import Service
from ui.tabs.requests import Response

Piece = TypeVar("Piece")
KEPT = 50
"""Tasks whose pieces are kept in memory; the oldest is stopped and forgotten."""
AT_ONCE = threading.Semaphore(2)
"""Tasks that run at the same time on one server: questions need the processor too."""
LOG = logging.getLogger("paperchat.page")


@dataclass
class BackgroundTask(Generic[Piece]):
    """Pieces so far, of how many, and how it ended."""

    owner: str
    about: str
    total: int
    pieces: list[Piece] = field(default_factory=list)
    finished: bool = False
    stopped: bool = False
    error: str = ""
    failed: bool = False


class BackgroundTasks(Generic[Piece]):
    """Runs tasks in threads of their own. A new task stops the one that the same person has running, and the end of the server all."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._tasks: OrderedDict[str, BackgroundTask[Piece]] = OrderedDict()
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
        """Starts a task and returns its token; `keep` is called with all pieces at the end, and before that after each `every` pieces."""
        task: BackgroundTask[Piece] = BackgroundTask(owner, about, total)
        token = secrets.token_urlsafe(16)
        with self._lock:
            for other in self._tasks.values():
                other.stopped = other.stopped or other.owner == owner
            self._tasks[token] = task
            while len(self._tasks) > KEPT:
                _, oldest = self._tasks.popitem(last=False)
                oldest.stopped = True
        self._service.in_background(partial(self._run, task, pieces, keep, every), "paperchat-background")
        return token

    def get(self, owner: str, token: object) -> BackgroundTask[Piece] | None:
        with self._lock:
            task = self._tasks.get(token) if isinstance(token, str) else None
        return task if task is not None and task.owner == owner else None

    def stop(self, owner: str, token: object) -> None:
        if task := self.get(owner, token):
            task.stopped = True

    def _run(
        self, task: BackgroundTask[Piece], pieces: Iterator[Piece], keep: Callable[[Sequence[Piece]], None], every: int
    ) -> None:
        try:
            with AT_ONCE:
                for piece in self._until_stopped(task, pieces):
                    task.pieces.append(piece)
                    if every and len(task.pieces) % every == 0:
                        keep(task.pieces)
            keep(task.pieces)
        except PaperchatError as error:
            task.error = str(error)
        except Exception:  # the last place that can report it
            LOG.exception("filling %s failed", task.about)
            task.failed = True
        finally:
            task.finished = True

    def _until_stopped(self, task: BackgroundTask[Piece], pieces: Iterator[Piece]) -> Iterator[Piece]:
        while not (task.stopped or self._service.is_closing):
            try:
                piece = next(pieces)
            except StopIteration:
                return
            yield piece


def progress(
    task: BackgroundTask[Piece] | None, seen: object, row_html: Callable[[Piece], str], said: str, say: Wording
) -> Response:
    """How far a task is: the HTML of its pieces from `seen` on, the text named `said` with the counts, and whether it is finished."""
    if task is None:
        return {"error": say("papers.said.failed")}
    finished, done = task.finished, len(task.pieces)
    first = seen if isinstance(seen, int) and 0 <= seen <= done else done
    response: Response = {
        "done": done,
        "total": task.total,
        "finished": finished,
        "rows": "".join(row_html(piece) for piece in task.pieces[first:done]),
        "said": say(said, done=done, total=task.total),
    }
    if task.error or task.failed:
        response["error"] = task.error or say("papers.said.failed")
    return response
