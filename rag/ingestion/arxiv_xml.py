"""Reads arXiv's Atom feed (its API) and the records of its harvesting service, and RSS items of new papers."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from rag.identity import as_doi
from rag.ingestion.api_records import Taken
from rag.ingestion.fields import foreign_paper_of
from rag.ingestion.xml_records import Element, XmlImporter, first_text, parsed, text_of
from rag.types import Paper


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
        if "/api/errors" in first_text(entry, "id"):
            raise UnreadableReply(f"says “{first_text(entry, 'summary')[:200]}”")
    total = first_text(feed, "totalResults")
    return int(total) if total.isdigit() else len(entries), [_entry_fields(entry) for entry in entries]


def _entry(record: Element, source: str) -> Paper:
    fields, authors, _ = _entry_fields(record)
    return foreign_paper_of(fields, authors, source)


def _entry_fields(record: Element) -> Taken:
    id = first_text(record, "id", "link")
    fields = {
        "title": first_text(record, "title"), "abstract": _summary(first_text(record, "summary", "content")), "year": first_text(record, "published", "updated"),
        "url": re.sub(r"v[0-9]+$", "", id) if "arxiv.org" in id else id, "doi": first_text(record, "doi"), "venue": first_text(record, "journal_ref"), "arxiv_id": id,
    }  # fmt: skip
    names = [first_text(author, "name") for author in record.findall("author")] or [first_text(record, "creator")]
    return fields, names if len(names) > 1 or "," not in names[0] else names[0], ()


def _harvested(record: Element, source: str) -> Paper:
    ids = [text_of(one).strip() for one in record.findall(".//identifier")]
    arxiv = next((one.removeprefix("oai:arXiv.org:") for one in ids if one.startswith("oai:arXiv.org:")), "")
    fields = {
        "title": first_text(record, ".//title"), "abstract": first_text(record, ".//abstract", ".//description"), "arxiv_id": first_text(record, ".//metadata//id") or arxiv,
        "year": first_text(record, ".//created", ".//date"), "venue": first_text(record, ".//journal-ref"), "doi": first_text(record, ".//doi") or next((known for one in ids if (known := as_doi(one))), ""),
        "url": next((one for one in ids if one.startswith("http")), ""),
    }  # fmt: skip
    people = [
        " ".join(part for name in ("forenames", "keyname", "suffix") if (part := first_text(one, name)))
        for one in record.findall(".//author")
    ]
    return foreign_paper_of(fields, people or [text_of(one) for one in record.findall(".//creator")], source)


def _item(record: Element, source: str) -> Paper:
    fields = {
        "title": re.sub(r"(?<!\s)\s*+\(arXiv:[^()]*+\)\s*+$", "", first_text(record, "title")), "abstract": _summary(first_text(record, "description", "encoded")),
        "url": first_text(record, "link", "guid"), "year": first_text(record, "pubDate", "date"), "doi": first_text(record, "doi"),
    }  # fmt: skip
    return foreign_paper_of(fields, first_text(record, "creator"), source)


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
