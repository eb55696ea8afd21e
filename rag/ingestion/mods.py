"""Reads MODS, the XML of library catalogues, repositories and the ACL Anthology."""

from __future__ import annotations

import re

from rag.ingestion.fields import foreign_paper_of
from rag.ingestion.xml_records import Element, XmlImporter, marked_up, text_of
from rag.types import Paper

_MAKERS = frozenset({"", "author", "aut", "creator", "cre"})


def _record(record: Element, source: str) -> Paper:
    title = next((one for one in record.findall("titleInfo") if one.get("type") is None), record.find("titleInfo"))
    parts = [_first(title, name) for name in ("nonSort", "title", "subTitle")] if title is not None else []
    ids = {one.get("type", ""): text_of(one).strip() for one in record.findall("identifier")}
    host = next((one for one in record.findall("relatedItem") if one.get("type") == "host"), None)
    abstract = record.find("abstract")
    fields = {
        "title": f"{parts[0]} {parts[1]}{f': {parts[2]}' if parts[2] else ''}".strip() if parts else "",
        "abstract": marked_up(abstract), "doi": ids.get("doi", ""), "arxiv_id": ids.get("arxiv", ""), "id": ids.get("uri", ""),
        "year": _year(record) or (_year(host) if host is not None else ""),
        "venue": _first(host, "titleInfo/title") if host is not None else "", "url": _first(record, "location/url"),
    }  # fmt: skip
    makers = [one for one in record.findall("name") if _role(one) in _MAKERS] or record.findall("name")
    return foreign_paper_of(fields, [name for one in makers if (name := _name(one))], source, [record.get("ID", "")])


def _first(element: Element | None, *paths: str) -> str:
    found = (element.find(path) for path in paths) if element is not None else ()
    return next((text for one in found if (text := " ".join(text_of(one).split()))), "")


def _year(element: Element) -> str:
    paths = [
        f"{place}/{date}" for place in ("originInfo", "part") for date in ("dateIssued", "copyrightDate", "dateCreated", "date")
    ]
    return _first(element, *paths)


def _role(name: Element) -> str:
    return _first(name, "role/roleTerm").casefold()


def _name(name: Element) -> str:
    parts = {kind: " ".join(text_of(one).strip() for one in name.findall("namePart") if one.get("type") == kind) for kind in ("given", "family", None)}  # fmt: skip
    return f"{parts['given']} {parts['family']}".strip() or parts[None]


MODS = XmlImporter("mods", {"mods": _record}, re.compile(r"<(?:\w{1,20}:)?mods[\s>]|\"https?://www\.loc\.gov/mods/v3\""))
