"""Dates are the same day in words and figures, as far as each of them says; another day is told from one that is only not named."""

from __future__ import annotations

import pytest

from rag.text.dates import dates, other_date


@pytest.mark.parametrize(
    ("text", "months", "days", "year"),
    [
        ("It began on 12 March 2019.", {3}, {12}, 2019),
        ("It began on March 12th, 2019.", {3}, {12}, 2019),
        ("It began on the 12th of March.", {3}, {12}, None),
        ("It began in Sept. 2019.", {9}, None, 2019),
        ("It ran from 12–15 March 2019.", {3}, {12, 13, 14, 15}, 2019),
        ("It ran on March 12-14, 2019.", {3}, {12, 13, 14}, 2019),
        ("It ran from November to January 2020.", {11, 12, 1}, None, 2020),
        ("It began on 2019-03-12.", {3}, {12}, 2019),
        ("It began on 12.03.2019.", {3}, {12}, 2019),
        ("It began on 13/03/2019.", {3}, {13}, 2019),
        ("It began in 03/2019.", {3}, None, 2019),
    ],
)
def test_dates_in_all_forms(text: str, months: set[int], days: set[int] | None, year: int | None) -> None:
    (date,) = dates(text)
    assert (date.months, date.days, date.year) == (months, days, year)


@pytest.mark.parametrize("text", ["They may use 5 models.", "We march on.", "In 2019 it grew.", "A ratio of 13/14/2019."])
def test_what_is_no_date(text: str) -> None:
    assert dates(text) == []


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It began on 12 March 2019.", "It began on 12 April 2019."),
        ("It began on 12 March 2019.", "It began on 13 March 2019."),
        ("It began on 12 March 2019.", "It began on 12 March 2018."),
        ("It began in March 2019.", "It began in April 2019."),
        ("It began on 16 March 2019.", "It ran on 12–15 March 2019."),
    ],
)
def test_another_date_is_told_with_the_sources(claim: str, source: str) -> None:
    _, found = other_date(claim, [source])
    assert found is not None
    assert found[0] in claim
    assert found[1] in source


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It began in March 2019.", "It began on 12 March 2019."),
        ("It began on 14 March 2019.", "It ran on 12–15 March 2019."),
        ("It began on 5 April 2019.", "It began on 04/05/2019."),
        ("It began in July 2021.", "It ended in May 1998 at last."),
        ("It began in July 2021.", "It ended some day."),
    ],
)
def test_a_date_that_fits_or_has_nothing_in_common_is_no_contrast(claim: str, source: str) -> None:
    assert other_date(claim, [source])[1] is None


def test_a_day_that_no_source_has_stays_to_be_checked_as_a_number() -> None:
    claim = "It began on 12 March 2019."
    assert other_date(claim, ["It began in March 2019."])[0] == claim
    assert "12" not in other_date(claim, ["It began in March 2019, on the 12th of March."])[0]
