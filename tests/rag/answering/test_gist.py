"""Questions about a paper as a whole, and about what an abbreviation stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import open_library
from rag.answering.gist import _long_form
from rag.query.question import understand
from rag.settings import Settings
from rag.types import Paper

PAPERS = (
    Paper(
        "p1",
        "Learning Energy in Springs",
        "Springs lose energy in ways that are hard to model. PHNNs keep what is conserved and learn the rest. "
        "We train port-Hamiltonian neural networks (PHNNs) on forty springs. Errors halve.",
    ),
    Paper("p2", "Counting Bees", "Bees are counted by hand. We use convolutional neural networks to count them at night."),
)


@pytest.mark.parametrize(
    "question", ["What does PHNN stand for?", "what is PHNNs short for", "Which words is the acronym PHNN made of?"]
)
def test_an_abbreviation_is_answered_by_the_sentence_that_spells_it_out(tmp_path: Path, question: str) -> None:
    with open_library(tmp_path, settings=Settings(home=tmp_path, bundled=False)) as chat:
        chat.add(list(PAPERS))
        answer = chat.ask(question)
    assert [citation.span.of(citation.paper.abstract) for citation in answer.citations] == [
        "We train port-Hamiltonian neural networks (PHNNs) on forty springs."
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Why do PHNNs fall short for springs?",
        "Which method stands for PHNNs here?",
        "What does BEES stand for?",
        "What do PHNNs need, spelled out completely?",
    ],
)
def test_nothing_else_is_taken_for_an_abbreviation(tmp_path: Path, question: str) -> None:
    with open_library(tmp_path, settings=Settings(home=tmp_path, bundled=False)) as chat:
        chat.add(list(PAPERS))
        assistant = chat.assistant
        plan = understand(question)
        assert _long_form(plan, assistant.search.search(plan.text, 5), assistant.writer.ranker) is None
