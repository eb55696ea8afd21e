"""Questions that leave out what the one before them said."""

from __future__ import annotations

import pytest

from rag.query.asked_of import of_subject, without_title
from rag.query.ellipsis import asks_reason, completed, unmentioned_group

ASKED = "Do lamps tire the eyes in women?"


@pytest.mark.parametrize(
    "question",
    [
        "In which women?",
        "And in more detail?",
        "And is it safe in women?",
        "For example?",
        "And the lens?",
        "And in it?",
        "Women?",
        "",
    ],
)
def test_what_asks_another_thing_is_not_completed(question: str) -> None:
    assert completed(question, ASKED) == ""


def test_nothing_is_completed_by_a_question_that_says_nothing() -> None:
    assert completed("And in men?", "Why?") == ""


@pytest.mark.parametrize(
    ("question", "group"),
    [("And in children?", "children"), ("What about men?", ""), ("And in pigeons?", ""), ("And in the dark?", ""), ("Why?", "")],
)
def test_a_group_that_a_text_does_not_mention(question: str, group: str) -> None:
    assert unmentioned_group(question, "Lamps tired the eyes of males and of women.") == group


def test_a_mere_question_for_the_reason() -> None:
    assert all(map(asks_reason, ("Why?", "how so", "And why is that?", "But why not?")))
    assert not any(map(asks_reason, ("Why do lamps tire?", "How?", "")))


def test_the_title_behind_a_question_is_no_part_of_its_words() -> None:
    title = "Lamps (“bright” ones) and eyes"
    assert without_title(of_subject("How bright were they?", f"“{title}”")) == ("How bright were they?", title)
    assert without_title("How bright (PaleScan)?") == ("How bright (PaleScan)?", "")
