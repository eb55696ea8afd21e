"""Writes what few papers have (citation keys, labelled parts, linked ids) and whole papers as JSON, and reads them again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rag.types import Paper, Part, Span


def details(paper: Paper) -> str:
    """A JSON object; `{}` for a paper that has none of it."""
    known = {
        "keys": list(paper.keys),
        "parts": [[part.name, part.span.start, part.span.end] for part in paper.parts],
        "links": list(paper.links),
    }
    return json.dumps({name: value for name, value in known.items() if value}, ensure_ascii=False)


def fields(text: str) -> dict[str, Any]:
    """The fields of `Paper` that `details` wrote."""
    if text == "{}":
        return {}
    known = json.loads(text)
    return {
        "keys": tuple(known.get("keys", ())),
        "parts": tuple(Part(name, Span(start, end)) for name, start, end in known.get("parts", ())),
        "links": tuple(known.get("links", ())),
    }


def as_text(papers: Sequence[Paper]) -> str:
    """Whole papers as one JSON text."""
    return json.dumps([_values(paper) for paper in papers], ensure_ascii=False)


def from_text(text: str) -> tuple[Paper, ...]:
    """The papers that `as_text` wrote."""
    return tuple(_paper(each) for each in json.loads(text))


def _values(paper: Paper) -> dict[str, Any]:
    plain = {name: getattr(paper, name) for name in ("id", "title", "abstract", "year", "venue", "url", "source")}
    return {**plain, "authors": list(paper.authors), "details": details(paper)}


def _paper(values: dict[str, Any]) -> Paper:
    more = fields(values.pop("details"))
    return Paper(**{**values, "authors": tuple(values["authors"])}, **more)
