"""Lists of papers: whether a question that looks like one asks for one point, and whether any paper deals with what it asks.

Logistic models weigh signs of both, among them what the learned reader finds: where one paper answers and the next does not, one
point is asked. `eval/training/listing.py` fits the weights in `data/one_point.json` and `data/nothing_listed.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from rag.abstention.classifier import model, probability
from rag.query.paper_names import spelled_out
from rag.retrieval.reranker import MOST_ODDS
from rag.retrieval.sentence_ranker import Match
from rag.text.frequency import in_vocabulary
from rag.text.sentences import sentences
from rag.text.words import stem, words
from rag.types import Paper

ANSWERS = 0.0
"""The reader's log-odds from which on a sentence rather answers than not."""

SHORT = 3
"""Words of a short topic at most. Chosen."""
NEAR = 4
"""Places in a sentence between words that stand together, as in `segmentation of glioma images`, at most. Chosen."""


def on_one_point(ranked: Sequence[Match], dealing: int, nothing: bool = False) -> bool:
    """Whether it is one point, given the sentences as the reader ranked them and how many papers seem to deal with the topic before any is read.

    Where none does, or as a list it would be one of `nothing`, only if the reader finds an answer.
    """
    weighing, found = model("one_point"), point_signs(ranked, dealing)
    answered = found["best"] >= ANSWERS or (dealing > 0 and not nothing)
    return answered and probability(found, weighing) >= weighing.threshold


def point_signs(ranked: Sequence[Match], dealing: int) -> Mapping[str, float]:
    """The reader's log-odds of the best sentence, and of the best one in any other paper, bounded; and the papers that seem to deal with the topic."""
    first, second = _best_two(ranked)
    return {"best": first, "second": second, "dealing": float(dealing)}


def nothing_listed(best: float, near: Sequence[Match], topic: Sequence[str], holds: Callable[[str], bool]) -> bool:
    """Whether no paper deals with the topic (content words, folded), given the reader's best log-odds that an abstract answers, the sentences of the
    papers near it, and whether the collection has a word."""
    if not near or not topic:
        return False
    weighing = model("nothing_listed")
    return probability(list_signs(best, near, topic, holds), weighing) >= weighing.threshold


def list_signs(best: float, near: Sequence[Match], topic: Sequence[str], holds: Callable[[str], bool]) -> Mapping[str, float]:
    """The reader's log-odds of the abstract that answers best; the cosine of the topic and the nearest sentence; the share of the topic's neighbouring
    words that stand apart in the paper in which most stand together, and, of a short topic, the same times the share that the collection has."""
    papers = {match.evidence.paper.id: match.evidence.paper for match in near}.values()
    least = min(apart(topic, paper) for paper in papers)
    pairs = list(pairwise(topic)) if len(topic) <= SHORT else []
    held = sum(holds(word) and holds(other) for word, other in pairs) / max(len(pairs), 1)
    return {"best": best, "meaning": max(match.meaning for match in near), "apart": least, "held apart": least * held}


def lacking(asked: Sequence[str], paper: Paper) -> float:
    """The share of words (folded) that a paper has in no form: neither in another inflection, nor as a long form (`LLMs`)."""
    text = f"{paper.title} {paper.abstract}"
    told = _told(text)
    return sum(not _forms(word) & told and not _is_spelled_out(word, text) for word in asked) / len(asked)


def apart(asked: Sequence[str], paper: Paper) -> float:
    """The share of a topic's words (folded) that no sentence of a paper has near the one before; of a single word, whether the paper lacks it.

    `language models` is not told by a sentence on language and another on models. A word may stand in another inflection, or as its long form
    (`LLMs`), wherever that is.
    """
    text = f"{paper.title} {paper.abstract}"
    told = _told(text)
    long = {word for word in asked if not _forms(word) & told and _is_spelled_out(word, text)}
    parts = [
        [_forms(word) for word in words(part)]
        for part in (paper.title, *(span.of(paper.abstract) for span in sentences(paper.abstract)))
    ]
    pairs = list(pairwise(asked)) or [(asked[0], asked[0])]
    return sum(not _together(pair, long, told, parts) for pair in pairs) / len(pairs)


def _together(
    pair: tuple[str, str], long: AbstractSet[str], told: AbstractSet[str], parts: Sequence[Sequence[AbstractSet[str]]]
) -> bool:
    """Whether two words stand near each other in any part, or are in the paper and one of them as its long form."""
    if not long.isdisjoint(pair):
        return all(word in long or _forms(word) & told for word in pair)
    for part in parts:
        first, second = ([place for place, forms in enumerate(part) if _forms(word) & forms] for word in pair)
        if any(abs(one - other) <= NEAR for one in first for other in second):
            return True
    return False


def _forms(word: str) -> frozenset[str]:
    """What a folded word is compared by: its stem, and its singular where it is an abbreviation (`MRIs`)."""
    return frozenset((stem(word), word.removesuffix("s")))


def _told(text: str) -> set[str]:
    return {form for word in words(text) for form in _forms(word)}


def _is_spelled_out(word: str, text: str) -> bool:
    """Whether a word that is none of plain English (`video`) is an abbreviation with its long form in the text."""
    return not in_vocabulary(word) and spelled_out(word.removesuffix("s").upper(), text)


def _best_two(ranked: Sequence[Match]) -> tuple[float, float]:
    """The best log-odds of the two papers that have the best ones; the least where fewer were read."""
    best: dict[str, float] = {}
    for match in ranked:
        if match.answers is not None:
            best[match.evidence.paper.id] = max(match.answers, best.get(match.evidence.paper.id, -MOST_ODDS))
    first, second, *_ = (*sorted(best.values(), reverse=True), -MOST_ODDS, -MOST_ODDS)
    return min(first, MOST_ODDS), min(second, MOST_ODDS)
