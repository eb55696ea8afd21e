"""Reads what people copy of arXiv: a paper's page, a list of papers, results of a search, and the mail of new submissions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rag.ingestion.cleaning import clean
from rag.ingestion.fields import UnusableError, foreign_paper_of
from rag.ingestion.outcomes import Outcome, Unreadable, report
from rag.types import Paper, Refused

_ID = r"arXiv:\s?([a-z-]+(?:\.[A-Z]{2})?/[0-9]{7}|[0-9]{4}\.[0-9]{4,5})(?:v[0-9]+)?"
_ENTRY = re.compile(rf"^\s*+(?:\[[0-9]+\]\s*+|[0-9]+\.\s+)?{_ID}\b(?!\w)(?P<rest>.*)")
_LISTED = re.compile(rf"^\s*+(?:\[[0-9]+\]|[0-9]+\.)\s*+{_ID}\b.*")
_FIELD = re.compile(r"^\s{0,3}(Title|Authors?|Categories|Comments|Subjects|Journal-ref|Journal reference|DOI|Report-no|MSC-class|MSC classes|ACM-class|"
                    r"ACM classes|Date(?: \([^()]*\))?|License|Abstract|Cite as|Submitted|Originally announced|Related DOI):?(?:[ \t]+|(?<=:)|$)(.*)")  # fmt: skip
_MORE = re.compile(r"^\s*+(?:\[(?:pdf|ps|html|other|view|show|v[0-9]+)\b|△|▽|\(or arXiv|Submission history|From:|Full-text links|Access Paper|View PDF|Total of|Showing|Select all|"
                   r"(?:new|cross|replacement) submissions|Recent\b|Focus to learn|replaced with revised version\b|withdrawn\b.{0,9}$|-{20,}|%%--%%)")  # fmt: skip
_SUBMITTED = re.compile(r"^\s*+[\[(]Submitted on (.*?)[\])]")
_CITED = re.compile(rf"^\s*+Cite as:?\s*+{_ID}")
MOST = 100_000
"""Characters of one entry. Chosen far above the longest abstract."""


@dataclass(slots=True)
class _Entry:
    line: int
    id: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    last: str = ""
    text: list[str] = field(default_factory=list)
    size: int = 0
    closed: bool = False

    def say(self, name: str, text: str) -> None:
        self.last = name
        self.fields.setdefault(name, []).append(text)
        self.size += len(text)

    def get(self, name: str) -> str:
        return " ".join(self.fields.get(name, ()))


class ArxivTextImporter:
    """Each paper begins with its id; of a single paper's page the id is found wherever it stands."""

    @property
    def name(self) -> str:
        return "arxiv-text"

    def recognises(self, head: str) -> bool:
        """Whether ids of arXiv begin entries with titles, or it is a page of arXiv's."""
        lines = head.lstrip("\ufeff").splitlines()
        titled = any(line.strip().startswith("Title:") for line in lines)
        mail = any(_ENTRY.fullmatch(line) for line in lines) and titled and any(line.strip() == "\\\\" for line in lines)
        listed = any(_LISTED.fullmatch(line) for line in lines)
        return mail or listed or _is_page(lines)

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        return report(_outcomes(lines, source), source)


def _is_page(lines: list[str]) -> bool:
    text = [line.strip() for line in lines]
    signs = [
        any(_SUBMITTED.match(line) for line in text),
        any(_CITED.match(line) for line in text),
        any(line.startswith(("arxiv logo", "arXiv logo", "Cornell University")) for line in text),
    ]
    return sum(signs) >= 2


def _outcomes(lines: Iterable[str], source: str) -> Iterator[Outcome]:
    entry: _Entry | None = None
    for number, line in enumerate(lines, start=1):
        if isinstance(line, Unreadable):
            yield number, line.reason
            continue
        line = line.lstrip("\ufeff").rstrip()
        begins = _ENTRY.fullmatch(line) if entry is None or _is_new(entry, line) else None
        submitted = _SUBMITTED.match(line) if entry is None else None
        if begins or submitted:
            if entry is not None:
                yield from _outcome(entry, source)
            entry = _Entry(number, begins[1] if begins else "")
            if submitted:
                entry.say("date", submitted[1])
                entry.last = "page"
        elif entry is not None:
            _take(entry, line)
    if entry is not None:
        yield from _outcome(entry, source)


def _is_new(entry: _Entry, line: str) -> bool:
    return (entry.last != "page" and not _CITED.match(line) and "Title" in entry.fields) or bool(_LISTED.fullmatch(line))


def _take(entry: _Entry, line: str) -> None:
    text = line.strip()
    if entry.size > MOST:
        return
    found = _FIELD.fullmatch(line)
    if cited := _CITED.match(line):
        entry.id = entry.id or cited[1]
    if text.startswith("\\\\"):  # the mail's mark: before the abstract, and behind it with the address
        entry.closed = "abstract" in entry.fields
        entry.last = "abstract" if "Title" in entry.fields and not entry.closed and text == "\\\\" else ""
        if entry.last:
            entry.fields.setdefault("abstract", [])
    elif found and not (
        entry.last == "abstract"
        and "Abstract" not in found[1]
        and not found[1].startswith(("Comments", "Subjects", "Journal", "Cite", "Submitted"))
    ):
        name = {"Abstract": "abstract", "Author": "Authors"}.get(found[1], found[1])
        if (entry.last == "abstract" and name != "abstract") or ("abstract" in entry.fields and name not in ("abstract",)):
            entry.closed = True
        entry.say(name, found[2].strip())
    elif _MORE.match(line):
        entry.last = "page" if entry.last == "page" else ""
    elif not text:
        if entry.last in ("Authors", "Title", "Comments", "Subjects", "Categories"):
            entry.last = {"Authors": "after"}.get(
                entry.last, "after" if "Title" in entry.fields and "Authors" in entry.fields else entry.last
            )
    elif not entry.closed:
        _take_plain(entry, line, text)


def _take_plain(entry: _Entry, line: str, text: str) -> None:
    """A line without a name: it goes on with a field, or is the title, the authors or the abstract by its place."""
    if entry.last == "abstract" or (entry.last == "Title" and line.startswith(("  ", "\t"))):
        entry.say(entry.last, text)
    elif "Title" not in entry.fields:
        entry.say("Title", text)
        entry.last = "titled"
    elif "Authors" not in entry.fields or (
        entry.last == "Authors" and len(text) < 150 and (entry.get("Authors").endswith(",") or line.startswith("  "))
    ):
        entry.say("Authors", text)
    elif len(text) >= 60 or "abstract" in entry.fields:
        entry.say("abstract", text)


def _outcome(entry: _Entry, source: str) -> Iterator[Outcome]:
    year = entry.get("date") or entry.get("Submitted") or f"20{entry.id[:2]}"
    fields = {
        "title": entry.get("Title"), "abstract": re.sub(r"(?<!\s)\s*+△ Less\s*+$", "", entry.get("abstract")), "arxiv_id": entry.id,
        "year": year if re.search(r"[0-9]{4}", year) else "", "doi": entry.get("DOI"), "venue": entry.get("Journal-ref"),
    }  # fmt: skip
    if not clean(fields["title"]) and not entry.id:
        return
    try:
        yield entry.line, foreign_paper_of(fields, entry.get("Authors").rstrip(";"), source)
    except UnusableError as reason:
        yield entry.line, str(reason)
