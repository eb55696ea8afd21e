"""How the reader's word is weighed: what a fit learns, what is left out of it, and what is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.training import abstention_read
from eval.training.abstention_read import Told, fitted, left_out, main, signs_table, table, weighed_by_signs
from eval.training.silence_examples import Example


def told(paper: str, silent: bool, value: float) -> Told:
    return Told({"answered": value, "noise": 0.5}, silent, paper, "a")


def test_a_sign_gets_its_weight_and_noise_none() -> None:
    bias, weights = fitted([told(str(place), place % 2 == 0, float(place % 2)) for place in range(40)])
    assert weights["answered"] < -0.5
    assert abs(weights["noise"]) < 0.01
    assert bias > 0


def test_nothing_is_judged_by_a_fit_that_saw_its_paper() -> None:
    usual = [told(str(place), place % 2 == 0, float(place % 2)) for place in range(80)]
    odd = [told("odd", place % 2 == 1, float(place % 2)) for place in range(200)]
    assert all(
        (chance > 0.5) == (one.found["answered"] < 0.5) for chance, one in zip(left_out([*usual, *odd])[80:], odd, strict=True)
    )


def test_what_a_rule_decides_teaches_nothing_and_signs_can_be_left_out() -> None:
    collected = [Example({"answered": 1.0, "denied": 0.0}, True, "1", "a"), Example(None, True, "2", "a")]
    assert weighed_by_signs(collected, ["denied"]) == [Told({"answered": 1.0}, True, "1", "a")]


def test_the_table_counts_both_errors() -> None:
    rows = list(table([told("1", True, 0), told("2", False, 1)], [0.9, 0.72], [0.7, 0.75]))
    assert rows[0] == "| questions over | AUROC | at 5 % wrongly | at 0.7 | at 0.75 |"
    assert rows[2] == "| a (1 unanswerable, 1 others) | 1.000 | 100.0 % | 100.0 / 100.0 % | 100.0 / 0.0 % |"


def test_at_five_per_cent_no_more_are_refused_wrongly() -> None:
    silent = [told("1", True, 0)] * 4
    others = [told("2", False, 1)] * 40
    chances = [0.9, 0.5, 0.3, 0.1, *[0.95, 0.6, 0.4], *[0.2] * 37]
    assert "| 50.0 % |" in list(table([*silent, *others], chances, []))[2]


def test_each_sign_is_counted_by_set() -> None:
    rows = list(signs_table([told("1", True, 0), told("2", False, 1), told("3", False, 2)], {"answered": -0.5, "noise": 0.0}))
    assert rows[2:] == ["| answered | -0.5 | 0 / 2 |", "| noise | 0.0 | 1 / 2 |"]


def test_the_weights_of_collected_files_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "silence_read.json"
    monkeypatch.setattr(abstention_read, "WEIGHTS", made)
    rows = [
        {
            "found": {"answered": float(place % 2), "denied": 0.0},
            "silent": place % 2 == 0,
            "paper": str(place),
            "source": "a",
            "question": "?",
        }
        for place in range(40)
    ]
    for place in range(2):
        (tmp_path / f"{place}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows[place::2]), encoding="utf-8")
    files = [str(tmp_path / "0.jsonl"), str(tmp_path / "1.jsonl")]
    assert main([*files, "--without", "denied", "--threshold", "0.6", "--write"]) == 0
    written = json.loads(made.read_text(encoding="utf-8"))
    assert written["threshold"] == 0.6
    assert written["weights"].keys() == {"answered"}


@pytest.mark.parametrize("text", [None, "not JSON", '{"question": "?"}'])
def test_what_is_no_file_of_examples_is_told(text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.jsonl"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert main([str(path)]) == 1
    assert "other.jsonl" in capsys.readouterr().err


def test_questions_of_one_kind_cannot_be_fitted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "examples.jsonl"
    path.write_text('{"found": {"answered": 1.0}, "silent": true, "paper": "1", "source": "a"}\n', encoding="utf-8")
    assert main([str(path), "--write"]) == 1
    assert "both kinds" in capsys.readouterr().err
