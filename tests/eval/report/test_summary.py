from __future__ import annotations

import pytest

from eval.cases.reading import Case, Kind
from eval.report.summary import summarise
from eval.stats.bootstrap import mean_interval
from eval.types import Result, Score


def result(id: str, kind: Kind, paper: str, *scores: Score) -> Result:
    return Result(Case(id, kind, "dev", "Why?", papers=(paper,)), {}, scores=scores)


RESULTS = [
    result("a", "fact", "bees", Score("supported", 1.0, "", 3), Score("key_anywhere", 1.0, "")),
    result("b", "fact", "bees", Score("supported", 0.0, "", 1), Score("key_anywhere", None, "no key")),
    result("c", "list", "ants", Score("supported", None, "", 9), Score("list_f1", 0.5, "")),
]
ROWS = {(row.kind, row.measure): row for row in summarise(RESULTS)}


def test_shares_of_sentences_are_weighed_by_their_number() -> None:
    row = ROWS["fact", "supported"]
    assert row.interval is not None
    assert (row.interval.value, row.interval.n, row.cases, row.unscored) == (0.75, 4, 2, 0)


def test_what_cannot_be_scored_is_counted_and_in_no_mean() -> None:
    row = ROWS["all", "supported"]
    assert row.interval is not None
    assert (row.interval.value, row.interval.n, row.cases, row.unscored) == (0.75, 4, 3, 1)
    assert (ROWS["list", "supported"].interval, ROWS["list", "supported"].unscored) == (None, 1)


def test_a_measure_that_does_not_apply_has_no_row() -> None:
    assert ("fact", "list_f1") not in ROWS
    assert ROWS["all", "list_f1"].cases == 1


def test_all_comes_first_and_kinds_in_their_order() -> None:
    kinds = list(dict.fromkeys(row.kind for row in summarise(reversed(RESULTS))))
    assert kinds == ["all", "fact", "list"]


def test_weights_are_as_good_as_repeating_the_values() -> None:
    weighed = mean_interval([1.0, 0.0, 0.5], ["a", "b", "c"], weights=[2, 1, 3])
    repeated = mean_interval([1.0, 1.0, 0.0, 0.5, 0.5, 0.5], ["a", "a", "b", "c", "c", "c"])
    assert weighed is not None
    assert repeated is not None
    assert (weighed.value, weighed.low, weighed.high, weighed.n) == pytest.approx(
        (repeated.value, repeated.low, repeated.high, repeated.n)
    )
