"""A denial may stand at the verb on one side and at its object on the other."""

from __future__ import annotations

import pytest

from rag.text.polarity import opposition


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Large batches are not needed.", "Barlow Twins needs no large batches."),
        ("Barlow Twins needs no large batches.", "Large batches are not needed by Barlow Twins."),
        ("Labels are not required for training.", "The method requires no labels for training."),
        ("The labels are not needed for training.", "The method does not need labels for training."),
    ],
)
def test_the_same_denial_is_no_opposition(claim: str, source: str) -> None:
    assert opposition(claim, [source], [source]) == ""


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It needs labels for training.", "It needs no labels for training."),
        ("The method needs large batches.", "The method needs no large batches."),
        ("The drug does not lower blood pressure.", "The drug lowers blood pressure."),
        (
            "Nodes learn without augmentation and are not used for tasks.",
            "Nodes learn without augmentation and are used for tasks.",
        ),
    ],
)
def test_a_denial_on_one_side_is_one(claim: str, source: str) -> None:
    assert opposition(claim, [source], [source])
