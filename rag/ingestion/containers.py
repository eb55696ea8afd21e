"""Opens what files are packed in: folders, `.zip`, `.gz`, `.bz2`, `.xz` and `.zst`; what is packed may not burst."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from rag.errors import ImportFailed

MOST_FILES = 20_000
"""Files of a folder or an archive. Chosen."""
LARGEST_BURST = 64 * 1024 * 1024
MOST_TIMES = 150
"""A file may unpack to so many times its size once it is larger than `LARGEST_BURST` bytes: text packs to a tenth, at most a fiftieth."""
_PACKED: dict[bytes, str] = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
ZSTD_STEP = 1024
"""Bytes that are unpacked at once: a block of four of them may stand for 128 kB."""
ZIP = b"PK\x03\x04"
_DAMAGED = (OSError, EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, ValueError, RuntimeError)
"""What Python's libraries raise at bytes that were not packed so. A method of packing that they do not know is a RuntimeError too."""


@dataclass(frozen=True)
class Source:
    """Bytes that can be opened again and again, under the name that people know them by."""

    name: str
    suffix: str
    opened: Callable[[], BinaryIO]
    path: Path | None = None


def files_in(folder: Path) -> Iterator[Path]:
    """The files of a folder and of those in it, in order of their names; hidden ones are passed over."""
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if len(found) > MOST_FILES:
        raise ImportFailed(
            f"{folder} holds {len(found):,} files, and at most {MOST_FILES:,} are read at once. Give a folder in it."
        )
    yield from found


def unpacked(source: Source, head: bytes) -> Source:
    """The same without its packing; a source that is not packed as it is."""
    kind = next((kind for mark, kind in _PACKED.items() if head.startswith(mark)), None)
    if kind is None:
        return source
    inner = source.name.rpartition(".")[0] or source.name
    return Source(source.name, Path(inner).suffix.lower(), lambda: _unpacking(source, kind), source.path)


def members(source: Source) -> Iterator[Source]:
    """The files in a zip archive. Raises ImportFailed if it is damaged or holds too many."""
    try:
        with source.opened() as file, zipfile.ZipFile(file) as archive:
            infos = [
                one
                for one in archive.infolist()
                if not one.is_dir() and not Path(one.filename).name.startswith((".", "__MACOSX"))
            ]
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise ImportFailed(
            f"{source.name} is cut off or damaged: such a file has its table of contents at its end, and that cannot be read. Copy or download it again."
        ) from error
    if len(infos) > MOST_FILES:
        raise ImportFailed(f"{source.name} holds {len(infos):,} files, and at most {MOST_FILES:,} are read at once.")
    for info in infos:
        if "__MACOSX" not in info.filename:
            suffix = Path(info.filename).suffix.lower()
            yield Source(f"{source.name}/{info.filename}", suffix, partial(_member, source, info))


def _member(source: Source, info: zipfile.ZipInfo) -> BinaryIO:
    raw = source.opened()
    try:
        archive = zipfile.ZipFile(raw)
        packed = archive.open(info)
    except _DAMAGED as error:
        raw.close()
        raise ImportFailed(f"{source.name}/{info.filename} cannot be unpacked: {str(error).rstrip('.')}.") from error
    return _bounded(cast(BinaryIO, packed), raw, max(info.compress_size, 1), f"{source.name}/{info.filename}")


def _unpacking(source: Source, kind: str) -> BinaryIO:
    raw = source.opened()
    size = raw.seek(0, io.SEEK_END)
    raw.seek(0)
    if kind == "zstd":
        import zstandard

        packed: object = _Zstd(raw, lambda: zstandard.ZstdDecompressor(max_window_size=2**27).decompressobj())
    else:
        opens: dict[str, Callable[[BinaryIO], object]] = {"gzip": _gzip, "bzip2": bz2.BZ2File, "xz": lzma.LZMAFile}
        packed = opens[kind](raw)
    return _bounded(cast(BinaryIO, packed), raw, size, source.name)


def _gzip(raw: BinaryIO) -> object:
    return gzip.GzipFile(fileobj=raw)


class _Zstd(io.RawIOBase):
    """Unpacks frame after frame, and, unlike the library's own stream, says so where the last one breaks off."""

    def __init__(self, raw: BinaryIO, begin: Callable[[], Any]) -> None:
        self._raw, self._begin = raw, begin
        self._frame: Any = None
        self._out = io.BytesIO()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not (got := self._out.read(size)):
            packed = (self._frame.unused_data if self._frame is not None and self._frame.eof else b"") or self._raw.read(
                ZSTD_STEP
            )
            if self._frame is None or self._frame.eof:
                if not packed:
                    return b""
                self._frame = self._begin()
            elif not packed:
                raise EOFError
            self._out = io.BytesIO(self._frame.decompress(packed))
        return got


class _Bounded(io.RawIOBase):
    """A stream that ends with an error where it gives far more than was packed. Closing it closes `raw`, which it is unpacked from."""

    def __init__(self, packed: BinaryIO, raw: BinaryIO, most: int, name: str) -> None:
        self._packed, self._raw, self._left, self._name = packed, raw, most, name
        self._read: Callable[[int], bytes] = getattr(packed, "read1", packed.read)  # gives what there is before a cut

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        try:
            got = self._read(len(buffer))
        except _DAMAGED as error:
            raise ImportFailed(
                f"{self._name} is damaged or truncated ({str(error) or type(error).__name__}); everything before that point was read."
            ) from error
        except Exception as error:
            if type(error).__name__ == "ZstdError":
                raise ImportFailed(
                    f"{self._name} is damaged or truncated ({error}); everything before that point was read."
                ) from error
            raise
        self._left -= len(got)
        if self._left < 0:
            raise ImportFailed(
                f"{self._name} unpacks to far more data than papers would, so it was not read. Unpack it yourself and add the files you need."
            )
        buffer[: len(got)] = got
        return len(got)

    def close(self) -> None:
        self._packed.close()
        self._raw.close()
        super().close()


def _bounded(packed: BinaryIO, raw: BinaryIO, size: int, name: str) -> BinaryIO:
    return cast(
        BinaryIO,
        io.BufferedReader(cast(io.RawIOBase, _Bounded(packed, raw, max(size * MOST_TIMES, LARGEST_BURST), name)), 1024 * 1024),
    )
