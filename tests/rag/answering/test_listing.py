"""Lists of papers: what looks like one and asks for one point, the reverse, and lists of what no paper deals with."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples.small_library import BEES, MAPS, RIVERS

from rag.abstention.classifier import model, probability
from rag.abstention.rules import Findings
from rag.answering.listing import list_signs, nothing_listed, on_one_point, point_signs
from rag.build import open_library
from rag.ingestion.bundled import bundled_papers
from rag.query.question import understand
from rag.retrieval.reranker import MOST_ODDS
from rag.retrieval.sentence_ranker import Match
from rag.settings import own_library
from rag.text.sentence_roles import Part
from rag.types import Evidence, Hit, Paper, Passage, Span


def match(paper: Paper, answers: float | None, cosine: float = 0.5) -> Match:
    """A sentence with the reader's log-odds that it answers, and the cosine of what is asked."""
    hit = Hit(Passage(paper.id, paper, Span(0, 5)), 1.0, "words")
    return Match(Evidence(paper, Span(0, 5)), Part("approach", 1.0), 0, {"bees": cosine}, cosine, hit, answers)


def test_the_signs_are_the_best_sentence_the_best_of_another_paper_and_how_many_papers_deal_with_it() -> None:
    read = [match(BEES, 2.0), match(BEES, 3.0), match(MAPS, -4.0), match(MAPS, -1.0), match(RIVERS, None)]
    assert point_signs(read, 2) == {"best": 3.0, "second": -1.0, "dealing": 2.0}
    assert point_signs(read, 2).keys() == model("one_point").weights.keys()


@pytest.mark.parametrize(("odds", "best"), [((), -MOST_ODDS), ((99.0,), MOST_ODDS)])
def test_what_was_not_read_does_not_answer_and_odds_are_bounded(odds: tuple[float, ...], best: float) -> None:
    assert point_signs([match(BEES, told) for told in odds], 0) == {"best": best, "second": -MOST_ODDS, "dealing": 0.0}


def test_where_only_one_paper_answers_it_is_one_point_and_where_several_do_it_is_a_list() -> None:
    assert on_one_point([match(BEES, 4.0), match(MAPS, -6.0)], 2)
    assert not on_one_point([match(BEES, 1.0), match(MAPS, 0.5), match(RIVERS, 0.0)], 5)


def test_a_list_of_nothing_is_told_by_the_reader_and_by_how_near_the_words_come() -> None:
    topic = Findings(understand("bees"), [match(BEES, None, 0.4), match(MAPS, None, 0.3)], lambda word: word != "bees")
    found = list_signs([match(BEES, -3.0)], topic)
    assert found == {"best": -3.0, "met": 0.4, "meaning": 0.4, "unheld": 1.0}
    weighing = model("nothing_listed")
    assert found.keys() == weighing.weights.keys()
    assert probability({**found, "best": 3.0}, weighing) < probability(found, weighing)
    assert probability({**found, "unheld": 0.0}, weighing) < probability(found, weighing)


def test_without_sentences_or_words_nothing_is_said() -> None:
    assert not nothing_listed([], Findings(understand("bees"), [], lambda word: True))


@pytest.mark.parametrize("question", ["Which papers are about graph neural networks?", "papers on physics-informed networks"])
def test_what_the_papers_deal_with_is_listed_and_what_they_do_not_is_refused(tmp_path: Path, question: str) -> None:
    with open_library(tmp_path, settings=own_library(tmp_path, bundled=False)) as chat:
        chat.add(bundled_papers())
        assert chat.ask(question).status == "answered"
        for absent in ("Which papers are about gut bacteria of honeybees?", "papers on medieval tax records"):
            refused = chat.ask(absent)
            assert (refused.status, refused.refusal and refused.refusal.code) != ("answered", None)
            assert refused.claims == ()
