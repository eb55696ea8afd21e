"""A file that is cut off keeps every record before the cut, wherever it was cut, and invents none."""

from __future__ import annotations

import bz2
import gc
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
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


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, FORMATS["json-lines"].whole(COUNT))
    return packed.getvalue()


@pytest.mark.parametrize("suffix", [".jsonl.gz", ".zip"])
def test_damage_in_what_is_packed_is_told(tmp_path: Path, suffix: str) -> None:
    whole = bytearray(zipped("papers.jsonl") if suffix == ".zip" else gzip.compress(FORMATS["json-lines"].whole(COUNT)))
    begin = 30 + len("papers.jsonl") if suffix == ".zip" else 10
    whole[begin] = 0xFF  # a kind of block that there is not
    path = tmp_path / f"papers{suffix}"
    path.write_bytes(whole)
    papers, refused, error = kept(path)
    assert papers == []
    assert any("is damaged" in said for said in (error, *(each.reason for each in refused)))


@pytest.mark.parametrize(("at", "value"), [(0, b"Q"), (30, b"x")])
def test_a_damaged_file_in_an_archive_does_not_stop_the_others(tmp_path: Path, at: int, value: bytes) -> None:
    whole = bytearray(zipped("a.jsonl", "b.jsonl"))
    second = whole.index(b"PK\3\4", 4)
    whole[second + at : second + at + 1] = value  # of what stands before the file: its mark, its name
    path = tmp_path / "papers.zip"
    path.write_bytes(whole)
    papers, refused, error = kept(path)
    assert len(papers) == COUNT
    assert [each.where for each in refused] == ["papers.zip/b.jsonl"]
    assert "cannot be unpacked" in refused[0].reason
    assert error == ""


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("suffix", [*(f".jsonl{packing}" for packing in PACKED), ".zip"])
def test_packed_files_are_closed(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"papers{suffix}"
    written = FORMATS["json-lines"].whole(COUNT)
    path.write_bytes(zipped("a.jsonl") if suffix == ".zip" else PACKED[suffix.removeprefix(".jsonl")][0](written))
    papers, refused, error = kept(path)
    gc.collect()  # a file that was left open is warned of here at the latest
    assert (len(papers), refused, error) == (COUNT, [], "")


@pytest.mark.parametrize("damage", ["packing", "markup"])
def test_damage_in_a_workbook_is_told_and_the_rows_before_it_are_kept(tmp_path: Path, damage: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(["title", "abstract"])
    for number in range(COUNT):
        book.active.append([title(number), abstract(number)])
    book.save(tmp_path / "sound.xlsx")
    path = tmp_path / "papers.xlsx"
    with zipfile.ZipFile(tmp_path / "sound.xlsx") as sound, zipfile.ZipFile(path, "w") as archive:
        for name in sound.namelist():
            text = sound.read(name)
            if damage == "markup" and name.startswith("xl/worksheets/"):
                text = text.replace(b'<row r="4"', b'<row r="4""')
            archive.writestr(name, text)
    if damage == "packing":
        whole = bytearray((tmp_path / "sound.xlsx").read_bytes())
        name = b"xl/worksheets/sheet1.xml"
        whole[whole.index(name) + len(name)] = 0xFF
        path.write_bytes(whole)
    papers, refused, error = kept(path)
    assert [paper.title for paper in papers] == ([title(0), title(1)] if damage == "markup" else [])
    assert refused == []
    assert "papers.xlsx cannot be read as a workbook" in error
