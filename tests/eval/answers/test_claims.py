"""What of an answer claims something."""

from __future__ import annotations

import pytest

from eval.answers.claims import claims_of, refuses
from eval.answers.types import SystemAnswer
from rag.grounding.citation_markers import Source

SOURCES = (Source("Bees dance at night."), Source("Ants walk in lines."))


def claims(answer: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.text, one.numbers) for one in claims_of(SystemAnswer("1", "?", answer, SOURCES))]


def test_only_what_claims_something_is_a_claim() -> None:
    answer = (
        "# Insects\nBased on the provided passages, here is a summary:\n1. **Bees** dance at night [1].\n- Passage 2 states that ants walk in lines.\n\n"
        "I hope this helps! Let me know if you need more."
    )
    assert claims(answer) == [("Bees dance at night.", (1,)), ("Ants walk in lines.", (2,))]


@pytest.mark.parametrize(
    "text",
    [
        "Based on the given context, bees dance at night.",
        "According to passage 1, bees dance at night.",
        "The source says that bees dance at night.",
    ],
)
def test_talk_about_the_passages_is_left_out(text: str) -> None:
    assert [told for told, _ in claims(text)] == ["Bees dance at night."]


def test_claims_that_a_system_gives_are_not_counted_beside_its_text() -> None:
    answer = SystemAnswer("1", "?", "Bees dance at night, it is said [1].", SOURCES, (("Bees dance at night.", (1,)),))
    assert [(one.text, one.numbers) for one in claims_of(answer)] == [("Bees dance at night.", (1,))]


@pytest.mark.parametrize(
    "text",
    [
        "I don't know.",
        "The provided passages do not contain the answer.",
        "Unable to answer based on given passages.",
        "There is not enough information in the context.",
    ],
)
def test_a_refusal_is_recognised(text: str) -> None:
    assert refuses(text)


@pytest.mark.parametrize("text", ["Bees do not dance by day.", "The papers show that ants walk.", "No bee sleeps."])
def test_a_denial_is_no_refusal(text: str) -> None:
    assert not refuses(text)
