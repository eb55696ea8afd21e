"""Which papers belong to a list: signs of the shipped weights, and what speaks for a paper and against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from samples.small_library import BEES, MAPS

from rag.abstention.classifier import model, probability
from rag.answering.membership import Membership, by_id, met, near
from rag.query.question import understand
from rag.retrieval.reranker import Reranker
from rag.retrieval.sentence_ranker import Match, SentenceRanker
from rag.text.sentence_roles import Part
from rag.types import Evidence, Hit, Paper, Passage, Span

QUESTION = understand("Which papers deal with bees?")


class Ranker(SentenceRanker):
    """Finds what it was given."""

    def __init__(self, found: Sequence[Match] = ()) -> None:
        self.found = list(found)

    def matches(self, question: object, hits: object) -> list[Match]:
        return self.found


class Reader:
    """Gives every sentence of a title the same log-odds."""

    name = "reader"

    def __init__(self, **odds: float) -> None:
        self.odds = odds

    def answers(self, question: str, passages: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]]:
        return [[self.odds[title.split()[0]]] * len(texts) for title, texts in passages]


def match(paper: Paper, score: float, **cosines: float) -> Match:
    hit = Hit(Passage(paper.id, paper, Span(0, 5)), score, "words")
    return Match(Evidence(paper, Span(0, 5), score), Part("approach", 1.0), 0, cosines, 0.5, hit)


TWO = [match(BEES, 1.0, bees=0.9, weigh=0.4), match(MAPS, 0.5, bees=0.3, weigh=0.6)]


def membership(found: Sequence[Match] = (), **odds: float) -> Membership:
    return Membership(Ranker(found), lambda text, most: [one.hit for one in found], Reranker(Reader(**odds)) if odds else None)


def odds(bees: float, maps: float) -> dict[str, float]:
    return {BEES.title.split()[0]: bees, MAPS.title.split()[0]: maps}


def test_the_signs_are_those_of_the_shipped_weights_with_the_reader_and_without() -> None:
    own = by_id(TWO)
    assert membership().signs(QUESTION, own)[MAPS.id] == {"hit": 0.5, "met": pytest.approx(0.45 / 0.65)}
    read = membership(**odds(2.0, -3.0)).signs(QUESTION, own)
    assert read[MAPS.id] == {
        "hit": 0.5, "met": pytest.approx(0.45 / 0.65), "answers": -3.0, "behind": 5.0, "words": pytest.approx(0.45), "least word": 0.3,
    }  # fmt: skip
    assert read[BEES.id].keys() == model("membership_read").weights.keys()
    assert membership().signs(QUESTION, own)[BEES.id].keys() == model("membership").weights.keys()


def test_what_the_reader_finds_in_a_paper_speaks_for_it() -> None:
    own, by = by_id(TWO), model("membership_read")
    low, high = (membership(**odds(2.0, maps)).signs(QUESTION, own)[MAPS.id] for maps in (-6.0, 3.0))
    assert probability(low, by) < probability(high, by)


def test_the_nearest_belong_the_likeliest_first_and_what_is_far_does_not() -> None:
    assert [one.id for one in membership().members(QUESTION, TWO, 30)] == [BEES.id]
    alike = [replace(TWO[1], hit=replace(TWO[1].hit, score=0.95)), TWO[0]]
    found = membership().members(QUESTION, alike, 30)
    assert found[0].id == BEES.id
    assert [one.chance for one in found] == sorted((one.chance for one in found), reverse=True)


def test_what_deals_with_what_is_left_out_does_not_belong() -> None:
    question = replace(QUESTION, excluded="weighing")
    assert membership().members(QUESTION, TWO, 30)
    assert membership([TWO[0]]).members(question, TWO, 30) == []


def test_papers_far_behind_the_best_are_not_near_and_content_words_count() -> None:
    far = replace(TWO[1].hit, score=0.3)
    assert near([TWO[0].hit, far]) == [TWO[0].hit]
    assert near([]) == []
    assert met(match(BEES, 1.0, the=0.1, bees=0.5)) == 0.5
