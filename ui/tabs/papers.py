"""What the Papers tab asks and does: lists, one paper, adding with progress, removal that can be undone, exports, the map. Knows no Gradio."""

from __future__ import annotations

import logging
import secrets
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

from rag.errors import PaperchatError
from rag.explore.listing import ORDERS, Filter, Order
from rag.library.archive import Archive, is_archive
from rag.library.chunking import SentenceWindows
from rag.library.ingest import ADDING
from rag.library.undo import Removed
from rag.sources.request import Reference, looks_like_references, references
from rag.types import Added, Paper, Refused
from ui.export.papers import SUFFIXES, exported
from ui.export.plain import for_people
from ui.html import papers as html
from ui.html.collections import names_html, network_html, options_html
from ui.html.wording import Wording
from ui.pace import clock, rate_text
from ui.server.service import Service
from ui.tabs.requests import Request, Response, selected_ids

PAGE = 50
"""Rows that the list grows by."""
MEMBERS = 100
NEAR = 6
LONGEST_TEXT = 5_000_000
KEPT_REMOVALS = 50
KEPT_JOBS = 50
PASTED = "pasted text"
NOT_ADDED = "Something went wrong inside Paperchat. What was added before it is kept; try again, or add one file at a time to find the one that fails."
NOT_LOOKED = (
    "Something went wrong inside Paperchat. Nothing was added; try again, or add one file at a time to find the one that fails."
)
LOG = logging.getLogger("paperchat.page")

Sources = Callable[[], Iterable[Iterable[Paper | Refused]]]
"""Gives what is to be added, source by source, and may be called again."""
SHOWN = 200
"""Titles of new papers that a preview names."""


@dataclass
class Job:
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


SETTLED = 2.0
"""Seconds after which a rate means something."""


@dataclass(frozen=True)
class ExportedCollection:
    """A file that is a whole collection: gives its papers to look at, and is imported with its vectors."""

    name: str
    path: Path

    def called(self) -> str:
        """The name that it has in the file. Raises ImportFailed where it is damaged."""
        with _named(self.name, self.path) as own, Archive(own) as archive:
            return archive.head.name

    def __iter__(self) -> Iterator[Paper | Refused]:
        with _named(self.name, self.path) as own, Archive(own) as archive:
            yield from archive.papers(SentenceWindows())


