"""Answers in the shapes in which tools, traces and clients of models keep them: each is read, with its sources in order."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from eval.answers.formats import answers_of, read_answers
from eval.answers.types import AnswersError

Q, A, R = "Does the glue hold?", "It holds for a year [1]. It is cheap [2].", "Yes, for a year."
S = ["The glue holds for a year.", "The glue is cheap."]
RECORD: dict[str, Any] = {"question": Q, "answer": A, "contexts": S}
BY_TOOL: dict[str, dict[str, Any]] = {
    "langsmith": {"id": "r", "inputs": {"question": Q}, "outputs": {"answer": A, "documents": [{"page_content": one} for one in S]}},
    "langsmith table": {"inputs.question": Q, "outputs.answer": A, "outputs.contexts": S, "reference_outputs.answer": R},
    "langsmith cells of JSON": {"inputs": json.dumps({"question": Q}), "outputs": json.dumps({"answer": A, "documents": S})},
    "promptfoo": {"vars": {"question": Q, "context": S}, "response": {"output": A}, "prompt": {"raw": "Say", "label": "p"}},
    "phoenix flat": {
        "context.span_id": "s", "attributes.input.value": Q, "attributes.output.value": A,
        "attributes.retrieval.documents": [{"document.content": one, "document.score": 1} for one in S],
    },
    "phoenix": {
        "context": {"span_id": "s"},
        "attributes": {"input": {"value": Q}, "output": {"value": A}, "retrieval": {"documents": [{"document": {"content": one}} for one in S]}},
    },
    "haystack": {"answers": [{"init_parameters": {"data": A, "query": Q, "documents": [{"content": one} for one in S]}}]},
    "bedrock": {
        "conversationTurns": [
            {
                "prompt": {"content": [{"text": Q}]},
                "referenceResponses": [{"content": [{"text": R}]}],
                "output": {"text": A, "retrievedPassages": {"retrievalResults": [{"content": {"text": one}} for one in S]}},
            }
        ]
    },
    "mlflow": {"request": Q, "response": A, "retrieved_context": [{"content": one, "doc_uri": "u"} for one in S], "expected_response": R},
    "giskard": {"question": Q, "agent_answer": A, "reference_answer": R, "reference_context": "x y", "retrieved_context": S},
    "azure": {"inputs.query": Q, "inputs.response": A, "inputs.context": S, "outputs.groundedness": 5},
    "llamaindex response": {"query": Q, "response": {"response": A, "source_nodes": [{"node": {"text_resource": {"text": one}}} for one in S]}},
    "langchain constructors": {"query": Q, "result": A, "source_documents": [{"lc": 1, "kwargs": {"page_content": one}} for one in S]},
    "trulens calls": {"main_input": Q, "main_output": A, "calls": [{"stack": [{"method": {"name": "retrieve"}}], "rets": S}]},
    "chat": {"messages": [{"role": "system", "content": "x"}, {"role": "user", "content": Q}, {"role": "assistant", "content": A}], "contexts": S},
    "completion": {"question": Q, "response": {"choices": [{"message": {"role": "assistant", "content": A}}]}, "contexts": S},
    "structured output": {"question": Q, "answer": json.dumps({"answer": A, "sure": True}), "contexts": S},
    "gold beside it": {"question": Q, "answer": "a year", "prediction": A, "contexts": S},
    "names beside texts": RECORD | {"sources": ["glue.pdf", "price.pdf"]},
    "own names": {"Question": Q, "AI Response": A, "Our Context": S},
    "numbered fields": {"question": Q, "answer": A, "context_1": S[0], "context_2": S[1]},
    "elasticsearch": {"question": Q, "answer": A, "contexts": [{"_id": "1", "_source": {"text": one}} for one in S]},
    "qdrant": {"question": Q, "answer": A, "contexts": [{"id": 1, "payload": {"text": one}} for one in S]},
    "pinecone": {"question": Q, "answer": A, "contexts": {"matches": [{"id": "1", "metadata": {"text": one}} for one in S]}},
    "chroma": {"question": Q, "answer": A, "contexts": {"ids": [["a", "b"]], "documents": [S], "distances": [[0.1, 0.2]]}},
    "with scores": {"question": Q, "answer": A, "contexts": [[one, 0.5] for one in S]},
    "search results": {"question": Q, "answer": A, "search_results": [{"title": "t", "snippet": one} for one in S]},
    "a list in a text": RECORD | {"contexts": str(S)},
    "a numbered text": RECORD | {"contexts": f"[1] {S[0]}\n[2] {S[1]}"},
    "passages in a text": RECORD | {"contexts": f"passage 1:{S[0]}\n\npassage 2:{S[1]}\n"},
    "documents with titles": RECORD | {"contexts": f"Document [1](Title: Glue): {S[0]}\nDocument [2](Title: Price): {S[1]}"},
}  # fmt: skip


@pytest.mark.parametrize("tool", BY_TOOL)
def test_a_record_is_read(tool: str) -> None:
    (read,) = answers_of([BY_TOOL[tool]])
    assert (read.question, read.answer, [source.text for source in read.sources]) == (Q, A, S)
    given = json.dumps(BY_TOOL[tool])
    assert read.reference == (R if R in given else "")


FILES: dict[str, Any] = {
    "columns": {"question": [Q, Q], "answer": [A, A], "contexts": [S, S]},
    "columns by rows": {"user_input": {"0": Q, "1": Q}, "response": {"0": A, "1": A}, "retrieved_contexts": {"0": S, "1": S}},
    "split": {"columns": ["question", "answer", "contexts"], "index": [0, 1], "data": [[Q, A, S], [Q, A, S]]},
    "goldens": {"goldens": [{"input": Q, "actual_output": A, "retrieval_context": S}] * 2},
    "test results": {"test_results": [{"name": "t", "input": Q, "actual_output": A, "retrieval_context": S}] * 2},
    "results in results": {"evalId": "e", "results": {"version": 3, "results": [{"vars": {"query": Q, "context": S}, "response": {"output": A}}] * 2}},
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(FILES[name]), encoding="utf-8")
    assert [(one.id, one.answer, len(one.sources)) for one in read_answers(path)] == [("1", A, 2), ("2", A, 2)]


def test_one_record_whose_field_is_a_list_of_texts_is_one_record(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"question": Q, "answers": ["a year"], "output": A, "docs": S}), encoding="utf-8")
    assert [one.answer for one in read_answers(path)] == [A]


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(json.dumps(RECORD).encode()),
        b"\x1e" + json.dumps(RECORD).encode() + b"\n",
        b"[\n" + json.dumps(RECORD).encode() + b",\n]\n",
        json.dumps(RECORD).encode() + b"\n\x00\x00",
        json.dumps(RECORD | {"metadata": "größer, für Öl, über"}, ensure_ascii=False).encode("cp1252"),
    ],
)
def test_packing_marks_and_encodings(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(data)
    assert [one.answer for one in read_answers(path)] == [A]


@pytest.mark.parametrize("data", [b"PAR1\x00\x01", b"- question: x\n  answer: y\n", b"PK\x03\x04abc"])
def test_another_kind_of_file_is_named_once(tmp_path: Path, data: bytes) -> None:
    path, bad = tmp_path / "a.jsonl", list[str]()
    path.write_bytes(data)
    try:
        assert not list(read_answers(path, bad=bad))
    except AnswersError as error:
        bad.append(str(error))
    assert len(bad) == 1
    assert "JSON" in bad[0]


def test_records_with_the_same_id_are_told_apart() -> None:
    assert [one.id for one in answers_of([RECORD | {"id": 7}, RECORD | {"id": 7}, RECORD | {"id": None}])] == ["7", "7 (2)", "3"]


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (RECORD | {"claims": 3}, "`claims` is no list"),
        (RECORD | {"claims": [{"citations": [1]}]}, "a claim has no `text`"),
        (RECORD | {"claims": [{"text": "x", "citations": ["one"]}]}, "`citations` does not list numbers"),
        (RECORD | {"gold": ["a"]}, "`gold` does not list numbers"),
        (RECORD | {"gold": [5]}, "`gold` names source 5, and there are 2"),
        (RECORD | {"answer": None, "usage": {"output": 55}}, "`answer` is no text but null"),
        ({"question": Q, "contexts": [{"text": S[0], "answer": "no"}]}, "the field 'answer' is missing"),
        ({"input": Q, "output": A, "context.span_id": "s1"}, "neither a list nor texts"),
        (RECORD | {"contexts": [{"id": 1}]}, "a source has no `text`; its fields are id"),
        ({"messages": [{"role": "user", "content": Q}, {"role": "assistant", "content": A}] * 2, "contexts": S}, "'question' is missing"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_named_and_not_guessed(record: dict[str, Any], said: str) -> None:
    with pytest.raises(AnswersError, match=said):
        list(answers_of([record]))


def test_claims_and_gold_sources_in_other_shapes() -> None:
    one, other = answers_of(
        [
            RECORD | {"claims": "It holds.", "gold": 2},
            RECORD | {"claims": [{"claim": "It holds.", "citations": ["[1]", 2]}], "gold": ["1"]},
        ]
    )
    assert (one.claims, one.gold) == ((("It holds.", ()),), (2,))
    assert (other.claims, other.gold) == ((("It holds.", (1, 2)),), (1,))


def test_a_list_of_steps_is_one_source_and_null_texts_keep_their_number() -> None:
    steps, gaps = answers_of(
        [RECORD | {"contexts": "1. Mix it.\n2. Wait."}, RECORD | {"contexts": [{"text": None}, float("nan"), S[1]]}]
    )
    assert [source.text for source in steps.sources] == ["1. Mix it.\n2. Wait."]
    assert [source.text for source in gaps.sources] == ["", "", S[1]]
