"""Reads Web of Science's own tags: `PT J` to `ER`, three spaces go on with a field, each line of an author field is an author."""

from __future__ import annotations

import re

from rag.ingestion.tagged import Dialect, TaggedImporter

WEB_OF_SCIENCE = TaggedImporter(
    Dialect(
        name="web-of-science",
        tag=re.compile(r"^([A-Z][A-Z0-9])(?: (?! ?- )(.*))?"),
        begins=frozenset({"PT"}),
        ends=frozenset({"ER", "EF"}),
        lists=frozenset({"AF", "AU", "BA", "CA"}),
        sources={
            "title": ("TI",), "abstract": ("AB",), "year": ("PY", "EA", "CY"), "venue": ("SO", "J9", "CT"), "doi": ("DI", "D2"),
            "arxiv_id": ("AR",),
        },
        authors=("AF", "AU", "BA", "CA"),
        needs_end=True,
    )
)  # fmt: skip
