"""Answers of other systems get the measures of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval import evaluate_answers
from eval.answers.formats import answers_of
from eval.answers.judging import write_run
from eval.report.data import read_report
from eval.runs.run_file import RunError, read_run
from rag.grounding.checker import GroundingChecker
from rag.library.encoder import OnnxEncoder

RECORDS = [
    {
        "question": "How accurate is NoProp on MNIST?",
        "answer": "NoProp reaches 99.5 % accuracy on MNIST [1]. It was tested on speech [2].",
        "sources": ["NoProp reaches 99.5 % accuracy on MNIST.", "Ants walk in straight lines at night."],
        "reference": "NoProp reaches 99.5 % accuracy on MNIST.",
    },
    {"question": "Who sleeps?", "answer": "The provided passages do not contain the answer.", "sources": ["Ants walk."]},
]


def test_each_sentence_is_held_against_what_its_markers_cite() -> None:
    right, refused = evaluate_answers(RECORDS)
    values = {score.name: score.value for score in right.scores}
    assert (values["supported"], values["citation_recall"], values["marker_exists"]) == (0.5, 0.5, 1.0)
    assert (values["context_recall"], values["context_precision"], values["completeness"]) == (1.0, 1.0, 1.0)
    assert refused.answer is not None
    assert refused.answer["status"] == "not_found"


def test_swapped_markers_are_no_support() -> None:
    swapped = {**RECORDS[0], "answer": "NoProp reaches 99.5 % accuracy on MNIST [2]."}
    (found,) = evaluate_answers([swapped])
    assert {score.name: score.value for score in found.scores}["supported"] == 0.0


def test_a_run_is_written_and_finished_and_no_other_is_overwritten(tmp_path: Path) -> None:
    given, checker = list(answers_of(RECORDS)), GroundingChecker(OnnxEncoder())
    out = tmp_path / "run.jsonl"
    assert write_run(given, "answers.jsonl", out, checker) == 2
    assert write_run(given, "answers.jsonl", out, checker) == 0
    assert len(read_run(out).results) == 2
    with pytest.raises(RunError, match="another run"):
        write_run(given[:1], "answers.jsonl", out, checker)


def test_a_report_names_answers_and_sources_and_not_what_such_a_run_lacks(tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    write_run(list(answers_of(RECORDS)), "answers.jsonl", out, GroundingChecker(OnnxEncoder()))
    report = read_report(out)
    assert report.about.startswith("2 answers over 3 sources; ")
    assert [what for what, _ in report.went_by if what in {"cases", "papers", "encoder", "prompts", "settings"}] == [
        "cases",
        "papers",
    ]


def test_a_marker_that_stands_for_no_source_is_told_and_supports_nothing() -> None:
    (found,) = evaluate_answers([{"question": "Who walks?", "answer": "Ants walk [7].", "sources": ["Ants walk."]}])
    values = {score.name: score.value for score in found.scores}
    assert (values["marker_exists"], values["supported"], values["citation_recall"]) == (0.0, 0.0, 0.0)


def test_markers_that_count_from_0_are_counted_from_1() -> None:
    record = {"question": "Who walks?", "answer": "Ants walk [0]. Bees dance [1].", "sources": ["Ants walk.", "Bees dance."]}
    (found,) = evaluate_answers([record])
    assert {score.name: score.value for score in found.scores}["citation_recall"] == 1.0
    (beyond,) = evaluate_answers([{**record, "answer": "Ants walk [0]. Bees dance [2]."}])
    assert {score.name: score.value for score in beyond.scores}["marker_exists"] == 0.5


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("The passages do not name the price.", "not_found"),
        ("Die Dokumente enthalten keine Angaben zum Preis.", "not_found"),
        ("Les documents fournis ne mentionnent pas le prix.", "not_found"),
        ("I could not find the price in the sources. Let me know if I can help!", "not_found"),
        ("  ", "not_found"),
        ("The passages do not name the price. They say that ants walk [1].", "answered"),
        ("Ants walk [1]. The price is not mentioned in the passages.", "answered"),
    ],
)
def test_an_answer_refuses_where_it_claims_nothing_else(answer: str, status: str) -> None:
    (found,) = evaluate_answers([{"question": "What is the price?", "answer": answer, "sources": ["Ants walk."]}])
    assert found.answer is not None
    assert found.answer["status"] == status
