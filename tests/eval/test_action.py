"""The GitHub Action, with its steps run as shell: what they write, and when they fail."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "eval" / "action" / "action.yml").read_text(encoding="utf-8"))
GOOD = {
    "question": "How accurate?",
    "answer": "NoProp reaches 99.5 % on MNIST [1].",
    "sources": ["NoProp reaches 99.5 % on MNIST."],
}
BAD = {**GOOD, "answer": "NoProp reaches 91 % on MNIST [1]."}


def steps(folder: Path, **given: str) -> list[subprocess.CompletedProcess[str]]:
    """Runs the steps one after the other, as GitHub does, until one fails; that of installing is left out."""
    inputs = {name: given.get(name, str(one.get("default", ""))) for name, one in ACTION["inputs"].items()}
    script = folder / "bin" / "paperchat"
    script.parent.mkdir(exist_ok=True)
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ui.cli "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    base = {
        **os.environ,
        "PATH": f"{script.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
    }
    done = []
    for step in ACTION["runs"]["steps"]:
        if step["name"] == "Install":
            continue
        own = {name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda m: inputs[m[1]], text) for name, text in step["env"].items()}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done.append(subprocess.run(command, cwd=folder, env={**base, **own}, capture_output=True, text=True, check=False))
        if done[-1].returncode:
            break
    return done


def _answers(folder: Path, *records: dict[str, Any]) -> None:
    (folder / "answers.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def test_good_answers_pass_and_the_summary_shows_them(tmp_path: Path) -> None:
    _answers(tmp_path, GOOD)
    done = steps(tmp_path, answers="answers.jsonl", min="supported=0.9\nmarker_exists=1", max="unsupported=0")
    assert [one.returncode for one in done] == [0, 0, 0]
    assert "passed: supported" in done[-1].stdout
    assert "sentences supported" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert (tmp_path / "paperchat-run.jsonl").is_file()


def test_answers_that_their_sources_do_not_hold_fail_the_gate(tmp_path: Path) -> None:
    _answers(tmp_path, GOOD, BAD)
    done = steps(tmp_path, answers="answers.jsonl", run="run.jsonl")
    assert [one.returncode for one in done] == [0, 0, 1]
    assert "failed: supported" in done[-1].stdout


def test_a_file_that_is_none_fails_at_once(tmp_path: Path) -> None:
    (done,) = steps(tmp_path, answers="nowhere.jsonl")
    assert done.returncode == 1
    assert "nowhere.jsonl cannot be read" in done.stderr


def test_inputs_are_data_and_never_code(tmp_path: Path) -> None:
    _answers(tmp_path, GOOD)
    steps(tmp_path, answers="answers.jsonl", min="supported=$(touch broken)\n; touch broken", baseline="`touch broken`")
    assert not (tmp_path / "broken").exists()
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]


@pytest.mark.parametrize("name", [step["name"] for step in ACTION["runs"]["steps"]])
def test_every_step_names_its_shell(name: str) -> None:
    (step,) = [step for step in ACTION["runs"]["steps"] if step["name"] == name]
    assert step["shell"] == "bash"