class Collection:
    """The library as one tab sees it. Each method takes what the page sent and returns what it shows, as JSON values."""

    def __init__(self, service: Service, address: str = "") -> None:
        """`address` stands for the services that papers are fetched from, as in `Paperchat.online`."""
        self._service = service
        self._address = address
        self._removed: OrderedDict[str, Removed] = OrderedDict()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def may_write(self) -> bool:
        return not self._service.paperchat.library.readonly

    def _may_write(self, asked: Request) -> bool:
        """Whether this person may change papers, and the library can be changed."""
        return self.may_write and asked.get("may_change") is not False

    def start(self, asked: Request, say: Wording) -> Response:
        """The frame of the tab."""
        venues = sorted({paper.venue for paper in self._papers() if paper.venue}, key=str.casefold)
        words = {name: text for name, text in say.texts.items() if name.startswith("papers.said.")}
        collections = self._service.paperchat.collections.all()
        return {"frame": html.frame_html(say, venues, self._may_write(asked), collections), "words": words}

    def browse(self, asked: Request, say: Wording) -> Response:
        """A page of the list: rows from `offset` on, the count, and the ids of all that fit (for marking them on the map)."""
        self._service.ready()
        inside = self._inside(asked)
        found = [
            one for one in self._service.paperchat.browse(_filter(asked), _order(asked)) if inside is None or one.id in inside
        ]
        offset = max(0, _number(asked.get("offset")) or 0)
        page = found[offset : offset + PAGE]
        total = self._service.paper_count
        rows = html.rows_html(page, say) if found else html.nothing_html(say, total == 0)
        count = say("papers.count", count=len(found), all=total) if len(found) != total else say("papers.count.all", count=total)
        return {
            "rows": rows,
            "more": html.more_html(max(0, len(found) - offset - len(page)), say),
            "count": count,
            "shown": None if len(found) == total else [paper.id for paper in found],
        }

    def paper(self, asked: Request, say: Wording) -> Response:
        """One paper's page."""
        self._service.ready()
        paper = self._service.paperchat.library.records.paper(str(asked.get("id", "")))
        if paper is None:
            return {"html": html.gone_html(say)}
        near = self._service.paperchat.similar(paper.id, NEAR)
        collections = self._service.paperchat.collections.of(paper.id)
        return {"html": html.paper_html(paper, near, say, self._may_write(asked), collections), "title": for_people(paper.title)}

    def remove(self, asked: Request, say: Wording) -> Response:
        """Removes papers; `undo` is what brings them back."""
        self._service.ready()
        removed = self._service.paperchat.remove(selected_ids(asked))
        token = secrets.token_urlsafe(16)
        with self._lock:
            self._removed[token] = removed
            while len(self._removed) > KEPT_REMOVALS:
                self._removed.popitem(last=False)
        return {"undo": token, "said": say("papers.removed", count=len(removed.papers), title=_short(removed.papers))}

    def undo(self, asked: Request, say: Wording) -> Response:
        """Puts back what one removal took, once."""
        with self._lock:
            removed = self._removed.pop(str(asked.get("undo", "")), None)
        if removed is None:
            return {"error": say("papers.undo.gone")}
        back = self._service.paperchat.put_back(removed)
        return {"said": say("papers.back.again", count=len(back))}

    def undo_import(self, asked: Request, say: Wording) -> Response:
        """Undoes all that one import changed, as one step."""
        batch = asked.get("batch")
        if not isinstance(batch, int) or isinstance(batch, bool):
            return {"error": say("papers.said.failed")}
        self._service.ready()
        _, undone = self._service.paperchat.library.undo_import(batch)
        said = say("papers.import.undone", count=len(undone.removed) + len(undone.restored))
        return {"said": f"{said} {say('papers.import.kept', count=len(undone.kept))}" if undone.kept else said}

    def export(self, asked: Request, say: Wording) -> Response:
        """The papers as a file, in the order in which they are asked for."""
        how = asked.get("how")
        if not isinstance(how, str) or how not in SUFFIXES:
            return {"error": say("papers.said.failed")}
        known = {paper.id: paper for paper in self._papers()}
        chosen = [known[id] for id in selected_ids(asked) if id in known]
        return {"name": f"papers{SUFFIXES[how]}", "text": exported(chosen, how)}

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
        return self._begin(lambda: [_source(name, path) for name, path in files], after, look=preview)

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
            return {"error": say("papers.said.failed")}
        if not job.finished:
            return {"done": job.done, "total": job.total, "said": job.said(say)}
        titles = {**job.titles, **{paper.id: for_people(paper.title) for paper in self._papers()}}
        if job.looked:
            shown = html.preview_html(job.added, titles, job.failed, str(asked.get("job")), say, job.collections)
            return {"finished": True, "preview": True, "html": shown}
        shown = html.report_html(job.added, titles, job.failed, say, job.collections)
        return {"finished": True, "html": shown, **(self._choices(say) if job.collections else {})}

    def atlas(self, asked: Request, say: Wording) -> Response:
        """The map as points for the page to draw, and its legend."""
        self._service.ready()
        drawn = self._service.paperchat.paper_map()
        titles = {paper.id: for_people(paper.title) for paper in self._papers()}
        points = [[point.paper, point.x, point.y, point.group, titles.get(point.paper, "")] for point in drawn.points]
        return {"points": points, "legend": html.legend_html(drawn, say), "groups": [group.name for group in drawn.groups]}

    def members(self, asked: Request, say: Wording) -> Response:
        """The papers of one group of the map."""
        drawn, place = self._service.paperchat.paper_map(), _number(asked.get("group"))
        if place is None or not 0 <= place < len(drawn.groups):
            return {"html": ""}
        known = {paper.id: paper for paper in self._papers()}
        inside = [known[point.paper] for point in drawn.points if point.group == place and point.paper in known]
        return {"html": html.members_html(drawn.groups[place].name, inside[:MEMBERS], len(inside), say)}

    def _fetched(self, wanted: Sequence[Reference]) -> Iterator[Sequence[Paper | Refused]]:
        from rag.sources.fetch import pages

        client, services = self._service.paperchat.online(address=self._address)
        with client:
            for page, _ in pages(wanted, client, services):
                yield page.papers

    def _inside(self, asked: Request) -> frozenset[str] | None:
        name = asked.get("collection")
        return self._service.collected(name) if isinstance(name, str) and name else None

    def _papers(self) -> list[Paper]:
        return self._service.paperchat.library.papers()

    def _begin(
        self,
        sources: Sources,
        after: Callable[[], None] = lambda: None,
        look: bool = False,
        once: bool = False,
        expected: int = 0,
    ) -> Response:
        """Starts a job. To `look` is to preview; sources that give their papers only `once` are kept for adding. `expected` is how many records they have."""
        job, token = Job(looked=look, sources=sources, after=after), secrets.token_urlsafe(16)
        with self._lock:
            self._jobs[token] = job
            gone = [self._jobs.popitem(last=False)[1] for _ in range(len(self._jobs) - KEPT_JOBS)]
        for one in gone:
            if one.looked:
                one.after()
        doing = partial(self._look, job, once) if look else partial(self._add, job, sources, after, expected)
        threading.Thread(target=doing, daemon=True, name="paperchat-add").start()
        return {"job": token}

    def _taken(self, source: Any, tell: Callable[[int, int, str], None], job: Job) -> Added:
        """What became of one source; a whole collection also brings its name and its vectors."""
        if not isinstance(source, ExportedCollection):
            return self._service.paperchat.add(source, tell, batch=job.added.batch)
        with _named(source.name, source.path) as own:
            name, added = self._service.paperchat.import_collection(own, progress=tell, batch=job.added.batch)
        job.collections.append(name)
        return added

    def _choices(self, say: Wording) -> Response:
        """The collections to choose from, as they are now."""
        now = self._service.paperchat.collections.all()
        return {"options": options_html(now, say), "names": names_html(now)}

    def _looked(self, asked: Request) -> Job | None:
        """The finished preview of this name, which is kept no longer."""
        name = str(asked.get("job", ""))
        with self._lock:
            job = self._jobs.get(name)
            return self._jobs.pop(name) if job is not None and job.looked and job.finished else None

    def _look(self, job: Job, once: bool) -> None:
        """In a thread of its own: what adding would do. Nothing is written."""
        kept: list[Paper | Refused] = []

        def seen() -> Iterator[Paper | Refused]:
            for each in _each(job.sources, job.failed, job.collections):
                job.reached(job.done + 1, 0)
                if once:
                    kept.append(each)
                if isinstance(each, Paper) and len(job.titles) < SHOWN:
                    job.titles.setdefault(each.id, for_people(each.title))
                yield each

        try:
            with _told(job.failed, NOT_LOOKED):
                self._service.ready()
                job.added = self._service.paperchat.library.preview(seen())
        finally:
            if once:
                job.sources = lambda: [kept]
            job.finished = True

    def _add(self, job: Job, sources: Any, after: Callable[[], None], expected: int = 0) -> None:
        """In a thread of its own: one source after another, of which one that cannot be read does not stop the others."""
        before = 0

        def tell(done: int, total: int, what: str) -> None:
            if what == ADDING:
                job.reached(before + done, expected or (before + total if total else 0))

        try:
            with _told(job.failed, NOT_ADDED):  # what the sources themselves meet
                self._service.ready()
                job.reached(0, expected)
                for source in sources():
                    before = job.done
                    with _told(job.failed, NOT_ADDED):
                        job.added += self._taken(source, tell, job)
        finally:
            try:
                after()
            finally:
                job.finished = True


