"""The learned reader ranks what late interaction found, and says whether any of it answers."""

from __future__ import annotations

import math

import pytest
from fakes import WordHashEncoder, WordPairReader

from rag.query.plan import QueryPlan
from rag.retrieval.reranker import MOST_ODDS, Ranked, Reranker
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.types import Hit, Paper, Passage, Span

BEES = Paper("bees", "Winter Bees", "Bees sing at dusk. Their weight is hard to measure. A scale weighs bees in flight at dusk.")


def matches(text: str) -> list[object]:
    return SentenceRanker(WordHashEncoder(512)).matches(
        QueryPlan(text, "fact"), [Hit(Passage("none", BEES, Span(0, 0)), 0.5, "both")]
    )  # type: ignore[return-value]


def test_the_sentence_that_answers_comes_first_and_carries_its_odds() -> None:
    ranked = Reranker(WordPairReader()).rank("a scale weighs bees in flight", matches("dusk"))  # type: ignore[arg-type]
    assert ranked.matches[0].text == "A scale weighs bees in flight at dusk."
    assert ranked.matches[0].answers == 4.0
    assert len(ranked.matches) == 3


def test_only_the_best_candidates_are_read_and_the_rest_stays_behind_them() -> None:
    reader = WordPairReader()
    found = matches("bees sing")
    ranked = Reranker(reader, candidates=1).rank("bees sing", found)  # type: ignore[arg-type]
    assert [len(sentences) for _, sentences in reader.asked] == [1]
    assert [match.answers is None for match in ranked.matches] == [False, True, True]


def test_how_surely_anything_answers_is_the_log_of_the_summed_odds() -> None:
    ranked = Reranker(WordPairReader(0)).rank("bees", matches("bees"))  # type: ignore[arg-type]
    odds = [match.answers for match in ranked.matches if match.answers is not None]
    assert ranked.answered == pytest.approx(math.log(sum(math.exp(one) for one in odds)))


def test_nothing_read_is_a_sure_no_within_bounds() -> None:
    assert Reranker(WordPairReader()).rank("bees", []).signs == {"answered": -MOST_ODDS, "first answers": -MOST_ODDS}
    assert Ranked((), 99.0).signs["answered"] == MOST_ODDS
