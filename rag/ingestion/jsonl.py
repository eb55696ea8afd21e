"""Reads JSON: one paper a line, a list of papers, objects over several lines, and what web services answer; in our shape or theirs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from rag.ingestion.api_records import LISTS, paper_from
from rag.ingestion.elements import Record, elements
from rag.ingestion.fields import UnusableError
from rag.ingestion.outcomes import Outcome, Unreadable, report
from rag.types import Paper, Refused

_LIST = re.compile(rf'"(?:{"|".join(LISTS)})"\s*:\s*\[')
_RECORD = frozenset(
    {"title", "titles", "content", "paper", "display_name", "abstractNote", "dc:title", "attributes", "title_display", "info"}
)
_OWN = re.compile(r'"(?:title|abstract|summary|authors?|abstractNote|content|paper|DOI|doi|display_name)"\s*:')
"""Fields of a record: where one stands before the list, the list is a part of that record."""


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


def _outcomes(lines: Iterable[str], source: str) -> Iterator[Outcome]:
    for number, text in _records(lines):
        try:
            for record in _unwrapped(_object(text)):
                try:
                    yield number, paper_from(record, source)
                except UnusableError as reason:
                    yield number, str(reason)
        except UnusableError as reason:
            yield number, str(reason)


def _records(lines: Iterable[str]) -> Iterator[Record]:
    numbered = ((number, _without_mark(line)) for number, line in enumerate(lines, start=1))
    written = ((number, line) for number, line in numbered if line.strip() or isinstance(line, Unreadable))
    for first in written:
        start = first[1].strip()
        if start.startswith("{") and (rest := _list_inside(first, written)) is not None:
            yield from elements(rest, in_list=True, only=True)
            return
        if start.startswith("[") or start == "{":
            yield from elements(chain([first], written), in_list=start != "{")
        else:
            yield first
        break
    yield from written


def _list_inside(first: Record, lines: Iterator[Record]) -> Iterator[Record] | None:
    """The text from the list on that holds the records of a web service's answer; None if the first object is a record itself.

    Where it is none, the lines already read are not lost: the caller's iterator gives them again.
    """
    number, text = first
    found = _LIST.search(text)
    known = _OWN.search(text)
    if found is None or (known is not None and known.start() < found.start()):
        return None
    return chain([(number, text[found.end() - 1 :])], lines)


def _unwrapped(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The records in an object: itself, or those that it holds under a name that services use."""
    if not _RECORD.isdisjoint(value):
        yield value
        return
    for name in (
        "message",
        "data",
        "response",
        "paper",
        "result",
        "resultList",
        "search-results",
        "citingPaper",
        "citedPaper",
        *LISTS,
    ):
        inner = value.get(name)
        if isinstance(inner, dict) and not (name == "data" and "key" in value):
            yield from _unwrapped(inner)
            return
        if isinstance(inner, list) and inner and all(isinstance(one, dict) for one in inner):
            for one in inner:
                yield from _unwrapped(one)
            return
    yield value


def _without_mark(line: str) -> str:
    return line if isinstance(line, Unreadable) else line.lstrip("\ufeff")


def _object(text: str) -> Mapping[str, Any]:
    if isinstance(text, Unreadable):
        raise UnusableError(text.reason)
    try:
        # Python writes a missing number as NaN, which is not JSON: it is read as the absence that was meant.
        value = json.loads(text, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at").removesuffix(" starting")  # Python says “… at”, and the place after it
        raise UnusableError(f"This is not JSON: {what[0].lower()}{what[1:]} at character {error.pos + 1}.") from None
    except (ValueError, RecursionError):
        raise UnusableError("This is not JSON of a paper: a number is too long, or brackets are nested too deep.") from None
    if not isinstance(value, dict):
        raise UnusableError('This is not a JSON object: a paper is written as {"title": "…", "abstract": "…"}.')
    return value
