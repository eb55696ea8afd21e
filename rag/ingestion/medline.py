"""Reads MEDLINE tags as PubMed saves them (`.nbib`): `PMID- ` begins a record, six spaces go on with a line."""

from __future__ import annotations

import re

from rag.ingestion.tagged import Dialect, Record, TaggedImporter

_DOI = re.compile(r"(10\.\S{1,300}) \[doi\]")


def _shaped(record: Record, fields: dict[str, str]) -> None:
    fields["title"] = re.sub(r"(?<!\.)\.$", "", fields.get("title", "").strip())
    ids = [*record.values.get("LID", ()), *record.values.get("AID", ())]
    fields["doi"] = next((found[1] for one in ids if (found := _DOI.search(one))), "")
    if not fields["doi"] and (number := record.all(("PMID",))):
        fields["url"] = f"https://pubmed.ncbi.nlm.nih.gov/{number[0]}/"


MEDLINE = TaggedImporter(
    Dialect(
        name="medline",
        tag=re.compile(r"^([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)"),
        begins=frozenset({"PMID"}),
        sources={
            "title": ("TI", "BTI", "CTI", "TT"), "abstract": ("AB", "OAB"), "year": ("DP", "DEP"), "venue": ("JT", "TA", "SO"),
            "doi": ("LID", "AID"), "pmid": ("PMID",), "other_doi": ("AID",),
        },
        authors=("FAU", "AU", "CN", "FED"),
        shaped=_shaped,
    )
)  # fmt: skip
