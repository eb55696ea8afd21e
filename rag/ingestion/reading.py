"""Opens a file of papers, chooses its importer and hands it the lines; every way in which a file can be unreadable ends here."""

from __future__ import annotations

import codecs
import errno
import io
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from rag.errors import ImportFailed
from rag.ingestion.bibtex import BibtexImporter
from rag.ingestion.cleaning import clean
from rag.ingestion.csv_table import CsvImporter
from rag.ingestion.jsonl import JsonLinesImporter
from rag.ingestion.outcomes import Unreadable
from rag.ingestion.page import PageImporter
from rag.ingestion.ris import RisImporter
from rag.protocols import Importer
from rag.types import Paper, Refused

LONGEST_LINE = 8 * 1024 * 1024
"""Characters. A longer line is refused and passed over without being held: enough for a list of 4,000 papers on one line."""

_NOT_UTF8 = re.compile("[\udc80-\udcff]")  # how `surrogateescape` marks each byte that is none
_HEAD = 64 * 1024  # bytes by which a format is recognised

JSON_LINES = JsonLinesImporter()
CSV = CsvImporter()
BIBTEX = BibtexImporter()
RIS = RisImporter()
PAGE = PageImporter()
IMPORTERS: Sequence[Importer] = (JSON_LINES, BIBTEX, RIS, CSV, PAGE)
"""Every importer, the pickiest first: any text with a title and an abstract looks like a page."""

_BY_SUFFIX: dict[str, Importer] = {
    ".jsonl": JSON_LINES, ".ndjson": JSON_LINES, ".json": JSON_LINES, ".txt": PAGE, ".text": PAGE, ".md": PAGE,
    ".csv": CSV, ".tsv": CSV, ".bib": BIBTEX, ".bibtex": BIBTEX, ".ris": RIS,
}  # fmt: skip
_FORMATS = "Give a page of titles and abstracts saved as text, or JSON Lines, CSV, BibTeX or RIS with titles and abstracts."


def read_papers(path: Path | str) -> Iterator[Paper | Refused]:
    """The papers of a file in order, and a `Refused` for each record that could not be taken; lines are read when asked for.

    Raises `ImportFailed`: at once where the file cannot be opened or its format is unknown, at the end where it held nothing.
    """
    path = Path(path)
    importer = _importer_for(_text_of(path, _start(path)), path)
    return _papers(path, importer)


def endings() -> frozenset[str]:
    """The endings of names of files that an importer may read."""
    return frozenset(_BY_SUFFIX)


def read_text(text: str, source: str = "pasted text") -> Iterator[Paper | Refused]:
    """The same for a text that somebody pasted."""
    if not clean(text):
        raise ImportFailed(f"{source} is empty. {_FORMATS}")
    importer = _recognising(text[:_HEAD]) or PAGE
    return _never_nothing(importer.read(io.StringIO(text, newline=None), source), source)


def _papers(path: Path, importer: Importer) -> Iterator[Paper | Refused]:
    try:
        with path.open(encoding="utf-8", errors="surrogateescape", newline=None) as file:
            yield from _never_nothing(importer.read(_lines(file), path.name), path.name)
    except OSError as error:
        raise ImportFailed(_why(path, error)) from error


def _never_nothing(found: Iterator[Paper | Refused], source: str) -> Iterator[Paper | Refused]:
    nothing = True
    for each in found:
        nothing = False
        yield each
    if nothing:
        raise ImportFailed(f"No paper was found in {source}. {_FORMATS}")


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            _pass_over_rest(file)
            yield Unreadable(f"This line is longer than {LONGEST_LINE:,} characters. Write one paper a line.")
        elif _NOT_UTF8.search(line):
            yield Unreadable("This line is not UTF-8 text. Save the file as UTF-8 and add it again.")
        else:
            yield line


def _pass_over_rest(file: TextIO) -> None:
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith("\n"):
        pass


def _start(path: Path) -> bytes:
    """The file's first bytes, or `ImportFailed` where there is no file to read."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise ImportFailed(f"{path} is a folder. Give a file in it.")
        if not stat.S_ISREG(mode):
            raise ImportFailed(f"{path} is not a regular file. Save the papers to a file and give that.")
        with path.open("rb") as file:
            return file.read(_HEAD)
    except (OSError, ValueError) as error:
        raise ImportFailed(_why(path, error)) from error


def _text_of(path: Path, start: bytes) -> str:
    """The start as text, or `ImportFailed` where it is none, or none of a kind that an importer reads."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ImportFailed(f"{path} is saved as UTF-16. Save it as UTF-8 and add it again.")
    if b"\0" in start:
        raise ImportFailed(f"{path} is a binary file, not text. {_FORMATS}")
    head = start.decode("utf-8-sig", errors="replace")
    if not clean(head):
        raise ImportFailed(f"{path} is empty. {_FORMATS}")
    if re.match(r"\s*<(?:!doctype|html|\?xml)", head, re.IGNORECASE):
        raise ImportFailed(f"{path} is the source of a web page. Open it in a browser and save it as text.")
    return head


def _importer_for(head: str, path: Path) -> Importer:
    """By what the file holds; where no importer recognises that, by what its name says."""
    chosen = _recognising(head) or _BY_SUFFIX.get(path.suffix.lower())
    if chosen is None:
        raise ImportFailed(f"The format of {path} is not known. {_FORMATS}")
    return chosen


def _recognising(head: str) -> Importer | None:
    return next((importer for importer in IMPORTERS if importer.recognises(head)), None)


def _why(path: Path, error: OSError | ValueError) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ENOENT:
        return f"There is no file {path}. Check the name and the folder."
    if number in (errno.EACCES, errno.EPERM):
        return f"{path} may not be read. Change its rights, or copy it to a place of your own."
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{str(path)!r} cannot be read: {reason}. Check the name and the disk."
