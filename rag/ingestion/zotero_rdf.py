"""Reads Zotero RDF, the first format that Zotero's export offers. A journal that stands apart from its article is not looked up."""

from __future__ import annotations

import re

from rag.ingestion.fields import UnusableError, foreign_paper_of
from rag.ingestion.xml_records import Element, XmlImporter, text_of
from rag.types import Paper

_KINDS = ("Article", "Book", "BookSection", "Thesis", "Report", "Document", "Manuscript", "ConferenceProceedings", "Description")
_NO_PAPERS = frozenset({"attachment", "note", "annotation"})


def _item(record: Element, source: str) -> Paper:
    kind = text_of(record.find("itemType")).strip()
    if kind in _NO_PAPERS or (not kind and record.find("authors") is None):
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


ZOTERO_RDF = XmlImporter(
    "zotero-rdf", dict.fromkeys(_KINDS, _item), re.compile(r"\A(?>.*?<rdf:RDF\b).*?zotero\.org/namespaces/export#", re.DOTALL)
)
