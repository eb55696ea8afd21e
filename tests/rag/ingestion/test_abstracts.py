"""Abstracts as they are stored: their own labels are taken out and kept as parts."""

from __future__ import annotations

import pytest

from rag.ingestion.abstracts import cleaned


def test_labels_in_capitals_need_no_colon() -> None:
    text = (
        "BACKGROUND AND PURPOSE Bees hum. Nobody knows why. EXPERIMENTAL APPROACH We weighed 40 hives. "
        "KEY RESULTS PAR(2) rose (P < 0.05). CONCLUSIONS AND IMPLICATIONS 3 of 4 bees hum."
    )
    abstract, parts = cleaned(text)
    assert abstract == "Bees hum. Nobody knows why. We weighed 40 hives. PAR(2) rose (P < 0.05). 3 of 4 bees hum."
    assert [(part.name, part.span.of(abstract)) for part in parts] == [
        ("Background and purpose", "Bees hum. Nobody knows why."),
        ("Experimental approach", "We weighed 40 hives."),
        ("Key results", "PAR(2) rose (P < 0.05)."),
        ("Conclusions and implications", "3 of 4 bees hum."),
    ]


def test_three_labels_with_a_capital_need_no_colon() -> None:
    abstract, parts = cleaned("Essentials Bees hum. Background Hives fell. Methods 40 hives were weighed. Results Weights rose.")
    assert abstract == "Essentials Bees hum. Hives fell. 40 hives were weighed. Weights rose."
    assert [part.name for part in parts] == ["Background", "Methods", "Results"]


def test_one_label_of_several_words_in_capitals_is_enough() -> None:
    abstract, parts = cleaned("SIGNIFICANCE STATEMENT In this study 40 hives were weighed. Weights rose.")
    assert abstract == "In this study 40 hives were weighed. Weights rose."
    assert [(part.name, part.span.of(abstract)) for part in parts] == [("Significance statement", abstract)]
    abstract, parts = cleaned("Hives fell. SIGNIFICANCE STATEMENT We say why.")
    assert (abstract, [part.span.of(abstract) for part in parts]) == ("Hives fell. We say why.", ["We say why."])


@pytest.mark.parametrize(
    "text",
    [
        "Background Hives fell. Results Weights rose. Results Of bees are few.",
        "DATA We call it DATA. It has 3 parts.",
        "Bees hum. METHODS FOR bees are few. Results vary.",
        "Background noise is loud. Methods We have none.",
        "Weights rose. LEVEL OF EVIDENCE III.",
    ],
)
def test_words_in_capitals_that_head_no_parts_stay(text: str) -> None:
    assert cleaned(text) == (text, ())
