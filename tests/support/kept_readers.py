"""What rispy, bibtexparser and pybtex read out of a file, cleaned as we clean: only how a file is taken apart is compared."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from rag.ingestion.encodings import encoding_of
from rag.ingestion.fields import UnusableError, foreign_paper_of
from rag.text.latex import plain
from rag.types import Paper

Read = Callable[[str], list[Paper]]


def text_of(path: Path) -> str:
    """The file in the encoding that we find for it: the libraries look for none."""
    head = path.read_bytes()[:65536]
    return path.read_bytes().decode(encoding_of(head, lambda: path.open("rb")), "replace").lstrip("\ufeff")


def rispy(text: str) -> list[Paper]:
    import rispy

    found = []
    for one in rispy.loads(text, skip_unknown_tags=True):
        fields = {
            "title": one.get("title") or one.get("primary_title"), "abstract": one.get("abstract") or one.get("notes_abstract"),
            "year": one.get("year") or one.get("publication_year") or one.get("date"), "doi": one.get("doi"), "url": one.get("urls"),
            "venue": _first(one.get(name) for name in ("alternate_title3", "secondary_title", "journal_name", "alternate_title1", "alternate_title2")),
        }  # fmt: skip
        found.append(_paper(fields, one.get("authors") or one.get("first_authors") or []))
    return [paper for paper in found if paper is not None]


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value), "")


def bibtexparser(text: str) -> list[Paper]:
    import bibtexparser

    with contextlib.redirect_stderr(io.StringIO()):
        entries = bibtexparser.parse_string(text).entries
    return _bibtex({name.lower(): str(field.value) for name, field in entry.fields_dict.items()} for entry in entries)


def pybtex(text: str) -> list[Paper]:
    import pybtex.errors
    from pybtex.database import parse_string

    pybtex.errors.set_strict_mode(False)  # else the first damaged entry ends it
    with contextlib.redirect_stderr(io.StringIO()):
        entries = parse_string(text, "bibtex").entries.values()
    people = (" and ".join(map(str, entry.persons.get("author") or entry.persons.get("editor") or ())) for entry in entries)
    return _bibtex(
        {**{name.lower(): value for name, value in entry.fields.items()}, "author": who}
        for entry, who in zip(entries, people, strict=True)
    )


def _bibtex(records: Any) -> list[Paper]:
    found = []
    for known in records:
        fields = {name: plain(known.get(name, "")) for name in ("title", "abstract", "doi", "note")}
        fields["venue"] = plain(next((known[name] for name in ("journal", "journaltitle", "booktitle") if known.get(name)), ""))
        fields |= {"year": known.get("year") or known.get("date") or "", "arxiv_id": known.get("eprint", "")}
        who = known.get("author") or known.get("editor") or ""
        found.append(_paper(fields, [plain(name) for name in re.split(r"\s+and\s+", who.strip()) if name]))
    return [paper for paper in found if paper is not None]


def _paper(fields: Mapping[str, Any], authors: list[str]) -> Paper | None:
    told = {name: str(value[0] if isinstance(value, list) else value) for name, value in fields.items() if value}
    try:
        return foreign_paper_of(told, authors, "")
    except UnusableError:
        return None
