"""The short form of `make torture`, and that it would notice a library that is not whole."""

from __future__ import annotations

import random
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from fakes import WordHashEncoder
from torture import STEPS, Subject, check, damage, date_files, ended, forked, set_back, unwritable, without_rights

from tests.conftest import ROOT


def test_a_library_stays_whole_through_kills_damage_and_a_full_disk() -> None:
    command = [sys.executable, str(ROOT / "tests" / "support" / "torture.py"), "--kills", "4", "--seed", "7"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 kills, 0 times not whole" in done.stdout


def test_every_step_changes_a_library_and_leaves_it_whole(tmp_path: Path) -> None:
    subject, draw = Subject(tmp_path / "library", WordHashEncoder()), random.Random(0)
    for step in STEPS:
        with subject.open() as library:
            state = library.records.state
            step(library, draw)
            assert library.records.state != state
        set_back(subject.folder)
        check(subject)
        damage(subject.folder, draw)
        check(subject)


def test_wrong_dates_leave_a_library_whole_and_its_indexes_in_use(tmp_path: Path) -> None:
    subject, draw = Subject(tmp_path / "library", WordHashEncoder()), random.Random(0)
    with subject.open() as library:
        STEPS[0](library, draw)
    date_files(subject.folder, draw)
    check(subject)
    assert not list(subject.folder.glob("*.damaged-*"))


def test_a_folder_that_may_not_be_written_is_read_and_left_as_it_is(tmp_path: Path) -> None:
    subject, draw = Subject(tmp_path / "library", WordHashEncoder()), random.Random(0)
    with subject.open() as library:
        STEPS[0](library, draw)
    for place in (tmp_path, *tmp_path.parents[:3]):  # pytest's folders, and those of its workers, are their user's alone
        if not place.stat().st_mode & stat.S_IXOTH:
            place.chmod(0o711)
    before = {file: file.read_bytes() for file in subject.folder.rglob("*") if file.is_file()}
    with unwritable(subject.folder):
        assert ended(forked(lambda: without_rights(subject, draw))) == 0
    assert {file: file.read_bytes() for file in subject.folder.rglob("*") if file.is_file()} == before
    check(subject)


@pytest.mark.parametrize(
    ("tear", "why"),
    [
        ("UPDATE papers SET abstract = abstract || ' Torn.' WHERE position = 3", "not what was stored"),
        ("DELETE FROM passages WHERE rowid = (SELECT min(rowid) FROM passages)", "passages of another text"),
        ("UPDATE passages SET vector = zeroblob(64)", "a vector is torn"),
    ],
)
def test_what_is_torn_is_noticed(tmp_path: Path, tear: str, why: str) -> None:
    subject = Subject(tmp_path / "library", WordHashEncoder())
    with subject.open() as library:
        STEPS[0](library, random.Random(0))
    with closing(sqlite3.connect(subject.folder / "records.db")) as file, file:
        file.execute(tear)
    (subject.folder / "records.db.manifest.json").unlink()  # its checksum would tell at once
    with pytest.raises(AssertionError, match=why):
        check(subject)
