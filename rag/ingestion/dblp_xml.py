"""Reads DBLP's XML: its dump, and the records that its pages offer."""

from __future__ import annotations

import re

from rag.ingestion.fields import foreign_paper_of
from rag.ingestion.xml_records import Element, XmlImporter, marked_up, text_of
from rag.types import Paper

_KINDS = ("article", "inproceedings", "incollection", "book", "phdthesis", "mastersthesis", "proceedings")
_NAMESAKE = re.compile(r"\s[0-9]{4}$")
"""DBLP tells people of one name apart by a number."""


def _record(record: Element, source: str) -> Paper:
    links = [text_of(one).strip() for one in record.findall("ee")]
    fields = {
        "title": re.sub(r"(?<!\.)\.$", "", marked_up(record.find("title")).strip()), "year": text_of(record.find("year")),
        "venue": text_of(record.find("journal")) or text_of(record.find("booktitle")), "url": next(iter(links), ""),
        "doi": next((one for one in links if "doi.org/" in one), ""),
    }  # fmt: skip
    people = record.findall("author") or record.findall("editor")
    return foreign_paper_of(fields, [_NAMESAKE.sub("", text_of(one).strip()) for one in people], source, [record.get("key", "")])


DBLP_XML = XmlImporter("dblp-xml", dict.fromkeys(_KINDS, _record), re.compile(r"<dblp(?:person)?[\s>]"))
