"""Reads MARCXML, in which library catalogues and repositories such as Zenodo export."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.ingestion.fields import foreign_paper_of
from rag.ingestion.xml_records import Element, XmlImporter, text_of
from rag.types import Paper

_AT_ITS_END = re.compile(r"[\s/:;,=]+\Z")
"""Marks that catalogues put between fields."""
_PEOPLE = ("100", "700")


def _record(record: Element, source: str) -> Paper:
    title, *more = (_AT_ITS_END.sub("", _first(record, "245", code)) for code in "abnp")
    fields = {
        "title": ": ".join(part for part in (title, *more) if part).removesuffix("."),
        "abstract": _first(record, "520", "a"),
        "year": next((year for tag in ("260", "264", "773") for year in (_first(record, tag, "c"), _first(record, tag, "g")) if year), ""),
        "venue": _AT_ITS_END.sub("", _first(record, "773", "t", "p")).removesuffix("."),
        "doi": next((text for kind, text in _ids(record) if kind == "doi" or text.startswith("10.")), ""),
        "arxiv_id": next((text for kind, text in _ids(record) if kind == "arxiv"), ""),
        "url": _first(record, "856", "u"),
    }  # fmt: skip
    people = [_AT_ITS_END.sub("", _part(field, "a")) for tag in _PEOPLE for field in _fields(record, tag)]
    return foreign_paper_of(fields, [name for name in people if name], source)


def _fields(record: Element, tag: str) -> Iterator[Element]:
    return (field for field in record.iter("datafield") if field.get("tag") == tag)


def _part(field: Element, code: str) -> str:
    return next((" ".join(text_of(part).split()) for part in field.iter("subfield") if part.get("code") == code), "")


def _first(record: Element, tag: str, *codes: str) -> str:
    return next((text for field in _fields(record, tag) for code in codes if (text := _part(field, code))), "")


def _ids(record: Element) -> list[tuple[str, str]]:
    """Of each other identifier, whose it is, and the identifier."""
    return [(_part(field, "2").casefold(), _part(field, "a")) for tag in ("024", "037") for field in _fields(record, tag)]


MARC_XML = XmlImporter("marc-xml", {"record": _record}, re.compile(r"MARC21/slim|<(?:\w{1,20}:)?datafield\s[^<>]{0,200}tag="))
