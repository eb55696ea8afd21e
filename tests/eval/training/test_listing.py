"""How lists are told from points, and lists of nothing from others: what the fit learns, and that the shipped weights are of these signs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.training import listing
from eval.training.listing import TOPICS, Example, asked_over, everywhere, examples, fitted, learn, table, topics
from rag.abstention.classifier import model, probability
from rag.ingestion.bundled import bundled_papers
from rag.types import Paper


def told(point: bool, second: float, source: str = "a") -> Example:
    return Example({"best": 2.0, "second": second, "dealing": 2.0}, point, source)


MANY = [*[told(True, -8.0 + place % 3) for place in range(30)], *[told(False, 0.5 * (place % 3)) for place in range(30)]]


def test_a_second_paper_that_answers_speaks_for_a_list() -> None:
    by = fitted(MANY, 0.5)
    assert by.weights["second"] < 0
    assert probability(told(True, -7.0).found, by) > 0.5 > probability(told(False, 0.5).found, by)


def test_the_table_gives_the_share_of_each_set_of_which_it_is_said() -> None:
    rows = list(table([told(True, -8.0, "points"), told(False, 1.0, "lists"), told(False, 1.0, "lists")], fitted(MANY, 0.5)))
    assert rows[2].startswith("| points, 1 | 100.0 %")
    assert rows[3].startswith("| lists, 2 | 0.0 %")


def test_a_model_is_written_only_where_that_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(listing, "DATA", tmp_path)
    learn("one_point", MANY, [told(False, 1.0, "unseen")], 0.7, write=False)
    assert not list(tmp_path.iterdir())
    assert "| unseen, 1 |" in capsys.readouterr().out
    learn("one_point", MANY, [], 0.7, write=True)
    assert json.loads((tmp_path / "one_point.json").read_text(encoding="utf-8"))["threshold"] == 0.7


def test_only_questions_taken_for_lists_become_examples_and_have_the_shipped_signs() -> None:
    asked = ["Which papers are about graph neural networks?", "What does PHNN stand for?"]
    ((points, lists), (_, scoped)) = examples(
        bundled_papers(), everywhere(asked), [("papers on graphs", frozenset(paper.id for paper in bundled_papers()[:9]))]
    )
    assert [found.keys() for found in points] == [model("one_point").weights.keys()]
    assert [found.keys() for found in [*lists, *scoped]] == [model("nothing_listed").weights.keys()] * 2


def test_topics_are_told_by_a_title_and_lacking_where_no_paper_has_to_do_with_them() -> None:
    papers = [
        Paper("1", "Language models of bees", "We train them on video clips."),
        Paper("2", "An ASR of maps", "We read maps."),
    ]
    told = {topic.name: topic.of(papers) for topic in topics()}
    assert [told[name] for name in ("language models", "speech recognition", "video", "malaria")] == [
        "named",
        "otherwise",
        "",
        "lacking",
    ]
    asked = asked_over(papers)
    assert any("language model" in text for text, _ in asked["named"])
    assert asked["otherwise"][0][1] == frozenset("12")
    assert len(asked["lacking"]) == TOPICS
    assert not any("video" in text for questions in asked.values() for text, _ in questions)


def test_every_set_of_a_kind_counts_the_same() -> None:
    few, many = [told(True, -8.0, "few")] * 2, [told(True, 8.0, "many")] * 50
    by = fitted([*few, *many, *[told(False, 0.0, "lists")] * 20], 0.5)
    assert abs(by.weights["second"]) < 0.1
