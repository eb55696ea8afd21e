from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.stats.paired import Pair, difference, holm


def pairs(before: list[float], after: list[float]) -> list[Pair]:
    return [Pair(first, second, place) for place, (first, second) in enumerate(zip(before, after, strict=True))]


def test_few_cases_are_tested_exactly() -> None:
    # Three cases all better by 1: of the 8 swaps, two have a difference as large. Worked by hand.
    found = difference(pairs([0, 0, 0], [1, 1, 1]))
    assert found is not None
    assert (found.before, found.after, found.change, found.p, found.n) == (0.0, 1.0, 1.0, 2 / 8, 3)


def test_one_case_up_and_one_down_is_chance() -> None:
    found = difference(pairs([0, 1, 1], [1, 0, 1]))
    assert found is not None
    assert (found.change, found.p) == (0.0, 1.0)


def test_the_same_run_twice_does_not_differ() -> None:
    found = difference(pairs([0, 1, 0.5], [0, 1, 0.5]))
    assert found is not None
    assert (found.change, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


def test_cases_of_one_cluster_are_swapped_together() -> None:
    one = difference([Pair(0, 1, "bees") for _ in range(20)])
    many = difference([Pair(0, 1, place) for place in range(20)])
    assert one is not None
    assert many is not None
    assert one.p == 1.0
    assert many.p < 0.001


def test_many_clusters_come_close_to_the_exact_answer() -> None:
    # 13 cases, 11 up and 2 down by 1: two-sided sign test, 2 (1 + 13 + 78) / 2^13.
    found = difference(pairs([0] * 11 + [1] * 2, [1] * 11 + [0] * 2))
    assert found is not None
    assert found.p == pytest.approx(2 * 92 / 2**13, abs=0.006)


def test_shares_of_sentences_are_weighed_in_each_run_by_its_own_number() -> None:
    found = difference([Pair(1.0, 0.5, "a", 1, 4), Pair(0.0, 1.0, "b", 3, 1)])
    assert found is not None
    assert (found.before, found.after) == (0.25, 0.6)


def test_without_pairs_there_is_no_difference() -> None:
    assert difference([]) is None


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=30))
def test_the_two_runs_may_be_exchanged(values: list[tuple[int, int]]) -> None:
    there = difference([Pair(first, second, place) for place, (first, second) in enumerate(values)])
    back = difference([Pair(second, first, place) for place, (first, second) in enumerate(values)])
    assert there is not None
    assert back is not None
    assert there.change == pytest.approx(-back.change)
    assert there.p == pytest.approx(back.p)
    assert there.low <= there.change <= there.high
    assert 0 < there.p <= 1


def test_chance_is_called_a_difference_no_more_often_than_said() -> None:
    draw = random.Random(3)
    alarms = 0
    for _ in range(400):
        found = difference(pairs([draw.random() for _ in range(10)], [draw.random() for _ in range(10)]))
        assert found is not None
        alarms += found.p < 0.05
    assert 8 <= alarms <= 32  # 5 % of 400, give or take


def test_holm_worked_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []
