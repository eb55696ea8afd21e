"""One owner a library: a second one is told who holds it, and a killed one leaves nothing that does harm."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag.errors import LibraryBusy, StorageFailed
from rag.library.lock import take

HOLD = "import sys; from pathlib import Path; from rag.library.lock import take; lock = take(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"


@contextmanager
def held_by_another(folder: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        try:
            yield child
        finally:
            child.kill()


def test_a_second_process_is_told_who_holds_it(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as child:
        with pytest.raises(LibraryBusy, match=f"process {child.pid} .*close that process first") as told:
            take(tmp_path)
        assert "-c" in str(told.value)
        assert str(tmp_path) in str(told.value)


def test_a_second_owner_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    lock = take(tmp_path)
    with pytest.raises(LibraryBusy, match=f"process {os.getpid()}"):
        take(tmp_path)
    lock.release()


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    for _ in range(3):
        lock = take(tmp_path)
        assert json.loads((tmp_path / "owner.json").read_text())["pid"] == os.getpid()
        lock.release()
        lock.release()
        assert not (tmp_path / "owner.json").exists()


def test_releasing_twice_does_not_hurt_the_next_owner(tmp_path: Path) -> None:
    first = take(tmp_path)
    first.release()
    second = take(tmp_path)
    first.release()
    assert (tmp_path / "owner.json").exists()
    with pytest.raises(LibraryBusy):
        take(tmp_path)
    second.release()


def test_what_a_killed_owner_leaves_does_no_harm(tmp_path: Path) -> None:
    with held_by_another(tmp_path) as child:
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert (tmp_path / "owner.json").exists()
        lock = take(tmp_path)
        assert json.loads((tmp_path / "owner.json").read_text())["pid"] == os.getpid()
        lock.release()


@pytest.mark.parametrize("note", ["", "{", "[1]", '{"pid": 1}', None])
def test_an_unreadable_note_is_no_hindrance(tmp_path: Path, note: str | None) -> None:
    lock = take(tmp_path)
    if note is None:
        (tmp_path / "owner.json").unlink()
    else:
        (tmp_path / "owner.json").write_text(note)
    with pytest.raises(LibraryBusy, match="no note"):
        take(tmp_path)
    lock.release()


def test_a_place_where_no_lock_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFailed, match="cannot be locked"):
        take(tmp_path / "file" / "inside")
