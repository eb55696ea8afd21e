"""The tutorial for a RAG system of one's own: every command runs as it is printed, in an empty folder."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path

import pytest
import yaml

from eval import evaluate_answers
from tests.conftest import Command

TUTORIAL = (Path(__file__).parents[2] / "docs" / "gate-your-own-rag.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TUTORIAL, re.DOTALL | re.MULTILINE)
COMMANDS = [line.removeprefix("$ ") for kind, block in BLOCKS if kind == "console" for line in block.splitlines()]
FAILS = "paperchat eval gate change.jsonl --min supported=0.9 --max contradicted=0 --baseline main.jsonl"


def _program(start: str) -> str:
    return next(block for kind, block in BLOCKS if kind == "py" and start in block)


def test_each_command_runs_as_it_is_printed(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ask.py").write_text(_program("VectorStoreIndex"), encoding="utf-8")
    assert FAILS in COMMANDS
    for line in COMMANDS:
        name, *arguments = shlex.split(line)
        if name == "python":
            monkeypatch.setattr(sys, "argv", arguments)
            exec(compile((tmp_path / arguments[0]).read_text(encoding="utf-8"), arguments[0], "exec"), {"__name__": "__main__"})
            continue
        ran = command(*arguments)
        assert ran.code == (1 if line == FAILS else 0), f"{line}\n{ran.out}{ran.err}"
    assert "failed: supported" in ran.out
    assert "failed: contradicted" in ran.out
    assert {"main.md", "main.html", "change.jsonl"} <= {path.name for path in tmp_path.iterdir()}


def test_the_program_for_python_runs() -> None:
    exec(compile(_program("for result in evaluate_answers"), "tutorial", "exec"), {})


def test_the_evaluator_for_llamaindex_runs(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(_program("GroundingEvaluator"), "tutorial", "exec"), {})
    assert capsys.readouterr().out.startswith("True ")


def test_the_example_of_a_line_is_read() -> None:
    (line,) = [block for kind, block in BLOCKS if kind == "json"]
    (result,) = evaluate_answers([json.loads(line)])
    assert {score.name: score.value for score in result.scores}["context_recall"] == 1.0


def test_the_workflow_gives_the_action_inputs_that_it_has() -> None:
    action = yaml.safe_load((Path(__file__).parents[2] / "eval" / "action" / "action.yml").read_text(encoding="utf-8"))
    example = yaml.safe_load((Path(__file__).parents[2] / "eval" / "ci-example.yml").read_text(encoding="utf-8"))
    (own,) = [step["with"] for step in example["jobs"]["grounding"]["steps"] if "eval/action" in step.get("uses", "")]
    (shown,) = [yaml.safe_load(block)[0]["with"] for kind, block in BLOCKS if kind == "yaml"]
    assert set(own) | set(shown) <= set(action["inputs"])
