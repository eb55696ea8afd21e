"""What all tabs of the page and the servers for programs share: the open library, conversations, running questions. Knows no Gradio."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import CollectionError, PaperchatError, StorageFailed
from rag.explore.themes import within as theme_papers
from rag.types import Answer, AskOptions, Event, Finished, History, Paper
from ui.conversations.comparison import MOST
from ui.conversations.documents import Documents
from ui.conversations.store import FILE, Chats, new_id
from ui.server.background_threads import BackgroundThreads
from ui.server.cancellation import Failed, Jobs
from ui.server.workers import Workers
from ui.tabs.area import papers_in
from ui.tabs.scope import ids_within

if TYPE_CHECKING:
    from rag.paperchat import Paperchat
    from ui.conversations.database import Database
    from ui.conversations.types import Chip

LOG = logging.getLogger("paperchat.page")
NEAREST = 5
READ_AHEAD = 100
"""Papers of a library that are read before anybody asks: some 50 ms and 0.5 MB each."""
LAST_WORDS = 5.0
"""Seconds that a running question gets to end when the server does."""
LAST_STEP = 30.0
"""Seconds that work in the background gets to finish the step it is at, such as a case of a run or a batch of papers."""
CLOSING = "The server is shutting down. Ask again once it is back."
PROGRAM = "program"
"""The owner of questions that come from no browser."""


class ServerClosing(PaperchatError):
    """The server is being ended, and takes or finishes no more questions."""


def _logged(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception:  # nobody waits for the result
        LOG.exception("work beside the page failed")


def _conversations(paperchat: Paperchat) -> Path | Database:
    """In the library's folder, or where its records are."""
    from rag.library.postgres import PostgresDatabase

    if not isinstance(paperchat.library.database, PostgresDatabase):
        return paperchat.library.folder / FILE
    from ui.conversations.shared_database import SharedDatabase

    return SharedDatabase(paperchat.library.database)


