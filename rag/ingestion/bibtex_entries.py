"""Cuts BibTeX into entries, and these into fields with their macros put in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rag.ingestion.fields import UnusableError
from rag.ingestion.outcomes import LONGEST_ABSTRACT, Unreadable

LONGEST_ENTRY = 4 * LONGEST_ABSTRACT
"""Characters. A longer entry is refused without being held."""
LONGEST_VALUE = 100_000
"""Characters that a value may have when its macros are put in: they may name one another, and double each time."""
BEGINS = re.compile(r"^\s*+@\s*+([A-Za-z]+)\s*+([{(])")
_BEGINS_WITHIN = re.compile(
    r"@\s*+(?:article|book|booklet|collection|conference|dataset|electronic|inbook|incollection|inproceedings|manual|mastersthesis|misc|"
    r"online|patent|phdthesis|preprint|proceedings|report|software|techreport|thesis|unpublished)\s*+\{\s*+[^\s,{}\"=]*+\s*+,"
    r"|@\s*+(?:string|comment|preamble)\s*+[{(]",
    re.IGNORECASE,
)
"""An entry inside an entry: one of the kinds that there are, with a key. An abstract may well have a line that begins with `@harbour`."""
_KEY = re.compile(r"^\s*+([^\s,{}=\"]*+)\s*+,")
_NAME = re.compile(r"[\s,]{0,200}+([A-Za-z][\w:.+-]{0,200}+)\s{0,200}+=\s{0,200}+")
_TOO_LONG = "\0"
_BARE = re.compile(r"[^\s,#{}\"=]+")
_JOINED = re.compile(r"\s{0,200}+#\s{0,200}+")
_MARKS = re.compile(r"[{}]")
_ROUND_MARKS = re.compile(r"[{}()]")
_CLOSERS = re.compile(r'[{}"]')


@dataclass(frozen=True, slots=True)
class BibtexEntry:
    """An entry's key and its fields as they are written."""

    key: str
    fields: Mapping[str, str]


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


def read_entries(lines: Iterable[str]) -> Iterator[tuple[int, BibtexEntry | str]]:
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
                yield entry.line, BibtexEntry(key[1] if key else "", _fields(text[key.end() :] if key else text, macros))
        except UnusableError as reason:
            yield entry.line, str(reason)


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
            begins = BEGINS.match(line)
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
