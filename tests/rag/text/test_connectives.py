"""Where a sentence begins once its connectives are left out."""

from __future__ import annotations

import pytest

from rag.text.connectives import opening


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("However, bees sleep.", "bees sleep."),
        ("In contrast to this, bees sleep.", "bees sleep."),
        ("To this end, in this work, we weigh bees.", "we weigh bees."),
        ("To address these pressing limitations of scales, we weigh bees in flight.", "we weigh bees in flight."),
        ("But bees sleep.", "bees sleep."),
        ("(4) We find that bees sleep.", "We find that bees sleep."),
        ("(ii) However, bees sleep.", "bees sleep."),
        ("b) Bees sleep.", "Bees sleep."),
        ("As a result, error falls to 4 mg.", "error falls to 4 mg."),
        ("On the other hand, wasps do not.", "wasps do not."),
        ("Leveraging this observation, we weigh bees.", "we weigh bees."),
        ("Given these results on drones, we weigh bees.", "we weigh bees."),
        ("In more detail, bees sleep.", "bees sleep."),
        ("To weigh these in flight, we build a scale.", "we build a scale."),
    ],
)
def test_a_quote_begins_behind_what_ties_it_to_the_sentence_before(sentence: str, left: str) -> None:
    assert sentence[opening(sentence) :] == left


@pytest.mark.parametrize(
    "sentence",
    [
        "However small, bees are strong.",
        "In the wild, bees sleep.",
        "To address dust, we filter.",
        "Then bees sleep.",
        "Butter melts.",
        "(2021) Bees sleep.",
        "(A) bees sleep.",
        "4 mg are lost.",
        "First-order methods, which are slow, fail.",
        "However,",
        "",
        "With four hives, error falls.",
        "To reduce noise in this hive, we filter.",
        "For these hives, error falls.",
        "Given four hives, error falls.",
    ],
)
def test_what_carries_meaning_stays(sentence: str) -> None:
    assert opening(sentence) == 0


def test_an_endless_run_of_connectives_ends() -> None:
    assert opening("however, " * 50_000) == len("however, however, ")
