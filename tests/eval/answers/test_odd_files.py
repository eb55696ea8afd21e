"""Files as people's tools write them: every record is read or named, and none is read as something else."""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from eval import evaluate_answers
from eval.answers.fields import written_list
from eval.answers.formats import answers_of, read_answers
from eval.answers.types import AnswersError, SystemAnswer

RECORD = {"question": "Is it fast?", "answer": "It is very fast [1].", "sources": ["It is very fast."]}


def _written(tmp_path: Path, name: str, text: str, encoding: str = "utf-8") -> tuple[list[SystemAnswer], list[str]]:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    bad: list[str] = []
    return list(read_answers(path, bad=bad)), bad


def test_windows_line_ends_a_byte_order_mark_and_one_broken_record(tmp_path: Path) -> None:
    lines = [json.dumps(RECORD), "", '{"question": "Is it', json.dumps(RECORD)]
    read, bad = _written(tmp_path, "a.jsonl", "\r\n".join(lines), "utf-8-sig")
    assert [one.id for one in read] == ["1", "4"]
    assert len(bad) == 1
    assert "a.jsonl:3" in bad[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_unicode_of_windows(tmp_path: Path, encoding: str) -> None:
    read, bad = _written(tmp_path, "a.jsonl", json.dumps(RECORD | {"answer": "Größer [1]."}, ensure_ascii=False), encoding)
    assert [one.answer for one in read] == ["Größer [1]."]
    assert not bad


@pytest.mark.parametrize(
    "cell",
    [
        "['It is fast.'\n 'It is small.']",
        "array(['It is fast.', 'It is small.'], dtype=object)",
        'np.array(["It is fast.", "It is small."])',
        "['It is fast.', 'It is small.']",
        '["It is fast.", "It is small."]',
    ],
)
def test_a_cell_of_several_sources(tmp_path: Path, cell: str) -> None:
    quoted = cell.replace('"', '""')
    read, bad = _written(tmp_path, "a.csv", f'question,answer,contexts,reference\r\nIs it fast?,It is fast.,"{quoted}",nan\r\n')
    assert [[source.text for source in one.sources] for one in read] == [["It is fast.", "It is small."]]
    assert read[0].reference == ""
    assert not bad


@pytest.mark.parametrize("head", ["question;answer;contexts", "Question;Answer;Contexts"])
def test_a_table_with_semicolons_and_capitals(tmp_path: Path, head: str) -> None:
    read, bad = _written(tmp_path, "a.csv", f"{head}\nIs it fast?;It is fast.;['It is fast.']\n")
    assert [(one.question, one.sources[0].text) for one in read] == [("Is it fast?", "It is fast.")]
    assert not bad


def test_answers_by_their_ids(tmp_path: Path) -> None:
    read, _ = _written(tmp_path, "a.json", json.dumps({"first": RECORD, "second": RECORD}))
    assert [one.id for one in read] == ["first", "second"]


def test_objects_over_several_lines_and_one_of_them_broken(tmp_path: Path) -> None:
    whole = json.dumps(RECORD, indent=2)
    read, bad = _written(tmp_path, "a.jsonl", "\n".join([whole, whole.replace('"answer":', '"answer"'), whole]))
    assert [one.answer for one in read] == [RECORD["answer"]] * 2
    assert len(bad) == 1
    assert "record 2" in bad[0]


def test_records_of_several_forms_in_one_file() -> None:
    records: list[dict[str, Any]] = [
        RECORD,
        {"user_input": "Q", "response": "A.", "retrieved_contexts": ["A."]},
        {"input": "Q", "actual_output": "A.", "retrieval_context": ["A."]},
        {"query": "Q", "replies": ["A."], "documents": [{"content": "A."}]},
        {"prompt": "Q", "completion": "A.", "context": "A."},
        {"question": "Q", "response": "A.", "contexts": "A."},
        {"question": "Q", "prediction": "A.", "passages": ["A."]},
        {"Question": "Q", "Generated Answer": "A.", "Retrieved Documents": ["A."]},
        {"question": "Q", "answer": {"text": "A."}, "sources": [[{"document": {"page_content": "A."}, "score": 0.5}]]},
    ]
    read = list(answers_of(records))
    assert [one.answer for one in read] == [RECORD["answer"], *["A."] * 8]
    assert all(len(one.sources) == 1 for one in read)
    assert {one.sources[0].text for one in read[1:]} == {"A."}


@pytest.mark.parametrize(
    ("sources", "texts", "keys"),
    [
        ({"d1": "One.", "d2": "Two."}, ["One.", "Two."], ["d1", "d2"]),
        ([None, "Two."], ["", "Two."], ["", ""]),
        ([["One.", "Two."]], ["One.", "Two."], ["", ""]),
        ([{"content": "One.", "meta": {"source": "one.pdf"}}], ["One."], ["one.pdf"]),
        ([{"node": {"text": "One.", "id_": "n"}, "score": 0.1}], ["One."], [""]),
    ],
)
def test_sources_keep_their_numbers_and_keys(sources: object, texts: list[str], keys: list[str]) -> None:
    (read,) = answers_of([RECORD | {"sources": sources}])
    assert [source.text for source in read.sources] == texts
    assert [source.key for source in read.sources] == keys


@pytest.mark.parametrize("called", ["mnist-7", "li2025", "https://x.org/a"])
def test_a_source_is_cited_by_any_of_its_keys(called: str) -> None:
    sources = [{"text": "It was slow."}, {"text": "It is fast.", "url": "https://x.org/a", "key": "li2025", "id": "mnist-7"}]
    cited = f"[here]({called})" if ":" in called else f"[{called}]"
    (result,) = evaluate_answers([RECORD | {"answer": f"It is fast {cited}.", "sources": sources}])
    assert [claim["citations"] for claim in result.answer["claims"]] == [[2]]


def test_a_number_that_another_key_has_still_counts_the_sources() -> None:
    sources = [
        {"text": "It is fast.", "url": "https://x.org/a", "id": "1"},
        {"text": "It was slow.", "url": "https://x.org/b", "id": "0"},
    ]
    (result,) = evaluate_answers([RECORD | {"answer": "It is fast [1].", "sources": sources}])
    assert [claim["citations"] for claim in result.answer["claims"]] == [[1]]


def test_a_number_is_an_answer() -> None:
    assert [one.answer for one in answers_of([RECORD | {"answer": 5}])] == ["5"]


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"question": "Q", "sources": ["A."]}, "the field 'answer' is missing"),
        ({"question": "Q", "answer": "A."}, "the field 'sources' is missing"),
        (RECORD | {"answer": None}, "`answer` is no text but null"),
        (RECORD | {"answer": float("nan")}, "`answer` is no text but NaN"),
        (RECORD | {"question": ["Q", "P"]}, "is a list"),
        (RECORD | {"sources": [5]}, "a source is neither"),
    ],
)
def test_what_is_missing_or_no_text_is_said_and_not_read_as_empty(record: dict[str, Any], said: str) -> None:
    with pytest.raises(AnswersError, match=said):
        list(answers_of([record]))


def test_a_list_with_many_empty_lines_is_read_in_linear_time() -> None:
    start = monotonic()
    assert written_list('["It is fast."' + "\n" * 40_000 + "]") == ["It is fast."]
    assert monotonic() - start < 5
