"""The fixture `evaluate_answers`, as a team's test uses it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from eval.pytest_plugin import Evaluated, evaluate_answers  # noqa: F401  (the fixture, as the plugin gives it)

GOOD = {
    "question": "How accurate?",
    "answer": "NoProp reaches 99.5 % on MNIST [1].",
    "sources": ["NoProp reaches 99.5 % on MNIST."],
}


def test_records_and_files_are_judged(evaluate_answers: Callable[..., Evaluated], tmp_path: Path) -> None:  # noqa: F811
    bad = {**GOOD, "answer": "NoProp reaches 91 % on MNIST [1]."}
    judged = evaluate_answers([GOOD, bad])
    assert judged.mean("supported") == 0.5
    assert judged.gate(min=("supported=0.9",)).failures
    (tmp_path / "mine.jsonl").write_text(json.dumps(GOOD), encoding="utf-8")
    again = evaluate_answers(tmp_path / "mine.jsonl")
    assert again.mean("supported") == 1.0
    assert not again.gate(min=("supported=0.9",), baseline=again.path).failures
