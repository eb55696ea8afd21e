"""The learned reader that comes along: what it was trained to tell apart, on texts that it never saw."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import LibraryError
from rag.reader.cross_encoder import MODEL, CrossEncoder

TITLE = "BeeGram: Weighing Bees in Flight with Humming Wires"
SENTENCES = [
    "Bees are hard to weigh because they never keep still.",
    "We propose BeeGram, a scale made of humming wires that needs no camera.",
    "On three hives in Norway the mean error is 4 mg, half of that of a laboratory scale.",
]


@pytest.fixture(scope="module")
def reader() -> CrossEncoder:
    return CrossEncoder()


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Why is it difficult to find out what a bee weighs?", 0),
        ("What is BeeGram made of?", 1),
        ("How large is BeeGram's error?", 2),
        ("On how many hives was BeeGram tried?", 2),
    ],
)
def test_the_sentence_that_answers_gets_the_best_odds(reader: CrossEncoder, question: str, place: int) -> None:
    (odds,) = reader.answers(question, [(TITLE, SENTENCES)])
    assert odds.index(max(odds)) == place


TWINS = [
    ("How large is BeeGram's error?", "How large is BeeGram's memory?"),
    ("Why are bees hard to weigh?", "Why are wasps hard to weigh?"),
    ("On how many hives was BeeGram tried?", "On how many wasps was BeeGram tried?"),
    ("Does BeeGram need a camera?", "Does BeeGram need a battery?"),
    ("What is BeeGram made of?", "What is BeeGram named after?"),
    ("In which country was BeeGram tried?", "In which year was BeeGram tried?"),
]
"""A question that the sentences answer, and one that differs in a word and has no answer."""


def test_most_questions_are_surer_of_an_answer_than_their_twins_without_one(reader: CrossEncoder) -> None:
    def best(question: str) -> float:
        return max(reader.answers(question, [(TITLE, SENTENCES)])[0])

    right = [best(answered) > best(silent) for answered, silent in TWINS]
    assert sum(right) >= len(TWINS) - 1


def test_nothing_to_read_gives_nothing(reader: CrossEncoder) -> None:
    assert reader.answers("What is BeeGram?", []) == []
    assert reader.answers("What is BeeGram?", [(TITLE, [])]) == [[]]


def test_endless_texts_are_cut(reader: CrossEncoder) -> None:
    (odds,) = reader.answers("bees " * 5_000, [("bees " * 5_000, ["bees " * 5_000] * 9)])
    assert len(odds) == 9


@pytest.mark.parametrize("named", [0, 1])
def test_a_pronoun_is_understood_from_the_sentence_before(reader: CrossEncoder, named: int) -> None:
    before = ("WaspCam photographs wasps from above.", "BeeGram weighs bees with wires.")
    question = f"How large is {('WaspCam', 'BeeGram')[named]}'s error?"
    own, other = (
        reader.answers(question, [("Weighing Insects in Flight", [first, "Its error is 9 mg."])])[0][1]
        for first in (before[named], before[1 - named])
    )
    assert own > 2 + other


def test_encoder_and_reader_together_are_small() -> None:
    encoder = MODEL.parents[1] / "encoder" / "encoder.onnx"
    assert MODEL.stat().st_size + encoder.stat().st_size <= 45_000_000


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="Reinstall Paperchat"):
        CrossEncoder(tmp_path / "none.onnx").answers("What?", [("Bees", ["Bees sing."])])
