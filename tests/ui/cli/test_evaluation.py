"""`paperchat eval …` as a person types it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from samples.run_pairs import run as written

from eval.runs.run_file import read_run
from rag.ingestion.bundled import bundled_papers
from tests.conftest import Command

PAPERS = bundled_papers()[:4]
CASE = {
    "id": "mine",
    "kind": "fact",
    "split": "dev",
    "question": "Why does VoxelMorph fail on large displacements?",
    "papers": ["arxiv:2202.04579"],
}


def test_a_file_of_cases_is_checked(command: Command, tmp_path: Path) -> None:
    (tmp_path / "good.jsonl").write_text(json.dumps(CASE))
    assert command("eval", "validate", "good.jsonl").out == "1 cases, no mistake: 1 fact.\n"
    (tmp_path / "bad.jsonl").write_text(json.dumps(CASE | {"papers": ["arxiv:1"]}))
    ran = command("eval", "validate", "bad.jsonl")
    assert (ran.code, ran.out) == (1, "")
    assert "bad.jsonl:1, mine: no paper has the id arxiv:1" in ran.err


def test_a_run_is_made_and_shown_with_what_is_known_of_its_checker(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text(json.dumps(CASE))
    arguments = ("eval", "run", "--cases", "mine.jsonl", "--cache", "kept")
    ran = command(*arguments)
    assert ran.code == 0
    assert "mine-quotes.jsonl: 1 cases, 1 asked, 0 from the cache, 0 there before, 0 failed." in ran.err
    assert re.search(r"^all +supported +1\.000 +1\.000–1\.000 +\d", ran.out, re.MULTILINE)
    assert re.search(r"^Grounding by fitted\S+ \(checker: .*\)$", ran.out, re.MULTILINE)
    again = command(*arguments, "--json")
    assert "0 asked, 0 from the cache, 1 there before" in again.err
    rows = {(row["kind"], row["measure"]): row for row in json.loads(again.out)["rows"]}
    assert rows["fact", "errors"] == {
        "kind": "fact",
        "measure": "errors",
        "cases": 1,
        "unscored": 0,
        "mean": 0.0,
        "low": 0.0,
        "high": 0.0,
        "n": 1,
    }


def test_two_runs_are_compared(command: Command, tmp_path: Path) -> None:
    written(tmp_path / "a.jsonl", 0.5)
    written(tmp_path / "b.jsonl", 1.0)
    ran = command("eval", "compare", "a.jsonl", "b.jsonl")
    assert re.search(r"^supported +0\.500 +1\.000 +\+0\.500 .* better +12 +0$", ran.out, re.MULTILINE)
    assert "supported: better case-0, case-1, case-2, case-3, case-4, case-5, case-6, case-7 and 4 more" in ran.out
    found = json.loads(command("eval", "compare", "a.jsonl", "b.jsonl", "--json").out)
    assert found["measures"][0]["verdict"] == "better"


def test_a_gate_stops_a_build(command: Command, tmp_path: Path) -> None:
    written(tmp_path / "a.jsonl", 0.5)
    held = command("eval", "gate", "a.jsonl", "--min", "supported=0.5", "--max", "false_refusal=0.05")
    assert (held.code, held.out.count("passed: ")) == (0, 2)
    ran = command("eval", "gate", "a.jsonl", "--min", "supported=0.95", "--json")
    assert ran.code == 1
    assert json.loads(ran.out)["failed"] == ["supported is 0.5 (0.5–0.5, n = 24), wanted at least 0.95"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("gate", "a.jsonl", "--min", "suported=1"), "There are: supported, partly"),
        (("gate", "a.jsonl"), "nothing to compare the run"),
        (("run", "--price-in", "1"), "--price-out together"),
        (("run", "--parallel", "0"), "--parallel"),
        (("run", "--home", "a", "--papers", "b"), "not both"),
    ],
)
def test_wrong_use_is_told(command: Command, arguments: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    ran = command("eval", *arguments)
    assert ran.code == 2
    assert said in ran.err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("answers", "none.jsonl"), "(No such file or directory)"),
        (("answers", "."), "(Is a directory)"),
        (("answers", "empty.txt"), "holds no answer that could be read"),
        (("answers", "a.bin"), "holds no answer that could be read"),
        (("claim", "It works.", "--source", "none.txt"), "(No such file or directory)"),
        (("claim", "It works.", "--source", "."), "(Is a directory)"),
        (("claim", "It works.", "--source", "a.bin"), "(it is not UTF-8 text)"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_in_words(
    command: Command, tmp_path: Path, arguments: tuple[str, ...], why: str
) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "a.bin").write_bytes(bytes(range(128, 256)) * 4)
    ran = command("eval", *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert why in ran.err
    assert "Error: " in ran.err
    assert ". Give " in ran.err


def test_a_run_that_is_none_is_told(command: Command, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    ran = command("eval", "compare", "empty.jsonl", "empty.jsonl")
    assert (ran.code, ran.err.startswith("Error: empty.jsonl is empty: it is no run.")) == (1, True)


def test_other_commands_have_their_own_help(command: Command) -> None:
    assert "--scifact" in command("eval", "calibrate", "--help").out
    assert "FORMAT" in command("eval", "convert", "--help").out.upper()
    assert "--from-feedback" in command("eval", "make", "--help").out


def test_cases_over_papers_of_a_file_are_drafted_checked_and_run(command: Command, tmp_path: Path) -> None:
    papers = [{"title": paper.title, "abstract": paper.abstract, "arxiv_id": f"9901.0000{at}"} for at, paper in enumerate(PAPERS)]
    (tmp_path / "papers.jsonl").write_text("\n".join(map(json.dumps, papers)))
    assert (
        "run `paperchat eval validate mine.jsonl --papers papers.jsonl`"
        in command("eval", "make", "papers.jsonl", "--count", "3", "--kinds", "fact,method", "--out", "mine.jsonl").err
    )
    alone = command("eval", "validate", "mine.jsonl")
    assert alone.code == 1
    assert "give those: --papers FILE or --home FOLDER" in alone.err
    own = ("mine.jsonl", "--papers", "papers.jsonl")
    assert "3 cases, no mistake" in command("eval", "validate", *own).out
    ran = command("eval", "run", "--cases", *own, "--no-cache", "--out", "run.jsonl")
    assert "3 cases, 3 asked" in ran.err
    assert read_run(tmp_path / "run.jsonl").header.papers.count == len(papers)


def test_each_mistake_in_a_file_of_cases_has_a_line_of_its_own(command: Command, tmp_path: Path) -> None:
    broken = CASE | {"question": "", "hard": "Note: \nall is fine"}
    (tmp_path / "bad.jsonl").write_text(json.dumps(broken))
    lines = command("eval", "validate", "bad.jsonl").err.splitlines()
    assert lines[0].startswith("Error: bad.jsonl has 2 problems")
    assert [line.startswith("  bad.jsonl:1, mine: ") for line in lines[1:]] == [True, True]


def test_a_folder_that_is_no_library_is_told_and_not_made_one(command: Command, tmp_path: Path) -> None:
    for arguments in (("run", "--cases", "dev"), ("check", "mine.jsonl")):
        ran = command("eval", *arguments, "--home", "libary")
        assert (ran.code, "libary is no library" in ran.err) == (1, True)
    assert not (tmp_path / "libary").exists()


def test_drafts_are_of_the_library_that_was_asked_for(command: Command, tmp_path: Path) -> None:
    (tmp_path / "papers.jsonl").write_text(json.dumps({"id": "mine:1", "title": PAPERS[0].title, "abstract": PAPERS[0].abstract}))
    (tmp_path / "cases.jsonl").write_text("")
    assert command("--home", "nowhere", "eval", "make", "--count", "1").code == 1
    ran = command("--home", "nowhere", "eval", "make", "--count", "1")
    assert "nowhere is no library" in ran.err
    assert "nowhere is no library" in command("eval", "make", "--home", "nowhere", "--count", "1").err
    assert command("--home", "nowhere", "eval", "make", "papers.jsonl", "--count", "1").code == 0
    assert "not both" in command("eval", "make", "papers.jsonl", "--home", "nowhere").err


def test_what_a_file_holds_steers_no_terminal(command: Command, tmp_path: Path) -> None:
    hostile = "\x1b[2J\x9b31m\u202eevil"
    (tmp_path / "papers.jsonl").write_text(json.dumps({"title": hostile}) + "\n" + json.dumps({"id": hostile, "title": 3}) + "\n")
    (tmp_path / "cases.jsonl").write_text(json.dumps(CASE | {"id": hostile, "kind": hostile, "papers": [hostile]}) + "\n")
    (tmp_path / "feedback.jsonl").write_text(json.dumps({"question": hostile, "rating": hostile}) + "\n")
    (tmp_path / "run.jsonl").write_text(json.dumps({"format": hostile, "version": hostile}) + "\n")
    for arguments in (
        ("make", "papers.jsonl"),
        ("make", "--from-feedback", "feedback.jsonl"),
        ("make", hostile),
        ("check", "cases.jsonl"),
        ("report", "run.jsonl"),
        ("report", hostile),
        ("gate", "run.jsonl", "--min", f"{hostile}=0.5"),
        ("gate", "run.jsonl", "--min", f"supported={hostile}"),
        ("compare", "run.jsonl", "run.jsonl"),
        ("calibrate", "--data", "cases.jsonl"),
        ("convert", "--format", "wice", "cases.jsonl", "-o", "out.jsonl"),
    ):
        ran = command("eval", *arguments)
        assert ran.code != 0, arguments
        assert not set(ran.err + ran.out) & {"\x1b", "\x9b", "\u202e"}, arguments


def test_the_old_name_of_validate_still_works_and_says_so(command: Command, tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text(json.dumps(CASE))
    done = command("eval", "check", "cases.jsonl")
    assert done.code == 0
    assert "is now `eval validate`" in done.err


def test_answers_of_another_system_become_a_run(command: Command, tmp_path: Path) -> None:
    given = {"question": "Who dances?", "answer": "Bees dance at night [1].", "sources": ["Bees dance at night."]}
    (tmp_path / "answers.jsonl").write_text(json.dumps(given))
    done = command("eval", "answers", "answers.jsonl", "--out", "run.jsonl", "--json")
    rows = {row["measure"]: row.get("mean") for row in json.loads(done.out)["rows"]}
    assert (done.code, rows["supported"]) == (0, 1.0)
    assert command("eval", "gate", "run.jsonl", "--min", "supported=0.9").code == 0


def test_one_claim_is_held_against_a_text(command: Command, tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_text("Bees dance at night. Ants walk.")
    found = json.loads(command("eval", "claim", "Bees dance at night.", "--source", "source.txt", "--json").out)
    assert (found["verdict"], found["evidence"]) == ("supported", ["Bees dance at night."])


def test_answers_of_any_system_are_judged_and_handed_on(command: Command, tmp_path: Path) -> None:
    record = {"question": "How accurate?", "answer": "It reaches 99.5 % [1].", "sources": ["NoProp reaches 99.5 %."]}
    (tmp_path / "answers.jsonl").write_text(json.dumps(record) + "\n")
    ran = command("eval", "answers", "answers.jsonl", "--out", "run.jsonl")
    assert (ran.code, "1 answer, 1 judged now" in ran.err) == (0, True)
    assert command("eval", "export", "run.jsonl", "--to", "deepeval").out == "run-deepeval.json: 1 answers.\n"
    (exported,) = json.loads((tmp_path / "run-deepeval.json").read_text())
    assert exported["retrieval_context"] == record["sources"]
    ran = command("eval", "export", "run.jsonl", "--to", "langsmith")
    assert (ran.code, "ragas, deepeval" in ran.err) == (1, True)
