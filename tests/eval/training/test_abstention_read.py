"""How the reader's word is weighed: which questions teach, what is left out, and that the shipped weights are of these signs."""

from __future__ import annotations

import json
from pathlib import Path

from eval.training.abstention_read import Example, examples, fitted, held_out, left_out, table
from rag.abstention.classifier import model
from rag.ingestion.bundled import bundled_papers


def told(paper: str, silent: bool, value: float) -> Example:
    return Example({"answered": value, "noise": 0.5}, silent, paper, "a")


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


def test_the_table_counts_both_errors() -> None:
    rows = list(table([told("1", True, 0), told("2", False, 1)], [0.9, 0.72]))  # type: ignore[arg-type]
    assert "| a | 0.7 | 100.0 % of 1 | 100.0 % of 1 |" in rows
    assert "| a | 0.75 | 100.0 % of 1 | 0.0 % of 1 |" in rows


def test_questions_become_examples_with_the_signs_that_are_shipped() -> None:
    paper = bundled_papers()[0]
    found = list(examples([paper], [(f"What does {paper.title} show?", (), False, paper.id)], "bundled"))
    assert [one.found.keys() for one in found] == [model("silence_read").weights.keys()]


def test_only_abstracts_with_pairs_are_held_out(tmp_path: Path) -> None:
    pair = {"answerable": "Who dances?", "sentences": [0], "unanswerable": "Who sings?", "kind": "silent"}
    records = [
        {"id": "bees", "title": "Bees", "sentences": ["Bees dance."], "pairs": [pair]},
        {"id": "ants", "title": "Ants", "sentences": ["Ants walk."]},
    ]
    path = tmp_path / "reading.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    papers, questions = held_out(path)
    assert [paper.id for paper in papers] == ["bees"]
    assert [(text, silent) for text, _, silent, _ in questions] == [("Who dances?", False), ("Who sings?", True)]
