"""Reads RefWorks' tags: `RT Journal Article` begins a record, a two-letter tag and a space each line."""

from __future__ import annotations

import re

from rag.ingestion.tagged import Dialect, TaggedImporter

REFWORKS = TaggedImporter(
    Dialect(
        name="refworks",
        tag=re.compile(r"^([A-Z][A-Z0-9])(?: (?! ?- )(.*))?"),
        begins=frozenset({"RT"}),
        ends=frozenset({"ER"}),
        sources={
            "title": ("T1",), "abstract": ("AB",), "year": ("YR", "FD"), "venue": ("JF", "T2", "JO"), "doi": ("DO",),
            "url": ("UL", "LK", "L1"),
        },
        authors=("A1", "AU"),
    )
)  # fmt: skip
