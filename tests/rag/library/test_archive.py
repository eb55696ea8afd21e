"""A collection as one file: out of one library and into another, with its vectors; and files that are damaged or made to harm."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers

from rag.errors import CollectionError, ImportFailed, LibraryBusy, StorageFailed
from rag.library import archive as archives
from rag.library.archive import HEAD, PAPERS, VECTORS, Archive
from rag.library.chunking import SentenceWindows
from rag.library.library import Library
from rag.types import Paper

PAPERS_IN = some_papers(40)
IDS = [paper.id for paper in PAPERS_IN]


class CountingEncoder(WordHashEncoder):
    """Counts the texts that it encoded."""

    def __init__(self, dimensions: int = 64) -> None:
        super().__init__(dimensions)
        self.texts = 0

    def encode(self, texts: Any) -> Any:
        self.texts += len(texts)
        return super().encode(texts)


def opened(folder: Path, encoder: WordHashEncoder | None = None) -> Library:
    return Library.open(folder, encoder or WordHashEncoder(), SentenceWindows())


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as library:
        library.add(PAPERS_IN)
        library.collections.create("Graphs")
        library.collections.put("Graphs", IDS[5:25])
        yield library


@pytest.fixture
def file(library: Library, tmp_path: Path) -> Path:
    path = tmp_path / "graphs.paperchat"
    library.export(path, ["graphs"])
    return path


def vectors(library: Library) -> dict[str, bytes]:
    return {id: row.tobytes() for ids, rows in library.records.vectors() for id, row in zip(ids, rows, strict=True)}


def test_a_collection_goes_from_library_to_library_with_its_vectors(library: Library, file: Path, tmp_path: Path) -> None:
    encoder = CountingEncoder()
    with opened(tmp_path / "other", encoder) as other:
        name, added = other.take_in(file)
        assert (name, len(added.added), added.refused) == ("Graphs", 20, ())
        assert encoder.texts == 0
        assert other.papers() == PAPERS_IN[5:25]
        assert other.collections.ids(["Graphs"]) == set(IDS[5:25])
        mine = vectors(library)
        assert vectors(other) == {id: mine[id] for id in vectors(other)}
        assert other.words.best(["graph"], 50)
        _, again = other.take_in(file, "copy")
        assert (len(again.unchanged), encoder.texts) == (20, 0)
        assert [(one.name, one.papers) for one in other.collections.all()] == [("copy", 20), ("Graphs", 20)]


def test_undoing_an_import_removes_the_collection_that_it_made(file: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "other") as other:
        other.collections.create("Mine")
        other.take_in(file)
        other.undo_import()
        assert (other.papers(), [one.name for one in other.collections.all()]) == ([], ["Mine"])
        other.take_in(file, "Mine")
        other.undo_import()
        assert [(one.name, one.papers) for one in other.collections.all()] == [("Mine", 0)]


def test_a_collection_that_got_other_papers_meanwhile_stays_when_its_import_is_undone(file: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "other") as other:
        other.take_in(file)
        other.add(own := some_papers(1, first=90))
        other.collections.put("Graphs", [own[0].id])
        [batch] = [one.id for one in other.records.batches() if one.papers == 20]
        other.reindex()  # what is remembered of imports must come along
        other.undo_import(batch)
        assert [(one.name, one.papers) for one in other.collections.all()] == [("Graphs", 1)]


def test_the_whole_library(library: Library, tmp_path: Path) -> None:
    assert library.export(tmp_path / "all.paperchat").papers == 40
    with opened(tmp_path / "other") as other:
        assert other.take_in(tmp_path / "all.paperchat")[0] == "Library"
        assert other.papers() == PAPERS_IN


def test_vectors_of_another_encoder_are_made_anew(file: Path, tmp_path: Path) -> None:
    encoder = CountingEncoder(32)
    with opened(tmp_path / "other", encoder) as other:
        _, added = other.take_in(file)
        assert (len(added.added), encoder.texts) == (20, other.records.passage_count())
        assert "encoded again" in other.notices[0]


def test_nothing_is_overwritten_unless_asked(library: Library, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(StorageFailed, match="there already"):
        library.export(file, ["Graphs"])
    with pytest.raises(StorageFailed, match="there already"):
        library.export(file.parent, ["Graphs"], overwrite=True)
    with pytest.raises(CollectionError):
        library.export(file, ["none"], overwrite=True)
    assert file.read_bytes() == before
    assert library.export(file, ["Graphs"], overwrite=True).papers == 20
    assert sorted(one.name for one in file.parent.iterdir()) == ["graphs.paperchat", "library"]


@pytest.mark.parametrize("times", [1, 2, 100])
def test_what_another_process_changes_meanwhile_mixes_up_no_vectors(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    write, gone = archives._rows, iter(IDS[5 : 5 + times])

    def while_it_changes(*given: Any) -> Iterator[bytes]:
        for id in islice(gone, 1):
            library.remove([id])
        yield from write(*given)

    monkeypatch.setattr(archives, "_rows", while_it_changes)
    path = tmp_path / "graphs.paperchat"
    with Library.open(library.folder, WordHashEncoder(), SentenceWindows(), readonly=True) as reader:
        if times > archives.ATTEMPTS:
            with pytest.raises(LibraryBusy, match="again"):
                reader.export(path, ["Graphs"])
            assert sorted(one.name for one in tmp_path.iterdir()) == ["library"]
            return
        assert reader.export(path, ["Graphs"]).papers == 20 - times
    with opened(tmp_path / "other") as other:
        assert other.take_in(path)[1].refused == ()
        mine = vectors(library)
        assert vectors(other) == {id: mine[id] for id in vectors(other)}


def changed(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy of the archive whose parts were changed."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    copy = file.with_name("changed.paperchat")
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return copy


def head(**new: object) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts[HEAD] = json.dumps({**json.loads(parts[HEAD]), **new}).encode()

    return change


@pytest.mark.parametrize(
    "change",
    [
        head(format="other"), head(version=2), head(papers=-1), head(papers=10**9), head(papers="3"), head(dimensions=10**6), head(name=5),
        lambda parts: parts.update({HEAD: b"[" * 60_000}), lambda parts: parts.update({HEAD: b"{}"}), lambda parts: parts.pop(VECTORS),
        lambda parts: parts.update({"../../evil": b"x"}), lambda parts: parts.update({"/etc/passwd": b"x"}),
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_refused_whole(file: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    bad = changed(file, change)
    before = sorted(tmp_path.iterdir())
    with opened(tmp_path / "other") as other:
        with pytest.raises(ImportFailed, match="not a collection"):
            other.take_in(bad)
        assert (other.papers(), other.collections.all()) == ([], [])
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "other"])


@pytest.mark.parametrize("part", [HEAD, PAPERS, VECTORS])
def test_a_file_that_bursts_is_refused_before_it_is_read(file: Path, tmp_path: Path, part: str) -> None:
    bomb = changed(file, lambda parts: parts.update({part: parts[part] + b" " * 70_000_000}))
    assert bomb.stat().st_size < 1_000_000
    with opened(tmp_path / "other") as other:
        with pytest.raises(ImportFailed, match="unpacks to far more"):
            other.take_in(bomb)
        assert (other.papers(), other.collections.all()) == ([], [])


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 50])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.paperchat"
    path.write_bytes(content)
    with pytest.raises(ImportFailed, match="damaged, or not an exported collection"):
        Archive(path)
    with pytest.raises(ImportFailed, match="no file"):
        Archive(tmp_path / "none")


def test_a_file_that_is_cut_off_or_damaged_gives_what_came_before(file: Path, tmp_path: Path) -> None:
    def cut(parts: dict[str, bytes]) -> None:
        parts[PAPERS] = b"".join(parts[PAPERS].splitlines(keepends=True)[:7]) + b'{"id": "arx'

    with opened(tmp_path / "other") as other:
        _, added = other.take_in(changed(file, cut))
        assert len(other.papers()) == len(added.added) == 7
        assert "paper 8 of 20" in added.refused[0].reason
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 0xFF
    file.write_bytes(bytes(content))
    with opened(tmp_path / "third") as third:
        _, added = third.take_in(file)
        assert "damaged" in added.refused[-1].reason


@pytest.mark.parametrize(
    "field",
    [
        {"title": 5}, {"authors": [1]}, {"year": "x"}, {"id": "../../x"}, {"url": "javascript:alert(1)"}, {"abstract": None},
        {"title": "  "}, {"venue": ["x"]}, {"year": 10**30},
    ],
)  # fmt: skip
def test_a_record_that_is_no_paper_is_refused_and_the_rest_goes_in(file: Path, tmp_path: Path, field: dict[str, object]) -> None:
    def spoil(parts: dict[str, bytes]) -> None:
        lines = parts[PAPERS].splitlines()
        lines[3] = json.dumps({**json.loads(lines[3]), **field}).encode()
        parts[PAPERS] = b"\n".join([*lines, b""])

    with opened(tmp_path / "other") as other:
        _, added = other.take_in(changed(file, spoil))
        assert (len(added.added), len(added.refused)) == (19, 1)


@pytest.mark.parametrize("rows", ["nan", "zero", "huge", "short", "none"])
def test_vectors_that_are_none_are_made_anew(library: Library, file: Path, tmp_path: Path, rows: str) -> None:
    def spoil(parts: dict[str, bytes]) -> None:
        matrix = np.frombuffer(parts[VECTORS], "<f4").copy()
        if rows in ("short", "none"):
            parts[VECTORS] = parts[VECTORS][:100] if rows == "short" else b""
            return
        matrix[:64] = {"nan": np.nan, "zero": 0, "huge": 1e30}[rows]
        parts[VECTORS] = matrix.tobytes()

    with opened(tmp_path / "other") as other:
        other.take_in(changed(file, spoil))
        mine, found = vectors(library), vectors(other)
        assert all(np.allclose(np.frombuffer(mine[id], "<f4"), np.frombuffer(row, "<f4"), atol=1e-6) for id, row in found.items())


def test_a_line_without_end_is_never_held(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LONGEST_LINE", 2000)
    bomb = changed(file, lambda parts: parts.update({PAPERS: b" " * 50_000_000}))
    assert bomb.stat().st_size < 500_000
    with opened(tmp_path / "other") as other:
        _, added = other.take_in(bomb)
    assert (added.added, len(added.refused)) == ((), 1)


def test_a_paper_merged_of_long_records_comes_back(tmp_path: Path) -> None:
    long = "深" * 99_000
    records = [Paper(f"doi:10.1000/{number}", f"Title {number}", f"{number} {long}.") for number in range(4)]
    with opened(tmp_path / "from") as source, opened(tmp_path / "to") as target:
        source.add(records)
        merged, _ = source.merge([paper.id for paper in records])
        source.export(tmp_path / "file.paperchat")
        _, added = target.take_in(tmp_path / "file.paperchat")
        assert (added.added, added.refused) == ((merged.id,), ())
        assert len(target.records.versions(merged.id)) == 4


def test_the_records_of_a_merged_paper_go_along(library: Library, tmp_path: Path) -> None:
    text = "Moss grows on slate roofs. We measured 61 of them in one winter."
    preprint = Paper("arxiv:2101.04321", "Moss on slate in mountain villages", text, ("Eva Muster",), 2021)
    journal = Paper(
        "doi:10.5555/moss", "Moss on slate in mountain villages", text, ("Eva Muster",), 2022, "J Moss", keys=("moss22",)
    )
    library.add([preprint, journal])
    library.export(tmp_path / "all.zip", ())
    with opened(tmp_path / "other") as other:
        other.take_in(tmp_path / "all.zip")
        assert [one.id for one in other.records.versions(preprint.id)] == [preprint.id, journal.id]
        assert [one.venue for one in other.records.versions(preprint.id)] == [None, "J Moss"]
        assert other.add([journal]).unchanged == (preprint.id,)
