"""Reads CSV as spreadsheets and libraries write it: a heading that names the columns, then one paper a row."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from rag.ingestion.fields import UnusableError, foreign_paper_of
from rag.ingestion.non_papers import reads_as_abstracts
from rag.ingestion.outcomes import LONGEST_ABSTRACT, Outcome, Unreadable, report
from rag.types import Paper, Refused

DELIMITERS = ",;\t|"
LONGEST_ROW = 2 * LONGEST_ABSTRACT
MOST_LINES = 1000
"""So many characters and lines a quotation mark may stay open for; then it was a slip and only its own line suffers."""

# What Zotero, Scopus, Web of Science, IEEE Xplore, SpringerLink, Dimensions, Lens, OpenAlex, Covidence, Rayyan, Cochrane, EBSCO, ProQuest,
# Publish or Perish and spreadsheets call a column, the best name first; `_` counts as a space.
_COLUMNS: Mapping[str, Sequence[str]] = {
    "title": (
        "title", "article title", "document title", "item title", "paper title", "publication title (original)", "titles", "display name",
        "name", "primary title", "ti",
    ),
    "abstract": ("abstract", "abstract note", "summary", "abstracts", "summaries", "abstract text", "abstract summary", "description", "ab"),
    "authors": (
        "author full names", "authors", "author", "author/s", "author names", "author(s)", "creators", "creator", "authorships.author.display name",
        "authors list", "paper authors", "af", "au",
    ),
    "year": (
        "year", "publication year", "published year", "pubyear", "year of publication", "date", "published", "publication date", "date published",
        "pub date", "py",
    ),
    "venue": (
        "venue", "publication title", "source title", "journal", "journal title", "journal name", "conference", "booktitle", "container title",
        "journal/book", "pubtitle", "primary location.source.display name", "is part of", "ispartof", "publication", "source", "so",
    ),
    "url": ("url", "link", "pdf link", "article url", "articleurl", "permalink", "urls", "abstract url", "paper url", "external url", "source urls"),
    "doi": ("doi", "item doi", "dois", "di", "doi link", "digital object identifier"),
    "arxiv_id": ("arxiv id", "arxiv", "eprint"),
    "id": ("id", "paper id"),
    "key": ("citation key", "citekey", "bibtex key"),
    "note": ("extra", "notes"),
}  # fmt: skip
_IN_OTHER_LANGUAGES: Mapping[str, Sequence[str]] = {
    "title": (
        "titel", "titre", "título", "titulo", "titolo", "tytuł", "otsikko", "başlık", "название", "заглавие", "标题", "题名", "篇名", "標題", "タイトル", "論文名", "제목",
    ),
    "abstract": (
        "kurzfassung", "zusammenfassung", "résumé", "resumen", "resumo", "riassunto", "sommario", "samenvatting", "sammanfattning", "streszczenie", "özet", "аннотация", "реферат",
        "摘要", "抄録", "要旨", "초록",
    ),
    "authors": (
        "autoren", "autor", "autor/in", "autor(en)", "verfasser", "auteurs", "auteur", "auteur(s)", "autores", "autor(es)", "autori", "autore", "författare", "forfattere",
        "autorzy", "yazarlar", "авторы", "автор", "作者", "著者", "저자",
    ),
    "year": (
        "jahr", "erscheinungsjahr", "année", "annee", "année de publication", "año", "año de publicación", "ano", "anno", "jaar", "år", "rok", "yıl", "год", "年份", "年", "出版年", "発行年", "연도",
    ),
    "venue": (
        "zeitschrift", "journal/zeitschrift", "revue", "revista", "periódico", "rivista", "tijdschrift", "tidskrift", "czasopismo", "dergi", "журнал", "期刊", "刊名", "雑誌", "雑誌名", "학술지",
        "quelle", "fuente", "источник", "来源",
    ),
    "url": ("lien", "enlace", "collegamento", "ссылка", "链接", "リンク"),
}  # fmt: skip
"""What spreadsheets kept in German, French, Spanish, Portuguese, Italian and other languages call a column."""
_NAMES = {field: (*names, *_IN_OTHER_LANGUAGES.get(field, ())) for field, names in _COLUMNS.items()}
_WHO = re.compile(r"(?<!\s)\s*+\([0-9]{6,}\)")
"""Scopus' number of an author, behind the name."""
_VENUE_WITH_YEAR = re.compile(r"^(.{3,200}?)\s*+\(((?:19|20)[0-9]{2})\)\s.*", re.DOTALL)
"""Embase: `Endoscopic Ultrasound (2014) 3:3 (152-160)`."""
_RUN_TOGETHER = re.compile(r"(?<=[^\W\d_A-Z]|\))(?=[A-Z][^\W\d_A-Z])")
"""SpringerLink: `Datong WeiCan LiuXiaoru Yuan`."""
_LOOSE = frozenset(
    {
        "summary",
        "summaries",
        "description",
        "abstract summary",
        "name",
        "display name",
        "source",
        "link",
        "url",
        "date",
        "published",
        "id",
        "notes",
        "author",
        "creator",
        "venue",
        "publication",
        "quelle",
        "fuente",
        "источник",
        "来源",
        *(name for name in _IN_OTHER_LANGUAGES["abstract"] if name != "kurzfassung"),
    }
)
"""Names that a table of anything else may have for its columns."""
_SCHOLARLY = frozenset({"doi", "arxiv_id", "venue", "abstract"})
"""Fields of which one shows that a table is of papers, where its column has a name that only such a table gives it."""
JUDGED = 20
"""Rows by whose text it is decided where the columns' names leave it open."""
FEWEST_WITHOUT_ABSTRACT = 5
"""Known columns by which a table without abstracts is still one of papers, also where it has no DOIs."""
_NO_HEADING = "The first line must name a column `title` and beside it `abstract`, `doi`, or `authors`, `year` and `journal`. Rename the columns of your table."
_NO_PAPERS = "This table does not look like one of papers. If it is, call its columns title, abstract, authors, year and doi."
PREAMBLE = 5
"""Lines that a service may write above the heading (`About the data: Exported on …`)."""
_ABOUT = re.compile(r"\W{0,2}(?:about the data|exported|export date|search|query|source|results)\b", re.IGNORECASE)
_SEPARATOR_HINT = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_AS_TEXT = re.compile(r"\A'(?=[=+@'-])")
"""The prefix that marks a cell of a spreadsheet as text, not a formula."""

