"""Formulas are drawn as a reader expects them."""

from __future__ import annotations

import pytest

from ui.html.formula import mathml

SPACE = '<mspace width="0.167em"></mspace>'


@pytest.mark.parametrize(
    ("formula", "spaces"),
    [
        (r"n\log n", 2),
        (r"\mathcal{O}(n \log n)", 2),
        (r"2\log_2 n", 2),
        (r"\sin x", 1),
        (r"\log(n)", 0),
        (r"x + y", 0),
        (r"2x", 0),
        (r"\alpha\beta", 0),
    ],
)
def test_the_name_of_a_function_stands_apart(formula: str, spaces: int) -> None:
    drawn = mathml(formula)
    assert drawn is not None
    assert drawn.count(SPACE) == spaces
