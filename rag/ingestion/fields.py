"""From the named fields of a record to a paper, or the reason why it is none. Knows no format."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from rag.identity import as_arxiv_id, as_doi, link_of, paper_id
from rag.ingestion.abstracts import cleaned, cleaned_title
from rag.ingestion.cleaning import clean
from rag.ingestion.markup import without_markup
from rag.ingestion.names import author_names
from rag.ingestion.outcomes import LONGEST_ABSTRACT
from rag.types import Paper

_YEARS = range(1500, 2101)
YEAR_IN = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_ARXIV_IN = re.compile(
    r"(?:arxiv(?:\.org/(?:abs|pdf|html)/|[\s:.]+(?:preprint\s+)?(?:arxiv:\s*)?))([a-z-]*(?:\.[A-Z]{2})?/?[0-9][0-9.]*[0-9])",
    re.IGNORECASE,
)
_ARXIV_VENUE = re.compile(r"arxiv\b|abs/|https?://", re.IGNORECASE)
_DOI_IN = re.compile(r"10\.[0-9]{4,9}/[^\s\"<>;,]+")
LONGEST_KEY = 200
"""Characters of a citation key. Chosen."""
_ADDRESS_IN = re.compile(r"https?://[^\s{}<>\"]+")


class UnusableError(Exception):
    """Why a record is refused, as a sentence, and of which kind that is."""

    def __init__(self, reason: str, kind: str = "other") -> None:
        super().__init__(reason)
        self.kind = kind


def paper_of(record: Mapping[str, Any], source: str) -> Paper:
    """The paper of a record in our own fields, as `JsonLinesImporter` names them; raises UnusableError."""
    title = cleaned_title(_required(record, "title"))
    if not title:
        raise UnusableError("`title` is empty: a paper needs a title.")
    abstract, parts = cleaned(_text(record, "abstract"))
    if len(title) + len(abstract) > LONGEST_ABSTRACT:
        raise UnusableError(f"Title and abstract are longer than {LONGEST_ABSTRACT:,} characters: no paper's are.")
    given, url = _text(record, "id"), _url(record)
    identifier = paper_id(title, _arxiv_id(record) or as_arxiv_id(given), _doi(record) or as_doi(given), url)
    return Paper(
        id=identifier,
        title=title,
        abstract=abstract,
        authors=_authors(record),
        year=_year(record),
        venue=_text(record, "venue") or None,
        url=url or link_of(identifier),
        source=source,
        keys=_keys(record),
        parts=parts,
        links=tuple(link for link in _links(record) if link != identifier),
    )


def foreign_paper_of(fields: Mapping[str, str], authors: str | Sequence[str], source: str, keys: Sequence[str] = ()) -> Paper:
    """The same of what another program wrote, where a year may be a date and an address have words around it.

    An arXiv id is also taken out of `venue` and `note`. Raises UnusableError for a missing title only: of the rest, what cannot be
    understood counts as not known.
    """
    year = next((found for found in YEAR_IN.findall(fields.get("year", "")) if int(found) in _YEARS), None)
    address = next((found for found in _ADDRESS_IN.findall(fields.get("url", "")) if _is_web_address(found)), None)
    venue = fields.get("venue", "")
    arxiv = as_arxiv_id(fields.get("arxiv_id", "")) or as_arxiv_id(fields.get("id", "")) or _arxiv_in(fields)
    record = {name: fields[name] for name in ("title", "abstract") if name in fields}
    known = {"arxiv_id": arxiv, "doi": _doi_in(fields), "year": year, "url": address, "keys": list(keys)}
    named = {"venue": "" if _ARXIV_VENUE.match(clean(venue)) else without_markup(venue)}
    return paper_of({**record, **known, **named, "authors": authors if isinstance(authors, str) else list(authors)}, source)


def _arxiv_in(fields: Mapping[str, str]) -> str | None:
    """The first arXiv id that is named as such where an id, an address or a note stands."""
    for name in ("doi", "venue", "note", "url"):
        for found in _ARXIV_IN.findall(fields.get(name, "")):
            if known := as_arxiv_id(found):
                return known
    return None


def _doi_in(fields: Mapping[str, str]) -> str | None:
    for name in ("doi", "id"):
        value = clean(fields.get(name, ""))
        if known := as_doi(value) or next((one for found in _DOI_IN.findall(value) if (one := as_doi(found))), None):
            return known
    return None


def _keys(record: Mapping[str, Any]) -> tuple[str, ...]:
    given = record.get("keys")
    keys = given if isinstance(given, list) else []
    return tuple(dict.fromkeys(key for one in keys if isinstance(one, str) and (key := clean(one)) and len(key) <= LONGEST_KEY))


def _links(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Every id that the record itself names."""
    arxiv, doi = as_arxiv_id(_text(record, "arxiv_id")), as_doi(_text(record, "doi"))
    return tuple(
        link
        for link in (f"arxiv:{arxiv}" if arxiv else "", f"doi:{doi}" if doi and not doi.startswith("10.48550/") else "")
        if link
    )


def _text(record: Mapping[str, Any], field: str) -> str:
    """The field, cleaned; empty if it is absent or null."""
    value = record.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        # An id is often a number in other people's files, and then it is none that counts.
        if field == "id" and isinstance(value, int):
            return ""
        raise UnusableError(f"`{field}` must be text in quotation marks, not {kind(value)}.")
    return clean(value)


def _required(record: Mapping[str, Any], field: str) -> str:
    text = _text(record, field)
    if not text:
        raise UnusableError(f"`{field}` is {'empty' if field in record else 'missing'}: a paper needs a title.", "no_title")
    return text


def _arxiv_id(record: Mapping[str, Any]) -> str | None:
    given = _text(record, "arxiv_id")
    if given and not as_arxiv_id(given):
        raise UnusableError(f"`arxiv_id` is “{given[:80]}”, which is not one such as 2309.11028 or cs/0112017.")
    return as_arxiv_id(given)


def _doi(record: Mapping[str, Any]) -> str | None:
    given = _text(record, "doi")
    if given and not as_doi(given):
        raise UnusableError(f"`doi` is “{given[:80]}”, which is not one such as 10.1000/182.")
    return as_doi(given)


def _authors(record: Mapping[str, Any]) -> tuple[str, ...]:
    value = record.get("authors")
    if value is None:
        return ()
    if not isinstance(value, str) and not (isinstance(value, list) and all(isinstance(name, str) for name in value)):
        raise UnusableError(f'`authors` must be a list of names, ["Ada Lovelace", "Alan Turing"], not {kind(value)}.')
    return author_names(value)


def _year(record: Mapping[str, Any]) -> int | None:
    value = record.get("year")
    if isinstance(value, str):
        value = clean(value)
    if value is None or value == "":
        return None
    whole = isinstance(value, int | float) and value in _YEARS
    digits = isinstance(value, str) and len(value) == 4 and value.isascii() and value.isdigit() and int(value) in _YEARS
    if not whole and not digits:
        raise UnusableError(f"`year` is {str(value)[:40]!r}: it must be a whole number from {_YEARS[0]} to {_YEARS[-1]}.")
    return int(value)


def _url(record: Mapping[str, Any]) -> str | None:
    given = _text(record, "url")
    if given and not _is_web_address(given):
        raise UnusableError(f"`url` is “{given[:80]}”: only a web address that begins with http:// or https:// is taken.")
    return given or None


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(char in ' "<>\\^`{|}' for char in text)


def kind(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object", str: "text"}
    return names.get(type(value), "something else")
