"""How sure a measured share is: bootstrap intervals and quantiles. Numbers in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 2000
SEED = 20240501
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean of `n` values and the bounds between which it lies at the level asked for."""

    value: float
    low: float
    high: float
    n: int


def mean_interval(
    values: Sequence[float],
    clusters: Sequence[Hashable],
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = SEED,
    weights: Sequence[int] | None = None,
) -> Interval | None:
    """The mean of `values` with its percentile bootstrap interval; None if there is no value.

    With `weights`, such as the sentences that each value is a share of, the mean is weighted and `n` is their sum.

    Whole clusters are drawn, with replacement (Efron & Tibshirani 1993, ch. 8 and 13): values of one cluster, such as the questions
    about one paper, stand or fall together, and drawing them one by one would make the interval too narrow. Where all values are
    the same the interval has no width, which says nothing of cases not seen: then look at `n`. Raises ValueError if the two lists
    differ in length.
    """
    if len(values) != len(clusters):
        raise ValueError(f"{len(values)} values came with {len(clusters)} clusters: each value needs one.")
    if not values:
        return None
    weighing = weights or [1] * len(values)
    members: dict[Hashable, list[tuple[float, int]]] = {}
    for value, weight, cluster in zip(values, weighing, clusters, strict=True):
        members.setdefault(cluster, []).append((value * weight, weight))
    sums = np.array([math.fsum(value for value, _ in group) for group in members.values()])
    counts = np.array([sum(weight for _, weight in group) for group in members.values()])
    drawn = np.random.default_rng(seed).multinomial(len(members), np.full(len(members), 1 / len(members)), size=draws)
    means = (drawn @ sums) / (drawn @ counts)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    mean = math.fsum(value * weight for value, weight in zip(values, weighing, strict=True)) / sum(weighing)
    # Sums of floats in another order differ in the last digit: the mean is never outside its own bounds because of that.
    return Interval(mean, min(float(low), mean), max(float(high), mean), sum(weighing))


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (linear between neighbours). Raises ValueError if there is none."""
    if not values:
        raise ValueError("No value was given: a quantile needs at least one.")
    return float(np.quantile(np.asarray(values, float), share))


def median(values: Sequence[float]) -> float:
    """The middle value. Raises ValueError if there is none."""
    return quantile(values, 0.5)
