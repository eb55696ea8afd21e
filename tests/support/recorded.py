"""Replies of arXiv, Crossref, OpenAlex and Hugging Face in the shapes that they have, around invented papers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from web_server import Page, Request, WebServer

Record = Mapping[str, Any]


def record(number: int) -> Record:
    """An invented paper on arXiv."""
    return {
        "id": f"2401.{number:05d}", "title": f"Wave Sorting in Tide Pools, Part {number}",
        "abstract": f"Tide pools sort pebbles by weight. We measure wave {number} with a float. The float finds {number + 3} sorted layers.",
        "authors": ["Ada Ek", "Bo Lind"], "year": 2024,
    }  # fmt: skip


def atom(records: Iterable[Record], total: int, start: int = 0) -> str:
    """A feed of arXiv's API."""
    entries = "".join(
        f"""<entry><id>http://arxiv.org/abs/{each["id"]}v2</id><title>{escape(each["title"])}</title>
<updated>2024-05-01T10:00:00Z</updated><link href="https://arxiv.org/abs/{each["id"]}v2" rel="alternate" type="text/html"/>
<summary>{escape(each["abstract"])}
</summary><category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/><published>{each["year"]}-01-10T09:00:00Z</published>
<arxiv:comment>12 pages</arxiv:comment><arxiv:primary_category term="cs.LG"/>{each.get("more", "")}
{"".join(f"<author><name>{escape(name)}</name></author>" for name in each["authors"])}</entry>"""
        for each in records
    )
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
<id>https://arxiv.org/api/x</id><title>arXiv Query</title><updated>2026-01-01T00:00:00Z</updated>
<opensearch:itemsPerPage>100</opensearch:itemsPerPage><opensearch:totalResults>{total}</opensearch:totalResults>
<opensearch:startIndex>{start}</opensearch:startIndex>{entries}</feed>"""


def atom_error(said: str) -> str:
    """How arXiv objects to a query."""
    return f"""<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><entry>
<id>http://arxiv.org/api/errors#incorrect_id_format_for_1</id><title>Error</title><summary>{escape(said)}</summary></entry></feed>"""


def crossref(each: Record, doi: str, **more: object) -> str:
    """A work of Crossref's API."""
    authors = [
        dict(zip(("given", "family"), name.split(), strict=True), sequence="first", affiliation=[]) for name in each["authors"]
    ]
    message = {
        "DOI": doi, "type": "journal-article", "title": [each["title"]], "container-title": ["Journal of Shores"],
        "author": authors, "published": {"date-parts": [[each["year"], 3, 1]]}, "URL": f"https://doi.org/{doi}",
        "abstract": f"<jats:title>Abstract</jats:title><jats:p>{each['abstract']}</jats:p>", **more,
    }  # fmt: skip
    return json.dumps({"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": message})


def openalex(each: Record, doi: str | None = None, **more: object) -> dict[str, Any]:
    """A work of OpenAlex."""
    index: dict[str, list[int]] = {}
    for at, word in enumerate(each["abstract"].split()):
        index.setdefault(word, []).append(at)
    link = f"https://doi.org/{doi}" if doi else None
    return {
        "id": "https://openalex.org/W1234567", "doi": link, "title": each["title"], "display_name": each["title"],
        "publication_year": each["year"], "abstract_inverted_index": index,
        "authorships": [{"author_position": "first", "author": {"id": "x", "display_name": name}} for name in each["authors"]],
        "primary_location": {"landing_page_url": link, "source": {"display_name": "Journal of Shores"}}, "locations": [], **more,
    }  # fmt: skip


def daily(records: Sequence[Record]) -> str:
    """Hugging Face's Daily Papers."""
    entries = [
        {
            "paper": {
                "id": each["id"], "title": each["title"], "summary": each["abstract"], "upvotes": 3,
                "authors": [{"_id": "a", "name": name, "hidden": False} for name in each["authors"]],
                "publishedAt": f"{each['year']}-01-10T00:00:00.000Z",
            },
            "title": each["title"], "publishedAt": f"{each['year']}-01-10T00:00:00.000Z",
        }
        for each in records
    ]  # fmt: skip
    return json.dumps(entries)


def serve_arxiv(server: WebServer, records: Sequence[Record]) -> None:
    """Answers searches, page by page, and questions for ids out of these records."""

    def answer(request: Request) -> Page:
        asked = request.parameters
        if "id_list" in asked:
            ids = asked["id_list"].split(",")
            found = [each for each in records if each["id"] in ids]
            return Page(atom(found, len(ids)))
        start, most = int(asked["start"]), int(asked["max_results"])
        return Page(atom(records[start : start + most], len(records), start))

    server.pages["/api/query"] = answer


def serve_openalex(server: WebServer, works: Sequence[dict[str, Any]]) -> None:
    """Answers searches by cursor."""

    def answer(request: Request) -> Page:
        cursor, most = request.parameters["cursor"], int(request.parameters["per_page"])
        start = 0 if cursor == "*" else int(cursor.removeprefix("c"))
        found = works[start : start + most]
        after = f"c{start + most}" if found else None
        meta = {"count": len(works), "per_page": most, "next_cursor": after}
        return Page(json.dumps({"meta": meta, "results": found, "group_by": []}))

    server.pages["/works"] = answer
