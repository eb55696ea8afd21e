"""What other tools export is read as the same answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.answers.formats import answers_of, read_answers
from eval.answers.types import AnswersError

TEXTS = ["Bees dance.", "Ants walk."]
EXPORTS: dict[str, dict[str, Any]] = {
    "paperchat": {"question": "Who dances?", "answer": "Bees [1].", "sources": TEXTS, "reference": "Bees."},
    "ragas": {"user_input": "Who dances?", "response": "Bees [1].", "retrieved_contexts": TEXTS, "reference": "Bees."},
    "deepeval": {"input": "Who dances?", "actual_output": "Bees [1].", "retrieval_context": TEXTS, "expected_output": "Bees."},
    "llamaindex": {
        "query": "Who dances?",
        "response": "Bees [1].",
        "source_nodes": [{"node": {"text": text, "id_": "x"}, "score": 1.0} for text in TEXTS],
        "reference": "Bees.",
    },
    "ragchecker": {
        "query_id": "7",
        "query": "Who dances?",
        "gt_answer": "Bees.",
        "response": "Bees [1].",
        "retrieved_context": [{"doc_id": str(number), "text": text} for number, text in enumerate(TEXTS)],
    },
    "langchain": {
        "query": "Who dances?",
        "result": "Bees [1].",
        "source_documents": [{"page_content": text, "metadata": {"source": "x"}} for text in TEXTS],
        "reference": "Bees.",
    },
    "trulens": {"input": "Who dances?", "output": "Bees [1].", "contexts": TEXTS, "ground_truth": "Bees."},
}


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("named", [True, False])
def test_each_form_is_read_by_name_and_by_its_fields(name: str, named: bool) -> None:
    (found,) = answers_of([EXPORTS[name]], name if named else "")
    assert (found.question, found.answer, [source.text for source in found.sources], found.reference) == (
        "Who dances?",
        "Bees [1].",
        TEXTS,
        "Bees.",
    )


def test_old_names_of_ragas_and_lists_in_an_object_are_read(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps({"results": [EXPORTS["ragchecker"]] * 2}), encoding="utf-8")
    assert [one.id for one in read_answers(path)] == ["7", "7"]
    path.write_text(json.dumps({"question": "Who?", "answer": "Bees.", "contexts": TEXTS}), encoding="utf-8")
    assert [source.text for source in next(read_answers(path)).sources] == TEXTS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("[1, 2]", "holds no list of answers"),
        (json.dumps({"a": 1}), "is not known"),
        (json.dumps({"question": "Who?", "sources": 3}), "record 1 cannot be read"),
        (json.dumps({"question": 3, "answer": "x", "sources": []}), "must be texts"),
        (json.dumps({"question": "Who?", "answer": "x", "sources": [{"title": "no text"}]}), "text"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AnswersError, match=said):
        list(read_answers(path))


def test_records_that_cannot_be_read_do_not_stop_the_others(tmp_path: Path) -> None:
    path, bad = tmp_path / "answers.jsonl", list[str]()
    good = json.dumps(EXPORTS["paperchat"])
    path.write_text("\n".join(["{", good, "[1]", '{"question": "Who?", "answer": 3}', "", good]), encoding="utf-8")
    assert len(list(read_answers(path, bad=bad))) == 2
    assert ["is not JSON" in bad[0], "is no JSON object" in bad[1], "record 2 cannot be read" in bad[2]] == [True] * 3


def test_the_old_names_of_ragas_hold_a_reference(tmp_path: Path) -> None:
    (found,) = answers_of([{"question": "Who?", "answer": "Bees.", "contexts": TEXTS, "ground_truth": "Bees."}])
    assert found.reference == "Bees."


def test_a_source_and_claims_may_be_given_as_plain_texts() -> None:
    (found,) = answers_of([{"question": "Who dances?", "answer": "", "sources": "Bees dance.", "claims": ["Bees dance."]}])
    assert ([source.text for source in found.sources], found.claims, found.answer) == (
        ["Bees dance."],
        (("Bees dance.", ()),),
        "Bees dance.",
    )
