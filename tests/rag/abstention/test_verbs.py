"""The words of a question that say what is done are told from those that name something."""

from __future__ import annotations

import pytest

from rag.abstention.verbs import acting
from rag.text.words import WORD


@pytest.mark.parametrize(
    ("question", "verbs"),
    [
        ("How much were the readers paid?", {"paid"}),
        ("Who paid for the choir?", {"paid"}),
        ("How many nurses gave the drug?", {"gave"}),
        ("Which sponsor supported NoProp?", {"supported"}),
        ("Which country collected the scans?", {"collected"}),
        ("Was the program supervised by physicians?", {"supervised"}),
        ("How was consent obtained in the trial?", {"obtained"}),
        ("Does NoProp bind zinc?", {"bind"}),
        ("How does NoProp punish lazy neurons?", {"punish"}),
        ("How much memory does NoProp eat?", {"eat"}),
        ("What salary did the annotators earn?", {"earn"}),
        ("How heavy were the twins?", {"heavy"}),
        ("What speech recognition does NoProp require?", {"require"}),
        ("How long did it take?", {"long", "take"}),
        ("Compare ink and honey", {"Compare"}),
        ("Which learning rate is best?", set()),
        ("Does it need speech recognition?", set()),
        ("What is the batch size?", set()),
        ("GPU hours", set()),
        ("", set()),
    ],
)
def test_what_is_done_is_told_from_what_is_named(question: str, verbs: set[str]) -> None:
    starts = acting(question, ())
    found = {match.group() for match in WORD.finditer(question) if match.start() in starts}
    assert found == verbs


def test_the_name_of_the_paper_is_no_verb() -> None:
    assert acting("Which sponsor supported the bees?", ("sponsor", "supported")) == frozenset()
