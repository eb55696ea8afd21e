"""Columns of an evidence table: known aspects by their names in two languages, and any other as a question."""

from __future__ import annotations

import pytest

from rag.errors import WrongTable
from rag.review.aspects import ASPECTS, LONGEST, MOST, aspect, columns


def test_without_names_the_five_usual_columns_are_taken() -> None:
    assert tuple(column.name for column in columns([])) == ASPECTS
    assert tuple(column.name for column in columns(["", "  "])) == ASPECTS


@pytest.mark.parametrize(
    ("name", "known"),
    [("Methods", "method"), ("Stichprobengröße", "sample size"), ("code available?", "code"), ("Grenzen", "limitations"), ("Datensatz", "data")],
)  # fmt: skip
def test_a_known_aspect_is_found_by_another_name_and_keeps_the_one_given(name: str, known: str) -> None:
    found, wanted = aspect(name), aspect(known)
    assert found.name == name
    assert (found.role, found.questions, found.among) == (wanted.role, wanted.questions, wanted.among)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("loss function", "What is the loss function?"),
        ("Which optimizer is used?", "Which optimizer is used?"),
        ("was it randomised", "was it randomised?"),
        ("model released?", "Is the model released?"),
        ("funding?", "What about funding?"),
    ],
)
def test_any_other_aspect_is_asked_in_its_own_words(name: str, asked: str) -> None:
    assert aspect(name).questions == (asked,)


def test_a_column_that_is_named_twice_stands_once_where_it_came_first() -> None:
    assert [column.name for column in columns(["Data", "funding", "data", "Funding"])] == ["Data", "funding"]


def test_a_german_question_is_put_into_english() -> None:
    (asked,) = aspect("Welche Daten werden benutzt?").questions
    assert "data" in asked


def test_too_many_columns_and_a_column_too_long_are_refused_with_what_to_do() -> None:
    with pytest.raises(WrongTable, match=f"{MOST} columns at most"):
        columns([f"aspect {number}" for number in range(MOST + 1)])
    with pytest.raises(WrongTable, match="shorten"):
        columns(["x" * (LONGEST + 1)])
