"""How far work has come is told with total, rate and time left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Command
from ui.cli import progress
from ui.cli.progress import Bars, counted, pace


@pytest.mark.parametrize(
    ("done", "total", "rate", "said"),
    [
        (1200, 52000, 140.0, "1,200 of 52,000 · 140/s · 6:03 left"),
        (1, 3, 0.5, "1 of 3 · 0.5/s · 0:04 left"),
        (10, 100_000, 10.0, "10 of 100,000 · 10/s · 2:46:39 left"),
        (7, 0, 2.0, "7 · 2.0/s"),
        (7, 7, 2.0, "7 of 7 · 2.0/s"),
        (0, 7, 0.0, "0 of 7"),
    ],
)
def test_pace(done: int, total: int, rate: float, said: str) -> None:
    assert pace(done, total, rate) == said


def test_without_a_terminal_only_long_work_is_told_and_not_often(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    with Bars(lambda: now) as bars:
        for second in range(41):
            now = float(second)
            bars(second * 10, 1000, "adding papers")
    assert capsys.readouterr().err.splitlines() == [
        "adding papers: 50 of 1,000 · 10/s · 1:35 left",
        "adding papers: 200 of 1,000 · 10/s · 1:20 left",
        "adding papers: 350 of 1,000 · 10/s · 1:05 left",
    ]


def test_each_kind_of_work_has_a_pace_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    with Bars(lambda: now) as bars:
        bars(32, 32, "reading")
        now = 100.0
        bars(0, 60, "encoding")
        now = 106.0
        bars(12, 60, "encoding")
    assert capsys.readouterr().err == "encoding: 12 of 60 · 2.0/s · 0:24 left\n"


def test_what_is_counted_first_is_read_again() -> None:
    reads = []

    def read() -> Iterator[int]:
        reads.append(1)
        yield from (4, 5, 6)

    found = counted(read)
    assert (len(found), list(found), len(reads)) == (3, [4, 5, 6], 2)


def test_adding_a_file_tells_how_many_there_are(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int, str]] = []
    monkeypatch.setattr(progress.Bars, "__call__", lambda _, *said: told.append(said))
    papers = [{"title": f"Wombats of kind {n}", "abstract": f"Wombats of kind {n} dig {n} metres a night."} for n in range(40)]
    (tmp_path / "own.jsonl").write_text("\n".join(map(json.dumps, papers)), encoding="utf-8")
    assert command("add", str(tmp_path / "own.jsonl")).code == 0
    assert (32, 40, "adding papers") in told
    assert (40, 40, "adding papers") in told
