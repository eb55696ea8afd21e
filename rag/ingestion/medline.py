"""Reads MEDLINE tags as PubMed saves them (`.nbib`) and ERIC, too: `TI  - ` in four columns, six spaces go on with a line."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.ingestion.tagged import Dialect, Record, TaggedImporter

_DOI = re.compile(r"(10\.\S{1,300}) \[doi\]")
_NO_TITLE = re.compile(r"\[?(?:not available|no title(?: available)?|in process citation)\]?\.?", re.IGNORECASE)
_ERIC = re.compile(r"^(?:OWN|OID) {0,2}- (?:ERIC|E[DJ][0-9]{5,8})\s*$", re.MULTILINE)


def is_no_title(text: str) -> bool:
    """What stands in place of an English title; the original one stands elsewhere."""
    return not text.strip() or bool(_NO_TITLE.fullmatch(text.strip()))


def _shaped(record: Record, fields: dict[str, str]) -> None:
    if is_no_title(fields.get("title", "")):
        fields["title"] = " ".join(record.all(("TT", "BTI", "CTI")))
    fields["title"] = re.sub(r"(?<!\.)\.$", "", fields.get("title", "").strip())
    ids = [*record.values.get("LID", ()), *record.values.get("AID", ())]
    fields["doi"] = next((found[1] for one in ids if (found := _DOI.search(one))), "")
    if not fields["doi"] and (number := record.all(("PMID",))):
        fields["url"] = f"https://pubmed.ncbi.nlm.nih.gov/{number[0]}/"
    elif not fields["doi"]:
        fields["url"] = next((one for one in ids if one.startswith("http")), "")


_PUBMED = Dialect(
    name="medline",
    tag=re.compile(r"^([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)"),
    begins=frozenset({"PMID"}),
    sources={
        "title": ("TI", "BTI", "CTI", "TT"), "abstract": ("AB", "OAB"), "year": ("DP", "DEP", "SO"), "venue": ("JT", "TA", "BTI", "SO"),
        "doi": ("LID", "AID"), "pmid": ("PMID",), "other_doi": ("AID",),
    },
    authors=("FAU", "AU"),
    groups=("CN",),
    editors=("FED",),
    shaped=_shaped,
)  # fmt: skip


class _EricImporter(TaggedImporter):
    """The same tags in any order; a blank line is between records."""

    def recognises(self, head: str) -> bool:
        return bool(_ERIC.search(head)) and super().recognises(head)


MEDLINE = TaggedImporter(_PUBMED)
ERIC = _EricImporter(replace(_PUBMED, name="eric", begins=frozenset(), blank_ends=True))
