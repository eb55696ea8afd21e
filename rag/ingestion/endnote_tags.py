"""Reads EndNote's tagged export (`.enw`, also Refer and BibIX): `%0 Journal Article` begins a record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice

from rag.ingestion.tagged import PREAMBLE, Dialect, TaggedImporter
from rag.types import Paper, Refused

_TAGGED = Dialect(
    name="endnote-tags",
    tag=re.compile(r"^%([0-9A-Z@!#$^&~<>?(){}\[\]+*'\"-])(?: (.*))?"),
    begins=frozenset({"0"}),
    sources={
        "title": ("T",), "abstract": ("X",), "year": ("D", "8"), "venue": ("J", "B", "S"), "doi": ("R",), "url": ("U",),
        "note": ("Z", "O"),
    },
    authors=("A",),
    editors=("E",),
    keys=("F",),
)  # fmt: skip


class EndnoteTagsImporter:
    """Some programs write the type somewhere in the record, or none at all: then a blank line is between records."""

    name = "endnote-tags"

    def recognises(self, head: str) -> bool:
        return _reader(head).recognises(head)

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        iterator = iter(lines)
        head = list(islice(iterator, PREAMBLE))
        return _reader("".join(head)).read(chain(head, iterator), source)


def _reader(head: str) -> TaggedImporter:
    first = next((line for line in head.lstrip("\ufeff").splitlines() if line.startswith("%")), "%0")
    return TaggedImporter(_TAGGED if first.startswith("%0") else replace(_TAGGED, begins=frozenset(), blank_ends=True))


ENDNOTE_TAGS = EndnoteTagsImporter()
