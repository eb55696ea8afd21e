"""Reads TEI of papers, as GROBID and HAL write it: only the header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from rag.ingestion.fields import YEAR_IN, foreign_paper_of
from rag.ingestion.markup import labelled
from rag.ingestion.xml_records import Element, XmlImporter, first_text, marked_up, text_of
from rag.types import Paper


def _header(record: Element, source: str) -> Paper:
    ids = {one.get("type", "").casefold(): text_of(one).strip() for one in record.findall(".//idno")}
    title = next((one for path in (".//titleStmt/title", ".//analytic/title") if (one := record.find(path)) is not None), None)
    fields = {
        "title": marked_up(title), "abstract": _abstract(record), "doi": ids.get("doi", ""), "arxiv_id": re.sub(r"\[.*", "", ids.get("arxiv", "")),
        "year": _year(record), "venue": first_text(record, ".//monogr/title"), "url": first_text(record, ".//publicationStmt/ref") or ids.get("haluri", ""),
    }  # fmt: skip
    return foreign_paper_of(fields, list(_authors(record)), source)


def _abstract(record: Element) -> str:
    """Its paragraphs, each below its heading, without the tags of sentences and references."""
    found = record.find(".//profileDesc/abstract")
    parts, heading = [], ""
    for one in found.iter() if found is not None else ():
        if one.tag == "head":
            heading = text_of(one).strip()
        elif one.tag == "p":
            parts.append(labelled(heading, escape(text_of(one), quote=False)))
            heading = ""
    return " ".join(parts) or escape(text_of(found), quote=False)


def _year(record: Element) -> str:
    dates = [*record.findall(".//publicationStmt//date"), *record.findall(".//imprint/date")]
    return next((text for one in dates for text in (one.get("when", ""), text_of(one)) if YEAR_IN.search(text)), "")


def _authors(record: Element) -> Iterator[str]:
    """Those of the paper itself; HAL names them a second time in the title's statement."""
    found = record.findall(".//analytic/author") or record.findall(".//titleStmt/author")
    for one in found:
        person = one.find("persName")
        if person is not None:
            parts = [text_of(part).strip() for name in ("forename", "surname", "genName") for part in person.findall(name)]
            if name := " ".join(part for part in parts if part) or " ".join(text_of(person).split()):
                yield name


TEI = XmlImporter(
    "tei", {"teiHeader": _header}, re.compile(r"\A(?>.*?<teiHeader[\s>]).*?<(?:analytic|abstract)[\s/>]", re.DOTALL)
)
