"""Reads BibTeX and BibLaTeX bibliographies: entries with an abstract, macros, months, LaTeX accents."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rag.ingestion.fields import UnusableError, foreign_paper_of
from rag.ingestion.outcomes import LONGEST_ABSTRACT, Outcome, Unreadable, report
from rag.text.latex import plain
from rag.types import Paper, Refused

PREAMBLE = 12
"""Lines that a program may write before the first entry."""
LONGEST_ENTRY = 4 * LONGEST_ABSTRACT
"""Characters. A longer entry is refused without being held."""

_BEGINS = re.compile(r"^\s*+@\s*+([A-Za-z]+)\s*+([{(])")
_BEGINS_WITHIN = re.compile(
    r"@\s*+(?:article|book|booklet|collection|conference|dataset|electronic|inbook|incollection|inproceedings|manual|mastersthesis|misc|"
    r"online|patent|phdthesis|preprint|proceedings|report|software|techreport|thesis|unpublished)\s*+\{\s*+[^\s,{}\"=]*+\s*+,"
    r"|@\s*+(?:string|comment|preamble)\s*+[{(]",
    re.IGNORECASE,
)
"""An entry inside an entry: one of the kinds that there are, with a key. An abstract may well have a line that begins with `@harbour`."""
LONGEST_VALUE = 100_000
"""Characters that a value may have when its macros are put in: they may name one another, and double each time."""
_KEY = re.compile(r"^\s*+([^\s,{}=\"]*+)\s*+,")
_NAME = re.compile(r"[\s,]{0,200}+([A-Za-z][\w:.+-]{0,200}+)\s{0,200}+=\s{0,200}+")
_TOO_LONG = "\0"
_BARE = re.compile(r"[^\s,#{}\"=]+")
_JOINED = re.compile(r"\s{0,200}+#\s{0,200}+")
_MARKS = re.compile(r"[{}]")
_ROUND_MARKS = re.compile(r"[{}()]")
_CLOSERS = re.compile(r'[{}"]')
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


@dataclass(slots=True)
class _Entry:
    """An entry while it is read: the line where it begins, its text so far and how many braces are open."""

    line: int
    kind: str
    text: list[str] = field(default_factory=list)
    depth: int = 0
    round: bool = False
    size: int = 0
    damage: str = ""


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
        if lines and _BEGINS.match(lines[0]):
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
    waiting: deque[tuple[int, _Read | str]] = deque()
    for line, read in _read(lines):
        if not isinstance(read, str) and len(parents) < MOST_PARENTS:
            parents[read.key.lower()] = {name: text for name, text in read.fields.items() if name in _HANDED_DOWN}
        waiting.append((line, read))
        while waiting and (len(waiting) > MOST_WAITING or _is_ready(waiting[0][1], parents)):
            yield _outcome(*waiting.popleft(), parents, source)
    yield from (_outcome(*one, parents, source) for one in waiting)


@dataclass(frozen=True, slots=True)
class _Read:
    """An entry's key and its fields as they are written."""

    key: str
    fields: Mapping[str, str]


def _read(lines: Iterable[str]) -> Iterator[tuple[int, _Read | str]]:
    """Each entry that may be a paper, or why it is none."""
    macros: dict[str, str] = {}
    for entry in _entries(lines):
        try:
            if entry.damage:
                raise UnusableError(entry.damage)
            text = "".join(entry.text)
            if entry.kind == "string":
                _define(text, macros)
            elif entry.kind not in ("comment", "preamble"):
                key = _KEY.match(text)
                yield entry.line, _Read(key[1] if key else "", _fields(text[key.end() :] if key else text, macros))
        except UnusableError as reason:
            yield entry.line, str(reason)


def _is_ready(read: _Read | str, parents: Mapping[str, object]) -> bool:
    return isinstance(read, str) or not (wanted := read.fields.get("crossref", "").strip().lower()) or wanted in parents


def _outcome(line: int, read: _Read | str, parents: Mapping[str, Mapping[str, str]], source: str) -> Outcome:
    if isinstance(read, str):
        return line, read
    parent = parents.get(read.fields.get("crossref", "").strip().lower(), {})
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


