"""Opens what people bring, chooses its reader by what it holds and hands it the lines; every way of being unreadable ends here."""

from __future__ import annotations

import errno
import io
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TextIO

from rag.errors import ImportFailed
from rag.ingestion import containers
from rag.ingestion.acl_xml import ACL_XML
from rag.ingestion.arxiv_text import ArxivTextImporter
from rag.ingestion.arxiv_xml import ARXIV_XML, HARVESTED_XML, RSS
from rag.ingestion.bibtex import BibtexImporter
from rag.ingestion.citation_file import CitationFileImporter
from rag.ingestion.cleaning import clean
from rag.ingestion.containers import Source
from rag.ingestion.crossref_xml import CROSSREF_XML
from rag.ingestion.csv_table import CsvImporter
from rag.ingestion.daily_papers import DailyPapersImporter
from rag.ingestion.dblp_xml import DBLP_XML
from rag.ingestion.encodings import encoding_of
from rag.ingestion.endnote_tags import ENDNOTE_TAGS
from rag.ingestion.endnote_xml import ENDNOTE_XML
from rag.ingestion.jsonl import JsonLinesImporter
from rag.ingestion.marc_xml import MARC_XML
from rag.ingestion.medline import ERIC, MEDLINE
from rag.ingestion.mods import MODS
from rag.ingestion.non_papers import kind_of_non_paper
from rag.ingestion.outcomes import Unreadable
from rag.ingestion.ovid import OVID
from rag.ingestion.page import PageImporter
from rag.ingestion.pubmed_xml import PUBMED_XML
from rag.ingestion.refworks import REFWORKS
from rag.ingestion.ris import RIS
from rag.ingestion.spreadsheet import read_workbook
from rag.ingestion.web_of_science import WEB_OF_SCIENCE
from rag.ingestion.web_page import WebPageImporter
from rag.ingestion.zotero_rdf import ZOTERO_RDF
from rag.protocols import Importer
from rag.types import Paper, Refused

LONGEST_LINE = 8 * 1024 * 1024
"""Characters. A longer line is refused and passed over without being held, unless it is JSON that can be cut between records."""

_NOT_TEXT = re.compile("[\udc80-\udcff]")  # how `surrogateescape` marks each byte that is none
_HALF_LETTER = re.compile("[\udc80-\udcff]{1,3}\\Z")
_HEAD = 64 * 1024  # bytes by which a format is recognised
_MOST_NULS = 0.02
"""Share of NUL bytes from which a file is no text. Chosen."""
_MOST_CONTROLS = 0.05
"""Share of control characters from which a file is no text: one bad record in twenty has one at most."""
_TEXT = bytes(byte for byte in range(256) if (byte >= 32 and byte != 127) or byte in b"\t\n\r\f\v")
_COLLECTION = {"collection.json", "papers.jsonl", "vectors.f32"}
"""The parts of a collection that Paperchat exported: it is more than its papers, and is imported whole."""
_BETWEEN_RECORDS = re.compile(r"\},[ \t]*(?=\{\s*\")")

JSON = JsonLinesImporter()
CSV = CsvImporter()
BIBTEX = BibtexImporter()
WEB_PAGE = WebPageImporter()
PAGE = PageImporter()
IMPORTERS: Sequence[Importer] = (
    JSON, BIBTEX, RIS, MEDLINE, ERIC, WEB_OF_SCIENCE, REFWORKS, ENDNOTE_TAGS, OVID, WEB_PAGE, PUBMED_XML, CROSSREF_XML, MODS,
    MARC_XML, ACL_XML, DBLP_XML, ZOTERO_RDF, HARVESTED_XML, ENDNOTE_XML, ARXIV_XML, RSS, CSV, CitationFileImporter(), DailyPapersImporter(), ArxivTextImporter(), PAGE,
)  # fmt: skip
"""Every reader, the pickiest first: any text with a title and an abstract looks like a page."""

