"""Following files: only what has changed and is at rest is read, and what has left a file is told."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from fakes import WordHashEncoder

from rag.errors import FetchFailed
from rag.ingestion import read_papers
from rag.library.chunking import SentenceWindows
from rag.library.library import Library
from rag.sources import watch as watching
from rag.sources.watch import Watch, take
from rag.types import Paper, Refused

ENDINGS = frozenset({".bib", ".ris"})


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", WordHashEncoder(), SentenceWindows()) as library:
        yield library


def entry(number: int, more: str = "") -> str:
    return (
        f"@article{{ek{number}, title = {{Counting Sacks {number}}}, author = {{Ada Ek}}, year = {{20{10 + number}}},\n"
        f"abstract = {{Mills grind {number} sacks a day. We count the sacks with a lever.{more}}}}}\n"
    )


def test_a_file_is_given_once_it_is_at_rest_and_again_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "library.bib"
    file.write_text(entry(1))
    watch = Watch(file, ENDINGS)
    assert watch.look() == []
    assert watch.look() == [file]
    assert watch.look() == []
    file.write_text(entry(1) + entry(2))
    assert watch.look() == []
    file.write_text(entry(1) + entry(2) + entry(3))
    assert watch.look() == []
    assert watch.look() == [file]
    watch.again(file)
    assert watch.look() == [file]


def test_a_folder_is_followed_with_what_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    (folder / "deep").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name in ("a.bib", "deep/b.RIS", "c.pdf", ".hidden.bib", ".git/d.bib"):
        (folder / name).write_text(entry(1))
    watch = Watch(folder, ENDINGS)
    watch.look()
    assert watch.look() == [folder / "a.bib", folder / "deep/b.RIS"]
    (folder / "a.bib").unlink()
    (folder / "e.bib").write_text(entry(2))
    assert watch.look() == []
    assert watch.look() == [folder / "e.bib"]


def test_nothing_to_follow_and_too_much_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FetchFailed, match="no file or folder"):
        Watch(tmp_path / "none", ENDINGS).look()
    monkeypatch.setattr(watching, "MOST_FILES", 2)
    for name in "abc":
        (tmp_path / f"{name}.bib").write_text(entry(1))
    with pytest.raises(FetchFailed, match="more than 2 files"):
        Watch(tmp_path, ENDINGS).look()


def test_links_in_a_circle_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.bib").write_text(entry(1))
    (folder / "again").symlink_to(folder, target_is_directory=True)
    watch = Watch(folder, ENDINGS)
    watch.look()
    assert watch.look() == [folder / "a.bib"]


def test_what_changed_in_a_file_is_taken_and_what_left_it_is_told(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "library.bib"
    file.write_text(entry(1) + entry(2))
    first = take(library, file, read_papers)
    assert (len(first.added.added), first.gone, first.error) == (2, (), "")
    assert take(library, file, read_papers).unchanged
    file.write_text(entry(2, " It is a long lever.") + entry(3))
    second = take(library, file, read_papers)
    assert (len(second.added.added), len(second.added.updated), second.gone) == (1, 1, ("Counting Sacks 1",))
    assert len(library.papers()) == 3


def test_a_file_that_cannot_be_read_is_told_and_changes_nothing(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "library.bib"
    file.write_text(entry(1))
    take(library, file, read_papers)
    file.write_bytes(b"\x00\x01")
    done = take(library, file, read_papers)
    assert "binary" in done.error
    assert done.gone == ()
    file.unlink()
    assert take(library, file, read_papers).error
    file.write_text(entry(1))
    assert take(library, file, read_papers).unchanged


def test_a_file_that_is_written_while_it_is_read_is_read_again(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "library.bib"
    file.write_text(entry(1))

    def read(path: Path) -> Iterable[Paper | Refused]:
        found = list(read_papers(path))
        with path.open("a") as more:
            more.write(entry(2))
        return found

    assert "written while" in take(library, file, read).error
    assert not take(library, file, read_papers).unchanged
    assert len(library.papers()) == 2


def test_a_file_whose_time_alone_changed_is_not_read(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "library.bib"
    file.write_text(entry(1))
    take(library, file, read_papers)
    os.utime(file, (1, 1))

    def never(path: Path) -> Iterable[Paper | Refused]:
        raise AssertionError

    assert take(library, file, never).unchanged
