"""Reads the ACL Anthology's own XML, a file a venue and year: what a volume says holds for each of its papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from xml.etree import ElementTree

from rag.ingestion.fields import foreign_paper_of
from rag.ingestion.outcomes import Outcome, Unreadable, report
from rag.ingestion.xml_records import Element, cut, marked_up, parsed, taken, text_of
from rag.types import Paper, Refused

_SIGNS = re.compile(r"<collection\s[^<>]{0,200}id=.{0,2000}?<volume\s", re.DOTALL)
_ADDRESS = "https://aclanthology.org/"


class AclXmlImporter:
    """Papers in the file's order, with the title and year of the volume that they are in."""

    @property
    def name(self) -> str:
        return "acl-xml"

    def recognises(self, head: str) -> bool:
        head = head.lstrip("\ufeff \t\r\n")
        return head.startswith("<") and bool(_SIGNS.search(head[:20_000]))

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        return report(_outcomes(lines, source), source)


def _outcomes(lines: Iterable[str], source: str) -> Iterator[Outcome]:
    venue, year = "", ""
    for number, tag, text in cut(lines, frozenset({"meta", "paper"})):
        if tag == "meta" and not isinstance(text, Unreadable):
            with suppress(ElementTree.ParseError):
                volume = parsed(text)
                venue, year = (" ".join(text_of(volume.find(name)).split()) for name in ("booktitle", "year"))
            continue
        found = taken(text, lambda record, year=year: _paper(record, year, source))  # type: ignore[misc]
        yield number, replace(found, venue=venue or None) if isinstance(found, Paper) else found


def _paper(record: Element, year: str, source: str) -> Paper:
    url = text_of(record.find("url")).strip()
    fields = {
        "title": marked_up(record.find("title")), "abstract": marked_up(record.find("abstract")), "year": year, "doi": text_of(record.find("doi")),
        "url": f"{_ADDRESS}{url}/" if url and "/" not in url else url,
    }  # fmt: skip
    people = [f"{text_of(one.find('first'))} {text_of(one.find('last'))}".strip() for one in record.findall("author")]
    return foreign_paper_of(fields, people, source, [text_of(record.find("bibkey"))])


ACL_XML = AclXmlImporter()
