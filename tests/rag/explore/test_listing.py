"""A list that is searched while typing: what fits is there, in the order asked for, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.build import open_library
from rag.explore.listing import ORDERS, Filter, Order, browse
from rag.types import Paper

ADA = Paper("title:a", "Éclairs on Graphs", "Graphs.", ("Ada Müller", "Bo Ek"), 2021, "NeurIPS")
BO = Paper("title:b", "bounded walks", "Walks on graphs.", ("Bo Muller-Lind",), 2023, "ICML")
CY = Paper("title:c", "Clouds", "Rain.", (), None, None)
SHELF = [ADA, BO, CY]


def matching(text: str, limit: int) -> list[tuple[str, float]]:
    """The other way round than the library's order."""
    return [(paper.id, 1.0) for paper in SHELF[::-1] if text in paper.abstract.lower()][:limit]


def found(wanted: Filter, order: Order = "relevance") -> str:
    return "".join(paper.id[-1] for paper in browse(SHELF, matching, wanted, order))


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Filter(), "abc"),
        (Filter("graphs"), "ba"),
        (Filter("  "), "abc"),
        (Filter("snow"), ""),
        (Filter(author="mul"), "ab"),
        (Filter(author="ada mull"), "a"),
        (Filter(author="ada ek"), ""),
        (Filter(venue=" neurips "), "a"),
        (Filter(venue="neur"), ""),
        (Filter(first_year=2022), "b"),
        (Filter(last_year=2021), "a"),
        (Filter(first_year=2021, last_year=2023), "ab"),
        (Filter("graphs", author="bo", last_year=2022), "a"),
    ],
)
def test_filters(wanted: Filter, ids: str) -> None:
    assert found(wanted) == ids


@pytest.mark.parametrize(("order", "ids"), [("relevance", "abc"), ("year", "bac"), ("title", "bca"), ("added", "cba")])
def test_orders(order: Order, ids: str) -> None:
    assert found(Filter(), order) == ids


def test_with_words_relevance_is_the_order_of_the_search() -> None:
    assert found(Filter("graphs"), "relevance") == "ba"
    assert found(Filter("graphs"), "added") == "ba"
    assert found(Filter("graphs"), "title") == "ba"
    assert found(Filter("graphs"), "year") == "ba"
    assert "".join(paper.id[-1] for paper in browse([BO, ADA], matching, Filter("graphs"), "added")) == "ab"


@given(
    st.builds(
        Filter, st.sampled_from(["", "graphs"]), st.text(max_size=5), st.text(max_size=5), st.none() | st.integers(2020, 2024)
    )
)
def test_an_order_changes_nothing_but_the_order(wanted: Filter) -> None:
    results = [browse(SHELF, matching, wanted, order) for order in ORDERS]
    assert len({frozenset(paper.id for paper in result) for result in results}) == 1
    assert all(wanted.holds(paper) for paper in results[0])


def test_the_librarys_own_search_finds_what_is_being_typed(bundled_home: Path) -> None:
    with open_library(bundled_home, readonly=True) as paperchat:
        assert [paper.id for paper in paperchat.browse(Filter("topology and geom"))][:1] == ["arxiv:2309.11028"]
        assert [paper.id for paper in paperchat.browse(Filter("kriegesk"))][:1] == ["arxiv:2309.11028"]
        by_year = paperchat.browse(Filter("graph"), "year")
        assert len(by_year) > 3
        assert [paper.year or 0 for paper in by_year] == sorted((paper.year or 0 for paper in by_year), reverse=True)
        assert len(paperchat.browse()) == 58


def test_a_name_is_compared_without_accents_and_capitals() -> None:
    assert Filter(author="MÜLLER").holds(ADA)
    assert not Filter(author="Müller").holds(replace(ADA, authors=("Bo Ek",)))
