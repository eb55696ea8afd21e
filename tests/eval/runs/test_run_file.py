from __future__ import annotations

import json
from pathlib import Path

import pytest
from samples.run_header import header

from eval.cases.reading import Case
from eval.runs.run_file import RunError, RunReader, RunWriter, read_run, read_timings, timings_path
from eval.types import Result, Score, Timing
from rag.types import Judgement

SAMPLE = Path(__file__).parents[2] / "golden" / "sample-run.jsonl"


def result(number: int) -> Result:
    case = Case(f"case-{number}", "fact", "dev", "What do bees do?", papers=("bees",), answer=(("dance", "dancing"),))
    return Result(
        case,
        {"text": "Bees dance. [1]\ud800\u2028", "usage": {}},
        (Judgement("supported", 1.0, "it stands there"),),
        {"words": ("bees", "ants")},
        (Score("supported", 1.0, "1 of 1"), Score("list_precision", None, "nothing was listed", 3)),
    )


def written(path: Path, count: int = 3, said: int | None = None) -> Path:
    with RunWriter(path, header(count if said is None else said)) as writer:
        for number in range(count):
            writer.add(result(number), Timing(f"case-{number}", {"total": 0.5}))
    return path


def complaint(path: Path) -> str:
    with pytest.raises(RunError) as caught:
        read_run(path)
    return str(caught.value)


def test_what_is_written_is_read_and_written_again_the_same(tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl")
    run = read_run(path)
    assert (run.header, run.results, run.notices) == (header(3), tuple(result(number) for number in range(3)), ())
    assert read_timings(path) == [Timing(f"case-{number}", {"total": 0.5}) for number in range(3)]
    assert written(tmp_path / "again.jsonl").read_bytes() == path.read_bytes()


def test_a_score_is_found_by_its_name() -> None:
    assert result(0).score("list_precision") == Score("list_precision", None, "nothing was listed", 3)
    assert result(0).score("refusal") is None


def test_the_sample_run_can_be_read() -> None:
    run = read_run(SAMPLE)
    assert len(run.results) == run.header.cases.count == len(read_timings(SAMPLE))
    assert {score.name for one in run.results for score in one.scores} >= {"supported", "list_f1"}


def test_an_interrupted_run_is_usable_and_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl", count=2, said=5)
    with path.open("ab") as file:
        file.write(b'{"case": {"id": "ha')
    run = read_run(path)
    assert len(run.results) == 2
    assert "interrupted: 2 of 5 cases are in it" in run.notices[0]


def test_a_run_goes_on_where_it_stopped_and_half_a_line_is_cut_off(tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl", count=2, said=3)
    for file in (path, timings_path(path)):
        file.write_bytes(file.read_bytes() + b'{"half')
    with RunWriter(path, header(3), results=2) as writer:
        writer.add(result(2), Timing("case-2", {"total": 0.5}))
    assert path.read_bytes() == written(tmp_path / "whole.jsonl").read_bytes()
    assert [timing.id for timing in read_timings(path)] == ["case-0", "case-1", "case-2"]


def test_results_are_on_disk_before_the_run_ends(tmp_path: Path) -> None:
    writer = RunWriter(tmp_path / "run.jsonl", header(2))
    writer.add(result(0), Timing("case-0", {}))
    assert len(read_run(tmp_path / "run.jsonl").results) == 1
    writer.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty: it is no run"),
        (b"\n", "is empty: it is no run"),
        (b"question,answer\n", "run.jsonl is not a run file: its first line is no header (Expecting value"),
        (b"[]\n", "its first line is no header (it is not a JSON object). Give a file that `paperchat eval run`"),
        (b'{"question": "x"}\n', "its first line is no header"),
        (b'{"format": "paperchat-run", "version": 99}\n', "is a run of format 99, and this Paperchat reads format 1"),
        (b'{"format": "paperchat-run", "version": 1}\n', "its first line is no header (the field 'cases' is missing)"),
        (b"\xff\xfe\n", "its first line is no header"),
    ],
)
def test_what_is_no_run_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes(content)
    assert said in complaint(path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{broken", "run.jsonl:3 is not a line of a run (Expecting property name"),
        (b"[" * 100_000, "run.jsonl:3 is not a line of a run"),
        (b'{"case": {"id": "x"}}', "(the field 'kind' is missing)"),
        (b'{"case": null}', "run.jsonl:3 is not a line of a run"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: bytes, said: str) -> None:
    path = written(tmp_path / "run.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], line + b"\n", *lines[3:]]))
    assert said in complaint(path)


def test_a_score_with_an_unknown_field_is_a_broken_line(tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl", count=1)
    first, second = path.read_text().splitlines()
    record = json.loads(second)
    record["scores"][0]["weight"] = 1
    path.write_text(f"{first}\n{json.dumps(record)}\n")
    assert "run.jsonl:2 is not a line of a run" in complaint(path)


@pytest.mark.parametrize(
    ("part", "name", "value", "said"),
    [
        ("case", "kind", "bogus", "there is no kind of case 'bogus'"),
        ("score", "value", "x", "a score is no number"),
        ("score", "value", float("nan"), "a score is no number"),
        ("record", "answer", [], "its answer is no JSON object"),
        ("answer", "citations", 5, "a part of its answer is no list"),
    ],
)
def test_what_a_report_would_fail_on_is_a_broken_line(tmp_path: Path, part: str, name: str, value: object, said: str) -> None:
    path = written(tmp_path / "run.jsonl", count=1)
    first, second = path.read_text().splitlines()
    record = json.loads(second)
    parts = {"record": record, "case": record["case"], "answer": record["answer"], "score": record["scores"][0]}
    parts[part][name] = value
    path.write_text(f"{first}\n{json.dumps(record)}\n")
    assert f"run.jsonl:2 is not a line of a run ({said}" in complaint(path)


def test_a_header_whose_count_is_no_number_is_a_broken_line(tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl", count=1)
    path.write_text(path.read_text().replace('"count": 1', '"count": "x"', 1))
    assert "its first line is no header" in complaint(path)


def test_more_cases_than_the_header_says_are_an_error(tmp_path: Path) -> None:
    assert "1 cases more than its header says" in complaint(written(tmp_path / "run.jsonl", count=3, said=2))


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert "cannot be read (No such file" in complaint(tmp_path / "none.jsonl")
    assert "cannot be read (Is a directory" in complaint(tmp_path)
    with pytest.raises(RunError, match="cannot be written"):
        RunWriter(tmp_path, header(1))


def test_a_hundred_thousand_cases_are_read_one_at_a_time(tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl", count=1, said=100_000)
    first, line = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + line * 100_000)
    reader = RunReader(path)
    assert sum(1 for _ in reader.results()) == 100_000
    assert reader.notices == []
