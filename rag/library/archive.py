"""A collection as one file: papers, passages and vectors, so that another library takes it in without encoding anything again.

A zip of three parts: `collection.json` (what it is and what made the vectors), `papers.jsonl` (a paper a line, with its passages) and
`vectors.f32` (one row of little-endian float32 a passage, in that order). Nothing is ever unpacked to the disk.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from rag.errors import ImportFailed, LibraryBusy, StorageFailed
from rag.library.chunking import context, passages
from rag.library.details import details, fields
from rag.library.files import storage_failures
from rag.library.lookup import KINDS
from rag.types import Paper, Passage, Refused

if TYPE_CHECKING:
    from rag.library.known_vectors import KnownVectors
    from rag.library.library import Library
    from rag.library.records import Records
    from rag.protocols import Chunker

FORMAT, VERSION = "paperchat-collection", 1
SUFFIX = ".paperchat"
HEAD, PAPERS, VECTORS = "collection.json", "papers.jsonl", "vectors.f32"
MOST_PAPERS = 1_000_000
"""Papers that an archive may hold. A bound, not a measured limit."""
LONGEST_HEAD = 64 * 1024
LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of one paper with its passages, and of the records that it was merged from, each of which may have an abstract of 100,000 characters."""
MOST_DIMENSIONS = 8192
"""Dimensions that a vector in an archive may have. A bound, not a measured limit."""
AT_ONCE = 500
"""Papers imported in one step. Chosen."""
LARGEST_BURST = 64 * 1024 * 1024
MOST_TIMES = 150
"""A part may unpack to so many times its size once it is larger than `LARGEST_BURST` bytes. Papers pack to a tenth, at most a fiftieth."""
ATTEMPTS = 3
"""How often an archive is written when another process changes the library meanwhile. Chosen."""


@dataclass(frozen=True, slots=True)
class Head:
    """What an archive says of itself."""

    name: str
    papers: int
    encoder: str
    dimensions: int
    chunker: str


def is_archive(path: Path) -> bool:
    """Whether a file has the parts of an exported collection, sound or not."""
    try:
        with zipfile.ZipFile(path) as archive:
            return is_collection(archive.namelist())
    except (OSError, zipfile.BadZipFile, NotImplementedError):
        return False


def is_collection(names: Iterable[str]) -> bool:
    """Whether a zip with files of these names is an exported collection."""
    return sorted(names) == sorted((HEAD, PAPERS, VECTORS))


def write_archive(records: Records, name: str, ids: Sequence[str], path: Path) -> Head:
    """Writes these papers, in the library's order, as a whole or not at all. Raises StorageFailed, or LibraryBusy if they keep changing."""
    part = path.with_name(path.name + ".part")
    try:
        for _ in range(ATTEMPTS):
            state = records.state
            with storage_failures(path):
                head = _written(records, name, ids, part)
                if records.state == state:  # or the vectors may be those of other papers
                    part.replace(path)
                    return head
    finally:
        part.unlink(missing_ok=True)
    raise LibraryBusy("Another process is changing the library. Export it again when that has finished.")


