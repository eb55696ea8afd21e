"""Reads exports a second time, with other code: kept libraries, the standard library, a few lines by hand. What our readers give is held against it."""

from __future__ import annotations

import ast
import csv
import html
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from rag.types import Paper

ENCODINGS = {
    "cp1252": "cp1252",
    "gbk": "gbk",
    "iso8859_7": "iso8859_7",
    "utf16": "utf-16",
    "greek": "iso8859_7",
    "zotero-cp1252": "cp1252",
}
"""By the name of a file: it says in which encoding it is."""

BESIDE = "s2_dataset.jsonl"
"""Holds the records that the copied pages in the same folder show, for which there is no second reader."""


@dataclass(frozen=True)
class Reading:
    """What a record says; an empty field is not said, and then nothing is held against it."""

    title: str
    authors: tuple[str, ...] = ()
    year: str = ""
    doi: str = ""
    venue: str = ""
    abstract: str = ""


def wrong_fields(paper: Paper, read: Reading) -> list[str]:
    """Names of the fields in which a paper says something else than the record."""
    told = {
        "title": letters(paper.title) == letters(read.title),
        "authors": _same_people(paper.authors, read.authors),
        "year": not read.year or str(paper.year) == read.year,
        "doi": not read.doi or f"doi:{read.doi}" in (paper.id, *paper.links) or (read.doi.startswith("10.48550/") and paper.id.startswith("arxiv:")),
        "venue": not read.venue or letters(paper.venue or "") == letters(read.venue),
        "abstract": _same_text(paper.abstract, read.abstract),
    }  # fmt: skip
    return [one.name for one in fields(Reading) if not told[one.name]]


def letters(text: str) -> str:
    """Only what is read aloud: without markup, commands of LaTeX, accents, case and punctuation."""
    return "".join(_words(text))


def _words(text: str) -> list[str]:
    for _ in range(4):
        text = html.unescape(text)
    text = re.sub(r"</?(?:[a-z]+:)?[A-Za-z]\w*(?:\s+[\w:-]+=\"[^\"]*\")*\s*/?>", "", text)
    if "\\" in text:
        text = re.sub(r"\\cite[a-z]*\{[^{}]*\}", "", text)
        text = re.sub(r"\\(?:([a-zA-Z]+)(?![a-zA-Z])|.)", lambda found: _greek(found[1] or ""), text)
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.findall(r"[^\W_]+", "".join(char for char in plain if not unicodedata.combining(char)))


def _greek(command: str) -> str:
    """The letter that a command of LaTeX is named after (`\\alpha`, `\\Omega`); nothing where it is none."""
    size = "CAPITAL" if command[:1].isupper() else "SMALL"
    name = {"lambda": "lamda", "varepsilon": "epsilon"}.get(command, command)
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {name.upper()}")
    except KeyError:
        return ""


