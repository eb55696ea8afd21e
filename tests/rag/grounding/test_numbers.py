"""Figures of a claim against those of its sources: a bound stays a bound, and a difference is one only where the claim speaks of one."""

from __future__ import annotations

import pytest

from rag.grounding.numbers import numbers_fault

CLIMBS = "Accuracy rises from 69 % to 92 %."

WRONG = [
    ("It saves up to 47.1 % of the time.", "It saves up to 82.5 % of the time."),
    ("It gains at least 7 %.", "It gains at least 2 %."),
    ("It gains at least 7 %.", "It gains at least 9 %."),
    ("It gains at least 7 % in Dice.", "It gains at least 2 % in Dice and reduces the error by 12 %."),
    ("It is up to 10x faster.", "It is up to 100x faster."),
    ("It saves up to 90 % of the time.", "It saves 82.5 % of the time."),
    ("It saves over 80 % of the time.", "It saves up to 82.5 % of the time."),
    ("It needs less than 3 % of the labels.", "It needs at least 2 % of the labels."),
    ("Accuracy is 23 %.", CLIMBS),
    ("It improves accuracy to 23 %.", CLIMBS),
    ("It has 23 % accuracy, which is better than before.", CLIMBS),
    ("It reaches an accuracy of 23 %.", CLIMBS),
]
RIGHT = [
    ("It saves up to 82.5 % of the time.", "It saves up to 82.5\\% of the time."),
    ("It saves less than 90 % of the time.", "It saves 82.5 % of the time."),
    ("It saves over 80 % of the time.", "It saves 82.5 % of the time."),
    ("It gains at least 2 %.", "It gains at least 2 %."),
    ("It covers more than 500 tasks.", "It covers 500 tasks in more than 3 languages."),
    ("It saves more than 10 %.", "It saves 10 % of memory and more than 30 % of time."),
    ("It gains at least 10 %.", "It gains 12 % where the baseline gains about 3 %."),
    ("It improves accuracy by 23 %.", CLIMBS),
    ("It improves accuracy by about 23 %.", CLIMBS),
    ("Accuracy gains 23 percentage points.", CLIMBS),
    ("Accuracy is 23 % higher.", CLIMBS),
    ("There is a gap of 23 % in accuracy.", CLIMBS),
]


@pytest.mark.parametrize(("claim", "source"), WRONG)
def test_another_figure_is_a_fault(claim: str, source: str) -> None:
    assert numbers_fault(claim, [source])


@pytest.mark.parametrize(("claim", "source"), RIGHT)
def test_the_same_figure_is_none(claim: str, source: str) -> None:
    assert numbers_fault(claim, [source]) == ""
