"""Records as web services give them (arXiv's Atom, the JSON of Crossref, OpenAlex and Daily Papers), as named fields of a paper."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from rag.ingestion.fields import UnusableError, foreign_paper_of
from rag.types import Paper, Refused

MOST_WORDS = 20_000
"""Places in an inverted abstract; a longer one is no abstract."""
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_TAG = re.compile(r"<[^<>]{1,500}>")

Fields = tuple[dict[str, str], list[str]]
"""What `foreign_paper_of` takes: fields by name, and authors."""


class UnreadableReply(Exception):
    """Why a reply cannot be read at all, as the end of a sentence."""


def papers(records: Iterable[Fields], source: str) -> Iterator[Paper | Refused]:
    """A paper for each record, or why there is none."""
    for fields, authors in records:
        try:
            yield foreign_paper_of(fields, authors, source)
        except UnusableError as reason:
            title = fields.get("title", "").strip()[:80]
            yield Refused(f"{source}, “{title}”" if title else source, str(reason))


def atom_entries(text: str) -> tuple[int, list[Fields]]:
    """How many papers arXiv has for the question, and those of this reply. Raises UnreadableReply, also with what arXiv objects to."""
    if "<!DOCTYPE" in text[:2000] or "<!ENTITY" in text:
        raise UnreadableReply("is not an Atom feed")
    try:
        feed = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        raise UnreadableReply("is cut off or no Atom feed") from None
    if feed.tag != f"{_ATOM}feed":
        raise UnreadableReply("is not an Atom feed")
    entries = feed.findall(f"{_ATOM}entry")
    for entry in entries:
        if "/api/errors" in _inner(entry, f"{_ATOM}id"):
            raise UnreadableReply(f"says “{_inner(entry, f'{_ATOM}summary')[:200]}”")
    total = _inner(feed, _TOTAL)
    return int(total) if total.isdigit() else len(entries), [_atom_entry(entry) for entry in entries]


def crossref_work(work: Mapping[str, Any]) -> Fields:
    """A work of Crossref's API. Titles and abstracts are JATS, whose tags are left out."""
    authors = [
        _text(one.get("name")) or f"{_text(one.get('given'))} {_text(one.get('family'))}" for one in _objects(work, "author")
    ]
    dates = (_value(work, name, "date-parts") for name in ("published", "published-print", "published-online", "issued"))
    year = next((str(parts[0][0]) for parts in dates if isinstance(parts, list) and parts and parts[0]), "")
    fields = {
        "title": untagged(_first(work.get("title"))), "abstract": _jats(_text(work.get("abstract"))), "doi": _text(work.get("DOI")),
        "year": year, "venue": untagged(_first(work.get("container-title"))), "url": _text(work.get("URL")),
    }  # fmt: skip
    return fields, [name.strip() for name in authors if name.strip()]


def openalex_work(work: Mapping[str, Any]) -> Fields:
    """A work of OpenAlex, whose abstract is an index from words to places."""
    places = [_mapping(work.get("primary_location")), *_objects(work, "locations")]
    pages = [_text(place.get("landing_page_url")) for place in places]
    arxiv = next((page for page in pages if "arxiv.org/" in page), "")
    fields = {
        "title": untagged(_text(work.get("title") or work.get("display_name"))),
        "abstract": untagged(_in_order(_mapping(work.get("abstract_inverted_index")))),
        "doi": _text(work.get("doi")), "arxiv_id": arxiv, "year": _text(work.get("publication_year")),
        "venue": next((name for place in places if (name := _text(_mapping(place.get("source")).get("display_name")))), ""),
        "url": _text(work.get("doi")) or next((page for page in pages if page), ""),
    }  # fmt: skip
    authors = [_text(_mapping(one.get("author")).get("display_name")) for one in _objects(work, "authorships")]
    return fields, [name for name in authors if name]


def daily_paper(entry: Mapping[str, Any]) -> Fields:
    """An entry of Hugging Face's Daily Papers; its id is arXiv's."""
    paper = _mapping(entry.get("paper")) or entry
    authors = [_text(one.get("name")) for one in _objects(paper, "authors")]
    fields = {
        "title": _text(paper.get("title") or entry.get("title")), "abstract": _text(paper.get("summary") or entry.get("summary")),
        "arxiv_id": _text(paper.get("id")), "year": _text(paper.get("publishedAt"))[:4],
    }  # fmt: skip
    return fields, [name for name in authors if name]


def untagged(text: str) -> str:
    """The text without tags and with its entities resolved (twice, as some servers escape them twice)."""
    return html.unescape(_TAG.sub("", html.unescape(text)))


def _atom_entry(entry: ElementTree.Element) -> Fields:
    fields = {
        "title": _inner(entry, f"{_ATOM}title"), "abstract": _inner(entry, f"{_ATOM}summary"),
        "arxiv_id": _inner(entry, f"{_ATOM}id"), "doi": _inner(entry, f"{_ARXIV}doi"),
        "year": _inner(entry, f"{_ATOM}published")[:4], "venue": _inner(entry, f"{_ARXIV}journal_ref"),
    }  # fmt: skip
    return fields, [_inner(author, f"{_ATOM}name") for author in entry.findall(f"{_ATOM}author")]


def _inner(element: ElementTree.Element, tag: str) -> str:
    found = element.find(tag)
    return "" if found is None else " ".join("".join(found.itertext()).split())


def _jats(text: str) -> str:
    """Paragraphs and titles become sentences of their own; a first title “Abstract” goes."""
    text = re.sub(r"^\s*<jats:title>\s*(?:Abstract|Summary)\s*</jats:title>", "", text, flags=re.IGNORECASE)
    return untagged(re.sub(r"</jats:(?:p|title|sec)>", " ", text))


def _in_order(index: Mapping[str, Any]) -> str:
    placed = {at: word for word, places in index.items() if isinstance(places, list) for at in places if isinstance(at, int)}
    return " ".join(placed[at] for at in sorted(placed)) if len(placed) <= MOST_WORDS else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _first(value: object) -> str:
    return _text(value[0]) if isinstance(value, list) and value else _text(value)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(record: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = record.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _value(record: Mapping[str, Any], *path: str) -> Any:
    value: Any = record
    for name in path:
        value = _mapping(value).get(name)
    return value
