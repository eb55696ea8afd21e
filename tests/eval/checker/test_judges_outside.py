"""LlamaIndex's evaluator beside our checker on the same claims, with a model's server of the tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openai_server import OpenAIServer, says

from eval.checker import judges
from eval.runs.run_file import read_run
from tests.conftest import Command


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    pairs = [("Bees dance.", "Bees dance."), ("Cows are purple.", "Bees dance."), ("Cows fly.", "Bees dance.")]
    path = tmp_path / "claims.jsonl"
    path.write_text("".join(json.dumps({"claim": claim, "evidence": [text], "supported": 1}) + "\n" for claim, text in pairs))
    return path


def test_llamaindexs_evaluator_judges_beside_the_checker(
    claims: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with OpenAIServer(says("YES"), says("NO"), says("Yes.")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("PAPERCHAT_MODEL", "judge-1")
        assert judges.main(["--second", "llamaindex", "--data", str(claims), "--json"]) == 0
        asked = [request.prompt for request in server.asked]
    found = json.loads(capsys.readouterr().out)
    assert found["judges"][1] == "llama_index.FaithfulnessEvaluator/judge-1"
    assert (found["n"], found["unscored"]) == (3, 0)
    assert found["kappa_supported"] == pytest.approx(0.4)
    assert [each["claim"] for each in found["differences"]] == ["Cows fly."]
    assert all("Bees dance." in prompt for prompt in asked)


def test_the_sentences_of_a_run_are_judged_with_what_they_cite(command: Command, tmp_path: Path) -> None:
    case = {"id": "mine", "kind": "fact", "split": "dev", "question": "Why does VoxelMorph fail on large displacements?"}
    (tmp_path / "mine.jsonl").write_text(json.dumps(case | {"papers": ["arxiv:2202.04579"]}))
    assert command("eval", "run", "--cases", "mine.jsonl", "--cache", "kept", "--out", "run.jsonl").code == 0
    pairs = judges.of_run(tmp_path / "run.jsonl")
    (result,) = read_run(tmp_path / "run.jsonl").results
    assert result.answer is not None
    assert [claim for claim, _ in pairs] == [claim["text"] for claim in result.answer["claims"]]
    assert all(len(quotes) == 1 and quotes[0].lower().endswith(claim.lower()) for claim, quotes in pairs)  # less a connective