def _same_people(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """As many, and in each the longest word of the other's name, which no way of writing a name leaves out."""
    longest = [max((letters(word) for word in re.split(r"[\s.,{}-]+", name)), key=len, default="") for name in theirs]
    return not theirs or (
        len(ours) == len(theirs) and all(word in letters(name) for word, name in zip(longest, ours, strict=True))
    )


def _same_text(ours: str, theirs: str) -> bool:
    """All of our words stand in theirs in this order; what we leave out is a heading, labels of parts, or who owns it."""
    mine, whole, at = letters(ours), letters(theirs), 0
    if not mine:
        return len(whole) < 150
    for sentence in re.split(r"[.!?:][\"”’')\]]*\s+", ours):
        at = whole.find(letters(sentence), at)
        if at < 0:
            return False
    return len(mine) >= 0.75 * len(whole) - 400


def second_reading(path: Path) -> list[Reading]:
    """The records of a file. Raises LookupError where there is no second reader for it."""
    text = path.read_bytes().decode(ENCODINGS.get(path.stem, "utf-8-sig"), "replace").lstrip("\ufeff")
    for sign, reader in _READERS:
        if re.search(sign, path.suffix.lower() + "\n" + text[:3000]):
            try:
                return [one for one in reader(text) if one.title.strip()]
            except ElementTree.ParseError:  # one bad record, and a parser of whole documents gives up
                raise LookupError(path.name) from None
    if (known := path.parent / BESIDE).exists():
        told = letters(text)
        return [
            replace(one, authors=(), year="", abstract=one.abstract if letters(one.abstract) in told else "")
            for one in _json(known.read_text("utf-8"))
            if letters(one.title) in told
        ]
    raise LookupError(path.name)


def _year(text: object) -> str:
    found = re.search(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", str(text or ""))
    return found[0] if found else ""


def _doi(text: object) -> str:
    found = re.search(r"10\.\d{4,9}/[^\s\"<>,]+", str(text or ""))
    return found[0].rstrip(".,;/").lower() if found else ""


def _bibtex(text: str) -> Iterator[Reading]:
    from pybtex.database.input.bibtex import LowLevelParser

    def error(*_: object) -> None:
        raise ValueError

    start = re.search(r"^\s*@", text, re.MULTILINE)
    for kind, (_, pairs) in LowLevelParser(text[start.start() :] if start else "", handle_error=error):
        if kind.lower() in ("comment", "string", "preamble"):
            continue
        known = {name.lower(): "".join(parts) for name, parts in reversed(pairs)}
        arxiv = re.match(r"arxiv|abs/|https?:|\\url", known.get("journal", known.get("howpublished", "")), re.IGNORECASE)
        yield Reading(
            known.get("title", ""), tuple(re.split(r"\s+and\s+", known["author"].strip())) if known.get("author") else (), _year(known.get("year") or known.get("date")),
            _doi(known.get("doi", "").replace("\\", "")), "" if arxiv else known.get("journal") or known.get("journaltitle") or known.get("booktitle") or "", known.get("abstract", ""),
        )  # fmt: skip


def _ris(text: str) -> Iterator[Reading]:
    """By its ends instead of its beginnings: some programs write the type somewhere in the record."""
    for block in re.split(r"^\s*ER  ?-.*$", text, flags=re.MULTILINE):
        known: dict[str, list[str]] = {}
        last: list[str] = []
        people: list[str] = []
        for line in block.splitlines():
            if found := re.match(r"\s*([A-Z][A-Z0-9]) {1,2}-(.*)", line):
                last = known.setdefault(found[1], [])
                last.append(found[2].strip())
                people += [found[2].strip()] if found[1] in ("AU", "A1") else []
            elif last and line.strip():
                last[-1] = f"{last[-1]} {line.strip()}"
        yield Reading(
            _first(known, "TI", "T1"), tuple(dict.fromkeys(people)), _year(_first(known, "PY", "Y1", "DA")), _doi(_first(known, "DO")),
            _first(known, "JF", "T2", "JO", "JA"), " ".join(known.get("AB") or known.get("N2") or ()),
        )  # fmt: skip


def _blocks(text: str, begins: str, tag: str, joined: bool = True) -> Iterator[dict[str, list[str]]]:
    """Records that begin with a line that matches `begins`; lines without a tag go on with the one before."""
    for block in re.split(rf"^(?={begins})", text, flags=re.MULTILINE)[1:]:
        known: dict[str, list[str]] = {}
        last: list[str] = []
        for line in block.splitlines():
            if found := re.match(tag, line):
                last = known.setdefault(found[1], [])
                last.append(found[2].strip())
            elif last and line.strip():
                if joined:
                    last[-1] = f"{last[-1]} {line.strip()}"
                else:
                    last.append(line.strip())
        yield known


def _first(known: dict[str, list[str]], *names: str) -> str:
    return next((known[name][0] for name in names if known.get(name)), "")


def _medline(text: str) -> Iterator[Reading]:
    for one in _blocks(text, "PMID- ", r"([A-Z]{2,4}) *- (.*)"):
        ids = " ".join(value for value in [*one.get("LID", []), *one.get("AID", [])] if "[doi]" in value)
        people = one.get("FAU") or one.get("AU") or one.get("CN") or []
        yield Reading(
            _first(one, "TI", "BTI"),
            tuple(people),
            _year(_first(one, "DP")),
            _doi(ids),
            _first(one, "JT", "TA"),
            _first(one, "AB"),
        )


def _web_of_science(text: str) -> Iterator[Reading]:
    for one, parts in zip(
        _blocks(text, "PT ", r"([A-Z][A-Z0-9]) (.*)"), _blocks(text, "PT ", r"([A-Z][A-Z0-9]) (.*)", joined=False), strict=True
    ):
        people = parts.get("AF") or parts.get("AU") or []
        yield Reading(
            _first(one, "TI"),
            tuple(people),
            _year(_first(one, "PY")),
            _doi(_first(one, "DI")),
            _first(one, "SO"),
            _first(one, "AB"),
        )


def _percent_tags(text: str) -> Iterator[Reading]:
    begins = "%0 "
    if not re.match(r"\s*%0", text):  # no type to begin with, so a blank line is between records
        text, begins = "%% \n" + re.sub(r"\n\s*\n", "\n%% \n", text), "%% "
    for one in _blocks(text, begins, r"%(.) ?(.*)"):
        yield Reading(
            _first(one, "T"),
            tuple(one.get("A", [])),
            _year(_first(one, "D")),
            _doi(_first(one, "R")),
            _first(one, "J", "B"),
            _first(one, "X"),
        )


def _refworks(text: str) -> Iterator[Reading]:
    for one in _blocks(text, "RT ", r"([A-Z][A-Z0-9]) (.*)"):
        yield Reading(
            _first(one, "T1"),
            tuple(one.get("A1", [])),
            _year(_first(one, "YR")),
            _doi(_first(one, "DO")),
            _first(one, "JF"),
            _first(one, "AB"),
        )


def _ovid(text: str) -> Iterator[Reading]:
    for block in re.split(r"^<\d+\s*\.?\s*>.*$", text, flags=re.MULTILINE)[1:]:
        known: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            tagged = re.match(r"([A-Z]{2}) +- (.*)", line)
            if tagged:
                name = tagged[1]
                known[name] = (
                    f"{known.get(name, '')}; {tagged[2]}".strip("; ")
                    if name == "AU"
                    else f"{known.get(name, '')} {tagged[2]}".strip()
                )
            elif line[:1].isalpha():
                name = line.strip()
            elif name and line.strip():
                known[name] = f"{known.get(name, '')} {line.strip()}".strip()
        told = re.sub(r"\s*\[[^\]]*\]| (?:MD|MPH|PhD)\b,?", "", known.get("Author", known.get("Authors", known.get("AU", ""))))
        people = re.split(r";\s*", re.sub(r"(?<=[A-Za-z.])\s*[0-9*+,]+(?=;|$|\s*;)", "", told))
        title = re.sub(r"\.?\s*\[[^\[\]]{3,60}\]\s*\.?$", "", known.get("Title", known.get("TI", "")))
        year = known.get("Year of Publication") or known.get("YR") or known.get("Source") or known.get("SO")
        yield Reading(
            title, tuple(name for name in people if name.strip()), _year(year), "", "", known.get("Abstract", known.get("AB", ""))
        )


_COLUMNS = {
    "title": ("title", "article title", "document title", "ti"), "authors": ("author full names", "af", "author", "authors", "author/s", "author names"),
    "year": ("publication year", "year", "py", "date", "source"), "doi": ("doi", "di"), "venue": ("publication title", "source title", "journal", "so"),
    "abstract": ("abstract note", "abstract", "ab"),
}  # fmt: skip


def _csv(text: str) -> Iterator[Reading]:
    first = next(line for line in text.splitlines() if line.strip())
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    for row in rows:
        known = {(name or "").strip().casefold(): value or "" for name, value in row.items() if isinstance(value, str)}
        one = {field: next((known[name] for name in names if known.get(name)), "") for field, names in _COLUMNS.items()}
        people = re.sub(r"\s*\(\d{6,}\)", "", one["authors"])
        people = "; ".join(ast.literal_eval(people)) if people.startswith("['") else people
        cut = ";" if ";" in people else r"\s+and\s+|,(?=\s*[A-Z]\w+ [A-Z])" if people.count(",") != 1 else r"\0"
        if ";" not in people and re.search(r"\w [A-Z]\.(?:[A-Z]\.)*,", people):  # Embase: `Liu R., Adler D.G.`
            cut = ","
        yield Reading(
            one["title"],
            tuple(name for name in re.split(cut, people) if name.strip()),
            _year(one["year"]),
            _doi(one["doi"]),
            one["venue"],
            one["abstract"],
        )


def _tree(text: str) -> ElementTree.Element:
    """The whole document, without names of spaces and without its type's definition."""
    text = re.sub(
        r"<!DOCTYPE[^\[>]*(\[.*?\])?\s*>|\sxmlns(?::\w+)?=\"[^\"]*\"|(?<=</)\w+:|(?<=<)\w+:(?=\w)|(?<=\s)\w+:(?=\w+=\")",
        "",
        text,
        flags=re.DOTALL,
    )
    return ElementTree.fromstring(re.sub(r"<\?xml.*?\?>", "", text))


def _inside(element: ElementTree.Element | None, *paths: str) -> str:
    for path in paths:
        found = element.find(path) if element is not None else None
        if found is not None and (text := " ".join("".join(found.itertext()).split())):
            return text
    return ""


def _pubmed(text: str) -> Iterator[Reading]:
    for one in _tree(text).iter("PubmedArticle"):
        article = one.find(".//Article")
        people = one.findall(".//Article/AuthorList/Author")
        names = [f"{_inside(who, 'ForeName')} {_inside(who, 'LastName', 'CollectiveName')}" for who in people]
        doi = next(
            (
                each.text
                for each in [*one.findall(".//Article/ELocationID"), *one.findall("PubmedData/ArticleIdList/ArticleId")]
                if "doi" in each.attrib.values()
            ),
            "",
        )
        abstract = " ".join("".join(part.itertext()) for part in one.findall(".//Article/Abstract/AbstractText"))
        yield Reading(
            _inside(article, "ArticleTitle"),
            tuple(names),
            _year(_inside(article, "Journal/JournalIssue/PubDate")),
            _doi(doi),
            _inside(article, "Journal/Title"),
            abstract,
        )


def _endnote(text: str) -> Iterator[Reading]:
    for one in _tree(text).iter("record"):
        people = ["".join(who.itertext()) for who in one.findall(".//contributors/authors/author")]
        yield Reading(
            _inside(one, ".//titles/title"), tuple(people), _year(_inside(one, ".//dates/year")), _doi(_inside(one, "electronic-resource-num")),
            _inside(one, ".//periodical/full-title", ".//titles/secondary-title"), _inside(one, "abstract"),
        )  # fmt: skip


def _atom(text: str) -> Iterator[Reading]:
    for one in _tree(text).iter("entry"):
        people = [_inside(who, "name") for who in one.findall("author")]
        yield Reading(
            _inside(one, "title"),
            tuple(people),
            _year(_inside(one, "published")),
            _doi(_inside(one, "doi")),
            _inside(one, "journal_ref"),
            _inside(one, "summary"),
        )


def _objects(text: str) -> Iterator[dict[str, Any]]:
    try:
        found = json.loads(text)
    except ValueError:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    while isinstance(found, dict) and not {"title", "content"} & set(found):
        found = next(
            value
            for name, value in found.items()
            if name in ("message", "items", "results", "notes", "data") and isinstance(value, dict | list)
        )
    yield from found if isinstance(found, list) else [found]


def _plain(value: Any) -> str:
    while isinstance(value, dict | list):
        value = (
            (value[0] if value else "")
            if isinstance(value, list)
            else value.get("value", value.get("name", value.get("display_name", "")))
        )
    return str(value if value is not None else "")


def _people(one: dict[str, Any]) -> tuple[str, ...]:
    found = one.get("authors_parsed") or one.get("authorships") or one.get("authors") or one.get("author") or []
    if isinstance(found, str):
        return tuple(re.split(r";\s*|,\s*(?:and )?", found))
    return tuple(_person(each) for each in found)


def _person(one: Any) -> str:
    if isinstance(one, dict):
        return (
            _plain(one.get("author"))
            if "author" in one
            else " ".join(filter(None, [one.get("given"), one.get("family")])) or str(one.get("literal") or one.get("name") or "")
        )
    return f"{one[1]} {one[0]}" if isinstance(one, list) else str(one)


def _json(text: str) -> Iterator[Reading]:
    for outer in _objects(text):
        one = outer.get("paper") or (
            outer if "abstractNote" in outer or "content" not in outer else {**outer["content"], "cdate": outer.get("cdate")}
        )
        people = one.get("authors")
        one = {**one, "authors": people["value"]} if isinstance(people, dict) else one
        index = one.get("abstract_inverted_index")
        words = sorted((place, word) for word, places in index.items() for place in places) if index else []
        ids = {str(name).lower(): value for name, value in (one.get("externalIds") or one.get("externalids") or {}).items()}
        issued = one.get("issued") or one.get("published") or {}
        when = (
            one.get("year")
            or one.get("publication_year")
            or (issued.get("date-parts", [[""]])[0][0] if isinstance(issued, dict) else issued)
            or ""
        )
        venue = (
            one.get("container-title")
            or ((one.get("primary_location") or {}).get("source") or {}).get("display_name")
            or one.get("journal-ref")
            or ""
        )
        abstract = " ".join(word for _, word in words) or _plain(one.get("abstract") or one.get("summary"))
        yield Reading(
            _plain(one.get("title")),
            _people(one),
            _year(when),
            _doi(one.get("doi") or one.get("DOI") or ids.get("doi")),
            _plain(venue),
            abstract,
        )


_Reader = Callable[[str], Iterator[Reading]]
_READERS: tuple[tuple[str, _Reader], ...] = (
    (r"\A\.bib", _bibtex), (r"(?m)^PMID- ", _medline), (r"(?m)^PT [A-Z]$", _web_of_science), (r"(?m)^%0 ", _percent_tags),
    (r"(?m)^RT [A-Z]", _refworks), (r"(?m)^<\d+\s*\.?\s*>", _ovid), (r"(?m)^\s*TY  ?-", _ris), (r"<PubmedArticle(?:Set)?[\s>]", _pubmed), (r"<xml>\s*<records", _endnote),
    (r"http://www\.w3\.org/2005/Atom", _atom), (r"\A\.(?:csv|tsv)|\A.*\nPT\tAU\t", _csv), (r"\A\.jsonl?\n", _json),
)  # fmt: skip
