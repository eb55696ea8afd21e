"""The fields of a record, whatever a system calls them: texts, and sources as texts, objects or nodes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from eval.answers.records import Record
from rag.grounding.citation_markers import Source

QUESTIONS = ("question", "query", "user_input", "input", "prompt")
ANSWERS = (
    "answer",
    "response",
    "output",
    "actual_output",
    "prediction",
    "predicted_answer",
    "generated_answer",
    "generated_text",
    "completion",
    "result",
    "replies",
)
SOURCES = (
    "sources", "contexts", "context", "retrieved_contexts", "retrieved_context", "retrieval_context", "source_documents", "source_nodes",
    "retrieved_documents", "documents", "docs", "passages", "chunks", "evidence",
)  # fmt: skip
"""What systems call the three, our own name first."""
_TEXT_FIELDS = ("text", "content", "page_content", "quote", "passage", "abstract")
_KEY_FIELDS = ("url", "link", "key", "id", "doc_id", "node_id", "source", "file_name")
MOST_DEPTH = 3
"""Lists within lists of sources, and nodes within nodes, that are read. Chosen."""


def given(record: Record, names: Iterable[str]) -> Any:
    """The first of these fields that the record has. Raises KeyError, with our own name for it, where it has none."""
    own = tuple(names)
    for name in own:
        if record.get(name) is not None:
            return record[name]
    if any(name in record for name in own):
        return None
    raise KeyError(own[0])


def first(record: Record, *names: str) -> Any:
    return next((record[name] for name in names if record.get(name) is not None), None)


def text(value: object, field: str = "reference") -> str:
    """A text, also one that is alone in a list or stands in an object; an answer may be a number. Raises TypeError for anything else."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        value = value[0]
    if isinstance(value, list):
        raise TypeError(f"`{field}` is a list: a conversation of several turns is not judged, only a question with its answer")
    if isinstance(value, Mapping):
        value = first(value, *_TEXT_FIELDS)
    if field == "answer" and isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(f"`{field}` is no text but {_kind(value)}")
    return value


def _kind(value: object) -> str:
    """What a value is, in JSON's words."""
    return "null" if value is None else "NaN" if isinstance(value, float) else f"of the type {type(value).__name__}"


def sources(found: object, depth: int = 0) -> tuple[Source, ...]:
    """The sources in order, so that markers keep their numbers: what is null is an empty one. Raises TypeError or KeyError."""
    if isinstance(found, str):
        return (Source(found),) if found.strip() else ()
    if isinstance(found, Mapping):
        return _by_key(found)
    if not isinstance(found, list | tuple):
        raise TypeError("the sources are no list")
    read: list[Source] = []
    for one in found:
        nested = isinstance(one, list | tuple) and depth < MOST_DEPTH
        read.extend(sources(one, depth + 1) if nested else (_source(one),))
    return tuple(read)


def _by_key(found: Mapping[str, Any]) -> tuple[Source, ...]:
    """One source that is not in a list, or texts by their keys."""
    if any(name in found for name in _TEXT_FIELDS):
        return (_source(found),)
    if not all(isinstance(one, str) for one in found.values()):
        raise TypeError("the sources are neither a list nor texts by their keys")
    return tuple(Source(one, "", str(key)) for key, one in found.items())


def _source(one: object, depth: int = 0) -> Source:
    if one is None:
        return Source("")
    if isinstance(one, str):
        return Source(one)
    if not isinstance(one, dict):
        raise TypeError("a source is neither a text nor an object with `text`")
    if first(one, *_TEXT_FIELDS) is None and isinstance(one.get("node", one.get("document")), dict) and depth < MOST_DEPTH:
        return _source(one.get("node", one.get("document")), depth + 1)
    about: Mapping[str, Any] = next((one[name] for name in ("metadata", "meta") if isinstance(one.get(name), dict)), {})
    joined = {**about, **one}
    said = first(joined, *_TEXT_FIELDS)
    if not isinstance(said, str):
        raise KeyError("text")
    key = next((str(joined[name]) for name in _KEY_FIELDS if joined.get(name)), "")
    who = " ".join(str(joined[name]) for name in ("authors", "author", "year") if joined.get(name))
    return Source(said, " ".join(part for part in (str(joined.get("title") or ""), who) if part), key)
