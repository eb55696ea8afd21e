"""How a quoted sentence is shown, and that its quote stays verbatim."""

from __future__ import annotations

import pytest

from rag.answering.quoting import quoted
from rag.grounding.claims import verbatim
from rag.types import Evidence, Paper, Span

BEES = Paper(
    "bees",
    "BeeGram: Weighing Bees in Flight",
    "Scales are slow. To this end, we present BeeGram, a scale of wires. It does not touch the bees. Our method errs by 4 mg. It is known that bees move.",
)


def evidence(sentence: str, paper: Paper = BEES) -> Evidence:
    start = paper.abstract.index(sentence)
    return Evidence(paper, Span(start, start + len(sentence)))


@pytest.mark.parametrize(
    ("sentence", "quote", "shown"),
    [
        ("Scales are slow.", "Scales are slow.", ""),
        (
            "To this end, we present BeeGram, a scale of wires.",
            "we present BeeGram, a scale of wires.",
            "We present BeeGram, a scale of wires.",
        ),
        ("It does not touch the bees.", "It does not touch the bees.", "[BeeGram] does not touch the bees."),
        ("Our method errs by 4 mg.", "Our method errs by 4 mg.", "[BeeGram] errs by 4 mg."),
        ("It is known that bees move.", "It is known that bees move.", ""),
    ],
)
def test_a_sentence_is_shown_so_that_it_can_stand_alone(sentence: str, quote: str, shown: str) -> None:
    found = quoted(evidence(sentence))
    assert (found.text, found.shown) == (quote, shown)
    assert BEES.abstract[found.span.start : found.span.end] == quote
    assert verbatim(found.shown or found.text, [found.text])


def test_a_paper_without_a_name_of_its_own_gets_none() -> None:
    paper = Paper("wasps", "Weighing wasps in flight", "We weigh wasps. Our method errs by 4 mg.")
    assert quoted(evidence("Our method errs by 4 mg.", paper)).shown == ""


def test_another_subject_in_brackets_is_not_taken_for_the_quotes_own_words() -> None:
    assert not verbatim("[BeeGram] needs no labels", ["It does not touch the bees."])
