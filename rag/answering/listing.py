"""Lists of papers: whether a question that looks like one asks for one point, and whether any paper deals with what it asks.

Logistic models weigh signs of both, among them what the learned reader finds: where one paper answers and the next does not, one
point is asked. `eval/training/listing.py` fits the weights in `data/one_point.json` and `data/nothing_listed.json`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.abstention.classifier import model, probability
from rag.abstention.rules import Findings
from rag.query.paper_names import spelled_out
from rag.retrieval.reranker import MOST_ODDS
from rag.retrieval.sentence_ranker import Match
from rag.text.words import stem, stems
from rag.types import Paper

ANSWERS = 0.0
"""The reader's log-odds from which on a sentence rather answers than not."""

LACKING, LACKING_OF_SUMMARY = 0.3, 0.5
"""The share of a topic's words that every paper must lack, so that none deals with it: of a list, and of a summary, whose topics are longer. Chosen."""


def on_one_point(ranked: Sequence[Match], dealing: int, nothing: bool = False) -> bool:
    """Whether it is one point, given the sentences as the reader ranked them and how many papers deal with the topic.

    Where none does, or as a list it would be one of `nothing`, only if the reader finds an answer.
    """
    weighing, found = model("one_point"), point_signs(ranked, dealing)
    answered = found["best"] >= ANSWERS or (dealing > 0 and not nothing)
    return answered and probability(found, weighing) >= weighing.threshold


def point_signs(ranked: Sequence[Match], dealing: int) -> Mapping[str, float]:
    """The reader's log-odds of the best sentence, and of the best one in any other paper, bounded; and the papers that deal with the topic."""
    first, second = _best_two(ranked)
    return {"best": first, "second": second, "dealing": float(dealing)}


def nothing_listed(ranked: Sequence[Match], topic: Findings, least: float = LACKING) -> bool:
    """Whether no paper deals with the topic, given the sentences as the reader ranked them for the question.

    Only if each paper lacks the `least` share of its words.
    """
    if not topic.matches or not topic.content:
        return False
    weighing, found = model("nothing_listed"), list_signs(ranked, topic)
    return found["lacking"] >= least and probability(found, weighing) >= weighing.threshold


def list_signs(ranked: Sequence[Match], topic: Findings) -> Mapping[str, float]:
    """The reader's log-odds of the best sentence; the cosine of the topic and the nearest sentence; the share of the topic's words that the
    collection lacks, and of those that the paper lacks which has most of them."""
    papers = {match.evidence.paper.id: match.evidence.paper for match in topic.matches}.values()
    return {
        "best": _best_two(ranked)[0],
        "meaning": max(match.meaning for match in topic.matches),
        "unheld": sum(not topic.holds(word) for word in topic.content) / len(topic.content),
        "lacking": min(lacking(topic.content, paper) for paper in papers),
    }


def lacking(asked: Sequence[str], paper: Paper) -> float:
    """The share of words that a paper has in no form: neither in another inflection, nor as a long form (`LLMs`)."""
    text = f"{paper.title} {paper.abstract}"
    told = stems(text)
    return sum(
        stem(word) not in told and word.removesuffix("s") not in told and not spelled_out(word.removesuffix("s").upper(), text)
        for word in asked
    ) / len(asked)


def _best_two(ranked: Sequence[Match]) -> tuple[float, float]:
    """The best log-odds of the two papers that have the best ones; the least where fewer were read."""
    best: dict[str, float] = {}
    for match in ranked:
        if match.answers is not None:
            best[match.evidence.paper.id] = max(match.answers, best.get(match.evidence.paper.id, -MOST_ODDS))
    first, second, *_ = (*sorted(best.values(), reverse=True), -MOST_ODDS, -MOST_ODDS)
    return min(first, MOST_ODDS), min(second, MOST_ODDS)
