"""Reads RIS, the tagged format of reference managers and publishers: `TY  - JOUR` to `ER  -` is one paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.ingestion.outcomes import Unreadable
from rag.ingestion.tagged import Dialect, Record, TaggedImporter
from rag.types import Paper, Refused

_TAGGED = re.compile(r"^\s*+([A-Z][A-Z0-9]) {1,3}-(?:\s+(.*)|)", re.DOTALL)
_BEGINS = re.compile(r"^\s*+TY {1,3}- *[A-Za-z]{2,}\s*")
_PREAMBLE = 25
"""Lines that a publisher may put before the first paper, or before the tag that should come first."""
_TITLED = re.compile(r"^\s*+(?:TI|T1) {1,3}-")
_NOTES = ("N1", "M1", "M3", "AN")
"""Where an arXiv id may stand: each program has its own place for it."""
_KEY = re.compile(r"[A-Za-z][\w:.+-]{2,60}")


class RisImporter(TaggedImporter):
    """Takes title (TI, T1), abstract (AB, N2), authors (AU, A1), year, journal, address and DOI; other tags are passed over."""

    def recognises(self, head: str) -> bool:
        """Whether a record begins within the first lines."""
        written = [line for line in head.lstrip("\ufeff").splitlines() if line.strip()]
        return any(_BEGINS.fullmatch(line) for line in written[:_PREAMBLE])

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        """Papers in the file's order; refused are records without title, repeats, and a last one that breaks off."""
        return super().read(_type_first(lines), source)


def _type_first(lines: Iterable[str]) -> Iterator[str]:
    """The lines with `TY` before the other tags of its record: some programs write it among them, some write tags behind `ER`."""
    inside = False
    early: list[str] = []
    for line in lines:
        found = None if isinstance(line, Unreadable) else _TAGGED.fullmatch(line.lstrip("\ufeff").rstrip())
        tag = found[1] if found else ""
        if tag == "TY" and early and any(_TITLED.match(one) for one in early):
            yield line
            yield from early
            early, inside = [], True
            continue
        if tag == "TY":
            yield from ("" for _ in early)
            early, inside = [], True
        elif tag == "ER":
            inside = False
        if inside or tag in ("TY", "ER"):
            yield line
        elif (tag or early) and len(early) < _PREAMBLE and not isinstance(line, Unreadable):
            early.append(line)
        else:
            yield from ("" for _ in early)
            early = []
            yield line


def _shaped(record: Record, fields: dict[str, str]) -> None:
    keys = [key for key in record.values.get("ID", ()) if _KEY.fullmatch(key) and any(char.isdigit() for char in key)]
    record.values["ID"] = keys
    fields["note"] = " ; ".join(value for tag in _NOTES for value in record.values.get(tag, ()))
    if "title" not in fields and (titles := record.all(("T2",))):
        fields["title"] = titles[0]


RIS = RisImporter(
    Dialect(
        name="ris",
        tag=_TAGGED,
        begins=frozenset({"TY"}),
        ends=frozenset({"ER"}),
        sources={
            "title": ("TI", "T1", "CT", "BT"),
            "abstract": ("AB", "N2"),
            "year": ("PY", "YR", "DA", "Y1"),
            "venue": ("JF", "T2", "JO", "JA", "J1", "J2", "BT", "C3"),
            "url": ("UR", "L1", "LK", "L2", "L3"),
            "doi": ("DO", "M3"),
            "note": _NOTES,
        },
        authors=("AU",),
        editors=("A2", "ED", "A3"),
        keys=("ID",),
        needs_end=True,
        same={"A1": "AU"},
        shaped=_shaped,
    )
)
