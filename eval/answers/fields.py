"""The values of a record, however a system writes them: texts, and sources as texts, objects, nodes, or lists within lists."""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from rag.grounding.citation_markers import Source

MOST_DEPTH = 4
"""Lists and objects within one another that are read. Chosen."""
_TEXT_FIELDS = (
    "text", "content", "page_content", "quote", "passage", "abstract", "chunk", "chunk_text", "body", "snippet", "document_text",
    "raw_content",
)  # fmt: skip
_WRAPPED_SOURCE = ("node", "document", "_source", "payload", "kwargs", "text_resource", "entity")
"""Objects that hold the text: of LlamaIndex, Elasticsearch, Qdrant, LangChain, Milvus."""
_KEY_FIELDS = ("url", "link", "key", "id", "doc_id", "node_id", "source", "file_name")
_WRAPPED_TEXT = (
    "text", "content", "page_content", "value", "answer", "response", "output", "result", "message", "choices", "replies", "parts",
    "output_text", "generated_text",
)  # fmt: skip
"""Objects that hold a question or an answer: of chat interfaces, traces and structured output."""
_LISTS_OF_SOURCES = (
    "documents",
    "docs",
    "results",
    "chunks",
    "nodes",
    "passages",
    "contexts",
    "matches",
    "hits",
    "text",
    "texts",
)
_ARRAY = re.compile(r"\A\s*(?:np\.|numpy\.)?array\((?P<list>\[.*\])(?:,\s*dtype=[^()]{1,30})?\)\s*\Z", re.DOTALL)
_NO_COMMA = re.compile(r"(?<=['\"])(?<!\[['\"])[^\S\n]*+\n\s*+(?=['\"])")
"""Between the texts of a NumPy array as it is printed."""
_HEAD = re.compile(
    r"(?im)^[ \t]{0,8}(?:(?:passage|source|document|context|doc|chunk|text|excerpt)[ \t]?[#\[(]?(?P<named>\d{1,2})[\])]?(?:\(Title:[^()\n]{0,300}\))?[ \t]?(?::|[.–-]?(?=\s))"
    r"|\[(?P<bracketed>\d{1,2})\]:?(?=\s))"
)
"""How a source begins in a prompt's context that numbers its sources."""
LONGEST_NAME = 80
"""Characters of a text without a space that may be a file's name or an address. Chosen."""


def first(record: Mapping[str, Any], *names: str) -> Any:
    return next((record[name] for name in names if record.get(name) is not None), None)


def text(value: object, field: str = "reference", depth: int = 0) -> str:
    """A text, also one that is alone in a list or stands in an object; an answer may be a number. Raises TypeError for anything else."""
    if isinstance(value, Mapping) and depth < MOST_DEPTH:
        inner = first(value, *_WRAPPED_TEXT)
        return text(inner, field, depth + 1) if inner is not None else _no_text(field, value)
    if isinstance(value, list) and depth < MOST_DEPTH:
        return _of_list(value, field, depth)
    if field != "question" and isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return str(value)
    return (_structured(value, field, depth) or _unquoted(value)) if isinstance(value, str) else _no_text(field, value)


def _of_list(value: Sequence[Any], field: str, depth: int) -> str:
    """The text of its only element, of the parts of a message, or, of several references, of the first."""
    if len(value) == 1 or (value and field == "reference"):
        return text(value[0], field, depth + 1)
    if value and all(isinstance(one, Mapping) and isinstance(one.get("text"), str) for one in value):
        return "\n".join(one["text"] for one in value)
    raise TypeError(f"`{field}` is a list: a conversation of several turns is not judged, only a question with its answer")


def _structured(value: str, field: str, depth: int) -> str:
    """The answer in a text that is an object of JSON; empty if it is none."""
    if field != "answer" or depth or value.lstrip()[:1] != "{" or value.rstrip()[-1:] != "}":
        return ""
    found = parsed(value)
    if not isinstance(found, Mapping) or not isinstance(said := first(found, *_WRAPPED_TEXT), str):
        return ""
    return said


def _unquoted(value: str) -> str:
    """A text that is kept as JSON, with its quotes, as TruLens does: `"\\"What?\\""`."""
    found = parsed(value) if len(value) > 1 and value[0] == value[-1] == '"' else None
    return found if isinstance(found, str) else value


def _no_text(field: str, value: object) -> str:
    kind = "null" if value is None else "NaN" if isinstance(value, float) else f"of the type {type(value).__name__}"
    raise TypeError(f"`{field}` is no text but {kind}")


