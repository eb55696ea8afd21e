"""What the Papers tab asks and does: lists, one paper, removal that can be undone, exports, the map. Knows no Gradio."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import cast

from rag.explore.listing import ORDERS, Filter, Order
from rag.library.undo import Removed
from rag.types import Paper
from ui.export.papers import SUFFIXES, exported
from ui.export.plain import for_people
from ui.html import papers as html
from ui.html.wording import Wording
from ui.server.service import Service
from ui.tabs.requests import Request, Response, selected_ids

PAGE = 50
"""Rows that the list grows by."""
MEMBERS = 100
NEAR = 6
KEPT_REMOVALS = 50


class Papers:
    """The library as one tab sees it. Each method takes what the page sent and returns what it shows, as JSON values."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._removed: OrderedDict[str, Removed] = OrderedDict()
        self._lock = threading.Lock()

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

    def export(self, asked: Request, say: Wording) -> Response:
        """The papers as a file, in the order in which they are asked for."""
        how = asked.get("how")
        if not isinstance(how, str) or how not in SUFFIXES:
            return {"error": say("papers.said.failed")}
        known = {paper.id: paper for paper in self._papers()}
        chosen = [known[id] for id in selected_ids(asked) if id in known]
        return {"name": f"papers{SUFFIXES[how]}", "text": exported(chosen, how)}

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

    def _may_write(self, asked: Request) -> bool:
        """Whether this person may change papers, and the library can be changed."""
        return not self._service.paperchat.library.readonly and asked.get("may_change") is not False

    def _inside(self, asked: Request) -> frozenset[str] | None:
        name = asked.get("collection")
        return self._service.collected(name) if isinstance(name, str) and name else None

    def _papers(self) -> list[Paper]:
        return self._service.paperchat.library.papers()


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
