"""Reads Ovid's exports: `<1>` begins a record; then either `TI  - …` lines, or names of fields with their texts set in below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from rag.ingestion.outcomes import Unreadable
from rag.ingestion.tagged import Dialect, Record, TaggedImporter
from rag.types import Paper, Refused

_NUMBER = re.compile(r"<[0-9]{1,6}\s?\.?\s?>\s*(?:\.\s*)?")
_NAMED = ("Title", "Article Title", "Book Title")
_KIND = re.compile(r"(?<!\s)\s*+\.?\s*+\[[^\[\]]{3,60}\]\s*+\.?\s*+$")
_ISSUE = re.compile(
    r"\.\s{2,}|\.\s(?=[0-9(])|[.,]? (?=(?:Vol\.|(?:19|20)[0-9]{2}\b|[0-9]+\s?[(:;,]|(?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Spring|Summer|Autumn|Fall|Winter)\b[^A-Za-z]))"
)
_EDITED = re.compile(r"\[Ed(?:itor[^\[\]]{0,40}|s)?\]")
_OFFICE = re.compile(r"\[[^\[\]]*\]")
_DEGREES = re.compile(
    r"(?<=[\w.])(?:,? (?:M\.?D|Ph\.?D|MPH|M\.?Sc|B\.?Sc|MS|BS|MA|RN|DDS|DMD|DrPH|MBBS|MBChB|FRCP|PharmD|PsyD|DO|DSc|EdD|JD)\.?){1,8}$"
)
_MARKS = re.compile(r"(?<=[A-Za-z.)])\s*+[0-9*,]++\s*+$")


def _shaped(record: Record, fields: dict[str, str]) -> None:
    fields["title"] = _KIND.sub("", fields.get("title", "")).rstrip(" .")
    if "venue" in fields:
        fields["venue"] = _place(fields["venue"])
    for tag in ("Author", "Authors", "AU", "FA", "ED"):
        names = [name for value in record.values.get(tag, ()) for name in _OFFICE.sub("", value).split(";")]
        record.values[tag] = [named for name in names if (named := _name(name))]


def _place(source: str) -> str:
    """`Ecohydrology.   8(6):1048-1064, September 2015.` without what comes behind the name; of a book with editors, what follows those."""
    editors = [found.end() for found in _EDITED.finditer(source)]
    rest = re.sub(r"\A[\s.;,]*(?:\([0-9]{4}\)\.)?\s*", "", source[editors[-1] :]) if editors else source
    return _ISSUE.split(rest, maxsplit=1)[0].strip(" .,")


def _name(text: str) -> str:
    """`Lefkowitz, Rafael Y. MD, MPH 1` without degrees and marks."""
    return _DEGREES.sub("", _MARKS.sub("", text.strip())).rstrip(" ,")


_FIELDS = {
    "title": ("TI", "Title", "Article Title", "Book Title"), "abstract": ("AB", "Abstract"),
    "year": ("YR", "PY", "DP", "Year of Publication", "Publication Year", "Publication Date", "Date of Publication", "DG", "SO", "Source"),
    "venue": ("JN", "JT", "Source", "SO", "Journal Name"), "doi": ("DO", "DI", "Digital Object Identifier", "DOI Number", "DOI"),
    "url": ("UR", "Link to the Ovid Full Text or citation"),
}  # fmt: skip


class OvidImporter(TaggedImporter):
    """A field's name may stand on a line of its own, its text set in on the lines below."""

    def recognises(self, head: str) -> bool:
        written = [line.strip() for line in islice(head.lstrip("\ufeff").splitlines(), 60) if line.strip()]
        numbered = any(_NUMBER.fullmatch(line) for line in written[:12]) or any(
            re.match(r"(?:VN|DB) {1,2}- Ovid", line) for line in written[:12]
        )
        return numbered and any(line in _NAMED or re.match(r"TI {1,2}- ", line) for line in written)

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        return super().read(_as_tags(lines), source)


def _as_tags(lines: Iterable[str]) -> Iterator[str]:
    """Each field as one line with its tag, so that both ways of writing look alike."""
    for line in lines:
        if isinstance(line, Unreadable):
            yield line
        elif _NUMBER.fullmatch(line.strip().lstrip("\ufeff")):
            yield "<> - "
        elif (found := re.match(r"^\s{0,2}([A-Z][A-Z0-9]) {1,2}-(?: ++(.*))?$", line.rstrip())) is not None:
            yield f"{found[1]} - {found[2] or ''}"
        elif line[:1].isalpha() and len(line) < 80 and not line.rstrip().endswith("."):
            yield f"{line.strip()} - "
        else:
            yield f" {line.strip()}" if line.strip() else ""


OVID = OvidImporter(
    Dialect(
        name="ovid",
        tag=re.compile(r"^([A-Za-z<>][A-Za-z0-9<>/() ]*) - ?(.*)"),
        begins=frozenset({"<>"}),
        sources=_FIELDS,
        authors=("FA", "AU", "Authors", "Author"),
        editors=("ED",),
        shaped=_shaped,
    )
)
