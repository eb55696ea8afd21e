"""The picture of the benchmark's curves: sound XML, a line a kind, and names that do not cover each other."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from eval.bench.curve import svg

SVG = "{http://www.w3.org/2000/svg}"


def test_each_kind_is_a_line_through_its_points() -> None:
    lines = {"a fact": [(58, 10.0), (1_000, 10.0), (100_000, 40.0)], "a <list>": [(58, 10.0), (1_000, 20.0), (100_000, 40.1)]}
    drawn = ET.fromstring(svg(lines, "Costs & sizes", "ms"))
    first, second = (
        [tuple(map(float, point.split(","))) for point in one.get("points", "").split()] for one in drawn.iter(f"{SVG}polyline")
    )
    assert [x for x, _ in first] == sorted(x for x, _ in first) == [x for x, _ in second]
    assert first[0][1] == first[1][1] > first[2][1]
    assert second[1][1] < first[1][1]
    names = {text.text: float(text.get("y", "0")) for text in drawn.iter(f"{SVG}text")}
    assert abs(names["a fact"] - names["a <list>"]) >= 15
    assert {"58", "1,000", "100,000", "10 ms", "Costs & sizes"} <= set(names)