_RULE = frozenset(" |:-")
"""The characters of what Markdown writes below the heading of a table."""

Numbered = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Heading:
    """The line itself, how its cells are divided, how many there are, and at which place each field stands."""

    line: str
    delimiter: str
    width: int
    places: Mapping[str, int]
    authors: Literal["", "joined", "family first"] = ""
    """How the service writes authors: with nothing between them, or `Family, Given` so that one comma is inside one name."""
    loose: bool = False
    """Whether a table of films, goods or reports of errors may have the same columns."""


class CsvImporter:
    """Columns `title` and `abstract`, and where there are any authors, year, venue, url, doi, arXiv id, under their usual names.

    Cells are divided by a comma, semicolon, tab or bar, as the heading shows; quoting is that of RFC 4180.
    """

    @property
    def name(self) -> str:
        return "csv"

    def recognises(self, head: str) -> bool:
        """Whether the first line, or one below a service's own, names the columns of a table of papers."""
        written = (line for line in head.lstrip("\ufeff").splitlines() if line.strip() and not _SEPARATOR_HINT.fullmatch(line))
        first = next(written, "")
        return _heading(first) is not None or any(_below(first, line) is not None for line in islice(written, PREAMBLE))

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]:
        """Papers in the file's order; refused are rows without title or abstract, with too many cells, and repeats."""
        return report(_outcomes(lines, source), source)


def _outcomes(lines: Iterable[str], source: str) -> Iterator[Outcome]:
    numbered = ((number, _bare(line)) for number, line in enumerate(lines, start=1))
    heading: Heading | None = None
    above: list[Numbered] = []
    for number, line in numbered:
        if isinstance(line, Unreadable):
            yield number, line.reason
        elif line.strip() and not _SEPARATOR_HINT.fullmatch(line):
            heading = _below(above[0][1], line) if above else _heading(line)
            if heading is not None or len(above) == PREAMBLE:
                break
            above.append((number, line))
    if heading is None and above:
        yield above[0][0], _NO_HEADING
    if heading is not None:
        rows = _rows(numbered, heading, source)
        yield from _judged(rows) if heading.loose else rows


def _judged(rows: Iterator[Outcome]) -> Iterator[Outcome]:
    """The rows; one refusal in their place where what the first ones describe are no papers."""
    first = list(islice(rows, JUDGED))
    papers = [each for _, each in first if isinstance(each, Paper)]
    if papers and not reads_as_abstracts([each.abstract for each in papers]):
        yield first[0][0], _NO_PAPERS
        return
    yield from first
    yield from rows


def _rows(numbered: Iterator[Numbered], heading: Heading, source: str) -> Iterator[Outcome]:
    for number, text in _records(numbered, heading):
        if text == heading.line:  # several files were combined
            continue
        try:
            yield number, _paper(text, heading, source)
        except UnusableError as reason:
            yield number, str(reason)


def _records(numbered: Iterator[Numbered], heading: Heading) -> Iterator[Numbered]:
    """Each row with the number of its first line; a cell in quotation marks may go over several lines."""
    lines, delimiter = _Lines(numbered), heading.delimiter
    while (first := lines.next()) is not None:
        number, line = first
        if isinstance(line, Unreadable) or not _is_open(line, delimiter):
            if isinstance(line, Unreadable) or (
                line.strip() and not (delimiter == "|" and "-" in line and _RULE.issuperset(line))
            ):
                yield first
            continue
        held, closed = _until_closed(first, lines, delimiter)
        if closed:
            yield number, "\n".join(text for _, text in held)
        else:
            yield (
                number,
                Unreadable("A quotation mark that opens in this row is never closed: close it, or double it inside a cell."),
            )
            lines.put_back([one for one in held[1:] if _may_be_row(one[1], heading)])