_BY_SUFFIX: dict[str, Importer] = {
    ".jsonl": JSON, ".ndjson": JSON, ".json": JSON, ".txt": PAGE, ".text": PAGE, ".md": PAGE, ".csv": CSV, ".tsv": CSV, ".bib": BIBTEX,
    ".bibtex": BIBTEX, ".ris": RIS,
}  # fmt: skip
SUFFIXES = frozenset(
    [
        *_BY_SUFFIX,
        *".nbib .enw .ciw .isi .xml .rdf .mods .medline .tab .biblatex .atom .rss .html .htm .xlsx .xlsm .gz .zip .zst .bz2 .xz .ovid .eml .cff .marcxml .mrc".split(),
    ]
)
"""What is read out of a folder or an archive; other files there are passed over."""
_FORMATS = (
    "Supported formats: pages of titles and abstracts saved as text, Markdown or HTML; JSON and JSON Lines (also from OpenAlex, Crossref, Semantic Scholar, "
    "OpenReview, arXiv, Zotero); CSV and Excel tables; BibTeX, RIS, PubMed, Web of Science, EndNote, RefWorks, Ovid, Zotero RDF, MODS, MARCXML, DBLP, Atom and CITATION.cff. Files may be compressed."
)
_WEB_PAGE = "is the source of a web page that does not say which papers it holds. Open it in a browser and save it as text."
_BINARY = (
    (b"%PDF", "a PDF: save the list of papers from your reference manager instead"), (b"\xd0\xcf\x11\xe0", "an old Word or Excel file: save it as .xlsx or text"),
    (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"SQLite format 3", "a database: export the papers from its program"),
    (b"\x7fELF", "a program"), (b"Rar!", "a RAR archive: unpack it first"), (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
)  # fmt: skip

_MARC = re.compile(rb"[0-9]{5}[acdnp ][a-z ]{2}.{4}[0-9]{5}.{3}45[0-9]{2}[0-9]{12}")
"""How a record of MARC begins: its length, kinds, and a directory of its fields."""


def read_papers(path: Path | str) -> Iterator[Paper | Refused]:
    """The papers of a file, archive or folder in order, and a `Refused` for each record that could not be taken; read when asked for.

    Raises `ImportFailed`: at once where the file cannot be opened or its format is unknown, at the end where it held nothing.
    """
    path = Path(path)
    try:
        if stat.S_ISDIR(path.stat().st_mode):
            inside = [_file(one, one.relative_to(path).as_posix()) for one in containers.files_in(path)]
            return _all_of(_known(inside, str(path)), str(path))
    except (OSError, ValueError) as error:
        raise ImportFailed(_why(path, error)) from error
    return _read(_file(path, path.name), str(path))


def endings() -> frozenset[str]:
    """The endings of names of files that are read out of a folder or an archive."""
    return SUFFIXES


def read_text(text: str, source: str = "pasted text") -> Iterator[Paper | Refused]:
    """The same for a text that somebody pasted."""
    if not clean(text):
        raise ImportFailed(f"{source} is empty. {_FORMATS}")
    importer = _recognising(text[:_HEAD]) or PAGE
    _check_page(importer, text[:_HEAD], source)
    return _never_nothing(importer.read(io.StringIO(text, newline=None), source), source)


def _file(path: Path, name: str) -> Source:
    return Source(name, path.suffix.lower(), lambda: path.open("rb"), path)


def _read(source: Source, called: str, depth: int = 0) -> Iterator[Paper | Refused]:
    """What a source holds, unpacked as often as files are packed."""
    head = _start(source, called)
    inner = containers.unpacked(source, head)
    if inner is not source:
        return (
            _read(inner, called, depth + 1) if depth < 2 else _refuse(f"{called} is compressed more than once. Unpack it first.")
        )
    if head.startswith(containers.ZIP):
        return _archive(source, called, depth)
    text, encoding = _text_of(source, head, called)
    importer = _importer_for(text, source, called)
    return _papers(source, importer, encoding, called)


def _refuse(reason: str) -> Iterator[Paper | Refused]:
    raise ImportFailed(reason)


def _archive(source: Source, called: str, depth: int) -> Iterator[Paper | Refused]:
    inside = list(containers.members(source))
    names = {one.name.removeprefix(f"{source.name}/") for one in inside}
    if names == _COLLECTION:
        raise ImportFailed(
            f"{called} is an exported collection. Import it with `paperchat collections import`, or on the Papers tab."
        )
    if "xl/workbook.xml" in names:
        return _workbook(source)
    if names & {"word/document.xml", "ppt/presentation.xml", "META-INF/container.xml", "content.xml"}:
        raise ImportFailed(
            f"{called} is a word-processor document or an e-book. Save it as text and add the text file. {_FORMATS}"
        )
    if depth >= 2:
        raise ImportFailed(f"{called} is compressed more than once. Unpack it first.")
    return _all_of(_known(inside, called), called, depth + 1)


def _workbook(source: Source) -> Iterator[Paper | Refused]:
    with source.opened() as file:
        yield from _never_nothing(read_workbook(file, source.name), source.name)


def _known(sources: Sequence[Source], called: str) -> list[Source]:
    """Those whose names end as files of papers do; raises ImportFailed if there is none."""
    known = [source for source in sources if source.suffix in SUFFIXES]
    if not known:
        raise ImportFailed(f"{called} contains no file of papers. {_FORMATS}")
    return known


def _all_of(sources: Sequence[Source], called: str, depth: int = 0) -> Iterator[Paper | Refused]:
    """The papers of several files; one that cannot be read is named and does not stop the others."""
    nothing = True
    for source in sources:
        try:
            for each in _read(source, source.name, depth):
                nothing = nothing and not isinstance(each, Paper)
                yield each
        except ImportFailed as error:
            yield Refused(source.name, str(error), "file")
    if nothing:
        raise ImportFailed(f"No papers were found in {called}. {_FORMATS}")


def _papers(source: Source, importer: Importer, encoding: str, called: str) -> Iterator[Paper | Refused]:
    try:
        with io.TextIOWrapper(source.opened(), encoding=encoding, errors="surrogateescape", newline=None) as file:
            lines = _json_lines(file) if importer is JSON else _lines(file)
            nothing = _WEB_PAGE if importer is WEB_PAGE else ""
            yield from _never_nothing(importer.read(lines, source.name), source.name, nothing)
    except OSError as error:
        raise ImportFailed(_why(Path(called), error)) from error


def _never_nothing(found: Iterator[Paper | Refused], source: str, why: str = "") -> Iterator[Paper | Refused]:
    nothing = True
    for each in found:
        nothing = False
        yield each
    if nothing:
        raise ImportFailed(f"{source} {why}" if why else f"No papers were found in {source}. {_FORMATS}")


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            _pass_over_rest(file)
            yield Unreadable(f"This line is longer than {LONGEST_LINE:,} characters. Write one paper a line.")
        else:
            yield _readable(line)


def _uncut(line: str) -> str:
    """A file's last line without the letter that the file breaks off in."""
    return line if line.endswith("\n") else _HALF_LETTER.sub("", line)


def _json_lines(file: TextIO) -> Iterator[str]:
    """The same, but a long line of many records is cut between them, so that a whole list on one line is never held."""
    held, skipping = "", False
    while line := file.readline(LONGEST_LINE // 8):
        ended = line.endswith("\n")
        if not skipping:
            held += line
        if ended:
            if not skipping:
                yield _readable(held)
            held, skipping = "", False
        elif not skipping and (cuts := [found.end() for found in _BETWEEN_RECORDS.finditer(held)]):
            yield _readable(held[: cuts[-1]])
            held = held[cuts[-1] :]
        if len(held) > LONGEST_LINE:
            held, skipping = "", True
            yield Unreadable(f"This line is longer than {LONGEST_LINE:,} characters. Write one paper a line.")
    if held:
        yield _readable(held)


def _readable(line: str) -> str:
    line = _uncut(line)
    if _NOT_TEXT.search(line):
        return Unreadable("This line is not UTF-8 text. Save the file as UTF-8 and add it again.")
    return line


def _pass_over_rest(file: TextIO) -> None:
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith("\n"):
        pass


def _start(source: Source, called: str) -> bytes:
    """The source's first bytes, or `ImportFailed` where there is nothing to read."""
    try:
        if source.path is not None and not stat.S_ISREG(source.path.stat().st_mode):
            raise ImportFailed(f"{called} is not a regular file. Save the papers to a file and give that.")
        with source.opened() as file:
            return file.read(_HEAD)
    except (OSError, ValueError) as error:
        raise ImportFailed(_why(Path(called), error)) from error


def _check_binary(head: bytes, called: str) -> None:
    """Raises ImportFailed for what is known to be no text."""
    for mark, what in _BINARY:
        if head.startswith(mark):
            raise ImportFailed(f"{called} is a binary file ({what}), not text. {_FORMATS}")
    if _MARC.match(head):
        raise ImportFailed(f"{called} is a file of MARC records. Export them as MARCXML, RIS or BibTeX and add that file.")


def _text_of(source: Source, head: bytes, called: str) -> tuple[str, str]:
    """How the source begins, as text, and its encoding; `ImportFailed` where it is no text."""
    _check_binary(head, called)
    encoding = encoding_of(head, source.opened)
    wide = "16" in encoding or "32" in encoding
    if not wide and (head.count(b"\0") > len(head) * _MOST_NULS or len(head.translate(None, _TEXT)) > len(head) * _MOST_CONTROLS):
        raise ImportFailed(f"{called} is a binary file, not text. {_FORMATS}")
    with _decoded(source.opened(), encoding) as file:
        text = file.read(_HEAD).lstrip("\ufeff")
    if not clean(text):
        raise ImportFailed(f"{called} is empty. {_FORMATS}")
    return text, encoding


def _decoded(file: BinaryIO, encoding: str) -> TextIO:
    return io.TextIOWrapper(file, encoding=encoding, errors="replace", newline=None)


def _importer_for(head: str, source: Source, called: str) -> Importer:
    """By what the file holds; where no importer recognises that, by what its name says."""
    recognised = _recognising(head)
    named = _BY_SUFFIX.get(source.suffix)
    chosen = recognised or named
    if chosen is None:
        if what := kind_of_non_paper(head):
            raise ImportFailed(f"The format of {called} is not recognised: it looks like {what}. {_FORMATS}")
        raise ImportFailed(f"The format of {called} is not recognised. {_FORMATS}")
    _check_page(chosen, head, called)
    return chosen


def _check_page(importer: Importer, head: str, called: str) -> None:
    """Refuses a text as a whole that is no page of papers: the reader of pages would find titles in anything."""
    if importer is PAGE and (what := kind_of_non_paper(head)):
        raise ImportFailed(f"{called} looks like {what}, not like papers. {_FORMATS}")


def _recognising(head: str) -> Importer | None:
    return next((importer for importer in IMPORTERS if importer.recognises(head)), None)


def _why(path: Path, error: OSError | ValueError) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ENOENT:
        return f"There is no file {path}. Check the name and the folder."
    if number in (errno.EACCES, errno.EPERM):
        return f"{path} cannot be read: permission denied. Change its permissions, or copy it to a folder of your own."
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{str(path)!r} cannot be read: {reason}. Check the name and the disk."
