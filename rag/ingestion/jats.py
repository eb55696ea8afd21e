"""Reads JATS, the XML in which publishers, PubMed Central and bioRxiv keep whole articles: only what stands before the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.ingestion.fields import YEAR_IN, foreign_paper_of
from rag.ingestion.xml_records import Element, XmlImporter, first_text, marked_up, text_of
from rag.types import Paper

_OF_PUBLICATION = frozenset({"epub", "ppub", "pub", "collection", "epub-ppub", "print", "electronic", ""})
"""Kinds of date that are not those of an archive or of a manuscript's way."""


def _front(record: Element, source: str) -> Paper:
    meta = record.find("article-meta")
    article = record if meta is None else meta
    ids = {one.get("pub-id-type", ""): text_of(one).strip() for one in article.findall("article-id")}
    title, subtitle = (marked_up(article.find(f"title-group/{name}")).strip() for name in ("article-title", "subtitle"))
    fields = {
        "title": f"{title}: {subtitle}" if title and subtitle else title, "abstract": marked_up(_abstract(article)), "doi": ids.get("doi", ""),
        "arxiv_id": ids.get("arxiv", ""), "year": _year(article), "venue": first_text(record, "journal-meta//journal-title", "journal-meta/journal-id"),
    }  # fmt: skip
    return foreign_paper_of(fields, list(_authors(article)), source)


def _abstract(article: Element) -> Element | None:
    """The abstract itself, and not the one for a table of contents, the drawn one or that in plain words."""
    found = article.findall("abstract")
    return next(
        (one for one in found if one.get("abstract-type") in (None, "", "section", "structured")), found[0] if found else None
    )


def _year(article: Element) -> str:
    years = [
        year
        for date in article.findall("pub-date")
        if (date.get("pub-type") or date.get("date-type") or "") in _OF_PUBLICATION
        for year in YEAR_IN.findall(first_text(date, "year", "string-date"))
    ]
    return min(years, default=first_text(article, "pub-date/year"))


def _authors(article: Element) -> Iterator[str]:
    for one in article.findall("contrib-group/contrib"):
        if one.get("contrib-type", "author") != "author":
            continue
        for path in ("name", "name-alternatives/name", "string-name"):
            if (name := one.find(path)) is not None and (family := first_text(name, "surname")):
                yield " ".join(part for part in (first_text(name, "given-names"), family, first_text(name, "suffix")) if part)
                break
        else:
            if group := first_text(one, "string-name", "collab"):
                yield " ".join(group.split())


JATS = XmlImporter("jats", {"front": _front}, re.compile(r"\A(?>.*?<article[\s>]).*?<article-meta[\s>]", re.DOTALL))
