"""What a ranking is worth: recall, reciprocal rank and nDCG, for papers and for sentences, by stage of search."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from eval.scores.registry import declare
from eval.types import Score

STAGES = ("words", "meaning", "both")
KINDS = ("papers", "sentences")
DEPTH = 10

Measure = Callable[[Collection[str], Sequence[str]], float]
"""From what should be found (at least one) and a ranking (best first, each once) to a figure between 0 and 1."""


def recall(gold: Collection[str], ranked: Sequence[str], depth: int) -> float:
    """The share of `gold` among the first `depth`."""
    return len(set(gold) & set(ranked[:depth])) / len(gold)


def reciprocal_rank(gold: Collection[str], ranked: Sequence[str], depth: int) -> float:
    """1 / the place of the first one of `gold` within `depth`; 0 if there is none."""
    return next((1 / place for place, id in enumerate(ranked[:depth], 1) if id in gold), 0.0)


def ndcg(gold: Collection[str], ranked: Sequence[str], depth: int) -> float:
    """Normalised discounted cumulative gain of the first `depth`, each one of `gold` worth 1 (Järvelin & Kekäläinen, 2002)."""
    gained = math.fsum(_discount(place) for place, id in enumerate(ranked[:depth], 1) if id in gold)
    return gained / math.fsum(map(_discount, range(1, min(len(gold), depth) + 1)))


def _discount(place: int) -> float:
    return 1 / math.log2(place + 1)


MEASURES: Mapping[str, Measure] = {
    "recall@5": partial(recall, depth=5),
    "recall@10": partial(recall, depth=10),
    "mrr@10": partial(reciprocal_rank, depth=10),
    "ndcg@10": partial(ndcg, depth=10),
}
NAMES = tuple(f"{kind}.{stage}.{measure}" for kind in KINDS for stage in STAGES for measure in MEASURES)
for _kind in KINDS:
    for _stage in STAGES:
        for _name in MEASURES:
            _text = f"{_kind} by {_stage}: {_name.replace('mrr', 'MRR').replace('ndcg', 'nDCG')}"
            declare(f"{_kind}.{_stage}.{_name}", "Search", _text, "%" if _name.startswith("recall") else "0–1")


def ranking_scores(kind: str, stage: str, gold: Collection[str], ranked: Sequence[str]) -> list[Score]:
    """The scores of one ranking (best first, each once) against what should be found; none if nothing should."""
    if not gold:
        return []
    places = [place for place, id in enumerate(ranked[:DEPTH], 1) if id in gold]
    why = f"gold at {', '.join(map(str, places))} of the first {DEPTH}" if places else f"no gold among the first {DEPTH}"
    return [Score(f"{kind}.{stage}.{name}", round(measure(gold, ranked), 6), why) for name, measure in MEASURES.items()]