@dataclass
class Service:
    """One for each process; `close` it before the library."""

    paperchat: Paperchat
    chats: Chats
    documents: Documents = field(init=False)
    _background: BackgroundThreads = field(init=False)
    jobs: Jobs = field(default_factory=Jobs)
    _warm: Future[None] | None = None
    _ahead: Future[None] | None = None
    _work: ThreadPoolExecutor | None = None
    _closing: threading.Event = field(default_factory=threading.Event)
    workers: Workers | None = None
    """Processes that answer instead of this one."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.documents = Documents(self.chats.database)
        self._background = BackgroundThreads(self._closing)

    @classmethod
    def over(cls, paperchat: Paperchat, workers: int = 0) -> Service:
        """The service over an open library, with conversations in its folder; with `workers`, so many processes answer the questions."""
        import numpy.typing  # noqa: F401  (two threads that both come to import it first may see half of it)

        chats = Chats(_conversations(paperchat))
        paperchat.library.notices += chats.notices
        beside = Workers(paperchat.library.folder, workers) if workers and not paperchat.library.readonly else None
        return cls(paperchat, chats, workers=beside)

    @property
    def folder(self) -> Path:
        return self.paperchat.library.folder

    @property
    def paper_count(self) -> int:
        return self.paperchat.library.records.paper_count()

    @property
    def library_is_there(self) -> bool:
        """False once the library's file was deleted or replaced while it is open."""
        try:
            self.paperchat.library.records.file.check()
        except StorageFailed:
            return False
        return True

    @property
    def model_name(self) -> str | None:
        """The name of the configured language model; None if answers are quotes only."""
        return self.paperchat.model_name

    def defaults(self) -> dict[str, object]:
        """The settings of a user who chose none."""
        return {"writer": "model" if self.model_name else "quotes"}

    def usable(self, options: AskOptions) -> AskOptions:
        """The options without a writer that there is none of."""
        return options if self.model_name else replace(options, writer=None, temperature=None, strict=None)

    def warm(self) -> Future[None]:
        """Begins to open the indexes, once; the page is served first, as both at once would take each other's time."""
        with self._lock:
            if self._warm is None:
                pool = ThreadPoolExecutor(1, thread_name_prefix="paperchat-warm")
                self._warm = pool.submit(self._load)
                self._ahead = pool.submit(self.paperchat.read_ahead, READ_AHEAD, self._closing.is_set)
                pool.shutdown(wait=False)
            return self._warm

    def later(self, work: Callable[[], None]) -> None:
        """Does some work beside what people wait for, one after the other; what fails is logged. `close` waits for it."""
        with self._lock:
            if not self._closing.is_set():
                self._work = self._work or ThreadPoolExecutor(1, thread_name_prefix="paperchat-later")
                self._work.submit(_logged, work)

    def in_background(self, work: Callable[[], None], name: str) -> None:
        """Does some work in a thread of its own, of this name. It calls `go_on` between two steps; `close` waits for it."""
        self._background.start(work, name)

    def go_on(self) -> None:
        """Raises ServerClosing if the server is being ended."""
        if self.is_closing:
            raise ServerClosing(CLOSING)

    @property
    def is_closing(self) -> bool:
        """Whether what is done beside should end."""
        return self._closing.is_set()

    def ready(self) -> None:
        """Waits until the indexes are open: two threads must not open them at once, nor one close what another opens."""
        wait([self.warm()])

    def stream(self, question: str, history: History, options: AskOptions) -> Iterator[Event]:
        self.ready()
        yield from (self.workers or self.paperchat).stream(question, history, options)

    def answer(self, question: str, history: History, options: AskOptions) -> Answer:
        """The whole answer for a program. Raises ServerClosing if the server ends before it is there."""
        for event in self.events(question, history, options):
            if isinstance(event, Finished):
                return event.answer
        raise ServerClosing(CLOSING)

    def events(self, question: str, history: History, options: AskOptions) -> Iterator[Event | None]:
        """What happens while a program's question is answered, None at each tick without anything; it lacks the end where the server ends.

        Closing it stops the question.
        """
        try:
            yield from self.jobs.run(PROGRAM, new_id(), self.stream(question, history, options))
        except Failed as failed:
            raise failed.__cause__ or failed from None

    def scope(self, papers: Sequence[str] | None, collections: Sequence[str] | None) -> frozenset[str] | None:
        """The ids of the papers that a program limits a question to, by ids, collections or both; None if it is to all."""
        named = self.paperchat.within(collections or ())
        given = frozenset(papers) if papers else None
        return given if named is None else named if given is None else named & given

    def within(self, chips: Sequence[Chip]) -> frozenset[str] | None:
        self.ready()
        return ids_within(chips, self.paperchat.browse, self.collected, self.themed, self.drawn)

    def collected(self, name: str) -> frozenset[str]:
        """The ids of the papers in a collection; none if the collection no longer exists."""
        try:
            return self.paperchat.collections.ids([name])
        except CollectionError:
            return frozenset()

    def themed(self, name: str) -> frozenset[str]:
        """The ids of the papers of a theme; none if the collection has no such theme (any more)."""
        return theme_papers(name, self.paperchat.themes())

    def drawn(self, area: str) -> frozenset[str]:
        """The ids of the papers in an area of the map; none if the papers are others by now, and so the map."""
        state, _, corners = area.partition("|")
        if state != self.paperchat.library.records.state:
            return frozenset()
        return papers_in(corners, self.paperchat.paper_map().points)

    def chosen(self, chips: Sequence[Chip], text: str) -> list[str]:
        """Ids of the papers to gather from: those within the chips, of many those nearest to the text; without chips the nearest."""
        ids = self.within(chips)
        if text and (ids is None or len(ids) > MOST):
            hits = self.paperchat.assistant.search.search(text, 200)
            found = sorted((hit.paper for hit in hits if ids is None or hit.paper.id in ids), key=_is_bare)
            return [paper.id for paper in found][:NEAREST]
        return [paper.id for paper in self.paperchat.papers() if ids is not None and paper.id in ids][:MOST]

    def finish(self, seconds: float) -> None:
        """Takes no more questions; those that run get that many seconds, then they are stopped. For a server that is about to end."""
        self._closing.set()
        self.jobs.finish(seconds)

    def close(self) -> None:
        """Ends what runs. The library stays open, and may be closed afterwards."""
        self._closing.set()
        self.jobs.stop_all(LAST_WORDS)
        self._background.join(LAST_STEP)
        wait([future for future in (self._warm, self._ahead) if future is not None])
        if self._work is not None:
            self._work.shutdown(cancel_futures=True)
        if self.workers is not None:
            self.workers.close()
        self.chats.close()

    def _load(self) -> None:
        """Opens what the first question needs while the page is being examined. An error here is raised again, and reported, when a question is asked."""
        self.paperchat.library.listen()
        self.paperchat.library.follow()
        _ = self.paperchat.library.words
        if self.workers is not None:
            self.workers.start()
        self.paperchat.load("warm")


def _is_bare(paper: Paper) -> bool:
    """Whether there is nothing but a title to read: such a paper comes last."""
    return not paper.abstract.strip()
