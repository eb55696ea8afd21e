from __future__ import annotations

import math

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.scores.ranking import MEASURES, NAMES, ranking_scores


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
        assert MEASURES["mrr@10"]({first}, [first, second]) == 1.0
        assert MEASURES["mrr@10"]({second}, [first, second]) == 0.5


def test_what_is_found_after_the_tenth_counts_for_nothing() -> None:
    (*_, ndcg) = ranking_scores("sentences", "words", {"gold"}, [*map(str, range(10)), "gold"])
    assert (ndcg.name, ndcg.value, ndcg.why) == ("sentences.words.ndcg@10", 0.0, "no gold among the first 10")


def test_nothing_found_is_0_and_nothing_wanted_has_no_score() -> None:
    assert {score.value for score in ranking_scores("papers", "words", {"a"}, [])} == {0.0}
    assert ranking_scores("papers", "words", set(), ["a"]) == []
    assert {score.name for score in ranking_scores("papers", "words", {"a"}, [])} < set(NAMES)


@given(
    gold=st.sets(st.integers(0, 30).map(str), min_size=1, max_size=14),
    ranked=st.lists(st.integers(0, 30).map(str), max_size=25, unique=True),
)
def test_the_measures_are_those_of_ir_measures(gold: set[str], ranked: list[str]) -> None:
    theirs = {
        "recall@5": ir_measures.R @ 5,
        "recall@10": ir_measures.R @ 10,
        "mrr@10": ir_measures.RR @ 10,
        "ndcg@10": ir_measures.nDCG @ 10,
    }
    judged, run = {"case": dict.fromkeys(gold, 1)}, {"case": {id: float(-place) for place, id in enumerate(ranked)}}
    found = {each.measure: each.value for each in ir_measures.iter_calc(list(theirs.values()), judged, run)}
    assert {name: measure(gold, ranked) for name, measure in MEASURES.items()} == {
        name: pytest.approx(found.get(measure, 0.0)) for name, measure in theirs.items()
    }