def _may_be_row(line: str, heading: Heading) -> bool:
    """Whether a line behind an open quotation mark is a row of its own, and not the rest of the open cell."""
    if isinstance(line, Unreadable) or _is_open(line, heading.delimiter):
        return True
    return len(_cells(line, heading.delimiter)) == heading.width


class _Lines:
    """Lines that can be pushed back."""

    def __init__(self, numbered: Iterator[Numbered]) -> None:
        self._numbered = numbered
        self._back: deque[Numbered] = deque()

    def next(self) -> Numbered | None:
        return self._back.popleft() if self._back else next(self._numbered, None)

    def put_back(self, lines: Sequence[Numbered]) -> None:
        self._back.extendleft(reversed(lines))


def _until_closed(first: Numbered, lines: _Lines, delimiter: str) -> tuple[list[Numbered], bool]:
    """The lines up to that in which the open cell closes, or as far as it makes sense to look, and whether it does close."""
    held, size = [first], len(first[1])
    while (following := lines.next()) is not None:
        held.append(following)
        size += len(following[1])
        if isinstance(following[1], Unreadable) or size > LONGEST_ROW or len(held) > MOST_LINES:
            break
        if '"' in following[1] and not _is_open("\n".join(text for _, text in held), delimiter):
            return held, True
    return held, False


def _is_open(text: str, delimiter: str) -> bool:
    """Whether a cell in quotation marks goes on after the text."""
    try:
        _cells(text, delimiter, strict=True)
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _paper(text: str, heading: Heading, source: str) -> Paper:
    if isinstance(text, Unreadable):
        raise UnusableError(text.reason)
    try:
        cells = _cells(text, heading.delimiter)
    except csv.Error:
        raise UnusableError(f"Title and abstract are longer than {LONGEST_ABSTRACT:,} characters: no paper's are.") from None
    if any(cell.strip() for cell in cells[heading.width :]):
        raise UnusableError(
            f"This row has {len(cells)} cells and the heading has {heading.width}: put cells that hold a divider in quotation marks."
        )
    fields = {name: _AS_TEXT.sub("", cells[place], count=1) for name, place in heading.places.items() if place < len(cells)}
    if found := _VENUE_WITH_YEAR.fullmatch(fields.get("venue", "")):
        fields["venue"], fields["year"] = found[1], fields.get("year") or found[2]
    authors = _people(_WHO.sub("", fields.get("authors", "")), heading)
    return foreign_paper_of(fields, authors, source, [fields["key"]] if fields.get("key") else ())


def _people(text: str, heading: Heading) -> str | list[str]:
    """The names, where the service writes them in a way of its own; else the text as it is."""
    if heading.authors == "joined" and not {",", ";"} & set(text):
        return _RUN_TOGETHER.split(text)
    if heading.authors == "family first" and text.count(",") == 1 and ";" not in text:
        return [text]
    return text.split("|") if "|" in text else text


def _below(first: str, line: str) -> Heading | None:
    """The heading that this line is below a first one that is none: surely of papers, unless the first is a service's own."""
    found = _heading(line)
    return found if found is not None and (not found.loose or _ABOUT.match(first)) else None


def _heading(line: str) -> Heading | None:
    """The division under which most columns have a name that is known; None if title or abstract is not among them."""
    found = [heading for delimiter in DELIMITERS if (heading := _divided(line, delimiter)) is not None]
    return max(found, key=lambda heading: len(heading.places), default=None)


def _divided(line: str, delimiter: str) -> Heading | None:
    try:
        names = [" ".join(cell.replace("_", " ").split()).casefold() for cell in _cells(line, delimiter)]
    except csv.Error:
        return None
    places = {
        field: names.index(known[0])
        for field, wanted in _NAMES.items()
        if (known := [name for name in wanted if name in names])
    }  # fmt: skip
    if not _is_of_papers(places):
        return None
    sure = any(field in _SCHOLARLY and names[place] not in _LOOSE for field, place in places.items())
    return Heading(line, delimiter, len(names), places, _way_of_authors(names), loose=not sure)


def _way_of_authors(names: Sequence[str]) -> Literal["", "joined", "family first"]:
    """SpringerLink's joined names, Zotero's and Web of Science's with the family name first."""
    if "item title" in names:
        return "joined"
    return "family first" if {"abstract note", "author full names", "af"} & set(names) else ""


def _is_of_papers(places: Mapping[str, int]) -> bool:
    informative = {"abstract", "doi"} & set(places) or {"authors", "year", "venue"} <= set(places)
    return "title" in places and (bool(informative) or len(places) >= FEWEST_WITHOUT_ABSTRACT)


def _cells(text: str, delimiter: str, strict: bool = False) -> list[str]:
    rows = csv.reader([f"{line}\n" for line in text.split("\n")], delimiter=delimiter, strict=strict)
    return next(rows, [])


def _bare(line: str) -> str:
    return line if isinstance(line, Unreadable) else line.lstrip("\ufeff").rstrip("\r\n").replace("\r", "\n")
