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
    assert [one.id for one in read_answers(path)] == ["7", "7 (2)"]
    path.write_text(json.dumps({"question": "Who?", "answer": "Bees.", "contexts": TEXTS}), encoding="utf-8")
    assert [source.text for source in next(read_answers(path)).sources] == TEXTS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("[1, 2]", "record 1 is no JSON object"),
        ("3", "holds no list of answers"),
        (json.dumps({"a": 1}), "the field 'question' is missing; its fields are a"),
        (json.dumps({"question": "Who?", "sources": 3}), "record 1 cannot be read"),
        (
            json.dumps({"user_input": [{"type": "human", "content": "Who?"}] * 2, "response": "x"}),
            "conversation of several turns",
        ),
        (json.dumps({"question": 3, "answer": "x", "sources": []}), "`question` is no text"),
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
    path.write_text(
        "\n".join(["{", good, "[1]", '{"question": "Who?", "answer": true, "sources": []}', "", good]), encoding="utf-8"
    )
    assert len(list(read_answers(path, bad=bad))) == 2
    assert [
        "is not JSON" in bad[0],
        "is no JSON object" in bad[1],
        "answers.jsonl:4 cannot be read (`answer` is no text but of the type bool)" in bad[2],
    ] == [True] * 3


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


RAGAS_TABLE = """user_input,retrieved_contexts,response,reference,faithfulness
Who dances?,"['Bees dance.', ""Ants don't.""]",Bees [1].,Bees.,1.0
Who walks?,"[""Ants walk.""]",Ants [1].,,0.5
Who sings?,[],"Nobody,
it seems.",,
broken,row
"""


def test_a_table_is_read_with_its_lists_and_a_broken_row_is_named(tmp_path: Path) -> None:
    path, bad = tmp_path / "ragas.csv", list[str]()
    path.write_text(RAGAS_TABLE, encoding="utf-8")
    found = list(read_answers(path, bad=bad))
    assert [(one.id, one.answer, [source.text for source in one.sources], one.reference) for one in found] == [
        ("1", "Bees [1].", ["Bees dance.", "Ants don't."], "Bees."),
        ("2", "Ants [1].", ["Ants walk."], ""),
        ("3", "Nobody,\nit seems.", [], ""),
    ]
    assert bad == [
        f"{path}:6 has not as many cells as the head. Each record needs `question`, `answer` and `sources` (a list of texts)."
    ]


def test_a_table_of_deepeval_joins_its_contexts(tmp_path: Path) -> None:
    path = tmp_path / "cases.tsv"
    path.write_text("input\tactual_output\tretrieval_context\nWho dances?\tBees.\tBees dance.|Ants walk.\n", encoding="utf-8")
    (found,) = read_answers(path)
    assert [source.text for source in found.sources] == ["Bees dance.", "Ants walk."]


def test_a_run_of_deepeval_is_read(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    case = {
        "name": "test_case_0",
        "input": "Who?",
        "actualOutput": "Bees.",
        "retrievalContext": TEXTS,
        "context": None,
        "success": True,
    }
    path.write_text(json.dumps({"testFile": None, "testCases": [case], "conversationalTestCases": []}), encoding="utf-8")
    (found,) = read_answers(path)
    assert (found.answer, len(found.sources)) == ("Bees.", 2)


def test_a_record_of_trulens_has_its_sources_in_its_calls() -> None:
    calls = [
        {"stack": [{"method": {"name": "query"}}], "args": {}, "rets": ["In short."]},
        {
            "stack": [{"method": {"name": "query"}}, {"method": {"name": "retrieve"}}],
            "rets": [{"node": {"text": text}} for text in TEXTS],
        },
        3,
    ]
    record = {"record_id": "r1", "input": '"Who?"', "output": '"Bees [1]."', "record_json": json.dumps({"calls": calls})}
    (found,) = answers_of([record])
    assert (found.id, found.question, found.answer) == ("r1", "Who?", "Bees [1].")
    assert [source.text for source in found.sources] == TEXTS


@pytest.mark.parametrize("record_json", ["{", "[]", '{"calls": 3}', '{"calls": [{"stack": [1], "rets": [2]}]}', 7])
def test_a_broken_record_of_trulens_has_no_sources(record_json: object) -> None:
    bad: list[str] = []
    found = list(answers_of([{"input": "Who?", "output": "Bees.", "record_json": record_json}], bad=bad))
    assert [one.sources for one in found] + bad == [()]


def test_gold_sources_and_claims_of_a_table_are_lists(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    sources = "|".join(f"text {number}" for number in range(1, 13))
    head = "question,answer,sources,claims,gold"
    rows = (f"Is it?,It is.,{sources},It is fast.|It is cheap.,12", f'Is it?,It is.,{sources},"[""It is.""]","[1, 2]"')
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    one, other = read_answers(path)
    assert (one.gold, [text for text, _ in one.claims]) == ((12,), ["It is fast.", "It is cheap."])
    assert (other.gold, [text for text, _ in other.claims]) == ((1, 2), ["It is."])
