from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.stats.bootstrap import Interval, mean_interval, median, quantile


def test_nothing_to_score_has_no_interval() -> None:
    assert mean_interval([], []) is None


def test_equal_values_have_an_interval_without_width() -> None:
    assert mean_interval([1.0, 1.0, 1.0], ["a", "b", "c"]) == Interval(1.0, 1.0, 1.0, 3)


def test_one_cluster_is_drawn_whole_so_its_mean_never_moves() -> None:
    assert mean_interval([0.0, 1.0, 1.0, 0.0], ["a"] * 4) == Interval(0.5, 0.5, 0.5, 4)


def test_two_values_that_differ_reach_from_one_to_the_other() -> None:
    # Of the four draws of two clusters one is (0, 0), one (1, 1): a quarter each, well beyond 2.5 %.
    assert mean_interval([0.0, 1.0], ["a", "b"]) == Interval(0.5, 0.0, 1.0, 2)


def test_a_cluster_counts_by_its_size() -> None:
    # a: three values of 1, b: one of 0. Draws: (a, a) 1, (a, b) and (b, a) 3/4, (b, b) 0; at the level 0.4 the bounds are
    # the quantiles 0.3 and 0.7, which both lie in the half that is 3/4.
    assert mean_interval([1.0, 1.0, 1.0, 0.0], ["a", "a", "a", "b"], level=0.4) == Interval(0.75, 0.75, 0.75, 4)


def test_the_bounds_are_those_of_all_draws_counted_out() -> None:
    sums, counts = [3.0, 1.0, 0.0, 2.0, 1.0], [3, 2, 2, 2, 1]
    values = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    clusters = [name for name, count in enumerate(counts) for _ in range(count)]
    means = [sum(sums[each] for each in draw) / sum(counts[each] for each in draw) for draw in product(range(5), repeat=5)]
    found = mean_interval(values, clusters, draws=200_000)
    assert found is not None
    assert (found.value, found.n) == (0.7, 10)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(means, [0.025, 0.975])), abs=0.02)


def test_values_that_hang_together_make_the_interval_wider() -> None:
    values = [float(number % 2) for number in range(40)]
    alone = mean_interval(values, range(40))
    together = mean_interval(values, [2 * (number // 8) + number % 2 for number in range(40)])
    assert alone is not None
    assert together is not None
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_the_seed_decides_and_the_order_of_clusters_within_does_not_matter() -> None:
    values, clusters = [0.1, 0.5, 0.9, 0.3, 0.7], ["a", "b", "a", "c", "d"]
    assert mean_interval(values, clusters) == mean_interval(values, clusters)
    assert mean_interval(values, clusters, draws=50) != mean_interval(values, clusters, draws=50, seed=1)


def test_each_value_needs_a_cluster() -> None:
    with pytest.raises(ValueError, match="2 values came with 1 clusters"):
        mean_interval([0.0, 1.0], ["a"])


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 5)), min_size=1, max_size=30))
def test_the_mean_lies_between_its_bounds_and_they_between_the_extremes(pairs: list[tuple[float, int]]) -> None:
    values = [value for value, _ in pairs]
    found = mean_interval(values, [name for _, name in pairs], draws=50)
    assert found is not None
    assert min(values) - 1e-12 <= found.low <= found.value <= found.high <= max(values) + 1e-12


def test_quantiles_lie_between_neighbours() -> None:
    assert quantile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.5
    assert quantile([1.0, 2.0, 3.0, 4.0, 5.0], 0.95) == pytest.approx(4.8)
    assert median([3.0, 1.0, 2.0]) == 2.0
    with pytest.raises(ValueError, match="at least one"):
        median([])
