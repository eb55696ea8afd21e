"""Questions that look like ones for papers and ask for one point, and the reverse."""

from __future__ import annotations

import pytest
from samples.small_library import BEES, MAPS, RIVERS

from rag.abstention.classifier import model
from rag.answering.one_point import on_one_point, signs
from rag.retrieval.reranker import MOST_ODDS
from rag.retrieval.sentence_ranker import Match
from rag.text.sentence_roles import Part
from rag.types import Evidence, Hit, Paper, Passage, Span


def read(*odds: tuple[Paper, float | None]) -> list[Match]:
    """A sentence of each paper with the reader's log-odds that it answers."""
    return [
        Match(Evidence(paper, Span(0, 5)), Part("approach", 1.0), 0, {"bees": 0.5}, 0.5, Hit(Passage(paper.id, paper, Span(0, 5)), 1.0, "words"), told)
        for paper, told in odds
    ]  # fmt: skip


def test_the_signs_are_the_best_sentence_the_best_of_another_paper_and_how_many_papers_deal_with_it() -> None:
    found = signs(read((BEES, 2.0), (BEES, 3.0), (MAPS, -4.0), (MAPS, -1.0), (RIVERS, None)), 2)
    assert found == {"best": 3.0, "second": -1.0, "dealing": 2.0}
    assert found.keys() == model("one_point").weights.keys()


@pytest.mark.parametrize(("odds", "best", "second"), [([], -MOST_ODDS, -MOST_ODDS), ([(BEES, 99.0)], MOST_ODDS, -MOST_ODDS)])
def test_what_was_not_read_does_not_answer_and_odds_are_bounded(
    odds: list[tuple[Paper, float]], best: float, second: float
) -> None:
    assert signs(read(*odds), 0) == {"best": best, "second": second, "dealing": 0.0}


def test_where_only_one_paper_answers_it_is_one_point_and_where_several_do_it_is_a_list() -> None:
    assert on_one_point(read((BEES, 4.0), (MAPS, -6.0)), 2)
    assert not on_one_point(read((BEES, 1.0), (MAPS, 0.5), (RIVERS, 0.0)), 5)
