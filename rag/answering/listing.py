"""Lists of papers: whether a question that looks like one asks for one point, and whether any paper deals with what it asks.

Both are told by signs that logistic models weigh, the learned reader's word among them: where one paper answers and the next does not,
nobody wants a list. `eval/training/listing.py` fits the weights in `data/one_point.json` and `data/nothing_listed.json`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rag.abstention.classifier import model, probability
from rag.abstention.rules import Findings
from rag.retrieval.reranker import MOST_ODDS
from rag.retrieval.sentence_ranker import Match


def on_one_point(ranked: Sequence[Match], dealing: int) -> bool:
    """Whether it is one point, given the sentences as the reader ranked them and how many papers deal with the topic."""
    weighing = model("one_point")
    return probability(point_signs(ranked, dealing), weighing) >= weighing.threshold


def point_signs(ranked: Sequence[Match], dealing: int) -> Mapping[str, float]:
    """The reader's log-odds of the best sentence, and of the best one in any other paper, bounded; and the papers that deal with the topic."""
    first, second = _best_two(ranked)
    return {"best": first, "second": second, "dealing": float(dealing)}


def nothing_listed(ranked: Sequence[Match], topic: Findings) -> bool:
    """Whether no paper deals with the topic, given the sentences as the reader ranked them for the question."""
    weighing = model("nothing_listed")
    return bool(topic.matches and topic.content) and probability(list_signs(ranked, topic), weighing) >= weighing.threshold


def list_signs(ranked: Sequence[Match], topic: Findings) -> Mapping[str, float]:
    """The reader's log-odds of the best sentence; the mean best cosine of the topic's words, the nearest sentence's cosine, and the share
    of the words that the collection lacks."""
    return {
        "best": _best_two(ranked)[0],
        "met": math.fsum(topic.best.values()) / len(topic.best),
        "meaning": max(match.meaning for match in topic.matches),
        "unheld": sum(not topic.holds(word) for word in topic.content) / len(topic.content),
    }


def _best_two(ranked: Sequence[Match]) -> tuple[float, float]:
    """The best log-odds of the two papers that have the best ones; the least where fewer were read."""
    best: dict[str, float] = {}
    for match in ranked:
        if match.answers is not None:
            best[match.evidence.paper.id] = max(match.answers, best.get(match.evidence.paper.id, -MOST_ODDS))
    first, second, *_ = (*sorted(best.values(), reverse=True), -MOST_ODDS, -MOST_ODDS)
    return min(first, MOST_ODDS), min(second, MOST_ODDS)
