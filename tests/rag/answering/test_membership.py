"""Which papers belong to a list: signs of the shipped weights, and what speaks for a paper and against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from samples.small_library import BEES, MAPS

from rag.abstention.classifier import model
from rag.answering.membership import MOST_READ, Membership, by_id, met, near, read_signs, signs
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


def match(paper: Paper, score: float, **cosines: float) -> Match:
    hit = Hit(Passage(paper.id, paper, Span(0, 5)), score, "words")
    return Match(Evidence(paper, Span(0, 5), score), Part("approach", 1.0), 0, cosines, 0.5, hit)


TWO = [match(BEES, 1.0, bees=0.9, weigh=0.4), match(MAPS, 0.5, bees=0.3, weigh=0.6)]


def membership(found: Sequence[Match] = ()) -> Membership:
    return Membership(Ranker(found), lambda _word: True)


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


class Says:
    """A reader that gives every sentence of a paper the log-odds of its title."""

    name = "says"

    def __init__(self, **odds: float) -> None:
        self.odds = odds
        self.asked: list[str] = []

    def answers(self, question: str, passages: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]]:
        self.asked.append(question)
        return [[self.odds.get(title.split()[0], -9.0)] * len(sentences) for title, sentences in passages]

    def verdicts(self, claim: str, sentences: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        return [(0.0, 1.0, 0.0)] * len(sentences)

    def supports(self, claim: str, texts: Sequence[str]) -> list[float]:
        return [0.0] * len(texts)

    def bearings(self, claim: str, texts: Sequence[str]) -> list[float]:
        return [0.0] * len(texts)


def read_by(reader: Says, found: Sequence[Match] = ()) -> Membership:
    return Membership(Ranker(found), lambda _word: True, Reranker(reader))


def test_the_signs_of_what_is_read_are_those_of_the_shipped_weights() -> None:
    own = by_id(TWO)
    weighing = read_by(Says(**{BEES.title.split()[0]: 3.0, MAPS.title.split()[0]: -1.0}))
    read = weighing.read(QUESTION.text, own)
    found = read_signs(own, {**read, MAPS.id: [replace(TWO[1], answers=-1.0)]})
    assert (found[BEES.id]["answers"], found[BEES.id]["behind"], found[MAPS.id]["behind"]) == (3.0, 0.0, 4.0)
    assert found[BEES.id].keys() == model("membership_read").weights.keys()


def test_where_the_reader_finds_nothing_in_any_paper_none_belongs() -> None:
    surely_not, surely = Says(), Says(**{BEES.title.split()[0]: 6.0})
    far = [replace(one, meaning=0.0) for one in TWO]
    asked = understand("Which papers deal with quasars?")
    assert read_by(surely_not).members(asked, far) == []
    assert [one.id for one in read_by(surely).members(asked, far)] == [BEES.id]
    assert set(surely_not.asked) == {asked.text}


def test_a_paper_whose_title_tells_belongs_though_nothing_is_read_in_it() -> None:
    reader = Says()
    assert [one.id for one in read_by(reader, [TWO[0]]).members(QUESTION, TWO, titled=[TWO[0].hit])] == [BEES.id]


def test_what_is_left_out_is_asked_of_the_reader_as_a_question_for_papers() -> None:
    reader = Says(**{BEES.title.split()[0]: 4.0})
    assert read_by(reader, [TWO[0]]).members(QUESTION, TWO, [("weighing", [TWO[0].hit])]) == []
    assert set(reader.asked) == {QUESTION.text, "Which papers deal with weighing?"}


def test_of_many_papers_the_likeliest_are_read_and_the_others_weighed_without() -> None:
    many = [
        match(replace(BEES, id=str(place), title=f"{BEES.title} {place}"), 1.0 - place / 1000, bees=0.9)
        for place in range(MOST_READ + 5)
    ]
    reader = Says(**{BEES.title.split()[0]: 4.0})
    found = read_by(reader).members(QUESTION, many)
    assert len(found) == len(many)
    assert len(reader.asked) == MOST_READ


def test_the_sentence_shown_is_the_one_that_answers_best() -> None:
    own = [replace(match(BEES, score, bees=0.9), position=place) for place, score in enumerate((0.8, 1.0, 0.9))]
    (found,) = read_by(Says(**{BEES.title.split()[0]: 4.0})).members(QUESTION, own)
    assert found.match.position == 1


def test_what_the_authors_did_is_shown_before_what_others_did() -> None:
    background, approach = (replace(match(BEES, score, bees=0.9), position=place) for place, score in enumerate((1.0, 0.9)))
    own = [replace(background, part=Part("background", 1.0)), approach]
    (found,) = read_by(Says(**{BEES.title.split()[0]: 4.0})).members(QUESTION, own)
    assert found.match.position == 1
