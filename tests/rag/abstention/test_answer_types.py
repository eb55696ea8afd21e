"""What a question wants counted or called by name, and which sentences give it."""

from __future__ import annotations

import pytest

from rag.abstention.answer_types import counted, gives_count, gives_name, to_name


@pytest.mark.parametrize(
    ("question", "sentence", "given"),
    [
        ("How many MRI scans was it trained on?", "We also predict 10 clinical scores using structural MRI data.", False),
        ("How many MRI scans was it trained on?", "Training used 3,000 brain scans of healthy adults.", True),
        ("how many patients were there", "Experiments on the cohort (n = 51 patients) agree.", True),
        ("How many patients were there?", "It reaches 0.85 Dice in patients.", False),
        ("How many patients were there?", "We found 12 rather old hand drawn maps patients liked.", False),
        ("How many steps does it take?", "It retrieves the pattern with one update.", True),
        ("How many hidden units do they have?", "We fit the single-neuron timescale.", False),
        ("How many weights does it need?", "It operates with 1/n free parameters.", True),
        ("What number of GPUs was used?", "The models can be trained on a single GPU in a day.", True),
    ],
)
def test_a_count_stands_beside_what_is_counted(question: str, sentence: str, given: bool) -> None:
    thing = counted(question)
    assert thing is not None
    assert gives_count(thing, sentence) is given


@pytest.mark.parametrize(
    "question",
    ["How many tasks were tried?", "How much faster is it?", "Which patients were scanned?", "How many", "how many of"],
)
def test_what_has_many_names_is_not_judged_by_its_words(question: str) -> None:
    assert counted(question) is None


@pytest.mark.parametrize(
    ("question", "sentence", "given"),
    [
        ("On which robot was it deployed?", "It has implications for a robot's control.", False),
        ("On which robot was it deployed?", "We deploy it on a Franka robot.", True),
        ("Which datasets were used by Quokka?", "We show the effectiveness of Quokka on image classification.", False),
        ("Which datasets were used by Quokka?", "Quokka has better accuracy on MNIST.", True),
        ("Which drawing program was used?", "Diagrams are analogous to code.", False),
        ("What software did they write it in?", "The library is written in Julia.", True),
    ],
)
def test_a_name_stands_beside_its_kind(question: str, sentence: str, given: bool) -> None:
    thing = to_name(question)
    assert thing is not None
    assert gives_name(thing, sentence, [question]) is given


@pytest.mark.parametrize("question", ["Which structure do its features mirror?", "Which", "What is a robot good for?"])
def test_other_questions_want_no_name(question: str) -> None:
    assert to_name(question) is None
