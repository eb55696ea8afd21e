"""Reads Crossref's XML (UNIXREF), as its search and `doi.org` give it out."""

from __future__ import annotations

import re

from rag.ingestion.fields import foreign_paper_of
from rag.ingestion.xml_records import Element, XmlImporter, first_of, marked_up, text_of
from rag.types import Paper

_WORKS = (
    "journal/journal_article", "conference/conference_paper", "book/content_item", "posted_content", "dissertation", "report-paper/report-paper_metadata",
    "peer_review", "database/dataset", "book/book_metadata", "book/book_series_metadata", "standard/standard_metadata",
)  # fmt: skip
_PLACES = (
    "journal/journal_metadata/full_title", "conference/proceedings_metadata/proceedings_title", "conference/proceedings_series_metadata/proceedings_title",
    "book/book_metadata/titles/title", "book/book_series_metadata/titles/title", "posted_content/institution/institution_name",
)  # fmt: skip


def _record(record: Element, source: str) -> Paper:
    work = first_of(record.find(f".//{path}") for path in _WORKS)
    work = record if work is None else work
    title, subtitle = marked_up(work.find("titles/title")), marked_up(work.find("titles/subtitle"))
    place = first_of(record.find(f".//{path}") for path in _PLACES)
    fields = {
        "title": _whole(title.strip(), subtitle.strip()), "abstract": marked_up(work.find("abstract")), "year": _year(work) or _year(record),
        "venue": "" if place is None or place is work.find("titles/title") else " ".join(text_of(place).split()),
        "doi": text_of(work.find(".//doi_data/doi")), "url": text_of(work.find(".//doi_data/resource")).strip(),
    }  # fmt: skip
    people = work.findall("contributors/person_name") or work.findall("person_name")
    authors = [one for one in people if one.get("contributor_role") == "author"] or people
    names = [" ".join(part for name in ("given_name", "surname") if (part := text_of(one.find(name)).strip())) for one in authors]
    return foreign_paper_of(fields, names or [text_of(one) for one in work.findall("contributors/organization")], source)


def _whole(title: str, subtitle: str) -> str:
    if not subtitle or subtitle.rstrip(".").casefold() in title.casefold():
        return title
    return f"{title}{'' if title.endswith((':', '?')) else ':'} {subtitle}"


def _year(element: Element) -> str:
    """The first year in which it appeared, in print or online."""
    years = [
        text_of(one.find("year")).strip()
        for name in ("publication_date", "posted_date", "approval_date")
        for one in element.iter(name)
    ]
    return min((year for year in years if year.isdigit()), default="")


CROSSREF_XML = XmlImporter("crossref-xml", {"crossref": _record}, re.compile(r"<(?:doi_records|crossref|crossref_result)[\s>]"))
