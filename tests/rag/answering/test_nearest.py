"""Which papers are read for a question on one point."""

from __future__ import annotations

from fakes import WordHashEncoder
from samples.small_library import BEES, MAPS, RIVERS

from rag.answering.quotes import READ_SHARE, QuoteWriter
from rag.query.plan import QueryPlan
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.types import Hit, Passage, Span

HITS = [
    Hit(Passage(paper.id, paper, Span(0, 5)), score, "both") for paper, score in ((RIVERS, 1.0), (MAPS, READ_SHARE), (BEES, 0.5))
]


def read_for(question: QueryPlan) -> list[str]:
    writer = QuoteWriter(SentenceRanker(WordHashEncoder(64)), lambda _, __: [], lambda word: True)
    return [hit.paper.id for hit in writer._nearest(question, HITS)]


def test_what_is_far_behind_the_best_paper_is_not_read() -> None:
    assert read_for(QueryPlan("sand", "fact")) == [RIVERS.id, MAPS.id]


def test_a_paper_that_the_question_names_is_read_however_far_it_is() -> None:
    assert read_for(QueryPlan("weight", "fact", papers=(BEES,))) == [BEES.id, RIVERS.id, MAPS.id]
