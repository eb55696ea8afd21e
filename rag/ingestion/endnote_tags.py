"""Reads EndNote's tagged export (`.enw`, also Refer and BibIX): `%0 Journal Article` begins a record."""

from __future__ import annotations

import re

from rag.ingestion.tagged import Dialect, TaggedImporter

ENDNOTE_TAGS = TaggedImporter(
    Dialect(
        name="endnote-tags",
        tag=re.compile(r"^%([0-9A-Z@!#$^&~<>?(){}\[\]+*'\"-])(?: (.*))?"),
        begins=frozenset({"0"}),
        blank_ends=True,
        sources={
            "title": ("T",), "abstract": ("X",), "year": ("D", "8"), "venue": ("J", "B", "S"), "doi": ("R",), "url": ("U",),
            "note": ("Z", "O"),
        },
        authors=("A",),
        keys=("F",),
    )
)  # fmt: skip
