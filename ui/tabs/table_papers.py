"""The papers that become rows of an evidence table, by what the page sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.types import Paper
from ui.server.service import Service
from ui.tabs.requests import Request, texts_of

DEFAULT_FOUND = 20
MOST_FOUND = 100
"""Papers that a question may find."""


def papers_for(service: Service, asked: Request) -> list[Paper]:
    """The rows asked for: `ids`, what a `question` finds, a `collection`, a `theme` of the map, or all papers. Raises WrongTable."""
    from rag.review.evidence_table import checked

    service.ready()
    known = {paper.id: paper for paper in service.paperchat.papers()}
    how = asked.get("by")
    if how == "ids":
        papers: Sequence[Paper] = [known[id] for id in texts_of(asked.get("ids")) if id in known]
    elif how == "question":
        papers = _found(service, asked)
    elif how == "collection":
        inside = service.collected(str(asked.get("collection") or ""))
        papers = [paper for id, paper in known.items() if id in inside]
    elif how == "theme":
        papers = _of_theme(service, asked.get("theme"), known)
    else:
        papers = list(known.values())
    return list(checked(papers))


def _found(service: Service, asked: Request) -> Sequence[Paper]:
    limit, text = asked.get("limit"), str(asked.get("question") or "")
    most = max(1, min(limit, MOST_FOUND)) if isinstance(limit, int) else DEFAULT_FOUND
    return service.paperchat.rows_for(question=text, limit=most) if text.strip() else []


def _of_theme(service: Service, theme: object, known: Mapping[str, Paper]) -> list[Paper]:
    drawn = service.paperchat.paper_map()
    place = next((at for at, group in enumerate(drawn.groups) if str(at) == str(theme)), None)
    return [known[point.paper] for point in drawn.points if point.group == place and point.paper in known]
