"""Reads the first sheet with papers of an Excel workbook as rows of a table."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from rag.errors import ImportFailed
from rag.ingestion.csv_table import CsvImporter
from rag.types import Paper, Refused

LARGEST_WORKBOOK = 512 * 1024 * 1024
"""Bytes of all its parts unpacked."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, SyntaxError, LookupError, ValueError, TypeError, AttributeError)
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
    reader = CsvImporter()
    for sheet in book.worksheets:
        rows = _rows(sheet, source)
        heading = next((line for line in rows if line.strip(",\r\n ")), "")
        if reader.recognises(heading):
            yield from reader.read(_after(heading, rows), source)
            return
    raise ImportFailed(f"{source} has no sheet whose first row names a column of titles and one of abstracts or DOIs.")


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


def _after(heading: str, rows: Iterator[str]) -> Iterator[str]:
    yield heading
    yield from rows


def _line(row: tuple[object, ...]) -> str:
    """The row as one line of CSV: line breaks in cells are spaces."""
    text = io.StringIO()
    csv.writer(text).writerow(["" if cell is None else " ".join(str(cell).split()) for cell in row])
    return text.getvalue()
