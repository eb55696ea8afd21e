"""Typing errors: which words are taken for one, and what they become."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.query.correction import corrected
from rag.text.english import is_english
from rag.text.spelling import Vocabulary

OWN = {"gait": 9, "sheaf": 3, "hypergraph": 4, "palescan": 2, "glioma": 5, "resnet": 1, "levels": 1, "level": 8, "metafold": 2}
SPELLINGS = Vocabulary(OWN.items())


def near(word: str) -> str | None:
    return None if word in OWN else SPELLINGS.near(word)


def mended(question: str) -> str:
    return corrected(question, near, OWN.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("how menny papres on a hypergrahp do you haev", "how menny papers on a hypergraph do you have"),
        ("teh shaef of a gliома", "the sheaf of a gliома"),
        ("Waht does PaleScann measure?", "What does Palescan measure?"),
        ("Wich levesl diffrentiate a gliomma?", "Which levels differentiate a glioma?"),
        ("explian the archtecture", "explain the architecture"),
        ("a sinngularity, abuot which I wonderd", "a singularity, about which I wondered"),
    ],
)
def test_typing_errors_are_put_right(typed: str, meant: str) -> None:
    assert mended(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "How long do I wait at the gate?",
        "Does it catch bream with sourdough in Uppsala?",
        "summarises, organiser, colours, explainability",
        "What does ZetaFold do?",
        "Is GPT4o on https://exmaple.org/sheav or me@glioms.org?",
        "Welche Karten liest der Scaner?",
        "LSTM, CNNs and BLEU",
        "organoids, graphene, hydrogels, nanobody, chatbots, plasmons, statin, hadronic, resampling, atrazine",
        "Swin, Sarsa, FastText, EfficientDet, ogbl-collab",
        "¿Qué dicen los artículos sobre el calentamiento?",
        "quali articoli parlano della fibrillazione?",
        "I dont know whats wrong",
        "什么是 GNN?",
        "",
    ],
)
def test_real_words_names_and_other_languages_stay(question: str) -> None:
    assert mended(question) == question


def test_a_word_that_the_collection_lacks_is_no_error_if_it_is_english() -> None:
    assert is_english("wait")
    assert mended("wait") == "wait"


@given(st.text())
def test_any_text_may_be_corrected_and_twice_is_once(question: str) -> None:
    once = mended(question)
    assert mended(once) == once