def _define(text: str, macros: dict[str, str]) -> None:
    """Takes a macro; one that grows too long is remembered as such, so that only the entries that use it are refused."""
    try:
        macros.update(_fields(text, macros))
    except UnusableError:
        if name := _NAME.match(text):
            macros[name[1].lower()] = _TOO_LONG


def _entries(lines: Iterable[str]) -> Iterator[_Entry]:
    entry: _Entry | None = None
    for number, line in enumerate(lines, start=1):
        if isinstance(line, Unreadable):
            if entry is None:
                yield _Entry(number, "", damage=line.reason)
            else:
                entry.damage = entry.damage or line.reason
            continue
        line = line.lstrip("\ufeff").rstrip("\r\n") + "\n"
        while line:
            begins = _BEGINS.match(line)
            if entry is not None and begins and _BEGINS_WITHIN.match(line):
                if entry.depth > 1:  # else only the last brace is missing, and every value is whole
                    entry.damage = entry.damage or "A closing brace is missing: another entry begins inside this one."
                yield entry
                entry = None
            if entry is None:
                if begins is None:
                    break
                entry, line = _begun(number, begins), line[begins.end() :]
            entry, line, closed = _taken(entry, line)
            if closed:
                yield entry
                entry = None
    if entry is not None:
        if entry.depth > 1 or not "".join(entry.text).rstrip().endswith(("}", '"', "},", '",')):
            entry.damage = entry.damage or "The file breaks off in this entry: its closing brace is missing."
        yield entry


def _begun(number: int, begins: re.Match[str]) -> _Entry:
    return _Entry(number, begins[1].lower(), depth=1, round=begins[2] == "(")


def _taken(entry: _Entry, line: str) -> tuple[_Entry, str, bool]:
    """The entry with what of the line belongs to it, the rest of the line, and whether the entry ended."""
    end, rest = len(line), ""
    for mark in (_ROUND_MARKS if entry.round else _MARKS).finditer(line):
        entry.depth += 1 if mark[0] in "{(" else -1
        if entry.depth == 0:
            end, rest = mark.start(), line[mark.end() :]
            break
    entry.size += end
    if entry.size > LONGEST_ENTRY:
        entry.text, entry.damage = [], entry.damage or f"This entry is longer than {LONGEST_ENTRY:,} characters: no paper's is."
    elif not entry.damage:
        entry.text.append(line[:end])
    return entry, rest, entry.depth == 0


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


def _fields(text: str, macros: Mapping[str, str]) -> dict[str, str]:
    """Field name, in lower case, to its value, as it is written; the first of two with one name counts."""
    found: dict[str, str] = {}
    at = 0
    while name := _NAME.match(text, at):
        value, at = _value(text, name.end(), macros)
        found.setdefault(name[1].lower(), value)
    return found


def _value(text: str, at: int, macros: Mapping[str, str]) -> tuple[str, int]:
    """The value that begins there, its parts joined, and where it ends."""
    parts, size = [], 0
    while True:
        part, at = _part(text, at, macros)
        size += len(part)
        if size > LONGEST_VALUE:
            raise UnusableError(f"A value of this entry is longer than {LONGEST_VALUE:,} characters when its macros are put in.")
        parts.append(part)
        joined = _JOINED.match(text, at)
        if joined is None:
            return "".join(parts), at
        at = joined.end()


def _part(text: str, at: int, macros: Mapping[str, str]) -> tuple[str, int]:
    if text[at : at + 1] in ("{", '"'):
        end = _closing(text, at)
        return text[at + 1 : end], end + 1
    bare = _BARE.match(text, at)
    if bare is None:
        return "", at
    value = macros.get(bare[0].lower(), bare[0])
    if value == _TOO_LONG:
        raise UnusableError(f"The macro {bare[0]} is longer than {LONGEST_VALUE:,} characters when the macros in it are put in.")
    return value, bare.end()


def _closing(text: str, at: int) -> int:
    """Where the brace or quotation mark that opens at `at` is closed; raises UnusableError if it is not."""
    quoted, depth = text[at] == '"', 0
    for mark in _CLOSERS.finditer(text, at + quoted):
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if depth == 0 and mark[0] == ('"' if quoted else "}"):
            return mark.start()
    raise UnusableError("A quotation mark in this entry is never closed.")


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
