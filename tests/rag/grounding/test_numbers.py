"""Figures of a claim against those of its sources: a bound stays a bound, and a difference is one only where the claim speaks of one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rag.grounding.numbers import numbers_fault
from rag.text.quantities import quantities

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
    ("Catalysts are stable for several hundred hours.", "It is stable for 500 hours."),
    ("It was trained on several hundred thousand images.", "It was trained on 500,000 images."),
]


@pytest.mark.parametrize(("claim", "source"), WRONG)
def test_another_figure_is_a_fault(claim: str, source: str) -> None:
    assert numbers_fault(claim, [source])


@pytest.mark.parametrize(("claim", "source"), RIGHT)
def test_the_same_figure_is_none(claim: str, source: str) -> None:
    assert numbers_fault(claim, [source]) == ""


def _pairs() -> list[tuple[str, str, bool]]:
    """Claims and sources whose figures are equal, or not."""
    path = Path(__file__).parents[2] / "data" / "checker" / "equal_figures.tsv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t")
    return [(row["claim"], row["source"], row["equal"] == "1") for row in rows]


@pytest.mark.parametrize(("claim", "source", "equal"), _pairs())
def test_figures_in_another_form_are_equal_and_others_are_not(claim: str, source: str, equal: bool) -> None:
    assert (numbers_fault(claim, [source]) == "") is equal


@pytest.mark.parametrize(
    "text",
    ["It grew from 2 in 1990 to 5 in 2020.", "Type 2 in 10 patients was found.", "There are 5 per group.", "We use 12 L layers."],
)
def test_what_only_looks_like_a_share_is_none(text: str) -> None:
    assert numbers_fault(text, [text]) == ""
    assert all(quantity.dimension != "%" for quantity in quantities(text))
