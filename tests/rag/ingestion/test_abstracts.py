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


def test_labels_of_several_words_in_capitals_are_known_by_how_they_end() -> None:
    abstract, parts = cleaned(
        "IMPORTANCE Bees hum. DESIGN, SETTING, AND PARTICIPANTS A randomized trial in 40 hives. EXPOSURES Diet was assessed. MAIN OUTCOMES AND "
        "MEASURES Weight. STATISTICAL ANALYSES We used R. WIDER IMPLICATIONS OF THE FINDINGS Hives fell. GENERAL SIGNIFICANCE The bees matter."
    )
    assert [(part.name, part.span.of(abstract)) for part in parts] == [
        ("Importance", "Bees hum."),
        ("Design, setting, and participants", "A randomized trial in 40 hives."),
        ("Exposures", "Diet was assessed."),
        ("Main outcomes and measures", "Weight."),
        ("Statistical analyses", "We used R."),
        ("Wider implications of the findings", "Hives fell."),
        ("General significance", "The bees matter."),
    ]


def test_the_oxford_comma_stands_in_labels_before_a_colon() -> None:
    abstract, parts = cleaned(
        "Importance: Bees hum. Design, Setting, and Participants: A trial. Main Outcomes and Measures: Weight."
    )
    assert abstract == "Bees hum. A trial. Weight."
    assert [part.name for part in parts] == ["Importance", "Design, setting, and participants", "Main outcomes and measures"]


def test_a_label_in_capitals_stands_before_lower_case() -> None:
    abstract, parts = cleaned(
        "OBJECTIVE to weigh bees. RESULTS miR-375 rose. CONCLUSIONS - To hum helps. CONCLUSION (1) Bees hum."
    )
    assert [part.span.of(abstract) for part in parts] == ["to weigh bees.", "miR-375 rose.", "To hum helps.", "(1) Bees hum."]


@pytest.mark.parametrize("end", ["(95% CI, 0.20-0.85, P=.02)", "in 40", "by 12%"])
def test_a_label_in_capitals_ends_a_sentence_without_a_full_stop(end: str) -> None:
    abstract, parts = cleaned(f"RESULTS Weights rose {end} CONCLUSION Among bees, some hum.")
    assert [part.span.of(abstract) for part in parts] == [f"Weights rose {end}", "Among bees, some hum."]


def test_labels_with_and_without_a_colon_stand_side_by_side() -> None:
    abstract, parts = cleaned("OBJECTIVE We weigh bees. DESIGN A trial. RESULTS: Weights rose. CONCLUSION Bees hum.")
    assert [part.span.of(abstract) for part in parts] == ["We weigh bees.", "A trial.", "Weights rose.", "Bees hum."]


def test_that_an_abstract_has_no_labels_is_not_part_of_it() -> None:
    assert cleaned("UNLABELLED Bees hum. They fly.") == ("Bees hum. They fly.", ())
    abstract, parts = cleaned("UNLABELLED Bees hum. They fly. SIGNIFICANCE This matters.")
    assert (abstract, [part.name for part in parts]) == ("Bees hum. They fly. This matters.", ["Significance"])


@pytest.mark.parametrize(
    "text",
    [
        "METHODS We weighed bees. DNA METHYLATION Was high. RESULTS HIV fell.",
        "METHODS We weighed bees. EGFR FISH is strong. RESULTS Weights rose.",
        "METHODS We weighed bees. ADVANTAGE showed good tolerability. RESULTS Weights rose.",
        "METHODS We weighed bees in 20 PATIENTS with hives. RESULTS Weights rose.",
        "METHODS We weighed bees by Sparse Evolution (SCOPE). SCOPE utilizes hives. RESULTS Weights rose.",
        "METHODS We weighed bees. DATA was lost. RESULTS Weights rose.",
    ],
)
def test_capitals_that_are_no_label_stay_in_their_sentence(text: str) -> None:
    abstract, parts = cleaned(text)
    assert [part.name for part in parts] == ["Methods", "Results"]
    assert abstract == text.replace("METHODS ", "").replace("RESULTS ", "")
