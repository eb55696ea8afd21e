"""How often the rules that decide alone are right, counted on labelled claims."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes import WordHashEncoder

from eval.checker.labelled import Labelled
from eval.checker.vetoes import Vetoes, main, table, vetoes, wilson
from rag.grounding.checker import GroundingChecker

SOURCE = ("The new method trains one layer after the other on 5 GPUs.",)
LONG = (*SOURCE, "Bees dance.", "Ants walk.", "Wasps sing.")


def pair(claim: str, evidence: tuple[str, ...], supported: bool) -> Labelled:
    return Labelled(claim, evidence, supported, "1" if supported else "0", "own")


def test_stopped_claims_are_counted_by_rule_and_length() -> None:
    pairs = [
        pair("The new method trains one layer after the other on 7 GPUs.", SOURCE, False),
        pair("The new method trains one layer after the other on 8 GPUs.", LONG, False),
        pair("The new method does not train one layer after the other.", LONG, True),
        pair("The new method does not train one layer after the other.", SOURCE, False),
        pair("The new method trains layers.", SOURCE, True),
    ]
    assert vetoes(GroundingChecker(WordHashEncoder()), pairs, "own") == [
        Vetoes("numbers", "long", "own", 1, 1),
        Vetoes("numbers", "short", "own", 1, 1),
        Vetoes("opposites", "long", "own", 1, 0),
        Vetoes("opposites", "short", "own", 1, 1),
    ]


def test_the_table_adds_up_the_sets_and_marks_what_is_too_often_wrong() -> None:
    rows = [Vetoes("numbers", "short", "a", 8, 6), Vetoes("numbers", "short", "b", 2, 2), Vetoes("names", "long", "a", 10, 9)]
    names, numbers = table(rows).split("\n")
    assert "9/10, 0.90" in names
    assert "under 0.9" not in names
    assert "8/10, 0.80 (0.49–0.94): a 6/8, b 2/2  under 0.9" in numbers


def test_wilsons_interval() -> None:
    low, high = wilson(9, 10)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert wilson(5, 5)[1] == 1.0


def test_without_a_set_it_says_what_to_give(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    assert "--set FORMAT=FILE or --data FILE" in capsys.readouterr().err


def test_the_command_counts_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.jsonl"
    record = {"claim": "The new method trains one layer after the other on 7 GPUs.", "evidence": list(SOURCE), "supported": 0}
    path.write_text(json.dumps(record) + "\n")
    assert main(["--data", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"rule": "numbers", "length": "short", "set": "own.jsonl", "stopped": 1, "right": 1}
    ]
