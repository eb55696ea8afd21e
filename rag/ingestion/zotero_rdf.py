"""Reads Zotero RDF, the first format that Zotero's export offers. A journal may stand apart from its articles, behind the first of them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from rag.ingestion.fields import UnusableError, foreign_paper_of
from rag.ingestion.outcomes import Outcome, Unreadable, report
from rag.ingestion.xml_records import Element, cut, is_xml_with, parsed, taken, text_of
from rag.ingestion.zotero_items import NO_PAPERS
from rag.types import Paper, Refused

MOST_WAITING = 500
"""Papers that wait for what they appeared in; further back it is not looked for."""
MOST_PLACES = 50_000
"""Journals and proceedings that are remembered."""
_KINDS = ("Article", "Book", "BookSection", "Thesis", "Report", "Document", "Manuscript", "ConferenceProceedings", "Description")
_PLACES = ("Journal", "Proceedings", "Series", "Periodical")


def _item(record: Element, source: str) -> Paper:
    kind = text_of(record.find("itemType")).strip()
    if kind in NO_PAPERS or (not kind and record.find("authors") is None):
        raise UnusableError("This is no paper of Zotero but what belongs to one.", "not_a_paper")
    ids = [text_of(one).strip() for one in record.iter("identifier")]
    fields = {
        "title": text_of(record.find("title")), "abstract": text_of(record.find("abstract")), "year": text_of(record.find("date")),
        "venue": text_of(record.find("isPartOf/*/title")) or text_of(record.find("presentedAt/*/title")) or text_of(record.find("journal")),
        "doi": next((one for one in ids if "10." in one), ""), "arxiv_id": next((one for one in ids if one.lower().startswith("arxiv")), ""),
        "url": next((one for one in [*(text_of(each).strip() for each in record.findall("identifier/URI/value")), record.get("about", "")] if one.startswith("http")), ""),
    }  # fmt: skip
    people = record.findall("authors/Seq/li/Person") or record.findall("editors/Seq/li/Person")
    return foreign_paper_of(
        fields, [name for one in people if (name := _name(one))], source, [text_of(record.find("citationKey"))]
    )


def _name(person: Element) -> str:
    given = text_of(person.find("givenName")) or text_of(person.find("givenname"))
    return f"{given.strip()} {text_of(person.find('surname')).strip()}".strip() or text_of(person.find("name")).strip()


@dataclass(frozen=True)
class ZoteroRdfImporter:
    """Papers in the file's order; one whose journal stands apart gets its name."""

    name: str = "zotero-rdf"
    signs: re.Pattern[str] = re.compile(r"\A(?>.*?<rdf:RDF\b).*?zotero\.org/namespaces/export#", re.DOTALL)

    def recognises(self, head: str) -> bool:
        return is_xml_with(self.signs, head)

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        return report(_outcomes(lines, source), source)


def _outcomes(lines: Iterable[str], source: str) -> Iterator[Outcome]:
    places: dict[str, str] = {}
    waiting: deque[tuple[Outcome, str]] = deque()
    for number, tag, text in cut(lines, frozenset((*_KINDS, *_PLACES))):
        if tag in _PLACES:
            _remember(text, places)
        else:
            waiting.append(_read(number, text, source))
        while waiting and (len(waiting) > MOST_WAITING or not waiting[0][1] or waiting[0][1] in places):
            yield _placed(*waiting.popleft(), places)
    yield from (_placed(*one, places) for one in waiting)


def _read(number: int, text: str, source: str) -> tuple[Outcome, str]:
    """What a record is, and the address of the place that it appeared in, where its name is not said there and then."""
    part = ""

    def take(record: Element) -> Paper:
        nonlocal part
        paper = _item(record, source)
        places = (record.find(name) for name in ("isPartOf", "presentedAt"))
        part = "" if paper.venue else next((one.get("resource", "") for one in places if one is not None), "")
        return paper

    outcome = number, taken(text, take)
    return outcome, part


def _remember(text: str, places: dict[str, str]) -> None:
    if len(places) < MOST_PLACES and not isinstance(text, Unreadable):
        with suppress(ElementTree.ParseError):
            place = parsed(text)
            places[place.get("about", "")] = " ".join(text_of(place.find("title")).split())


def _placed(outcome: Outcome, part: str, places: dict[str, str]) -> Outcome:
    number, paper = outcome
    venue = places.get(part)
    return (number, replace(paper, venue=venue)) if venue and isinstance(paper, Paper) else outcome


ZOTERO_RDF = ZoteroRdfImporter()
