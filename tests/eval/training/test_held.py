"""What the reader is measured by on abstracts that it never saw."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from eval.training.reader.held import claims, figures, questions

ROW = {
    "title": "Bees",
    "sentences": ["Bees sleep.", "Bees dance at dawn.", "Ants walk.", "Wasps sing."],
    "answerable": [
        {"question": "when do bees dance", "sentences": [1]},
        {"question": "do ants walk", "sentences": [0]},
    ],
    "unanswerable": [{"question": "do flies swim"}],
    "pairs": [{"answerable": "do wasps sing", "unanswerable": "do hornets swim"}],
    "claims": [
        {"claim": "Bees dance.", "verdict": "supported", "sentences": [1]},
        {"claim": "Bees rest.", "verdict": "contradicted", "sentences": [1]},
        {"claim": "Flies dance at dawn.", "verdict": "not stated", "sentences": [1]},
    ],
}


class CountsWords:
    """A reader by words: more shared ones, more of an answer."""

    def answers(self, question: str, passages: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]]:
        return [[_shared(question, text) - 1.5 for text in texts] for _, texts in passages]

    def verdicts(self, claim: str, sentences: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        shares = [0.1 + 0.2 * _shared(claim, text) for _, text in sentences]
        return [(share, 0.5 * (1 - share), 0.5 * (1 - share)) for share in shares]


def _shared(one: str, other: str) -> int:
    return len(set(one.lower().strip(".").split()) & set(other.lower().strip(".").split()))


def test_questions_are_counted() -> None:
    found = questions([ROW], CountsWords())
    assert found == pytest.approx(
        {"gold first": 0.5, "among three": 1.0, "AUROC": 1.0, "refused at 5 % false": 1.0, "twins in order": 1.0}
    )


def test_yes_is_told_from_no_and_without_unanswerable_ones_no_refusal_is_counted() -> None:
    asked = [
        {"question": "do bees dance at dawn", "sentences": [1], "says": "yes"},
        {"question": "do ants fly", "sentences": [2], "says": "no"},
        {"question": "do wasps mostly sing", "sentences": [3], "says": "unclear"},
    ]
    found = questions([{**ROW, "answerable": asked, "unanswerable": []}], CountsWords())
    assert found.keys() == {"gold first", "among three", "twins in order", "yes against no"}
    assert found["yes against no"] == 1.0


def test_claims_are_told_from_others_and_from_contradicted_ones() -> None:
    found = claims([ROW], CountsWords())
    assert found == pytest.approx({"supported or not": 0.5, "supported or contradicted": 1.0})


def test_only_what_is_there_is_measured() -> None:
    assert [name for name, _ in figures([{**ROW, "answerable": []}], CountsWords())] == [
        "supported or not",
        "supported or contradicted",
    ]
