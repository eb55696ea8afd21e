"""Sentences that ask are told from those that say something, however they end."""

from __future__ import annotations

import pytest

from rag.text.questions import is_aim, is_question


@pytest.mark.parametrize(
    "sentence",
    [
        "Does homework help young children?",
        "Why, then, do small classes remain so popular?",
        "But who speaks for the river?",
        "So how do helicases protect against cancer?",
        "“Can a trial be fair?”",
        "In what sense is a footnote a joke?",
    ],
)
def test_a_question(sentence: str) -> None:
    assert is_question(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Do not fill silences.",
        "Who wrote it was never settled.",
        "A central question emerges: how can machines understand our purposes?",
        "Parents think so; do teachers?",
        "",
    ],
)
def test_no_question(sentence: str) -> None:
    assert not is_question(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "To determine whether walking slows the loss of memory in old bees.",
        "OBJECTIVE: To examine whether smoke harms bees.",
        "We asked whether smoke harms bees.",
        "In this study, we investigated how smoke harms bees.",
        "The aim of the present review was to assess the effect of smoke on bees.",
        "This study aimed to clarify whether smoke harms bees.",
    ],
)
def test_what_was_to_be_found_out_is_an_aim(sentence: str) -> None:
    assert is_aim(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "To test this, smoke was blown into the hives.",
        "We asked whether smoke harms bees, and found that it does not.",
        "We investigated how smoke harms bees using 40 hives.",
        "We examined three hives.",
        "To our surprise smoke harms no bees.",
        "The purpose of smoke is to calm bees.",
    ],
)
def test_what_tells_how_or_what_came_out_is_no_aim(sentence: str) -> None:
    assert not is_aim(sentence)