def parsed(value: str) -> Any:
    """What JSON the text is; None if it is none."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def written_list(value: str) -> list[Any] | None:
    """The list that a text is: JSON, Python, or NumPy's way to print one; None if it is none."""
    if value.lstrip()[:1] not in ("[", "(", "a", "n"):
        return None
    array = _ARRAY.match(value)
    written = _NO_COMMA.sub(", ", array["list"] if array else value)
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(written)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(found, list | tuple):
            return list(found)
    return None


def sources(found: object, depth: int = 0) -> tuple[Source, ...]:
    """The sources in order, so that markers keep their numbers: what is null is an empty one. Raises TypeError or KeyError."""
    if isinstance(found, str):
        listed = written_list(found)
        if depth == 0 and listed and all(isinstance(one, str | Mapping) for one in listed):
            return sources(listed, depth + 1)
        return tuple(map(Source, _numbered_texts(found) or ([found] if found.strip() else [])))
    if isinstance(found, Mapping):
        return _of_object(found, depth)
    if not isinstance(found, list | tuple):
        raise TypeError("the sources are no list")
    if len(found) == 2 and isinstance(found[0], str | Mapping) and _is_score(found[1]):
        return (_source(found[0]),)
    read: list[Source] = []
    for one in found:
        nested = isinstance(one, list | tuple) and depth < MOST_DEPTH
        read.extend(sources(one, depth + 1) if nested else (_source(one),))
    return tuple(read)


def _numbered_texts(whole: str) -> list[str]:
    """The texts of a prompt's context that numbers them itself: `[1] …` or `Passage 1: …` at the start of lines, from 1 on; none otherwise."""
    heads = list(_HEAD.finditer(whole))
    if len(heads) < 2 or [int(head["bracketed"] or head["named"]) for head in heads] != list(range(1, len(heads) + 1)):
        return []
    if whole[: heads[0].start()].strip():
        return []
    ends = [*(head.start() for head in heads[1:]), len(whole)]
    return [whole[head.end() : end].strip() for head, end in zip(heads, ends, strict=True)]


def _is_score(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _of_object(found: Mapping[str, Any], depth: int) -> tuple[Source, ...]:
    """The sources of an object that lists them, one source that is not in a list, or texts by their keys."""
    lists = [name for name, one in found.items() if isinstance(one, list)]
    name = next((name for name in _LISTS_OF_SOURCES if name in lists), lists[0] if len(lists) == 1 == len(found) else None)
    if name is not None and depth < MOST_DEPTH:
        return sources(found[name], depth + 1)
    if any(name in found for name in _TEXT_FIELDS):
        return (_source(found),)
    if not found or not all(isinstance(one, str) and not str(key).endswith("id") for key, one in found.items()):
        raise TypeError("the sources are neither a list nor texts by their keys")
    return tuple(Source(one, "", str(key)) for key, one in found.items())


def _source(one: object, depth: int = 0) -> Source:
    if is_null(one):
        return Source("")
    if isinstance(one, str):
        return Source(one)
    if not isinstance(one, Mapping):
        raise TypeError("a source is neither a text nor an object with `text`")
    one = {str(name).removeprefix("document."): value for name, value in one.items()}
    if first(one, *_TEXT_FIELDS) is None and depth < MOST_DEPTH:
        inner = next((one[name] for name in _WRAPPED_SOURCE if isinstance(one.get(name), Mapping)), None)
        if inner is not None:
            return _source(inner, depth + 1)
    about: Mapping[str, Any] = next((one[name] for name in ("metadata", "meta") if isinstance(one.get(name), Mapping)), {})
    return _described({**about, **one})


def is_null(value: object) -> bool:
    """Whether nothing is given: null, or the NaN that pandas has in its place."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def _described(joined: Mapping[str, Any]) -> Source:
    """The source with its title, authors, year and key."""
    said = first(joined, *_TEXT_FIELDS)
    if isinstance(said, Mapping):
        said = first(said, *_TEXT_FIELDS)
    if said is None and any(name in joined for name in _TEXT_FIELDS):
        said = ""
    if not isinstance(said, str):
        raise TypeError(f"a source has no `text`; its fields are {', '.join(sorted(joined)[:8]) or 'none'}")
    key, *others = [str(joined[name]) for name in _KEY_FIELDS if joined.get(name)] or [""]
    who = " ".join(str(joined[name]) for name in ("authors", "author", "year") if joined.get(name))
    title = " ".join(part for part in (str(joined.get("title") or ""), who) if part)
    return Source(
        said, title, key, tuple(one for one in others if not one.isdigit())
    )  # `[1]` is the first source, not the one with the id 1


def only_names(found: Sequence[Source]) -> bool:
    """Whether all of them look like names of files, addresses or identifiers, which nothing can be held against."""
    return all(len(one.text) <= LONGEST_NAME and not re.search(r"\s", one.text.strip()) for one in found)
