"""Sentences that ask are told from those that say something, however they end."""

from __future__ import annotations

import pytest

from rag.text.questions import is_question


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
