"""Reads EndNote's XML, as EndNote, Bookends, Zotero and others write it."""

from __future__ import annotations

import re
from functools import partial

from rag.ingestion.fields import foreign_paper_of
from rag.ingestion.xml_records import Element, XmlImporter, first_text, text_of
from rag.types import Paper


def _record(record: Element, source: str) -> Paper:
    first = partial(first_text, record)
    fields = {
        "title": first("titles/title"),
        "abstract": first("abstract"),
        "year": first("dates/year", "dates/pub-dates/date"),
        "venue": first("titles/secondary-title", "periodical/full-title", "alt-periodical/full-title", "titles/alt-title"),
        "doi": first("electronic-resource-num"),
        "url": first("urls/web-urls/url", "urls/related-urls/url"),
        "note": first("notes"),
    }
    return foreign_paper_of(
        fields,
        [" ".join(text_of(author).split()) for author in record.findall("contributors/authors/author")],
        source,
        [first("label")],
    )


ENDNOTE_XML = XmlImporter(
    "endnote-xml",
    {"record": _record},
    re.compile(r"\A(?>.*?<record>).*?<(?:ref-type|contributors|rec-number|titles)[\s>]", re.DOTALL),
)
