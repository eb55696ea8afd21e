"""The stretches of a claim that no source bears out are marked."""

from __future__ import annotations

import pytest

from rag.grounding.checker import GroundingChecker
from rag.grounding.unsupported_spans import shifted
from rag.library.encoder import OnnxEncoder
from rag.types import Span


@pytest.fixture(scope="module")
def checker() -> GroundingChecker:
    return GroundingChecker(OnnxEncoder())


@pytest.mark.parametrize(
    ("claim", "source", "marked"),
    [
        ("NoProp reaches 97 % accuracy on MNIST.", "NoProp reaches 99.5 % accuracy on MNIST.", ["97 %"]),
        ("The drug lowers blood pressure in elderly men.", "The drug lowers blood pressure in women.", ["elderly men"]),
        ("Ants walk in straight lines [1] and sing at dawn.", "Ants walk in straight lines.", ["sing at dawn"]),
        ("Bees are cheap.", "The stock market fell.", ["Bees are cheap"]),
        ("NoProp reaches 99.5 % accuracy on MNIST.", "NoProp reaches 99.5 % accuracy on MNIST.", []),
    ],
)
def test_what_no_source_bears_out_is_marked(checker: GroundingChecker, claim: str, source: str, marked: list[str]) -> None:
    assert [span.of(claim) for span in checker.check(claim, [source]).spans] == marked


def test_spans_move_over_the_markers_that_are_not_read() -> None:
    bare, claim = "Ants walk and sing.", "Ants walk [1] and sing."
    assert [span.of(claim) for span in shifted([Span(0, 4), Span(14, 18)], bare, claim)] == ["Ants", "sing"]
    assert shifted([Span(5, 18)], bare, claim) == (Span(0, len(claim)),)
