"""Files that were uploaded and never added: they go after a while, at the end, and at the next start."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ui.server import uploads as module
from ui.server.uploads import KEPT_SECONDS, Uploads


def put(folder: Path, name: str, age: float = 0.0) -> Path:
    path = folder / name / "papers.txt"
    path.parent.mkdir(parents=True)
    path.write_text("text", encoding="utf-8")
    os.utime(path, (1_000_000 - age, 1_000_000 - age))
    return path


def test_old_files_go_and_others_stay(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads", clock=lambda: 1_000_000)
    uploads.begin()
    new, old = put(uploads.folder, "new"), put(uploads.folder, "old", KEPT_SECONDS + 1)
    uploads.sweep()
    assert (new.exists(), old.exists()) == (True, False)
    uploads.remove([new, old])
    assert not new.exists()


def test_all_go_at_the_end_and_what_a_killed_server_left_at_the_start(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads")
    left = put(uploads.folder, "left")
    uploads.begin()
    assert not left.exists()
    assert uploads.folder.stat().st_mode & 0o777 == 0o700
    put(uploads.folder, "more")
    uploads.end()
    assert list(tmp_path.iterdir()) == []


def test_there_is_a_bound_for_all_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 8)
    uploads = Uploads(tmp_path / "uploads")
    uploads.begin()
    put(uploads.folder, "one")
    assert not uploads.full()
    put(uploads.folder, "two")
    assert uploads.full()


def test_what_goes_while_files_are_counted_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 4)
    uploads = Uploads(tmp_path / "uploads", clock=lambda: 1_000_000)
    uploads.begin()
    first, last = put(uploads.folder, "a"), put(uploads.folder, "b", KEPT_SECONDS + 1)
    scan = os.scandir

    def scanned(folder: Any) -> Any:
        if Path(folder) == first.parent and first.exists():
            first.unlink()
            first.parent.rmdir()
        return scan(folder)

    monkeypatch.setattr(os, "scandir", scanned)
    assert uploads.full()
    uploads.sweep()
    assert not last.exists()


def test_only_files_of_the_folder_are_its_own(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads")
    uploads.begin()
    mine, secret = put(uploads.folder, "mine"), tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    (uploads.folder / "link").symlink_to(secret)
    assert uploads.holds(mine)
    for path in (secret, uploads.folder / "link", uploads.folder / ".." / "secret", uploads.folder, Path()):
        assert not uploads.holds(path)