def _written(records: Records, name: str, ids: Sequence[str], path: Path) -> Head:
    ordered = sorted(records.places(ids).items(), key=lambda one: one[1])
    wanted = [id for id, _ in ordered]
    head = Head(
        name, len(wanted), records.meta("encoder") or "", int(records.meta("dimensions") or 0), records.meta("chunker") or ""
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(HEAD, json.dumps({"format": FORMAT, "version": VERSION, **_fields(head)}))
        with archive.open(PAPERS, "w", force_zip64=True) as file:
            for line in _lines(records, wanted):
                file.write(line)
        stored = zipfile.ZipInfo(VECTORS)  # vectors do not get smaller
        with archive.open(stored, "w", force_zip64=True) as file:
            for rows in _rows(records, wanted):
                file.write(rows)
    return head


class Archive:
    """An archive that is read. A context manager; raises ImportFailed for what is none, or is damaged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.versions: dict[str, tuple[Paper, ...]] = {}
        """The records that merged papers are made of, of the papers that were read so far."""
        with self._explained():
            self._zip = zipfile.ZipFile(path)
        try:
            self.head = self._read_head()
        except BaseException:
            self._zip.close()
            raise

    def fits(self, library: Library) -> bool:
        """Whether its vectors are those that the library would make."""
        head, encoder = self.head, library.encoder
        same = (head.encoder, head.chunker) == (encoder.name, library.chunker.name)
        return same and head.dimensions == (encoder.dimensions or head.dimensions)

    def papers(self, chunker: Chunker, known: KnownVectors | None = None) -> Iterator[Paper | Refused]:
        """Each paper; `known` gets its vectors before it comes. A record that cannot be used is refused and the rest goes on.

        Where the file is cut off or damaged, that is refused, and what came before holds.
        """
        try:
            yield from self._papers(chunker, known)
        except ImportFailed as error:
            yield Refused(self.path.name, str(error))

    def _papers(self, chunker: Chunker, known: KnownVectors | None) -> Iterator[Paper | Refused]:
        with self._explained(), self._zip.open(PAPERS) as lines, self._zip.open(VECTORS) as vectors:
            for number in range(1, self.head.papers + 1):
                line = lines.readline(LONGEST_LINE)
                if not line.endswith(b"\n"):
                    raise ImportFailed(
                        f"{self.path} ends at paper {number} of {self.head.papers}: the papers before it were added."
                    )
                yield self._one(line, number, vectors, chunker, known)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def _one(self, line: bytes, number: int, vectors: IO[bytes], chunker: Chunker, known: KnownVectors | None) -> Paper | Refused:
        try:
            record = json.loads(line)
            count = len(record["passages"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ImportFailed(f"{self.path} is damaged at paper {number}: the papers before it were added.") from None
        rows = vectors.read(count * self.head.dimensions * 4) if count <= AT_ONCE else b""
        try:
            paper = _paper(record, self.path.name)
            versions = tuple(_paper(one, self.path.name) for one in record.get("versions", ()))
            if versions:
                self.versions[paper.id] = versions
        except (ValueError, KeyError, TypeError, AttributeError):
            return Refused(f"{self.path.name}, paper {number}", "It is no paper with a title, or has fields of another kind.")
        if known is not None:
            self._remember(paper, record["passages"], rows, known, chunker)
        return paper

    def _remember(self, paper: Paper, spans: Sequence[Any], rows: bytes, known: KnownVectors, chunker: Chunker) -> None:
        """Vectors count only for passages as the chunker cuts them now, and only where they are vectors of unit length."""
        import numpy as np

        own = passages(paper, chunker)
        if [[each.span.start, each.span.end] for each in own] != list(spans) or len(rows) != len(own) * self.head.dimensions * 4:
            return
        matrix = np.frombuffer(rows, "<f4").reshape(len(own), self.head.dimensions)
        if not len(own) or not np.isfinite(matrix).all() or np.abs(np.linalg.norm(matrix.astype(float), axis=1) - 1).max() > 0.01:
            return
        for passage, row in zip(own, matrix, strict=True):
            known.remember(context(passage), row)

    def _read_head(self) -> Head:
        with self._explained():
            names = self._zip.namelist()
            if not is_collection(names):
                raise ImportFailed(f"{self.path} is not a collection exported by Paperchat.")
            # No more of a part is ever unpacked than the size that it claims.
            if any(part.file_size > max(LARGEST_BURST, MOST_TIMES * part.compress_size) for part in self._zip.infolist()):
                raise ImportFailed(
                    f"{self.path} unpacks to far more data than papers would, so it was not read. Export it again."
                )
            with self._zip.open(HEAD) as file:
                text = file.read(LONGEST_HEAD)
        try:
            value = json.loads(text)
            head = Head(*(value[name] for name in ("name", "papers", "encoder", "dimensions", "chunker")))
            right = (value["format"], value["version"]) == (FORMAT, VERSION)
        except (ValueError, KeyError, TypeError, RecursionError):
            right = False
        if not right or not _sound(head):
            raise ImportFailed(
                f"{self.path} is not a collection of this version of Paperchat. Export it again with this version."
            )
        return head

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise ImportFailed(f"There is no file {self.path}. Check the name and the folder.") from None
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
            raise ImportFailed(
                f"{self.path} is cut off, damaged, or not an exported collection. Copy or export it again."
            ) from None
        except OSError as error:
            raise ImportFailed(f"{self.path} cannot be read: {error.strerror or error}. Check its permissions.") from None


def _lines(records: Records, ids: Sequence[str]) -> Iterator[bytes]:
    for at in range(0, len(ids), AT_ONCE):
        for own in records.passages_of(ids[at : at + AT_ONCE]).values():
            paper = own[0].paper
            more: dict[str, Any] = {"passages": [[each.span.start, each.span.end] for each in own]}
            record = {**_full(paper), **more}
            if versions := records.versions(paper.id):
                record["versions"] = [_full(one) for one in versions]
            yield json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _rows(records: Records, ids: Sequence[str]) -> Iterator[bytes]:
    for at in range(0, len(ids), AT_ONCE):
        own: list[Passage] = [one for each in records.passages_of(ids[at : at + AT_ONCE]).values() for one in each]
        rows = {
            id: row for page, matrix in records.vectors([one.id for one in own]) for id, row in zip(page, matrix, strict=True)
        }
        yield b"".join(rows[one.id].astype("<f4").tobytes() for one in own if one.id in rows)


def _full(paper: Paper) -> dict[str, Any]:
    return {**_record(paper), "details": json.loads(details(paper))}


def _record(paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.id, "title": paper.title, "abstract": paper.abstract, "authors": list(paper.authors), "year": paper.year,
        "venue": paper.venue, "url": paper.url, "source": paper.source,
    }  # fmt: skip


def _paper(record: Mapping[str, Any], source: str) -> Paper:
    """Raises ValueError, KeyError or TypeError for what is no paper."""
    id, title, abstract, authors = (record[name] for name in ("id", "title", "abstract", "authors"))
    year, venue, url = (record[name] for name in ("year", "venue", "url"))
    if not all(isinstance(text, str) for text in (id, title, abstract, *authors)) or not id.startswith(KINDS):
        raise ValueError
    if not all(one is None or isinstance(one, str) for one in (venue, url)) or not (
        year is None or (type(year) is int and abs(year) < 10_000)
    ):
        raise ValueError
    if url is not None and not url.startswith(("http://", "https://")):
        raise ValueError
    more = fields(json.dumps(record.get("details") or {}))
    if not all(isinstance(one, str) for name in ("keys", "links") for one in more.get(name, ())):
        raise ValueError
    parts = more.get("parts", ())
    if not all(isinstance(part.name, str) and 0 <= part.span.start <= part.span.end <= len(abstract) for part in parts):
        raise ValueError
    return Paper(id, title, abstract, tuple(authors), year, venue, url, str(record.get("source") or source)[:500], **more)


def _fields(head: Head) -> dict[str, object]:
    return {name: getattr(head, name) for name in ("name", "papers", "encoder", "dimensions", "chunker")}


def _sound(head: Head) -> bool:
    texts = all(isinstance(text, str) for text in (head.name, head.encoder, head.chunker))
    numbers = type(head.papers) is int and type(head.dimensions) is int
    return texts and numbers and 0 <= head.papers <= MOST_PAPERS and 0 <= head.dimensions <= MOST_DIMENSIONS


def file_name(collection: str) -> str:
    """A name for the file of a collection: its own, without what folders or systems read into a name."""
    plain = re.sub(r"[^\w .()+-]", "_", collection)[:80].strip(" .")
    return f"{plain or 'collection'}{SUFFIX}"


def free_path(folder: Path, collection: str) -> Path:
    """Where the file of a collection may go in a folder: nothing is there yet."""
    name = file_name(collection)
    numbered = (name if number == 1 else name.replace(SUFFIX, f" ({number}){SUFFIX}") for number in count(1))
    return next(path for each in numbered if not (path := folder / each).exists())


def free_to_write(path: Path, overwrite: bool) -> None:
    """Raises StorageFailed if something is there already that is not to be overwritten."""
    if path.is_dir() or (path.exists() and not overwrite):
        raise StorageFailed(f"{path} is there already: choose another name, or give --force to overwrite a file.")
