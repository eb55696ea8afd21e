"""Differences between two runs over the same cases: paired, with p-values by permutation, corrected for the many that are looked at."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.stats.bootstrap import DRAWS, LEVEL, SEED

PERMUTATIONS = 10_000
EXACT = 12
"""Up to so many clusters that differ, all swaps are tried (4,096) instead of some drawn."""
ALIKE = 1e-12


@dataclass(frozen=True, slots=True)
class Pair:
    """One case's value and weight in each of two runs, and what the case is drawn together with."""

    before: float
    after: float
    cluster: Hashable
    before_of: int = 1
    after_of: int = 1


@dataclass(frozen=True, slots=True)
class Difference:
    """Means before and after, their difference with its bootstrap interval, and how likely one as large is by chance alone."""

    before: float
    after: float
    low: float
    high: float
    p: float
    n: int

    @property
    def change(self) -> float:
        return self.after - self.before


def difference(pairs: Sequence[Pair], seed: int = SEED) -> Difference | None:
    """The difference over the pairs; None if there is none.

    The test swaps before and after by whole clusters (paired permutation, Good 2005; Smucker et al., CIKM 2007, for retrieval): if the
    runs were the same, either could have been the first. The interval draws whole clusters as in `eval.stats.bootstrap`.
    """
    if not pairs:
        return None
    sums = _by_cluster(pairs)
    whole = sums.sum(axis=0)
    drawn = np.random.default_rng(seed).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=DRAWS) @ sums
    low, high = np.quantile(drawn[:, 2] / drawn[:, 3] - drawn[:, 0] / drawn[:, 1], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    before, after = float(whole[0] / whole[1]), float(whole[2] / whole[3])
    change = after - before
    return Difference(before, after, min(float(low), change), max(float(high), change), _p(sums, seed), len(pairs))


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values corrected so that one false alarm among all of them is as rare as each one's p says (Holm 1979)."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    corrected = [0.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        corrected[place] = highest
    return corrected


def _by_cluster(pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """A row a cluster: sum and weight before, sum and weight after."""
    found: dict[Hashable, NDArray[np.float64]] = {}
    for pair in pairs:
        row = found.setdefault(pair.cluster, np.zeros(4))
        row += (pair.before * pair.before_of, pair.before_of, pair.after * pair.after_of, pair.after_of)
    return np.array(list(found.values()))


def _p(sums: NDArray[np.float64], seed: int) -> float:
    """Two-sided: the share of the swaps whose difference is at least as large as the one seen, that one counted in."""
    differ = np.abs(sums[:, :2] - sums[:, 2:]).max(axis=1) > ALIKE
    moving, still = sums[differ], sums[~differ].sum(axis=0)
    if not len(moving):
        return 1.0
    exact = len(moving) <= EXACT
    swaps = _all_swaps(len(moving)) if exact else np.random.default_rng(seed).random((PERMUTATIONS, len(moving))) < 0.5
    kept = (~swaps).astype(float) @ moving + still
    swapped = swaps.astype(float) @ moving[:, [2, 3, 0, 1]]
    both = kept + swapped
    changes = np.abs(both[:, 2] / both[:, 3] - both[:, 0] / both[:, 1])
    whole = sums.sum(axis=0)
    seen = abs(whole[2] / whole[3] - whole[0] / whole[1])
    extreme = int((changes >= seen - ALIKE).sum())
    return extreme / len(changes) if exact else (extreme + 1) / (len(changes) + 1)


def _all_swaps(count: int) -> NDArray[np.bool_]:
    swaps: NDArray[np.bool_] = (np.arange(2**count)[:, None] >> np.arange(count)) & 1 == 1
    return swaps
