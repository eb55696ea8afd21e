"""Number words are known everywhere alike, as all is read from one list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import rag
from rag.abstention.rules import has_number
from rag.retrieval.sentence_ranker import cue
from rag.text.numerals import CARDINAL, SPELLED
from rag.text.quantities import quantities

ROOT = Path(rag.__file__).parents[1]


@pytest.mark.parametrize(
    ("word", "value"), [("three", 3), ("twelve", 12), ("fifteen", 15), ("nineteen", 19), ("thirty", 30), ("forty-two", 42)]
)
def test_a_number_in_words_counts_wherever_numbers_do(word: str, value: int) -> None:
    sentence = f"The data were labelled by {word} annotators."
    assert has_number(sentence, counting=True)
    assert cue(frozenset({"number"}), sentence, "result") > 0
    assert [quantity.value for quantity in quantities(sentence)] == [value]
    assert re.fullmatch(CARDINAL, word)


@pytest.mark.parametrize(
    ("sentence", "counting", "states"),
    [
        ("We train on million-scale videos.", False, True),
        ("It is faster by two orders of magnitude.", False, True),
        ("It keeps a single prior sentence.", True, True),
        ("It keeps a single prior sentence.", False, False),
        ("It keeps sentences.", True, False),
    ],
)
def test_large_numbers_in_words_are_figures_and_small_ones_where_something_is_counted(
    sentence: str, counting: bool, states: bool
) -> None:
    assert has_number(sentence, counting) is states


def test_no_other_module_has_a_list_of_its_own() -> None:
    own = [
        path.name
        for room in ("rag", "eval", "ui")
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"ten\W+eleven", path.read_text("utf-8"))
    ]
    assert own == ["numerals.py"]
    assert SPELLED["eleven"] == 11
