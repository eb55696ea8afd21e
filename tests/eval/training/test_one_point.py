"""How a question on one point is told from one for papers: what the fit learns, and that the shipped weights are of these signs."""

from __future__ import annotations

from eval.training.one_point import Example, examples, fitted, table
from rag.abstention.classifier import model, probability
from rag.ingestion.bundled import bundled_papers


def told(point: bool, second: float, source: str = "a") -> Example:
    return Example({"best": 2.0, "second": second, "dealing": 2.0}, point, source)


def test_a_second_paper_that_answers_speaks_for_a_list() -> None:
    by = fitted(
        [*[told(True, -8.0 + place % 3) for place in range(30)], *[told(False, 0.5 * (place % 3)) for place in range(30)]], 0.5
    )
    assert by.weights["second"] < 0
    assert probability(told(True, -7.0).found, by) > 0.5 > probability(told(False, 0.5).found, by)


def test_the_table_gives_the_share_that_stays_a_list() -> None:
    by = fitted([*[told(True, -8.0)] * 20, *[told(False, 1.0)] * 20], 0.5)
    rows = list(table([told(True, -8.0, "points"), told(False, 1.0, "lists"), told(False, 1.0, "lists")], by))
    assert rows[2].startswith("| points, 1 | 0.0 %")
    assert rows[3].startswith("| lists, 2 | 100.0 %")


def test_only_questions_taken_for_lists_become_examples_and_have_the_shipped_signs() -> None:
    asked = ["Which papers are about graph neural networks?", "What does PHNN stand for?"]
    found = list(examples(bundled_papers(), asked, False, "lists"))
    assert [one.found.keys() for one in found] == [model("one_point").weights.keys()]
