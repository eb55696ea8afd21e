"""Words as they are compared: folded, split, stemmed, and which of them say nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.words import ASKING_WORDS, FUNCTION_WORDS, content_words, fold, is_content, joined, stem, stems, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Poincaré", "poincare"),
        ("NAÏVE Bayes", "naive bayes"),
        ("ﬁeld", "field"),
        ("Straße", "strasse"),
        ("Ｗｉｄｅ", "wide"),
        ("x²", "x2"),
        ("Erdős–Rényi", "erdos–renyi"),
        ("", ""),
    ],
)
def test_folding_forgets_case_accents_and_compatibility_forms(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Maps, scans & inks!", ["maps", "scans", "inks"]),
        ("state-of-the-art", ["state", "of", "the", "art"]),
        ("snake_case v2.0", ["snake", "case", "v2", "0"]),
        ("don't", ["don", "t"]),
        ("3D at 97.5%", ["3d", "at", "97", "5"]),
        ("图神经网络 works", ["图神经网络", "works"]),
        ("🗺️ … ?!", []),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_and_digits(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_content_words_come_in_order_and_once() -> None:
    assert content_words("Which papers describe how maps and more maps fade over ink?") == ["maps", "fade", "ink"]


@pytest.mark.parametrize("word", ["maps", "2020", "7", "r2", "图", "ink"])
def test_these_carry_content(word: str) -> None:
    assert is_content(word)


@pytest.mark.parametrize("word", ["the", "papers", "a", "x", "which", "t", "summarize"])
def test_these_do_not(word: str) -> None:
    assert not is_content(word)


def test_the_lists_hold_words_as_they_are_compared_and_share_none() -> None:
    assert all(words(word) == [word] for word in FUNCTION_WORDS | ASKING_WORDS)
    assert not FUNCTION_WORDS & ASKING_WORDS


@pytest.mark.parametrize(
    "family", [("map", "maps", "mapping", "mapped"), ("diffuse", "diffusing", "diffused"), ("boundary", "boundaries")]
)
def test_inflections_share_a_stem(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1


def test_words_with_digits_are_no_english_and_stay() -> None:
    assert stem("resnet50s") == "resnet50s"
    assert stem("2020s") == "2020s"


def test_stems_of_a_text_are_a_set() -> None:
    assert stems("Maps map MAPPING inks") == {"map", "ink"}


@given(st.text())
def test_folding_twice_changes_nothing_more_and_words_are_found_again(text: str) -> None:
    found = words(text)
    assert words(" ".join(found)) == found
    assert all(word == fold(word) for word in found)


@given(st.text())
def test_content_words_are_words_of_the_text_without_repetition(text: str) -> None:
    found = content_words(text)
    assert len(set(found)) == len(found)
    assert set(found) <= set(words(text))
    assert [word for word in dict.fromkeys(words(text)) if word in found] == found


@pytest.mark.parametrize(
    ("text", "words_joined"),
    [
        ("without Back-propagation", ["backpropagation"]),
        ("end-to-end and state-of-the-art", []),
        ("multi-head, pre-trained", ["multihead", "pretrained"]),
        ("CIFAR-10 or E(3)-equivariant", []),
        ("", []),
    ],
)
def test_words_that_a_hyphen_parts_are_also_known_as_one(text: str, words_joined: list[str]) -> None:
    assert joined(text) == words_joined
