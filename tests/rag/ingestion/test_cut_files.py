"""A file that is cut off keeps every record before the cut, wherever it was cut, and invents none."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from written_exports import FORMATS, abstract, title

from rag.errors import ImportFailed
from rag.types import Paper, Refused

from rag.ingestion import read_papers  # isort: skip

COUNT = 6
MARK = 30
"""Bytes at the beginning of a record that may not be enough to tell that it begins."""
PLACES = [0.18, 0.31, 0.47, 0.5, 0.66, 0.79, 0.93]


def kept(path: Path) -> tuple[list[Paper], list[Refused], str]:
    """What is read of a file, until it ends or an error does."""
    papers: list[Paper] = []
    refused: list[Refused] = []
    try:
        for each in read_papers(path):
            (papers if isinstance(each, Paper) else refused).append(each)
    except ImportFailed as error:
        return papers, refused, str(error)
    return papers, refused, ""


def cuts(whole: bytes) -> list[int]:
    """Places all over the file, and behind the first byte of a letter of two."""
    middle = len(whole) // 2
    inside = [at + 1 for at in range(middle, len(whole)) if whole[at] >= 0xC3][:2]
    return sorted({*(int(len(whole) * share) for share in PLACES), *inside})


@pytest.mark.parametrize("name", FORMATS)
def test_the_whole_file_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"whole{FORMATS[name].suffix}"
    path.write_bytes(FORMATS[name].whole(COUNT))
    papers, refused, error = kept(path)
    assert [paper.title for paper in papers] == [title(n) for n in range(COUNT)]
    assert [paper.abstract for paper in papers] == [paper.abstract and abstract(n) for n, paper in enumerate(papers)]
    assert (refused, error) == ([], "")


@pytest.mark.parametrize("name", FORMATS)
def test_a_cut_file_keeps_the_records_before_the_cut(tmp_path: Path, name: str) -> None:
    written = FORMATS[name]
    whole = written.whole(COUNT)
    for at in cuts(whole):
        path = tmp_path / f"cut{at}{written.suffix}"
        path.write_bytes(whole[:at])
        before = sum(end <= at for end in written.ends(COUNT))
        papers, refused, error = kept(path)
        _check(papers, before, at)
        assert len(papers) >= before
        if written.marked and before < COUNT:
            begun = whole[([0, *written.ends(COUNT)])[before] : at].strip(b" \t\r\n,]}")
            rest = whole[at : written.ends(COUNT)[before]]
            assert len(papers) == before or not rest.strip(b" \t\r\n]}"), at
            assert refused or error or len(papers) > before or len(begun) < MARK, at


def _check(papers: list[Paper], before: int, at: int) -> None:
    """Each paper before the cut is the one that was written; of one in which the cut is, all is a beginning of what was written."""
    for number, paper in enumerate(papers):
        if number < before:
            assert paper.title == title(number), at
            assert paper.abstract in ("", abstract(number)), at
        else:
            assert number == before, at
            assert title(number).startswith(paper.title.rstrip("\ufffd")), (at, paper.title)
            assert abstract(number).startswith(paper.abstract.rstrip(" …\ufffd")), (at, paper.abstract)


def _of_zstd(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


PACKED: dict[str, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
    ".gz": (gzip.compress, lambda data: zlib.decompressobj(31).decompress(data)),
    ".bz2": (lambda data: bz2.compress(data, 1), lambda data: bz2.BZ2Decompressor().decompress(data)),
    ".xz": (lzma.compress, lambda data: lzma.LZMADecompressor().decompress(data)),
    ".zst": (zstandard.ZstdCompressor().compress, _of_zstd),
}


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("name", ["json-lines", "csv"])
def test_a_cut_packed_file_keeps_what_was_unpacked(tmp_path: Path, packing: str, name: str) -> None:
    packed, unpacked = PACKED[packing]
    written = FORMATS[name]
    count = 1200
    whole = packed(written.whole(count))
    ends = written.ends(count)
    for share in (0.6, 0.999):
        data = whole[: int(len(whole) * share)]
        size = len(unpacked(data))
        path = tmp_path / f"cut{written.suffix}{packing}"
        path.write_bytes(data)
        papers, _, error = kept(path)
        before = sum(end <= size for end in ends)
        assert before > 0
        assert before <= len(papers) <= before + 1
        assert "truncated" in error
        assert "before that point" in error


@pytest.mark.parametrize("name", ["folder.zip", "table.xlsx", "graphs.paperchat"])
def test_what_has_its_contents_at_its_end_says_so_when_it_is_cut(tmp_path: Path, name: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(40):
            archive.writestr(f"{number}.jsonl", FORMATS["json-lines"].whole(20))
    for share in (0.3, 0.7, 0.99):
        path = tmp_path / name
        path.write_bytes(packed.getvalue()[: int(len(packed.getvalue()) * share)])
        papers, _, error = kept(path)
        assert papers == []
        assert f"{name} is cut off or damaged" in error or f"{path} is cut off or damaged" in error
        assert "at its end" in error
        assert "Copy or download it again" in error
