"""Opens what people bring and hands its lines to the reader of its format; every way of being unreadable ends here."""

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
from rag.ingestion.cleaning import clean
from rag.ingestion.containers import Source
from rag.ingestion.encodings import encoding_of
from rag.ingestion.importers import FORMATS, JSON, PAGE, SUFFIXES, WEB_PAGE, check_page, importer_for, recognising
from rag.ingestion.lines import json_lines, lines_of
from rag.ingestion.spreadsheet import read_opendocument, read_workbook
from rag.protocols import Importer
from rag.types import Paper, Refused

_HEAD = 64 * 1024  # bytes by which a format is recognised
_MOST_NULS = 0.02
"""Share of NUL bytes from which a file is no text. Chosen."""
_MOST_CONTROLS = 0.05
"""Share of control characters from which a file is no text: one bad record in twenty has one at most."""
_TEXT = bytes(byte for byte in range(256) if (byte >= 32 and byte != 127) or byte in b"\t\n\r\f\v")
_COLLECTION = {"collection.json", "papers.jsonl", "vectors.f32"}
"""The parts of a collection that Paperchat exported: it is more than its papers, and is imported whole."""

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


def read_text(text: str, source: str = "pasted text") -> Iterator[Paper | Refused]:
    """The same for a text that somebody pasted."""
    if not clean(text):
        raise ImportFailed(f"{source} is empty. {FORMATS}")
    importer = recognising(text[:_HEAD]) or PAGE
    check_page(importer, text[:_HEAD], source)
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
    importer = importer_for(text, source.suffix, called)
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
    if (content := _spreadsheet_in(inside)) is not None:
        return _opendocument(content, source.name)
    if names & {"word/document.xml", "ppt/presentation.xml", "META-INF/container.xml", "content.xml"}:
        raise ImportFailed(
            f"{called} is a word-processor document or an e-book. Save it as text and add the text file. {FORMATS}"
        )
    if depth >= 2:
        raise ImportFailed(f"{called} is compressed more than once. Unpack it first.")
    return _all_of(_known(inside, called), called, depth + 1)


def _spreadsheet_in(inside: Sequence[Source]) -> Source | None:
    """The part of an OpenDocument spreadsheet that holds its tables; None for any other archive."""
    parts = {one.name.rpartition("/")[2]: one for one in inside}
    if "content.xml" not in parts or "mimetype" not in parts:
        return None
    with parts["mimetype"].opened() as file:
        kind = file.read(100)
    return parts["content.xml"] if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet") else None


def _opendocument(content: Source, called: str) -> Iterator[Paper | Refused]:
    with content.opened() as file:
        yield from _never_nothing(read_opendocument(file, called), called)


def _workbook(source: Source) -> Iterator[Paper | Refused]:
    with source.opened() as file:
        yield from _never_nothing(read_workbook(file, source.name), source.name)


def _known(sources: Sequence[Source], called: str) -> list[Source]:
    """Those whose names end as files of papers do; raises ImportFailed if there is none."""
    known = [source for source in sources if source.suffix in SUFFIXES]
    if not known:
        raise ImportFailed(f"{called} contains no file of papers. {FORMATS}")
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
        raise ImportFailed(f"No papers were found in {called}. {FORMATS}")


def _papers(source: Source, importer: Importer, encoding: str, called: str) -> Iterator[Paper | Refused]:
    try:
        with io.TextIOWrapper(source.opened(), encoding=encoding, errors="surrogateescape", newline=None) as file:
            lines = json_lines(file) if importer is JSON else lines_of(file)
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
        raise ImportFailed(f"{source} {why}" if why else f"No papers were found in {source}. {FORMATS}")


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
            raise ImportFailed(f"{called} is a binary file ({what}), not text. {FORMATS}")
    if _MARC.match(head):
        raise ImportFailed(f"{called} is a file of MARC records. Export them as MARCXML, RIS or BibTeX and add that file.")


def _text_of(source: Source, head: bytes, called: str) -> tuple[str, str]:
    """How the source begins, as text, and its encoding; `ImportFailed` where it is no text."""
    _check_binary(head, called)
    encoding = encoding_of(head, source.opened)
    wide = "16" in encoding or "32" in encoding
    if not wide and (head.count(b"\0") > len(head) * _MOST_NULS or len(head.translate(None, _TEXT)) > len(head) * _MOST_CONTROLS):
        raise ImportFailed(f"{called} is a binary file, not text. {FORMATS}")
    with _decoded(source.opened(), encoding) as file:
        text = file.read(_HEAD).lstrip("\ufeff")
    if not clean(text):
        raise ImportFailed(f"{called} is empty. {FORMATS}")
    return text, encoding


def _decoded(file: BinaryIO, encoding: str) -> TextIO:
    return io.TextIOWrapper(file, encoding=encoding, errors="replace", newline=None)


def _why(path: Path, error: OSError | ValueError) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ENOENT:
        return f"There is no file {path}. Check the name and the folder."
    if number in (errno.EACCES, errno.EPERM):
        return f"{path} cannot be read: permission denied. Change its permissions, or copy it to a folder of your own."
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{str(path)!r} cannot be read: {reason}. Check the name and the disk."
