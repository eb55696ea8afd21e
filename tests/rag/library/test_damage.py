"""Every file of a library, damaged in every way: found out, told, kept aside, and nothing that can be read is lost."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from fakes import WordHashEncoder, some_papers

from rag.errors import LibraryDamaged, StorageFailed
from rag.library.chunking import SentenceWindows
from rag.library.library import Library
from rag.library.repair import repair
from tests.conftest import Command, Ran

PAPERS = some_papers(40)
QUESTION = WordHashEncoder().encode(["sparse kernel inference"])[0]


def opened(folder: Path) -> Library:
    return Library.open(folder, WordHashEncoder(), SentenceWindows())


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pattern") / "library"
    with opened(folder) as library:
        library.add(PAPERS)
    return folder


@pytest.fixture
def folder(pattern: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pattern, tmp_path / "library"))


# --- ways of damage; each keeps the time of writing, as a bad disk does


def truncated(file: Path) -> None:
    _write(file, file.read_bytes()[: file.stat().st_size // 2])


def emptied(file: Path) -> None:
    _write(file, b"")


def zeroed(file: Path) -> None:
    """All zeros; or all ones, where a new index holds nothing but zeros: of memory that hnswlib has not filled, either may be written."""
    zeros = bytes(file.stat().st_size)
    _write(file, zeros if file.read_bytes() != zeros else b"\xff" * len(zeros))


def overwritten(file: Path) -> None:
    _write(file, random.Random(3).randbytes(max(file.stat().st_size, 16)))


def one_bit(file: Path) -> None:
    content = bytearray(file.read_bytes() or b"\0")
    content[len(content) * 2 // 3] ^= 16
    _write(file, bytes(content))


def made_a_folder(file: Path) -> None:
    """Stands for a file that may not be read, as root may read any."""
    file.unlink()
    file.mkdir()


def _write(file: Path, content: bytes) -> None:
    """In a new file, as an index that was closed may keep the old one mapped for a while."""
    state = file.stat()
    new = file.with_name(f"{file.name}.new")
    new.write_bytes(content)
    new.replace(file)
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))


DAMAGES = [truncated, emptied, zeroed, overwritten, one_bit, Path.unlink, made_a_folder]
INDEX_FILES = [
    "chroma/chroma.sqlite3", "chroma/*/data_level0.bin", "chroma/*/header.bin", "chroma/*/length.bin",
    "chroma.manifest.json", "tantivy.manifest.json", "records.db.manifest.json",
    "tantivy/meta.json", "tantivy/.managed.json", "tantivy/*.fast", "tantivy/*.fieldnorm", "tantivy/*.idx", "tantivy/*.pos",
    "tantivy/*.store", "tantivy/*.term",
]  # fmt: skip


def test_every_file_is_damaged_below(folder: Path) -> None:
    named = {file for pattern in INDEX_FILES for file in folder.glob(pattern)}
    there = {file for file in folder.rglob("*") if file.is_file() and file.stat().st_size and file.suffix != ".lock"}
    assert there == named | {folder / "records.db"}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("place", INDEX_FILES)
def test_a_damaged_index_is_kept_aside_and_built_anew(folder: Path, place: str, damage: Callable[[Path], None]) -> None:
    with opened(folder) as sound:
        expected = sound.meaning.nearest(QUESTION, 8), sound.words.best(["kernel"], 8)
    file = next(folder.glob(place))
    damage(file)
    damaged = file.read_bytes() if file.is_file() else None
    with opened(folder) as library:
        assert (library.meaning.nearest(QUESTION, 8), library.words.best(["kernel"], 8)) == expected
        assert library.papers() == PAPERS
        if not place.endswith("manifest.json"):
            assert ["rebuilt from the records" in notice for notice in library.notices] == [True]
            kept = next(iter(folder.glob("*.damaged-*")))
            assert str(kept) in library.notices[0]
            if damaged is not None:
                assert damaged in [file.read_bytes() for file in kept.rglob("*") if file.is_file()]
        library.add(some_papers(2, first=90))
    with opened(folder) as library:
        assert library.meaning.nearest(QUESTION, 8)
        assert library.notices == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_records_are_told_and_nothing_is_changed(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(folder / "records.db")
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    for _ in range(2):
        with pytest.raises((LibraryDamaged, StorageFailed), match=r"records\.db.*(paperchat repair|check)"):
            opened(folder)
    after = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert {file: after[file] for file in before} == before


def test_a_second_damage_on_one_day_keeps_both_copies(folder: Path) -> None:
    for _ in range(3):
        one_bit(next(folder.glob("tantivy/*.idx")))
        with opened(folder) as library:
            assert library.words.document_count() == 40
    assert len(list(folder.glob("tantivy.damaged-*"))) == 3


def test_a_library_that_was_copied_is_not_damaged(folder: Path) -> None:
    for file in folder.rglob("*"):
        os.utime(file)
    with opened(folder) as library:
        assert library.meaning.nearest(QUESTION, 3)
        assert library.words.best(["kernel"], 3)
        assert library.notices == []


def test_a_backup_that_is_put_back_is_taken(folder: Path, tmp_path: Path) -> None:
    shutil.copy2(folder / "records.db", tmp_path / "backup.db")
    with opened(folder) as library:
        library.add(some_papers(3, first=60))
    one_bit(folder / "records.db")
    with pytest.raises(LibraryDamaged):
        opened(folder)
    shutil.copy2(tmp_path / "backup.db", folder / "records.db")
    with opened(folder) as library:
        assert library.papers() == PAPERS
        assert library.words.document_count() == 40
        assert library.meaning.count() == library.records.passage_count()


def test_records_that_were_not_closed_are_checked_by_their_structure(folder: Path) -> None:
    (folder / "records.db.manifest.json").unlink()
    opened(folder).close()
    (folder / "records.db.manifest.json").unlink()
    content = bytearray((folder / "records.db").read_bytes())
    content[8192:12288] = random.Random(1).randbytes(4096)
    (folder / "records.db").write_bytes(content)
    with pytest.raises(LibraryDamaged, match="paperchat repair"):
        opened(folder)


def test_a_library_that_is_deleted_while_it_is_open_counts_nothing(folder: Path) -> None:
    with opened(folder) as library:
        shutil.rmtree(folder)
        for step in (library.records.paper_count, library.papers, lambda: library.add(some_papers(1, first=70))):
            with pytest.raises(StorageFailed, match="deleted or replaced while Paperchat had it open"):
                step()
    assert not folder.exists()


def test_a_library_that_is_replaced_while_it_is_open_is_not_mixed_with_the_other(folder: Path, pattern: Path) -> None:
    with opened(folder) as library:
        shutil.rmtree(folder)
        shutil.copytree(pattern, folder)
        with pytest.raises(StorageFailed, match="deleted or replaced"):
            library.papers()
    with opened(folder) as library:
        assert library.papers() == PAPERS


# --- repair


def test_repair_keeps_every_paper_that_can_be_read(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "records.db")) as connection, connection:
        connection.execute("UPDATE papers SET abstract = replace(abstract, 'a', 'b') WHERE id = ?", (PAPERS[7].id,))
    with pytest.raises(LibraryDamaged, match="1 of its papers"):
        opened(folder)
    damaged = (folder / "records.db").read_bytes()
    done = repair(folder / "records.db", lambda: opened(folder))
    assert (done.kept, done.lost) == (39, 1)
    assert done.aside.read_bytes() == damaged
    with opened(folder) as library:
        assert library.papers() == [paper for paper in PAPERS if paper != PAPERS[7]]
        assert library.words.document_count() == 39


def test_repair_survives_a_page_of_noise(folder: Path) -> None:
    content = bytearray((folder / "records.db").read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = random.Random(1).randbytes(4096)
    (folder / "records.db").write_bytes(content)
    done = repair(folder / "records.db", lambda: opened(folder))
    with opened(folder) as library:
        kept = library.papers()
        assert len(kept) == done.kept
        assert 0 < done.kept <= 40
        assert set(kept) <= set(PAPERS)


def test_repair_of_what_holds_nothing_changes_nothing(folder: Path) -> None:
    overwritten(folder / "records.db")
    before = (folder / "records.db").read_bytes()
    with pytest.raises(LibraryDamaged, match="No paper can be read"):
        repair(folder / "records.db", lambda: opened(folder))
    assert (folder / "records.db").read_bytes() == before
    assert not list(folder.glob("*.damaged-*"))


# --- from outside


def asked(command: Command) -> Ran:
    return command("ask", "Why does VoxelMorph fail on large displacements?")


@pytest.mark.parametrize(
    ("place", "damage"),
    [("chroma/chroma.sqlite3", one_bit), ("chroma/chroma.sqlite3", overwritten), ("tantivy/*.idx", zeroed), ("chroma/*/data_level0.bin", one_bit)],
)  # fmt: skip
def test_a_question_over_a_damaged_index_is_answered(
    child: Callable[..., object], home: Path, place: str, damage: Callable[[Path], None]
) -> None:
    damage(next(home.glob(place)))
    ran: object = child("ask", "Why does VoxelMorph fail on large displacements?")
    assert ran.returncode == 0, ran.stderr  # type: ignore[attr-defined]
    assert "track large deformations" in ran.stdout  # type: ignore[attr-defined]
    assert "rebuilt from the records" in ran.stderr  # type: ignore[attr-defined]


def test_an_empty_file_of_records_is_told_and_repaired_from_outside(command: Command, home: Path) -> None:
    sound = (home / "records.db").read_bytes()
    emptied(home / "records.db")
    ran = asked(command)
    assert (ran.code, ran.out) == (1, "")
    assert "the file is empty" in ran.err
    assert "paperchat repair" in ran.err
    assert command("repair").code == 1
    (home / "records.db").write_bytes(sound)
    assert asked(command).code == 0
    one_bit(home / "records.db")
    assert "the disk may be failing" in asked(command).err
    ran = command("repair")
    assert ran.code == 0, ran.err
    assert "papers were kept" in ran.out
    assert asked(command).code == 0


def test_a_sound_library_is_left_as_it_is(command: Command, home: Path) -> None:
    before = (home / "records.db").read_bytes()
    ran = command("repair")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Nothing is damaged: all 58 papers can be read.")
    assert command("repair", "--json").out == '{"kept": 58, "lost": 0, "damaged": null}\n'
    assert (home / "records.db").read_bytes() == before
    assert not list(home.glob("*.damaged-*"))
