"""A run goes to other tools in their shapes, and what comes back is the same answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval import evaluate_answers
from eval.answers.exports import TOOLS, export
from eval.answers.formats import answers_of, read_answers
from eval.answers.types import AnswersError
from eval.cases.reading import Case, GoldSentence
from eval.types import Result

RECORDS: list[dict[str, Any]] = [
    {
        "question": "How accurate is NoProp?",
        "answer": "# Answer\nIt reaches 99.5 % [2]. I hope this helps!",
        "sources": ["Ants walk.", "NoProp reaches 99.5 % accuracy."],
        "reference": "99.5 %",
    },
    {"question": "Who sleeps?", "answer": "I don't know.", "sources": []},
]
FIELDS = {
    "ragas": {"user_input", "response", "retrieved_contexts", "reference", "reference_contexts"},
    "deepeval": {"input", "actual_output", "retrieval_context", "expected_output", "context"},
    "llamaindex": {"query", "response", "contexts", "reference"},
    "ragchecker": {"query_id", "query", "gt_answer", "response", "retrieved_context"},
    "trulens": {"record_id", "input", "output", "contexts", "ground_truth"},
}


@pytest.mark.parametrize("tool", TOOLS)
def test_answers_of_another_system_come_back_as_they_were(tool: str, tmp_path: Path) -> None:
    out = tmp_path / "out" / "answers.json"
    assert export(evaluate_answers(RECORDS), tool, out).written == 2
    expected, found = list(answers_of(RECORDS)), list(read_answers(out))
    assert [(one.question, one.answer, [source.text for source in one.sources], one.reference) for one in found] == [
        (one.question, one.answer, [source.text for source in one.sources], one.reference) for one in expected
    ]
    assert list(read_answers(out, tool)) == found


@pytest.mark.parametrize("tool", TOOLS)
def test_our_own_answers_have_what_they_cite_as_contexts_and_gold_as_reference(tool: str, tmp_path: Path) -> None:
    cited = {"number": 1, "before": "Before. ", "quote": "Bees dance.", "after": " After."}
    gold = (GoldSentence("p", "Bees dance."),)
    case = Case("a", "fact", "dev", "Who dances?", papers=("p",), sentences=gold)
    results = [Result(case, {"text": "Bees dance. [1]", "citations": [cited]}), Result(case, None, error="no answer")]
    out = tmp_path / "answers.json"
    done = export(results, tool, out)
    assert (done.written, done.left_out) == (1, 1)
    (found,) = read_answers(out, tool)
    assert (found.answer, found.sources[0].text, found.reference) == (
        "Bees dance. [1]",
        "Before. Bees dance. After.",
        "Bees dance.",
    )
    read = json.loads(out.read_text(encoding="utf-8"))
    assert set(read[0] if tool == "deepeval" else read["results"][0] if tool == "ragchecker" else read) <= FIELDS[tool]


def test_an_unknown_tool_and_a_place_without_a_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(AnswersError, match="ragas, deepeval"):
        export([], "nosuch", tmp_path / "a")
    with pytest.raises(AnswersError, match="cannot be written"):
        export([], "ragas", tmp_path)


def test_half_a_surrogate_pair_does_not_stop_an_export(tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    export(evaluate_answers([{**RECORDS[1], "answer": "I don't know \ud800."}]), "ragas", out)
    assert [one.answer for one in read_answers(out)] == ["I don't know ?."]
