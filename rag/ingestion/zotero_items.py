"""An item of Zotero, as its API and its database name the fields, as named fields of a paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

NO_PAPERS = frozenset({"attachment", "note", "annotation"})
_VENUES = (
    "publicationTitle", "proceedingsTitle", "conferenceName", "bookTitle", "repository", "university", "institution",
    "websiteTitle", "blogTitle", "forumTitle", "series", "publisher",
)  # fmt: skip
_LINE = re.compile(r"^[^\S\n]*+(arxiv|doi|citation key)[^\S\n]*+:\s*+(\S+)", re.IGNORECASE | re.MULTILINE)
_BIBTEX_KEY = re.compile(r"@[A-Za-z]+\s*\{\s*([^,\s{}]{1,200})\s*,")
_WRITERS = ("author", "editor", "presenter", "inventor", "programmer", "contributor", "director")


def item_fields(data: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Title, abstract, ids, date, venue and authors. What is not there is empty."""
    extra = {name.casefold(): value for name, value in _LINE.findall(_text(data, "extra")[:20_000])}
    archive = _text(data, "archiveID")
    fields = {
        "title": _text(data, "title") or _text(data, "caseName") or _text(data, "nameOfAct") or _text(data, "subject"),
        "abstract": _text(data, "abstractNote"), "doi": _text(data, "DOI") or extra.get("doi", ""),
        "arxiv_id": archive if archive.lower().startswith("arxiv:") else extra.get("arxiv", ""),
        "year": _text(data, "date") or _text(data, "dateDecided") or _text(data, "dateEnacted"),
        "venue": next((value for name in _VENUES if (value := _text(data, name))), ""), "url": _text(data, "url"),
    }  # fmt: skip
    return fields, _authors(data.get("creators"))


def citation_key(data: Mapping[str, Any], bibtex: str = "") -> str:
    """The key that the item is cited by: its own, the one that Better BibTeX writes to `extra`, or that of Zotero's BibTeX; else empty."""
    extra = {name.casefold(): value for name, value in _LINE.findall(_text(data, "extra")[:20_000])}
    found = _BIBTEX_KEY.search(bibtex[:2000])
    return _text(data, "citationKey") or extra.get("citation key", "") or (found[1] if found else "")


def _authors(creators: object) -> list[str]:
    """The authors; of an item without any, the first other kind of maker that it has."""
    listed = [one for one in creators if isinstance(one, dict)] if isinstance(creators, list) else []
    for kind in _WRITERS:
        names = [_name(one) for one in listed if one.get("creatorType") == kind]
        if any(names):
            return [name for name in names if name]
    return []


def _name(creator: Mapping[str, Any]) -> str:
    return _text(creator, "name") or f"{_text(creator, 'firstName')} {_text(creator, 'lastName')}".strip()


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value.strip() if isinstance(value, str) else ""
