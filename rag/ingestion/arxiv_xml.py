"""Reads arXiv's Atom feed (its API) and the records of its harvesting service, and RSS items of new papers."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from rag.ingestion.api_records import Taken
from rag.ingestion.fields import foreign_paper_of
from rag.ingestion.xml_records import Element, XmlImporter, parsed, text_of
from rag.types import Paper


def _text(record: Element, *paths: str) -> str:
    return next((text for path in paths if (text := text_of(record.find(path)).strip())), "")


class UnreadableReply(Exception):
    """Why a reply cannot be read at all, as the end of a sentence."""


def atom_entries(text: str) -> tuple[int, list[Taken]]:
    """How many papers arXiv has for the question, and those of this reply. Raises UnreadableReply, also with what arXiv objects to."""
    if "<!DOCTYPE" in text[:2000] or "<!ENTITY" in text:
        raise UnreadableReply("is not an Atom feed")
    try:
        feed = parsed(text)
    except ElementTree.ParseError:
        raise UnreadableReply("is cut off or no Atom feed") from None
    if feed.tag != "feed":
        raise UnreadableReply("is not an Atom feed")
    entries = feed.findall("entry")
    for entry in entries:
        if "/api/errors" in _text(entry, "id"):
            raise UnreadableReply(f"says “{_text(entry, 'summary')[:200]}”")
    total = _text(feed, "totalResults")
    return int(total) if total.isdigit() else len(entries), [_entry_fields(entry) for entry in entries]


def _entry(record: Element, source: str) -> Paper:
    fields, authors, _ = _entry_fields(record)
    return foreign_paper_of(fields, authors, source)


def _entry_fields(record: Element) -> Taken:
    id = _text(record, "id", "link")
    fields = {
        "title": _text(record, "title"), "abstract": _summary(_text(record, "summary", "content")), "year": _text(record, "published", "updated"),
        "url": re.sub(r"v[0-9]+$", "", id) if "arxiv.org" in id else id, "doi": _text(record, "doi"), "venue": _text(record, "journal_ref"), "arxiv_id": id,
    }  # fmt: skip
    names = [_text(author, "name") for author in record.findall("author")] or [_text(record, "creator")]
    return fields, names if len(names) > 1 or "," not in names[0] else names[0], ()


def _harvested(record: Element, source: str) -> Paper:
    fields = {
        "title": _text(record, ".//title"), "abstract": _text(record, ".//abstract", ".//description"), "arxiv_id": _text(record, ".//metadata//id"),
        "year": _text(record, ".//created", ".//date"), "venue": _text(record, ".//journal-ref"), "doi": _text(record, ".//doi"),
        "url": _text(record, ".//identifier") if _text(record, ".//identifier").startswith("http") else "",
    }  # fmt: skip
    people = [f"{_text(one, 'forenames')} {_text(one, 'keyname')}".strip() for one in record.findall(".//author")]
    return foreign_paper_of(fields, people or [text_of(one) for one in record.findall(".//creator")], source)


def _item(record: Element, source: str) -> Paper:
    fields = {
        "title": re.sub(r"(?<!\s)\s*+\(arXiv:[^()]*+\)\s*+$", "", _text(record, "title")), "abstract": _summary(_text(record, "description", "encoded")),
        "url": _text(record, "link", "guid"), "year": _text(record, "pubDate", "date"), "doi": _text(record, "doi"),
    }  # fmt: skip
    return foreign_paper_of(fields, _text(record, "creator"), source)


def _summary(text: str) -> str:
    """Without what arXiv's feeds put before an abstract."""
    return re.sub(r"\A\s*arXiv:\S+ Announce Type: \S+\s+Abstract:\s*", "", text)


ARXIV_XML = XmlImporter(
    "arxiv-xml",
    {"entry": _entry},
    re.compile(
        r"\A(?>.*?<feed[^<>]*\"http://www\.w3\.org/2005/Atom\").*?arxiv\.org|\A(?>.*?<feed[\s>]).*?<summary[\s>]", re.DOTALL
    ),
)
HARVESTED_XML = XmlImporter("harvested-xml", {"record": _harvested}, re.compile(r"<OAI-PMH[\s>]|<ListRecords[\s>]"))
RSS = XmlImporter("rss", {"item": _item}, re.compile(r"\A(?>.*?<(?:rss|rdf:RDF)[\s>]).*?arxiv\.org", re.DOTALL))
