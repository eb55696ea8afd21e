"""Two rankings made one: the properties that hold for any scores, and the sums of a few."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.fusion import fuse

SCORES = st.floats(-5, 50, allow_nan=False)
RANKING = st.dictionaries(st.sampled_from([f"p{n}" for n in range(12)]), SCORES, max_size=12).map(
    lambda scores: list(scores.items())
)


def test_each_ranking_counts_by_its_share_over_its_best() -> None:
    words = [("a", 8.0), ("b", 2.0)]
    meaning = [("b", 0.5), ("c", 0.25), ("a", 0.2)]
    assert fuse(words, meaning, 0.5) == [("a", pytest.approx(0.7)), ("b", pytest.approx(0.625)), ("c", pytest.approx(0.25))]
    assert fuse(words, meaning, 0.4) == [("b", pytest.approx(0.7)), ("a", pytest.approx(0.64)), ("c", pytest.approx(0.3))]


def test_the_share_can_be_chosen() -> None:
    assert fuse([("a", 2.0)], [("b", 1.0)], share=0.75) == [("a", 0.75), ("b", 0.25)]


def test_where_one_ranking_is_empty_the_other_counts_alone() -> None:
    assert fuse([("a", 4.0), ("b", 1.0)], []) == [("a", 1.0), ("b", 0.25)]
    assert fuse([], [("a", 0.5), ("b", 0.25)]) == [("a", 1.0), ("b", 0.5)]
    assert fuse([("a", 0.0)], [("b", 0.5)]) == [("b", 1.0)]
    assert fuse([], []) == []


def test_what_is_not_above_zero_was_not_found() -> None:
    assert fuse([("a", 2.0), ("b", 0.0)], [("c", -0.5), ("a", 0.5)]) == [("a", 1.0)]


def test_ties_go_by_id() -> None:
    assert [id for id, _ in fuse([("b", 1.0), ("c", 1.0), ("a", 1.0)], [])] == ["a", "b", "c"]
    assert [id for id, _ in fuse([("b", 3.0)], [("a", 0.1)])] == ["a", "b"]


@given(RANKING, RANKING)
def test_scores_are_above_zero_and_at_most_one_and_fall(words: list[tuple[str, float]], meaning: list[tuple[str, float]]) -> None:
    fused = fuse(words, meaning)
    scores = [score for _, score in fused]
    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
    assert fused == sorted(fused, key=lambda one: (-one[1], one[0]))


@given(RANKING, RANKING)
def test_each_thing_that_was_found_comes_once_and_nothing_else_does(
    words: list[tuple[str, float]], meaning: list[tuple[str, float]]
) -> None:
    ids = [id for id, _ in fuse(words, meaning)]
    assert sorted(ids) == sorted({id for id, score in (*words, *meaning) if score > 0})


@given(RANKING, RANKING, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(words: list[tuple[str, float]], meaning: list[tuple[str, float]], random) -> None:  # type: ignore[no-untyped-def]
    expected = fuse(words, meaning)
    random.shuffle(words)
    random.shuffle(meaning)
    assert fuse(iter(words), iter(meaning)) == expected


NORMAL = RANKING.filter(lambda ranking: all(score == 0 or abs(score) > 1e-300 for _, score in ranking))
"""Scores that a quarter of is not lost to rounding."""


@given(NORMAL, RANKING, st.sampled_from([0.25, 2.0, 1024.0]))
def test_the_scale_of_a_ranking_does_not_matter(
    words: list[tuple[str, float]], meaning: list[tuple[str, float]], factor: float
) -> None:
    scaled = [(id, score * factor) for id, score in words]
    expected = dict(fuse(words, meaning))
    assert dict(fuse(scaled, meaning)) == pytest.approx(expected)


@given(RANKING, RANKING)
def test_the_best_of_both_rankings_is_the_best_of_all(words: list[tuple[str, float]], meaning: list[tuple[str, float]]) -> None:
    both = fuse([*words, ("top", 60.0)], [*meaning, ("top", 60.0)])
    assert both[0] == ("top", 1.0)
