"""A suggested question is worth showing only where the answer gives what it asks for."""

from __future__ import annotations

import pytest

from rag.explore.fitting import fits
from rag.explore.suggestions import Suggestion
from rag.types import Answer, Citation, Paper, Span

HIVES = Paper(
    "hives",
    "HiveNet: Bees on a graph",
    "Bees are hard to count, and existing methods suffer from rain. However, counting remains a challenge for large hives. "
    "We propose HiveNet, a model that counts bees by their hum. We introduce a new layer, which filters the wind. "
    "Experiments on BeeSet and two public datasets show that HiveNet outperforms people by 12 %. Rain remains a challenge.",
)
BEESET = Paper(
    "beeset",
    "BeeSet: A benchmark of bees",
    "We present BeeSet, a dataset of bees, built by counting them. Experiments on BeeSet show that models fail on 40 % of the images.",
)
CELLS = [Paper(name, f"On {name} cells", f"{name} cells divide. We watch them.") for name in ("stem", "blood", "Skin")]


def answer(*quotes: tuple[Paper, str]) -> Answer:
    cited = []
    for number, (paper, quote) in enumerate(quotes, 1):
        start = paper.abstract.index(quote)
        cited.append(Citation(number, paper, Span(start, start + len(quote))))
    return Answer("?", "?", "answered" if quotes else "not_found", "", "quotes", citations=tuple(cited))


@pytest.mark.parametrize(
    ("kind", "quote", "fit"),
    [
        ("fact", "We propose HiveNet", True),
        ("fact", "Bees are hard to count", False),
        ("how", "We propose HiveNet, a model that counts bees by their hum", True),
        ("how", "Rain remains a challenge", False),
        ("result", "Experiments on BeeSet", True),
        ("result", "We propose HiveNet", False),
        ("data", "Experiments on BeeSet and two public datasets", True),
        ("data", "Rain remains a challenge", False),
        ("problem", "However, counting remains a challenge", True),
        ("problem", "Rain remains a challenge", False),
        ("problem", "We propose HiveNet", False),
    ],
)
def test_the_sentence_that_comes_first_does_in_its_abstract_what_is_asked_for(kind: str, quote: str, fit: bool) -> None:
    assert fits(Suggestion("?", kind, ("hives",)), answer((HIVES, quote))) == fit


@pytest.mark.parametrize("kind", ["fact", "how", "result", "data", "problem", "summary", "compare"])
def test_what_another_paper_says_or_nobody_is_no_answer(kind: str) -> None:
    asked = Suggestion("?", kind, ("others",))
    assert not fits(asked, answer((HIVES, "We propose HiveNet"), (HIVES, "Experiments on BeeSet")))
    assert not fits(asked, answer())


def test_a_data_set_does_not_work_and_is_not_evaluated_on_data() -> None:
    assert not fits(
        Suggestion("?", "how", ("beeset",)), answer((BEESET, "We present BeeSet, a dataset of bees, built by counting"))
    )
    assert not fits(Suggestion("?", "data", ("beeset",)), answer((BEESET, "Experiments on BeeSet show")))
    assert fits(Suggestion("?", "fact", ("beeset",)), answer((BEESET, "We present BeeSet")))


def test_a_comparison_tells_what_both_propose() -> None:
    asked = Suggestion("?", "compare", ("hives", "beeset"))
    assert fits(asked, answer((HIVES, "We propose HiveNet"), (BEESET, "We present BeeSet")))
    assert not fits(asked, answer((HIVES, "We propose HiveNet"), (HIVES, "Experiments on BeeSet")))


def test_a_list_is_of_several_papers_that_speak_of_its_subject() -> None:
    told = answer(*((paper, "We watch them") for paper in CELLS))
    assert fits(Suggestion("?", "list", topic="cells"), told)
    assert not fits(Suggestion("?", "list", topic="stem cells"), told)
    assert not fits(Suggestion("?", "topic", topic="cells"), answer((CELLS[0], "We watch them")))


def test_a_question_of_the_records_is_answered_without_a_quote() -> None:
    assert fits(Suggestion("?", "records"), Answer("?", "?", "answered", "3 papers", "quotes"))
