"""Reads JSON Lines, one paper a line; also a JSON list of papers, and objects spread over several lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from rag.ingestion.elements import Record, elements
from rag.ingestion.fields import UnusableError, paper_of
from rag.ingestion.outcomes import Outcome, Unreadable, report
from rag.types import Paper, Refused


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
            yield number, paper_of(_object(text), source)
        except UnusableError as reason:
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
        raise UnusableError(text.reason)
    try:
        # Python writes a missing number as NaN, which is not JSON: it is read as the absence that was meant.
        value = json.loads(text, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise UnusableError(f"This is not JSON: {error.msg[0].lower()}{error.msg[1:]} at character {error.pos + 1}.") from None
    except (ValueError, RecursionError):
        raise UnusableError("This is not JSON of a paper: a number is too long, or brackets are nested too deep.") from None
    if not isinstance(value, dict):
        raise UnusableError('This is not a JSON object: a paper is written as {"title": "…", "abstract": "…"}.')
    return value