def _source(name: str, path: Path) -> Iterable[Paper | Refused]:
    return ExportedCollection(name, path) if is_archive(path) else _read_as(name, path)


def _each(sources: Sources, failed: list[str], collections: list[str]) -> Iterator[Paper | Refused]:
    """All records; a source that cannot be read is told in `failed` and does not stop the others. `collections` gets the names of whole ones."""
    with _told(failed, NOT_LOOKED):  # what the sources themselves meet
        for source in sources():
            with _told(failed, NOT_LOOKED):
                if isinstance(source, ExportedCollection):
                    collections.append(source.called())
                yield from source


@contextmanager
def _told(failed: list[str], mistake: str) -> Iterator[None]:
    """Puts into `failed` what goes wrong inside: an error's own sentence, or, of what nobody foresaw and is logged, `mistake`."""
    try:
        yield
    except PaperchatError as error:
        failed.append(str(error))
    except Exception:  # the last place that can report it
        LOG.exception("adding papers failed")
        failed.append(mistake)


def _read_as(name: str, path: Path) -> Iterable[Any]:
    """The papers of an uploaded file under the name it had; errors are about that name too."""
    from rag.ingestion import read_papers

    with _named(name, path) as own:
        yield from read_papers(own)


@contextmanager
def _named(name: str, path: Path) -> Iterator[Path]:
    """The file under the name it had where it came from; errors speak of that name too."""
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / (Path(name).name or "file")
        with suppress(OSError):
            own.symlink_to(path)
        try:
            yield own
        except PaperchatError as error:
            raise type(error)(str(error).replace(str(own), own.name)) from error


def _question(wanted: Sequence[Reference], say: Wording) -> str:
    asked = {"arxiv": ("arXiv",), "doi": ("Crossref", "OpenAlex"), "openalex": ("OpenAlex",), "daily": ("Hugging Face",)}
    services = dict.fromkeys(name for one in wanted for name in asked[one.kind])
    return network_html(len(wanted), list(services), say)


def _filter(asked: Request) -> Filter:
    text, author, venue = (str(asked.get(name) or "")[:300] for name in ("text", "author", "venue"))
    return Filter(text, author, venue, _number(asked.get("first_year")), _number(asked.get("last_year")))


def _order(asked: Request) -> Order:
    wanted = asked.get("order")
    return cast(Order, wanted) if wanted in ORDERS else "relevance"


def _number(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _short(papers: Sequence[Paper]) -> str:
    title = papers[0].title if papers else ""
    return title if len(title) <= 60 else f"{title[:60].rsplit(' ', 1)[0]} …"
