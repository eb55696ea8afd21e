"""Questions that take for granted what the paper denies, over a made-up abstract; and questions that must not be refused."""

from __future__ import annotations

import pytest

from rag.premise import premise, premise_fault

ABSTRACT = (
    "PaleScan reads faded maps without a lamp.",
    "It does not require large cameras.",
    "PaleScan is less sensitive to dust than scanning by hand.",
    "Readings are five times faster and outperform those of experts.",
)


def near(*places: int) -> list[str]:
    return [ABSTRACT[place] for place in places]


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("Why does PaleScan require large cameras?", (1,)),
        ("Why does it need large cameras?", (1,)),
        ("Why is PaleScan more sensitive to dust?", (2,)),
        ("Why is PaleScan slower?", (3, 0)),
        ("How come PaleScan underperforms experts?", (3, 0)),
    ],
)
def test_a_premise_that_the_paper_denies_is_told(question: str, places: tuple[int, ...]) -> None:
    assert premise_fault(question, ABSTRACT, near(*places)).startswith("the question supposes")


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("Why does PaleScan outperform experts?", (3, 0)),
        ("Why is PaleScan less sensitive to dust?", (2,)),
        ("Why does PaleScan read faded maps?", (0,)),
        ("How much faster is PaleScan?", (3,)),
        ("Which cameras does PaleScan require?", (1,)),
        ("Why?", (0,)),
        ("", ()),
    ],
)
def test_other_questions_are_let_through(question: str, places: tuple[int, ...]) -> None:
    assert premise_fault(question, ABSTRACT, near(*places)) == ""


def test_a_blame_is_believed_where_a_sentence_admits_it() -> None:
    admitted = "Readings are faster than by hand, but slower in the dark, which is a drawback."
    assert premise_fault("Why is PaleScan slow in the dark?", [*ABSTRACT, admitted], [admitted]) == ""


def test_the_premise_is_what_stands_behind_the_asking_words() -> None:
    assert premise("So why does PaleScan hum?") == "PaleScan hum"
    assert premise("What is PaleScan?") == ""
    assert premise("Why doesn't PaleScan hum?") == ""
