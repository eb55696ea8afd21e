"""Papers within what is drawn on the map of the home."""

from __future__ import annotations

import pytest

from rag.explore.map import Point
from ui.tabs.area import papers_in
from ui.tabs.scope import chips_from

POINTS = [Point(f"{x}-{y}", x / 10, y / 10, 0) for x in range(11) for y in range(11)]


def test_the_papers_inside_the_line_and_no_other() -> None:
    found = papers_in("0,0 500,0 500,1000 0,1000", POINTS)
    assert found == {point.paper for point in POINTS if point.x < 0.5}


def test_a_line_may_turn_inwards() -> None:
    found = papers_in("0,0 1000,0 1000,1000 500,100 0,1000", POINTS)
    assert "5-9" not in found
    assert {"1-1", "9-1", "0-9", "10-9"} <= found


@pytest.mark.parametrize("line", ["", "0,0", "0,0 10,10", "a,b c,d e,f", "1 2 3", "0,0 0,0 0,0"])
def test_what_is_no_line_holds_nothing(line: str) -> None:
    assert papers_in(line, POINTS) == frozenset()


def test_no_papers_no_area() -> None:
    assert papers_in("0,0 500,0 500,1000", []) == frozenset()


def test_a_long_line_is_kept_and_an_endless_one_refused() -> None:
    assert chips_from([{"kind": "area", "value": "1:a|" + "500,500 " * 120}])
    assert chips_from([{"kind": "area", "value": "500,500 " * 1000}]) == ()
