"""Whether a question that looks like one for several papers asks for one point of one paper: signs weighed by a logistic model.

The learned reader tells it: where one paper answers and the next does not, nobody wants a list. `eval/training/one_point.py` fits the
weights in `data/one_point.json`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.abstention.classifier import model, probability
from rag.retrieval.reranker import MOST_ODDS
from rag.retrieval.sentence_ranker import Match


def on_one_point(matches: Sequence[Match], dealing: int) -> bool:
    """Whether it is one point, given the sentences as the reader ranked them and how many papers deal with the topic."""
    weighing = model("one_point")
    return probability(signs(matches, dealing), weighing) >= weighing.threshold


def signs(matches: Sequence[Match], dealing: int) -> Mapping[str, float]:
    """The reader's log-odds of the best sentence, and of the best one in any other paper, bounded; and the papers that deal with the topic."""
    best: dict[str, float] = {}
    for match in matches:
        if match.answers is not None:
            best[match.evidence.paper.id] = max(match.answers, best.get(match.evidence.paper.id, -MOST_ODDS))
    first, second, *_ = (*sorted(best.values(), reverse=True), -MOST_ODDS, -MOST_ODDS)
    return {"best": min(first, MOST_ODDS), "second": min(second, MOST_ODDS), "dealing": float(dealing)}
