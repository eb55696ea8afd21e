"""Adding papers from the Papers tab, in the background: preview, progress, report, and undoing one import. Knows no Gradio."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from rag.library.ingest import ADDING
from rag.sources.request import Reference, looks_like_references, references
from rag.types import Added, Paper, Progress, Refused
from ui.export.plain import for_people
from ui.html import papers as html
from ui.html.collections import names_html, network_html, options_html
from ui.html.wording import Wording
from ui.pace import clock, rate_text
from ui.server.service import Service
from ui.tabs.import_sources import NOT_LOOKED, ExportedCollection, Sources, named_file, records_of, reporting, uploaded
from ui.tabs.requests import Request, Response

LONGEST_TEXT = 5_000_000
KEPT_JOBS = 50
SHOWN = 200
"""Titles of new papers that a preview names."""
SETTLED = 2.0
"""Seconds after which a rate means something."""
PASTED = "pasted text"
NOT_ADDED = "Something went wrong inside Paperchat. What was added before it is kept; try again, or add one file at a time to find the one that fails."


@dataclass
class ImportJob:
    """Papers being added in the background: how far it is, and at the end the report."""

    done: int = 0
    total: int = 0
    finished: bool = False
    added: Added = field(default_factory=Added)
    failed: list[str] = field(default_factory=list)
    looked: bool = False
    """Whether this only examined what adding would do; then `sources` waits to be added, and `titles` names what is new."""
    sources: Sources = field(default=lambda: ())
    after: Callable[[], None] = lambda: None
    titles: dict[str, str] = field(default_factory=dict)
    collections: list[str] = field(default_factory=list)
    """Collections that came in as files."""
    clock: Callable[[], float] = time.monotonic
    _begun: float | None = None

    def reached(self, done: int, total: int) -> None:
        """So many records are done; `total`, 0 if unknown, is of those of all sources."""
        self._begun = self.clock() if self._begun is None else self._begun
        self.done, self.total = done, total

    def said(self, say: Wording) -> str:
        """How far it is, how fast it goes, and how long it will yet take, as far as that is known."""
        seconds = 0.0 if self._begun is None else self.clock() - self._begun
        if seconds < SETTLED or not self.done:
            return say("papers.adding", count=self.done)
        rate = self.done / seconds
        if self.total <= self.done:
            return say("papers.adding.pace", count=self.done, rate=rate_text(rate))
        left = clock(round((self.total - self.done) / rate))
        return say("papers.adding.left", count=self.done, total=self.total, rate=rate_text(rate), left=left)


class Imports:
    """The imports of one library. Each method takes what the page sent and returns what it shows, as JSON values."""

    def __init__(self, service: Service, address: str = "") -> None:
        """`address` stands for the services that papers are fetched from, as in `Paperchat.online`."""
        self._service = service
        self._address = address
        self._jobs: OrderedDict[str, ImportJob] = OrderedDict()
        self._lock = threading.Lock()

    def add_text(self, asked: Request, say: Wording) -> Response:
        """Starts adding what was pasted; the answer names the job that `progress` is asked about.

        With `preview` it only looks at what adding would do, and `add_looked` or `drop_looked` decide. What only names papers needs the network: then it asks first, with `confirm`.
        """
        text = asked.get("text")
        if not isinstance(text, str) or len(text) > LONGEST_TEXT:
            return {"error": say("papers.said.failed")}
        if looks_like_references(text):
            return {"confirm": _question(references(text), say)}
        from rag.ingestion import read_text

        return self._begin(lambda: [read_text(text, PASTED)], look=asked.get("preview") is True)

    def fetch_text(self, asked: Request, say: Wording) -> Response:
        """Starts fetching what a pasted text names: this, and nothing else of the page, goes online."""
        text = asked.get("text")
        wanted = references(text if isinstance(text, str) else "")
        return self._begin(lambda: self._fetched(wanted), look=asked.get("preview") is True, once=True)

    def add_files(
        self, files: Sequence[tuple[str, Path]], after: Callable[[], None] = lambda: None, preview: bool = False
    ) -> Response:
        """The same for files that were uploaded: the name that the person knows, and where the file is; `after` it is done."""
        return self._begin(lambda: [uploaded(name, path) for name, path in files], after, look=preview)

    def add_looked(self, asked: Request, say: Wording) -> Response:
        """Adds what a preview showed; a preview can be decided on once."""
        job = self._looked(asked)
        return {"error": say("papers.preview.gone")} if job is None else self._begin(job.sources, job.after, expected=job.done)

    def drop_looked(self, asked: Request, say: Wording) -> Response:
        """Adds nothing of what a preview showed."""
        if (job := self._looked(asked)) is not None:
            job.after()
        return {"said": say("papers.preview.dropped")}

    def progress(self, asked: Request, say: Wording) -> Response:
        """How far a job is; at the end its report."""
        with self._lock:
            job = self._jobs.get(str(asked.get("job", "")))
        if job is None:
            return {"error": say("papers.import.unknown")}
        if not job.finished:
            return {"done": job.done, "total": job.total, "said": job.said(say)}
        titles = {**job.titles, **{paper.id: for_people(paper.title) for paper in self._service.paperchat.library.papers()}}
        if job.looked:
            shown = html.preview_html(job.added, titles, job.failed, str(asked.get("job")), say, job.collections)
            return {"finished": True, "preview": True, "html": shown}
        shown = html.report_html(job.added, titles, job.failed, say, job.collections)
        return {"finished": True, "html": shown, **(self._choices(say) if job.collections else {})}

    def undo_import(self, asked: Request, say: Wording) -> Response:
        """Undoes all that one import changed, as one step."""
        batch = asked.get("batch")
        if not isinstance(batch, int) or isinstance(batch, bool):
            return {"error": say("papers.said.failed")}
        self._service.ready()
        _, undone = self._service.paperchat.library.undo_import(batch)
        said = say("papers.import.undone", count=len(undone.removed) + len(undone.restored))
        return {"said": f"{said} {say('papers.import.kept', count=len(undone.kept))}" if undone.kept else said}

    def _fetched(self, wanted: Sequence[Reference]) -> Iterator[Sequence[Paper | Refused]]:
        from rag.sources.fetch import pages

        client, services = self._service.paperchat.online(address=self._address)
        with client:
            for page, _ in pages(wanted, client, services):
                self._service.go_on()
                yield page.papers

    def _begin(
        self,
        sources: Sources,
        after: Callable[[], None] = lambda: None,
        look: bool = False,
        once: bool = False,
        expected: int = 0,
    ) -> Response:
        """Starts a job. To `look` is to preview; sources that give their papers only `once` are kept for adding. `expected` is how many records they have."""
        job, token = ImportJob(looked=look, sources=sources, after=after), secrets.token_urlsafe(16)
        with self._lock:
            self._jobs[token] = job
            gone = [self._jobs.popitem(last=False)[1] for _ in range(len(self._jobs) - KEPT_JOBS)]
        for one in gone:
            if one.looked:
                one.after()
        doing = partial(self._look, job, once) if look else partial(self._add, job, sources, after, expected)
        self._service.in_background(doing, "paperchat-add")
        return {"job": token}

    def _taken(self, source: Any, tell: Progress, job: ImportJob) -> Added:
        """What became of one source; a whole collection also brings its name and its vectors."""
        if not isinstance(source, ExportedCollection):
            return self._service.paperchat.add(source, tell, batch=job.added.batch)
        with named_file(source.name, source.path) as own:
            name, added = self._service.paperchat.import_collection(own, progress=tell, batch=job.added.batch)
        job.collections.append(name)
        return added

    def _choices(self, say: Wording) -> Response:
        """The collections to choose from, as they are now."""
        now = self._service.paperchat.collections.all()
        return {"options": options_html(now, say), "names": names_html(now)}

    def _looked(self, asked: Request) -> ImportJob | None:
        """The finished preview of this name, which is kept no longer."""
        name = str(asked.get("job", ""))
        with self._lock:
            job = self._jobs.get(name)
            return self._jobs.pop(name) if job is not None and job.looked and job.finished else None

    def _look(self, job: ImportJob, once: bool) -> None:
        """In a thread of its own: what adding would do. Nothing is written."""
        kept: list[Paper | Refused] = []

        def seen() -> Iterator[Paper | Refused]:
            for each in records_of(job.sources, job.failed, job.collections):
                self._service.go_on()
                job.reached(job.done + 1, 0)
                if once:
                    kept.append(each)
                if isinstance(each, Paper) and len(job.titles) < SHOWN:
                    job.titles.setdefault(each.id, for_people(each.title))
                yield each

        try:
            with reporting(job.failed, NOT_LOOKED):
                self._service.ready()
                job.added = self._service.paperchat.library.preview(seen())
        finally:
            if once:
                job.sources = lambda: [kept]
            job.finished = True

    def _add(self, job: ImportJob, sources: Any, after: Callable[[], None], expected: int = 0) -> None:
        """In a thread of its own: one source after another, of which one that cannot be read does not stop the others."""
        before = 0

        def tell(done: int, total: int, what: str) -> None:
            if what == ADDING:
                job.reached(before + done, expected or (before + total if total else 0))
                self._service.go_on()

        try:
            with reporting(job.failed, NOT_ADDED):  # what the sources themselves meet
                self._service.ready()
                job.reached(0, expected)
                for source in sources():
                    self._service.go_on()
                    before = job.done
                    with reporting(job.failed, NOT_ADDED):
                        job.added += self._taken(source, tell, job)
        finally:
            try:
                after()
            finally:
                job.finished = True


def _question(wanted: Sequence[Reference], say: Wording) -> str:
    asked = {"arxiv": ("arXiv",), "doi": ("Crossref", "OpenAlex"), "openalex": ("OpenAlex",), "daily": ("Hugging Face",)}
    services = dict.fromkeys(name for one in wanted for name in asked[one.kind])
    return network_html(len(wanted), list(services), say)
