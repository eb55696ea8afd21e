"""Reads BibTeX and BibLaTeX bibliographies: entries with an abstract, macros, months, LaTeX accents."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from rag.ingestion.bibtex_entries import BEGINS, BibtexEntry, read_entries
from rag.ingestion.fields import UnusableError, foreign_paper_of
from rag.ingestion.outcomes import Outcome, report
from rag.text.latex import plain
from rag.types import Paper, Refused

PREAMBLE = 12
"""Lines that a program may write before the first entry."""
_BETWEEN_NAMES = re.compile(r"[{}]|(?<!\s)\s++and\s++", re.IGNORECASE)
_NAMED_PART = re.compile(r"(?:(?<=^)|(?<=[,{\s]))(given|prefix|family|suffix)=([^,{}=\n]{1,200})")
_QUOTES = (("---", "\u2014"), ("``", "\u201c"), ("''", "\u201d"))
"""How TeX's keys draw dashes and quotation marks."""
MOST_WAITING = 500
"""Entries that wait for the one that they refer to with `crossref`; further back they do without."""
MOST_PARENTS = 20_000
"""Entries that may hand fields down to those that name them by `crossref`. Chosen."""
_HANDED_DOWN = frozenset({"title", "booktitle", "year", "date", "journal"})
_SOURCES = {
    "title": ("title",),
    "abstract": ("abstract",),
    "year": ("year", "date"),
    "venue": ("journal", "journaltitle", "booktitle", "howpublished"),
    "note": ("note", "number", "eid", "volume", "pages", "annote", "keywords"),
    "url": ("url", "howpublished", "link"),
    "doi": ("doi",),
    "arxiv_id": ("eprint", "arxivid", "arxiv"),
}


class BibtexImporter:
    """Takes title, abstract, author, year, journal or book title, url, doi and eprint; what stands between entries is passed over.

    The key of an entry is kept. An entry without an abstract becomes a paper that has its title alone.
    """

    @property
    def name(self) -> str:
        return "bibtex"

    def recognises(self, head: str) -> bool:
        """Whether its first line that is no comment begins an entry."""
        lines = [line for line in head.lstrip("\ufeff").splitlines() if line.strip() and not line.lstrip().startswith("%")]
        if lines and BEGINS.match(lines[0]):
            return True
        begun = next((line for line in lines[:PREAMBLE] if line.startswith("@")), "")
        return bool(
            re.match(r"^@[A-Za-z]++\s*+\{\s*+[^\s,{}\"=]++\s*+,\s*+$|^@(?:comment|string|preamble)\s*\{", begun, re.IGNORECASE)
        )

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        """Papers in the file's order, and a refusal for each entry that is damaged, lacks title or abstract, or repeats another."""
        return report(_outcomes(lines, source), source)


def _outcomes(lines: Iterable[str], source: str) -> Iterator[Outcome]:
    """The papers in order; one that refers to another entry waits for it, as that stands further down."""
    parents: dict[str, Mapping[str, str]] = {}
    waiting: deque[tuple[int, BibtexEntry | str]] = deque()
    for line, read in read_entries(lines):
        if not isinstance(read, str) and len(parents) < MOST_PARENTS:
            parents[read.key.lower()] = {name: text for name, text in read.fields.items() if name in _HANDED_DOWN}
        waiting.append((line, read))
        while waiting and (len(waiting) > MOST_WAITING or _is_ready(waiting[0][1], parents)):
            yield _outcome(*waiting.popleft(), parents, source)
    yield from (_outcome(*one, parents, source) for one in waiting)


def _is_ready(read: BibtexEntry | str, parents: Mapping[str, object]) -> bool:
    return isinstance(read, str) or not (wanted := read.fields.get("crossref", "").strip().lower()) or wanted in parents


def _outcome(line: int, read: BibtexEntry | str, parents: Mapping[str, Mapping[str, str]], source: str) -> Outcome:
    if isinstance(read, str):
        return line, read
    wanted = read.fields.get("crossref", "").strip().lower()
    parent = parents.get(wanted, {}) if wanted else {}
    inherited = {
        "booktitle": parent.get("booktitle") or parent.get("title", ""),
        **{name: parent.get(name, "") for name in ("year", "date", "journal")},
    }
    try:
        return line, _paper(
            read.key, {**{name: text for name, text in inherited.items() if text and parent}, **read.fields}, source
        )
    except UnusableError as reason:
        return line, str(reason)


def _paper(key: str, found: Mapping[str, str], source: str) -> Paper:
    fields = {
        name: value
        for name, sources in _SOURCES.items()
        if (value := next((found[one] for one in sources if found.get(one)), ""))
    }  # fmt: skip
    if "arxiv" not in found.get("archiveprefix", found.get("eprinttype", "arxiv")).lower():
        fields.pop("arxiv_id", None)
    if fields.get("venue", "").startswith(("http://", "https://", "\\url")):
        fields.pop("venue")
    authors = [_author(name) for name in _names(found.get("author") or found.get("editor", ""))]
    readable = {name: value if name in ("url", "doi") else plain(_drawn(value)) for name, value in fields.items()}
    return foreign_paper_of(
        {**readable, **{name: _unescaped(readable[name]) for name in ("url", "doi") if name in readable}},
        authors,
        source,
        [key] if key else (),
    )


def _drawn(text: str) -> str:
    for written, drawn in _QUOTES:
        text = text.replace(written, drawn)
    return text


def _names(text: str) -> list[str]:
    """The names that `and` separates, but not an `and` in braces."""
    names, at, depth = [], 0, 0
    for mark in _BETWEEN_NAMES.finditer(text):
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if depth == 0 and mark[0] not in "{}":
            names.append(text[at : mark.start()])
            at = mark.end()
    return [name for name in (*names, text[at:]) if name.strip()]


def _author(name: str) -> str:
    """In the order given, prefix, family, junior: as people write it."""
    name = name.strip()
    if named := dict(_NAMED_PART.findall(name)):  # BibLaTeX's extended form: `family=Berg, given=Jo, prefix=van den`
        return " ".join(plain(named[part]).strip() for part in ("given", "prefix", "family", "suffix") if named.get(part))
    whole = name.startswith("{") and name.endswith("}")
    parts = [plain(part).strip() for part in ([name] if whole else name.split(","))]
    if len(parts) == 3:
        return f"{parts[2]} {parts[0]} {parts[1]}"
    return f"{parts[1]} {parts[0]}".strip() if len(parts) == 2 else " ".join(parts)


def _unescaped(address: str) -> str:
    """An address may be escaped as text, or stand in `\\url{…}`."""
    return re.sub(r"\\([&%$#_~])", r"\1", address.replace("\\url", "")).replace("{", "").replace("}", "")
