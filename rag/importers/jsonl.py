"""Reads JSON Lines, one paper a line; also a JSON list of papers, and objects spread over several lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from rag.identity import as_arxiv_id, as_doi, link_of, paper_id
from rag.importers.cleaning import clean
from rag.importers.elements import Record, elements
from rag.importers.names import author_names
from rag.importers.outcomes import LONGEST_ABSTRACT, Outcome, Unreadable, report
from rag.types import Paper, Refused

_YEARS = range(1500, 2101)


class JsonLinesImporter:
    """Fields: `title`, `abstract`; and where known `id`, `arxiv_id`, `doi`, `authors`, `year`, `venue`, `url`; no others.

    An `id` counts where it is an arXiv id or a DOI. Where an id is known and `url` is not, the url is that id's own page.
    """

    @property
    def name(self) -> str:
        return "jsonl"

    def recognises(self, head: str) -> bool:
        """Whether it begins with an object or a list of objects."""
        start = "".join(head.lstrip("\ufeff").split())[:2]
        return start == "{" or start in ('{"', "[", "[{", "[]", "{}")

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        """Papers in the file's order, and a refusal for each record that is no JSON object, lacks a field or repeats another."""
        return report(_outcomes(lines, source), source)


class _UnusableError(Exception):
    """Why a record is refused, as a sentence."""


def _outcomes(lines: Iterable[str], source: str) -> Iterator[Outcome]:
    for number, text in _records(lines):
        try:
            yield number, _paper(_object(text), source)
        except _UnusableError as reason:
            yield number, str(reason)


def _records(lines: Iterable[str]) -> Iterator[Record]:
    numbered = ((number, _without_mark(line)) for number, line in enumerate(lines, start=1))
    written = ((number, line) for number, line in numbered if line.strip() or isinstance(line, Unreadable))
    for first in written:
        start = first[1].strip()
        if start.startswith("[") or start == "{":
            yield from elements(chain([first], written), in_list=start != "{")
        else:
            yield first
        break
    yield from written


def _without_mark(line: str) -> str:
    return line if isinstance(line, Unreadable) else line.lstrip("\ufeff")


def _object(text: str) -> Mapping[str, Any]:
    if isinstance(text, Unreadable):
        raise _UnusableError(text.reason)
    try:
        # Python writes a missing number as NaN, which is not JSON: it is read as the absence that was meant.
        value = json.loads(text, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise _UnusableError(f"This is not JSON: {error.msg[0].lower()}{error.msg[1:]} at character {error.pos + 1}.") from None
    except (ValueError, RecursionError):
        raise _UnusableError("This is not JSON of a paper: a number is too long, or brackets are nested too deep.") from None
    if not isinstance(value, dict):
        raise _UnusableError('This is not a JSON object: a paper is written as {"title": "…", "abstract": "…"}.')
    return value


def _paper(record: Mapping[str, Any], source: str) -> Paper:
    title, abstract = _required(record, "title"), _required(record, "abstract")
    if len(title) + len(abstract) > LONGEST_ABSTRACT:
        raise _UnusableError(f"Title and abstract are longer than {LONGEST_ABSTRACT:,} characters: no paper's are.")
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
    )


def _text(record: Mapping[str, Any], field: str) -> str:
    """The field, cleaned; empty where it is absent or null."""
    value = record.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        # An id is often a number in other people's files, and then it is none that counts.
        if field == "id" and isinstance(value, int):
            return ""
        raise _UnusableError(f"`{field}` must be text in quotation marks, not {_kind(value)}.")
    return clean(value)


def _required(record: Mapping[str, Any], field: str) -> str:
    text = _text(record, field)
    if not text:
        raise _UnusableError(f"`{field}` is {'empty' if field in record else 'missing'}: a paper needs a title and an abstract.")
    return text


def _arxiv_id(record: Mapping[str, Any]) -> str | None:
    given = _text(record, "arxiv_id")
    if given and not as_arxiv_id(given):
        raise _UnusableError(f"`arxiv_id` is “{given[:80]}”, which is not one such as 2309.11028 or cs/0112017.")
    return as_arxiv_id(given)


def _doi(record: Mapping[str, Any]) -> str | None:
    given = _text(record, "doi")
    if given and not as_doi(given):
        raise _UnusableError(f"`doi` is “{given[:80]}”, which is not one such as 10.1000/182.")
    return as_doi(given)


def _authors(record: Mapping[str, Any]) -> tuple[str, ...]:
    value = record.get("authors")
    if value is None:
        return ()
    if not isinstance(value, str) and not (isinstance(value, list) and all(isinstance(name, str) for name in value)):
        raise _UnusableError(f'`authors` must be a list of names, ["Ada Lovelace", "Alan Turing"], not {_kind(value)}.')
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
        raise _UnusableError(f"`year` is {str(value)[:40]!r}: it must be a whole number from {_YEARS[0]} to {_YEARS[-1]}.")
    return int(value)


def _url(record: Mapping[str, Any]) -> str | None:
    given = _text(record, "url")
    if given and not _is_web_address(given):
        raise _UnusableError(f"`url` is “{given[:80]}”: only a web address that begins with http:// or https:// is taken.")
    return given or None


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(char in ' "<>\\^`{|}' for char in text)


def _kind(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object", str: "text"}
    return names.get(type(value), "something else")
