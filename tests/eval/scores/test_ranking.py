from __future__ import annotations

import math
import sys

import pytest

from eval.scores.ranking import NAMES, measured, ranking_scores
from rag.errors import SettingsError


def test_the_measures_agree_with_their_formulas_worked_by_hand() -> None:
    # Gold at places 2 and 4 of 5, a third one not found.
    found = {score.name: score.value for score in ranking_scores("papers", "both", {"a", "b", "c"}, ["x", "a", "y", "b", "z"])}
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert found == {
        "papers.both.recall@5": pytest.approx(2 / 3, abs=1e-6),
        "papers.both.recall@10": pytest.approx(2 / 3, abs=1e-6),
        "papers.both.mrr@10": 0.5,
        "papers.both.ndcg@10": pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal, abs=1e-6),
    }


def test_the_order_given_is_the_order_scored_whatever_the_names() -> None:
    for first, second in (("a", "z"), ("z", "a")):
        assert measured({first}, [first, second], ["RR@10"]) == {"RR@10": 1.0}
        assert measured({second}, [first, second], ["RR@10"]) == {"RR@10": 0.5}


def test_what_is_found_after_the_tenth_counts_for_nothing() -> None:
    (*_, ndcg) = ranking_scores("sentences", "words", {"gold"}, [*map(str, range(10)), "gold"])
    assert (ndcg.name, ndcg.value, ndcg.why) == ("sentences.words.ndcg@10", 0.0, "no gold among the first 10")


def test_nothing_found_is_0_and_nothing_wanted_has_no_score() -> None:
    assert {score.value for score in ranking_scores("papers", "words", {"a"}, [])} == {0.0}
    assert ranking_scores("papers", "words", set(), ["a"]) == []
    assert {score.name for score in ranking_scores("papers", "words", {"a"}, [])} < set(NAMES)


def test_a_missing_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(SettingsError, match=r"paperchat\[eval\]"):
        measured({"a"}, ["a"], ["RR@10"])
