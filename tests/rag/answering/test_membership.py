"""Which papers belong to a list: signs of the shipped weights, and what speaks for a paper and against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from samples.small_library import BEES, MAPS

from rag.abstention.classifier import model
from rag.answering.membership import Membership, by_id, met, near, signs
from rag.query.question import understand
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


def match(paper: Paper, score: float, **cosines: float) -> Match:
    hit = Hit(Passage(paper.id, paper, Span(0, 5)), score, "words")
    return Match(Evidence(paper, Span(0, 5), score), Part("approach", 1.0), 0, cosines, 0.5, hit)


TWO = [match(BEES, 1.0, bees=0.9, weigh=0.4), match(MAPS, 0.5, bees=0.3, weigh=0.6)]


def membership(found: Sequence[Match] = ()) -> Membership:
    return Membership(Ranker(found))


def test_the_signs_are_those_of_the_shipped_weights() -> None:
    found = signs(by_id(TWO))
    assert found[MAPS.id] == {"hit": 0.5, "met": pytest.approx(0.45 / 0.65), "words": pytest.approx(0.45), "least word": 0.3}
    assert found[BEES.id].keys() == model("membership").weights.keys()


def test_the_nearest_belong_the_likeliest_first_and_what_is_far_does_not() -> None:
    assert [one.id for one in membership().members(QUESTION, TWO)] == [BEES.id]
    alike = [replace(TWO[1], hit=replace(TWO[1].hit, score=0.95)), TWO[0]]
    found = membership().members(QUESTION, alike)
    assert found[0].id == BEES.id
    assert [one.chance for one in found] == sorted((one.chance for one in found), reverse=True)


def test_what_deals_with_what_is_left_out_does_not_belong() -> None:
    assert membership().members(QUESTION, TWO)
    assert membership([TWO[0]]).members(QUESTION, TWO, [("weighing", [TWO[0].hit])]) == []


def test_papers_far_behind_the_best_are_not_near_and_content_words_count() -> None:
    far = replace(TWO[1].hit, score=0.3)
    assert near([TWO[0].hit, far]) == [TWO[0].hit]
    assert near([]) == []
    assert met(match(BEES, 1.0, the=0.1, bees=0.5)) == 0.5
