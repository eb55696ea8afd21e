"""Measures of a detector: labels (true: supported) and scores in, numbers out. None where a measure has nothing to go by."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from eval.stats.bootstrap import DRAWS, LEVEL, SEED

BINS = 10
NEARLY = 0.005


@dataclass(frozen=True, slots=True)
class Found:
    """Precision, recall and F1 of one class; precision is None if nothing was said to be of it."""

    precision: float | None
    recall: float | None
    f1: float


def balanced_accuracy(truth: Sequence[bool], said: Sequence[bool]) -> float | None:
    """The mean of the shares got right among the true and among the false; None if one of the two is missing."""
    shares = [_share(truth, said, kind) for kind in (True, False)]
    return None if None in shares else math.fsum(share for share in shares if share is not None) / 2


def balanced_interval(
    truth: Sequence[bool], said: Sequence[bool], clusters: Sequence[Hashable], draws: int = DRAWS, level: float = LEVEL
) -> tuple[float, float] | None:
    """The percentile bootstrap interval of the balanced accuracy, drawn by whole clusters, such as all claims about one document.

    None if one of the two kinds is missing, or falls into one cluster alone, so that there is nothing to draw.
    """
    members: dict[Hashable, list[int]] = {}
    for own, word, cluster in zip(truth, said, clusters, strict=True):
        counts = members.setdefault(cluster, [0, 0, 0, 0])
        counts[0 if own else 2] += own == word
        counts[1 if own else 3] += 1
    table = np.array(list(members.values()))
    if not len(table) or (table[:, [1, 3]] > 0).sum(axis=0).min() < 2:
        return None
    drawn = np.random.default_rng(SEED).multinomial(len(table), np.full(len(table), 1 / len(table)), size=draws) @ table
    kept = drawn[(drawn[:, 1] > 0) & (drawn[:, 3] > 0)]
    reached = (kept[:, 0] / kept[:, 1] + kept[:, 2] / kept[:, 3]) / 2
    low, high = np.quantile(reached, [(1 - level) / 2, (1 + level) / 2])
    return round(float(low), 4), round(float(high), 4)


def found(truth: Sequence[bool], said: Sequence[bool], kind: bool) -> Found:
    """How well those of one kind are found."""
    hits = sum(own == kind == word for own, word in zip(truth, said, strict=True))
    called, there = sum(word == kind for word in said), sum(own == kind for own in truth)
    return Found(hits / called if called else None, hits / there if there else None, 2 * hits / ((called + there) or 1))


def auroc(truth: Sequence[bool], scores: Sequence[float]) -> float | None:
    """How often a true one has the higher score than a false one, ties as halves (Mann & Whitney 1947)."""
    order = sorted(zip(scores, truth, strict=True))
    positives = sum(truth)
    negatives = len(order) - positives
    if not positives or not negatives:
        return None
    ranks, at = 0.0, 0
    while at < len(order):
        end = at
        while end < len(order) and order[end][0] == order[at][0]:
            end += 1
        ranks += sum(own for _, own in order[at:end]) * (at + 1 + end) / 2
        at = end
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives)


def calibration_error(truth: Sequence[bool], scores: Sequence[float], bins: int = BINS) -> float | None:
    """Expected calibration error: over bins of equal width, the gap between mean score and share of true ones, by size of the bin
    (Guo et al., ICML 2017)."""
    if not truth:
        return None
    parted: dict[int, list[tuple[bool, float]]] = {}
    for own, score in zip(truth, scores, strict=True):
        parted.setdefault(min(int(score * bins), bins - 1), []).append((own, score))
    gaps = (abs(math.fsum(score for _, score in part) - sum(own for own, _ in part)) for part in parted.values())
    return math.fsum(gaps) / len(truth)


def best_threshold(truth: Sequence[bool], scores: Sequence[float]) -> float | None:
    """The score from which to say true for the best balanced accuracy; None if there is only one kind.

    Of all cuts between two scores that come within half a point of the best, the middle one: the curve is flat there, and its very
    top is chance.
    """
    positives = sum(truth)
    negatives = len(truth) - positives
    if not positives or not negatives:
        return None
    order = sorted(zip(scores, truth, strict=True))
    cuts = [(0.5, order[0][0])]
    kept, dropped = positives, 0
    for (score, own), (following, _) in pairwise(order):
        kept, dropped = kept - own, dropped + (not own)
        if following > score:
            cuts.append(((kept / positives + dropped / negatives) / 2, (score + following) / 2))
    best = max(accuracy for accuracy, _ in cuts)
    near = [threshold for accuracy, threshold in cuts if accuracy >= best - NEARLY]
    return near[len(near) // 2]


def _share(truth: Sequence[bool], said: Sequence[bool], kind: bool) -> float | None:
    of_kind = [word == kind for own, word in zip(truth, said, strict=True) if own == kind]
    return sum(of_kind) / len(of_kind) if of_kind else None
