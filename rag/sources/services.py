"""Where papers are fetched from, and what a service is asked for one page of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from rag.errors import FetchFailed
from rag.ingestion.api_records import Taken, crossref_work, daily_paper, openalex_work, papers_from
from rag.ingestion.arxiv_xml import UnreadableReply, atom_entries
from rag.sources.client import Client, Service
from rag.types import Paper, Refused

PAGE = 100
"""Papers asked for at once: arXiv suggests no more, OpenAlex and Hugging Face give no more."""

# arXiv's terms: one request every three seconds, over one connection. Crossref without a key: five a second.
ARXIV = Service("arXiv", "https://export.arxiv.org", 3.0, frozenset({"arxiv.org", "export.arxiv.org"}))
CROSSREF = Service("Crossref", "https://api.crossref.org", 0.25, frozenset({"www.crossref.org"}))
OPENALEX = Service("OpenAlex", "https://api.openalex.org", 0.15)
DAILY = Service("Hugging Face", "https://huggingface.co", 1.0, frozenset({"www.huggingface.co", "hf.co"}))

Kind = Literal["arxiv", "doi", "openalex", "daily"]
KINDS: tuple[Kind, ...] = ("arxiv", "doi", "openalex", "daily")


@dataclass(frozen=True, slots=True)
class Services:
    """The services in force; tests and mirrors put others in their place."""

    arxiv: Service = ARXIV
    crossref: Service = CROSSREF
    openalex: Service = OPENALEX
    daily: Service = DAILY

    def at(self, address: str) -> Services:
        """All of them at one address, such as a mirror's, and without a pause."""
        return Services(
            *(replace(one, base=address, pause=0.0) for one in (self.arxiv, self.crossref, self.openalex, self.daily))
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the papers, where the next page begins (None: there is none), and how many there are in all, if that is known."""

    papers: tuple[Paper | Refused, ...]
    next: str | None = None
    total: int | None = None


Fetch = Callable[[Client, Services, str | None, int], Page]
"""Client, services, where to begin (None: at the first), how many papers at most."""


def arxiv_papers(client: Client, services: Services, ids: Sequence[str]) -> Page:
    """The papers with these arXiv ids; those that arXiv does not have are refused by name."""
    text = _whole(client, services.arxiv, "/api/query", {"id_list": ",".join(ids), "max_results": len(ids)})
    _, entries = _atom(services.arxiv, text)
    found = list(papers_from(entries, services.arxiv.name))
    known = {one.id for one in found if isinstance(one, Paper)}
    missing = [Refused(f"arXiv, {id}", "arXiv has no such paper.") for id in ids if f"arxiv:{id}" not in known]
    return Page((*found, *(missing if len(found) < len(ids) else ())))


def arxiv_search(query: str) -> Fetch:
    """Papers that arXiv finds (its query language: `ti:`, `au:`, `cat:`, AND, OR), newest first."""

    def fetch(client: Client, services: Services, place: str | None, most: int) -> Page:
        start = int(place or 0)
        asked = {
            "search_query": query, "start": start, "max_results": min(PAGE, most),
            "sortBy": "submittedDate", "sortOrder": "descending",
        }  # fmt: skip
        total, entries = _atom(services.arxiv, _whole(client, services.arxiv, "/api/query", asked))
        if not entries and start < total:  # arXiv gives an empty page now and then
            total, entries = _atom(services.arxiv, _whole(client, services.arxiv, "/api/query", asked))
            if not entries:
                raise FetchFailed(
                    f"arXiv sends no papers from number {start + 1} on. Run the same command again to continue from there."
                )
        after = start + len(entries)
        return Page(tuple(papers_from(entries, services.arxiv.name)), str(after) if after < total else None, total)

    return fetch


def doi_paper(client: Client, services: Services, doi: str) -> Page:
    """The paper with this DOI from Crossref; what Crossref does not know, or has no abstract of, from OpenAlex."""
    reply = client.get(services.crossref, f"/works/{_quoted(doi)}")
    record = crossref_work(_object(services.crossref, reply.text, "message")) if reply.status == 200 else None
    if record is None or not record[0].get("abstract"):
        other = client.get(services.openalex, f"/works/doi:{_quoted(doi)}")
        if other.status == 200:
            record = _completed(record, openalex_work(_object(services.openalex, other.text)))
    if record is None:
        return Page((Refused(f"DOI {doi}", "Neither Crossref nor OpenAlex has this DOI."),))
    return Page(tuple(papers_from([record], services.crossref.name)))


def titled_paper(client: Client, services: Services, title: str) -> Page:
    """The works that Crossref has nearest to a title."""
    asked = {"query.bibliographic": title[:300], "rows": 3}
    found = _list(_object(services.crossref, _whole(client, services.crossref, "/works", asked), "message").get("items"))
    return Page(tuple(papers_from(map(crossref_work, found), services.crossref.name)))


def openalex_paper(client: Client, services: Services, id: str) -> Page:
    """The work with this id (`W` and a number)."""
    reply = client.get(services.openalex, f"/works/{id}")
    if reply.status == 404:
        return Page((Refused(f"OpenAlex, {id}", "OpenAlex has no such work."),))
    return Page(tuple(papers_from([openalex_work(_object(services.openalex, reply.text))], services.openalex.name)))


def openalex_search(query: str) -> Fetch:
    """Works with an abstract that OpenAlex finds, nearest first."""

    def fetch(client: Client, services: Services, place: str | None, most: int) -> Page:
        asked = {"search": query, "filter": "has_abstract:true", "per_page": min(PAGE, most), "cursor": place or "*"}
        value = _object(services.openalex, _whole(client, services.openalex, "/works", asked))
        meta, works = _mapping(value.get("meta")), _list(value.get("results"))
        after, count = meta.get("next_cursor"), meta.get("count")
        return Page(
            tuple(papers_from(map(openalex_work, works), services.openalex.name)),
            after if isinstance(after, str) and after and works else None,
            count if isinstance(count, int) else None,
        )

    return fetch


def daily_papers(day: str) -> Fetch:
    """The Daily Papers of a day (`2025-08-20`)."""

    def fetch(client: Client, services: Services, place: str | None, most: int) -> Page:
        number = int(place or 0)
        text = _whole(client, services.daily, "/api/daily_papers", {"date": day, "limit": PAGE, "p": number})
        entries = _list(_json(services.daily, text))
        found = tuple(papers_from(map(daily_paper, entries), f"Daily Papers of {day}"))
        return Page(found, str(number + 1) if len(entries) == PAGE else None)

    return fetch


def _completed(record: Taken | None, other: Taken) -> Taken:
    """The first record with what it lacks taken from the second."""
    if record is None:
        return other
    fields = {name: record[0].get(name) or other[0].get(name, "") for name in {*record[0], *other[0]}}
    return fields, record[1] or other[1], ()


def _whole(client: Client, service: Service, path: str, asked: Mapping[str, object]) -> str:
    reply = client.get(service, path, asked)
    if reply.status != 200:
        raise FetchFailed(f"{service.name} has nothing at {path} (status {reply.status}). Check the request.")
    return reply.text


def _atom(service: Service, text: str) -> tuple[int, list[Taken]]:
    try:
        return atom_entries(text)
    except UnreadableReply as reason:
        raise FetchFailed(f"The reply from {service.name} {reason}. Check the request, or try again later.") from None


def _json(service: Service, text: str) -> object:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        raise FetchFailed(f"The reply from {service.name} is not JSON. Try again later.") from None
    return value


def _object(service: Service, text: str, inside: str = "") -> Mapping[str, Any]:
    value = _mapping(_json(service, text))
    value = _mapping(value.get(inside)) if inside else value
    if not value:
        raise FetchFailed(f"The reply from {service.name} contains no record. Try again later.")
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _quoted(doi: str) -> str:
    from urllib.parse import quote

    return quote(doi, safe="/")
