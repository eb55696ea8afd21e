from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from samples.run_pairs import run, written

from eval.answers.formats import answers_of
from eval.answers.judging import write_run
from eval.compare.limits import GateError, gate, limits
from eval.compare.two_runs import Comparison, compare, read_scored
from eval.runs.run_file import RunError
from eval.types import Score
from rag.grounding.checker import GroundingChecker
from rag.library.encoder import OnnxEncoder


@pytest.fixture
def both(tmp_path: Path) -> Callable[..., Comparison]:
    def compared(before: Path, after: Path) -> Comparison:
        return compare(read_scored(before), read_scored(after))

    return compared


def test_better_and_worse_go_by_the_measures_direction(tmp_path: Path, both: Callable[..., Comparison]) -> None:
    found = both(run(tmp_path / "a.jsonl", 0.5), run(tmp_path / "b.jsonl", 1.0, refused=1.0))
    by_name = {one.measure: one for one in found.measures}
    assert {name: one.verdict for name, one in by_name.items()} == {
        "supported": "better",
        "false_refusal": "worse",
        "words": "other",
    }
    assert (len(by_name["supported"].better), by_name["supported"].worse) == (12, ())
    assert (by_name["false_refusal"].better, len(by_name["false_refusal"].worse)) == ((), 12)
    assert by_name["supported"].p == pytest.approx(3 * 2 / 2**12)


def test_one_case_of_twelve_is_no_verdict_but_is_named(tmp_path: Path, both: Callable[..., Comparison]) -> None:
    before = run(tmp_path / "a.jsonl", 1.0)
    lines = before.read_text().splitlines(keepends=True)
    after = tmp_path / "b.jsonl"
    after.write_text(
        "".join([*lines[:5], lines[5].replace('"supported", "value": 1.0', '"supported", "value": 0.0'), *lines[6:]])
    )
    (supported,) = [one for one in both(before, after).measures if one.measure == "supported"]
    assert (supported.verdict, supported.worse, supported.better) == ("", ("case-4",), ())


def test_what_only_one_run_could_score_is_counted_and_not_compared(tmp_path: Path, both: Callable[..., Comparison]) -> None:
    found = both(run(tmp_path / "a.jsonl", None), run(tmp_path / "b.jsonl", 1.0))
    assert "supported" not in {one.measure for one in found.measures}
    first = written(tmp_path / "c.jsonl", ("x", [Score("supported", 1.0, "")]), ("y", [Score("supported", None, "")]))
    second = written(tmp_path / "d.jsonl", ("x", [Score("supported", 1.0, "")]), ("y", [Score("supported", 1.0, "")]))
    (one,) = both(first, second).measures
    assert (one.found.n, one.unscored) == (1, 1)


def test_runs_of_other_cases_are_compared_where_they_meet_and_told(tmp_path: Path, both: Callable[..., Comparison]) -> None:
    found = both(run(tmp_path / "a.jsonl", 1.0, count=3), run(tmp_path / "b.jsonl", 1.0, count=5))
    assert found.cases == 3
    assert found.notices == ("The second run has 2 cases that the other lacks; they are left out.",)
    other = written(tmp_path / "c.jsonl", ("else", []))
    with pytest.raises(RunError, match="no case in common"):
        both(tmp_path / "a.jsonl", other)


def test_limits_hold_or_say_what_is_missing(tmp_path: Path) -> None:
    path = run(tmp_path / "a.jsonl", 0.5, refused=0.25)
    wanted = [*limits(["supported=0.5", "fact/supported=0.9"], "min"), *limits(["false_refusal=0.05"], "max")]
    found = gate(path, wanted)
    assert found.passed == ("supported is 0.5 (0.5–0.5, n = 24), wanted at least 0.5",)
    assert found.failures == (
        "fact/supported is 0.5 (0.5–0.5, n = 24), wanted at least 0.9",
        "false_refusal is 0.25 (0.25–0.25, n = 12), wanted at most 0.05",
    )


def test_what_could_not_be_measured_does_not_pass(tmp_path: Path) -> None:
    path = run(tmp_path / "a.jsonl", None)
    found = gate(path, limits(["supported=0", "refusal=0"], "min"))
    assert found.failures == (
        "supported could not be measured: none of 12 cases could be scored",
        "refusal could not be measured: the run has no case for it",
    )


def test_an_interrupted_run_does_not_pass(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", ("x", [Score("supported", 1.0, "")]), said=2)
    found = gate(path, limits(["supported=1"], "min"))
    assert "the run is not complete" in found.failures[0]


def test_what_is_significantly_worse_than_the_baseline_does_not_pass(tmp_path: Path) -> None:
    good, bad = run(tmp_path / "a.jsonl", 1.0), run(tmp_path / "b.jsonl", 0.5)
    assert gate(bad, [], good).failures == ("supported is worse than the baseline: 0.5 after 1 (p = 0.00146, corrected)",)
    assert gate(good, [], bad).failures == gate(good, [], good).failures == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("suported=0.9", "no measure “suported” to gate. There are: supported, partly"),
        ("0.9", "no measure “0.9”"),
        ("supported=high", "“high” is no number"),
        ("supported=nan", "“nan” is no number"),
        ("supported=90", "supported is at most 1, not 90: write supported=0.9"),
        ("facts/supported=1", "no kind of case “facts”"),
    ],
)
def test_a_limit_that_cannot_be_understood_is_told(text: str, said: str) -> None:
    with pytest.raises(GateError, match=said):
        limits([text], "min")


def test_a_baseline_of_other_cases_is_told_and_what_it_was_held_over(tmp_path: Path) -> None:
    few, many = run(tmp_path / "a.jsonl", 1.0, count=3), run(tmp_path / "b.jsonl", 1.0, count=5)
    found = gate(many, [], few)
    assert found.passed == ("nothing is significantly worse than the baseline over 3 cases",)
    assert found.notices == ("The second run has 2 cases that the other lacks; they are left out.",)


def _answered(path: Path, *records: tuple[str, str]) -> Path:
    given = [{"question": question, "answer": answer, "sources": ["It is fast."]} for question, answer in records]
    write_run(list(answers_of(given)), "answers.jsonl", path, GroundingChecker(OnnxEncoder()))
    return path


def test_answers_that_changed_are_the_same_cases(tmp_path: Path) -> None:
    before = _answered(tmp_path / "a.jsonl", ("Is it fast?", "It is fast."))
    after = _answered(tmp_path / "b.jsonl", ("Is it fast?", "It is slow."))
    found = gate(after, [], before)
    assert (found.passed, found.notices) == (("nothing is significantly worse than the baseline over 1 cases",), ())


def test_another_question_on_the_same_line_is_not_compared(tmp_path: Path) -> None:
    before = _answered(tmp_path / "a.jsonl", ("Is it fast?", "It is fast."), ("Is it new?", "It is fast."))
    after = _answered(tmp_path / "b.jsonl", ("Is it fast?", "It is fast."), ("Is it small?", "It is fast."))
    found = gate(after, [], before)
    assert found.passed == ("nothing is significantly worse than the baseline over 1 cases",)
    (said,) = found.notices
    assert said.startswith("1 cases have the same id but another question in each run; they are left out.")
    shifted = _answered(tmp_path / "c.jsonl", ("Is it small?", "It is fast."), ("Is it fast?", "It is fast."))
    with pytest.raises(RunError, match="give each question an id"):
        gate(shifted, [], before)
