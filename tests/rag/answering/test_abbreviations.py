"""Questions about what an abbreviation stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import open_library
from rag.answering.abbreviations import abbreviations_asked
from rag.settings import Settings
from rag.types import Answer, Paper

PAPERS = (
    Paper(
        "p1",
        "Learning Energy in Springs",
        "Springs lose energy in ways that are hard to model. PHNNs keep what is conserved and learn the rest. "
        "We train port-Hamiltonian neural networks (PHNNs) on forty springs. Errors halve. DNA is not used during any run.",
    ),
    Paper("p2", "Counting Bees", "Bees are counted by hand. We use convolutional neural networks to count them at night."),
    Paper(
        "p3",
        "Outcomes of early treatment",
        "ART changed the course of the epidemic. Antiretroviral therapy (ART) was offered to 40 adults, and mTOR was measured. "
        "The mammalian target of rapamycin (mTOR) rose.",
    ),
    Paper(
        "p4",
        "Saliva and weight",
        "We counted copies of the salivary amylase gene (AMY1) in 200 adults. AMY1 copies predict weight.",
    ),
)


def asked(folder: Path, question: str) -> Answer:
    with open_library(folder, settings=Settings(home=folder, bundled=False)) as chat:
        chat.add(list(PAPERS))
        return chat.ask(question)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What does PHNN stand for?", "We train port-Hamiltonian neural networks (PHNNs) on forty springs."),
        ("what is PHNNs short for", "We train port-Hamiltonian neural networks (PHNNs) on forty springs."),
        ("Which words is the acronym PHNN made of?", "We train port-Hamiltonian neural networks (PHNNs) on forty springs."),
        ("What does ART stand for?", "Antiretroviral therapy (ART) was offered to 40 adults, and mTOR was measured."),
        ("What does PHNN mean?", "We train port-Hamiltonian neural networks (PHNNs) on forty springs."),
        ("what does mtor stand for?", "The mammalian target of rapamycin (mTOR) rose."),
        ("What does AMY1 stand for?", "We counted copies of the salivary amylase gene (AMY1) in 200 adults."),
        ("Wofür steht ART?", "Antiretroviral therapy (ART) was offered to 40 adults, and mTOR was measured."),
    ],
)
def test_an_abbreviation_is_answered_by_the_sentence_that_spells_it_out(tmp_path: Path, question: str, sentence: str) -> None:
    answer = asked(tmp_path, question)
    assert [citation.span.of(citation.paper.abstract) for citation in answer.citations] == [sentence]


@pytest.mark.parametrize(
    ("question", "code", "name"),
    [("What does DNA stand for?", "not_spelled_out", "DNA"), ("What does GWAS stand for?", "unknown_name", "GWAS")],
)
def test_an_abbreviation_that_no_paper_spells_out_is_refused(tmp_path: Path, question: str, code: str, name: str) -> None:
    answer = asked(tmp_path, question)
    assert answer.refusal is not None
    assert (answer.refusal.code, answer.refusal.names) == (code, (name,))


@pytest.mark.parametrize(
    "question",
    [
        "Why do PHNNs fall short for springs?",
        "Which method stands for PHNNs here?",
        "What does the blue curve stand for?",
        "What do PHNNs need?",
    ],
)
def test_nothing_else_is_taken_for_an_abbreviation(question: str) -> None:
    assert abbreviations_asked(question) == []
