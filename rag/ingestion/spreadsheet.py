"""Reads the first sheet with papers of a spreadsheet, Excel's or OpenDocument's, as rows of a table."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any, BinaryIO
from xml.parsers import expat

from rag.errors import ImportFailed
from rag.ingestion.csv_table import PREAMBLE, CsvImporter
from rag.ingestion.opendocument import sheet_rows
from rag.types import Paper, Refused

LARGEST_WORKBOOK = 512 * 1024 * 1024
"""Bytes of all its parts unpacked."""
_HEAD_ROWS = 50
"""Rows, empty ones included, in which a sheet's heading is looked for. Chosen."""
_DAMAGED = (
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
)
"""What is raised where parts are damaged: by the unpacking, by the parser of XML (a SyntaxError), and by openpyxl, which expects sound ones."""


def read_workbook(file: BinaryIO, source: str) -> Iterator[Paper | Refused]:
    """Papers of the first sheet whose heading names the columns of a table of papers. Raises ImportFailed if there is none."""
    import openpyxl

    with _explained(source):
        with zipfile.ZipFile(file) as archive:
            size = sum(info.file_size for info in archive.infolist())
        if size > LARGEST_WORKBOOK:
            raise ImportFailed(f"{source} is larger than {LARGEST_WORKBOOK // 2**20} MB unpacked. Save its table as CSV.")
        file.seek(0)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    yield from _first_of_papers((_rows(sheet, source) for sheet in book.worksheets), source)


def read_opendocument(file: BinaryIO, source: str) -> Iterator[Paper | Refused]:
    """The same of an OpenDocument spreadsheet's part `content.xml`. Raises ImportFailed."""
    sheets = groupby(_explained_rows(file, source), itemgetter(0))
    yield from _first_of_papers(((_line(cells) for _, cells in rows) for _, rows in sheets), source)


def _first_of_papers(sheets: Iterable[Iterator[str]], source: str) -> Iterator[Paper | Refused]:
    """The papers of the first sheet in whose first rows a heading names the columns of a table of papers."""
    reader = CsvImporter()
    for rows in sheets:
        head: list[str] = []
        for line in islice(rows, _HEAD_ROWS):
            head.append(line)
            if reader.recognises("".join(head)):
                yield from reader.read(chain(head, rows), source)
                return
            if sum(bool(one.strip()) for one in head) > PREAMBLE:
                break
    raise ImportFailed(
        f"{source} has no sheet that names, in one of its first rows, a column of titles and one of abstracts or DOIs."
    )


@contextmanager
def _explained(source: str) -> Iterator[None]:
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        yield
    except (InvalidFileException, *_DAMAGED) as error:
        raise ImportFailed(f"{source} cannot be read as a workbook ({error}). Save its table as CSV.") from error


def _rows(sheet: Any, source: str) -> Iterator[str]:
    with _explained(source):
        for row in sheet.iter_rows(values_only=True):
            yield _line(row)


def _explained_rows(file: BinaryIO, source: str) -> Iterator[tuple[int, list[str]]]:
    with _explained(source):
        yield from sheet_rows(file)


def _line(row: Sequence[object]) -> str:
    """The row as one line of CSV: line breaks in cells are spaces, and an empty row is an empty line."""
    if all(cell is None or not str(cell).strip() for cell in row):
        return "\n"
    text = io.StringIO()
    csv.writer(text).writerow(["" if cell is None else " ".join(str(cell).split()) for cell in row])
    return text.getvalue()
