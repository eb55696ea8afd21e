"""Every way of citing is read as the numbers of sources, and each sentence comes once."""

from __future__ import annotations

import pytest
from cited import cited_sentences

from rag.grounding.citation_markers import Cited, Source

SOURCES = (
    Source("Bees dance.", "Dancing bees Ada Ek 2020", "https://example.org/bees"),
    Source("Ants walk.", "Walking ants Bo Lind 2021"),
    Source("Wasps sing."),
)


@pytest.mark.parametrize(
    ("answer", "numbers"),
    [
        ("Bees dance [1].", (1,)),
        ("Bees dance. [1]", (1,)),
        ("Bees dance.[1][2]", (1, 2)),
        ("Bees dance [1, 2].", (1, 2)),
        ("Bees dance [1-3].", (1, 2, 3)),
        ("Bees dance [1; 3].", (1, 3)),
        ("Bees dance (2).", (2,)),
        ("Bees dance [^2].", (2,)),
        ("Bees dance¹.", (1,)),
        ("Bees dance.²", (2,)),
        ("Bees dance【3†source】.", (3,)),
        ("Bees dance [Source 2].", (2,)),
        ("Bees dance ([1](https://example.org/bees)).", (1,)),
        ("Bees dance (Ek et al., 2020).", (1,)),
        ("Bees dance (Ek, 2020; Lind and Wu, 2021).", (1, 2)),
        ("Bees dance [9].", (9,)),
        ("Bees dance [[1]](https://example.org/bees).", (1,)),
        ("Bees dance ([source](https://example.org/bees)).", (1,)),
        ("Bees dance [1, 2, and 3].", (1, 2, 3)),
        ("Bees dance [citation:2].", (2,)),
        ("Bees dance [Doc 3].", (3,)),
        ("Bees dance <sup>1,2</sup>.", (1, 2)),
        ("Bees dance \\[1\\].", (1,)),
        ("Bees dance [2†].", (2,)),
        ("Bees dance [https://example.org/bees].", (1,)),
        ("Bees dance.", ()),
    ],
)
def test_a_marker_is_read_and_taken_out(answer: str, numbers: tuple[int, ...]) -> None:
    assert cited_sentences(answer, SOURCES) == [Cited("Bees dance.", numbers)]


@pytest.mark.parametrize(
    "answer", ["In 2020 (a good year) bees danced.", "SE(3) has 6 dimensions.", "f(12) is small.", "It fell (2020)."]
)
def test_brackets_that_cite_nothing_stay(answer: str) -> None:
    assert cited_sentences(answer, SOURCES) == [Cited(answer, ())]


def test_a_marker_behind_the_stop_belongs_to_the_sentence_before_it() -> None:
    assert cited_sentences("Bees dance.[1] Ants walk. [2][3] Wasps sing [3].", SOURCES) == [
        Cited("Bees dance.", (1,)),
        Cited("Ants walk.", (2, 3)),
        Cited("Wasps sing.", (3,)),
    ]


def test_a_list_of_footnotes_is_no_sentence() -> None:
    answer = "Bees dance [^1].\n\n[^1]: Dancing bees, a journal.\n[2] Walking ants."
    assert cited_sentences(answer, SOURCES) == [Cited("Bees dance.", (1,))]


def test_a_link_to_a_source_cites_it_and_its_words_stay() -> None:
    assert cited_sentences("Bees [dance](https://example.org/bees/).", SOURCES) == [Cited("Bees dance.", (1,))]


def test_endless_markers_are_read_in_time() -> None:
    assert len(cited_sentences("Bees dance " + "[1]" * 20_000 + ".", SOURCES)) == 1
    assert cited_sentences("([1" * 20_000, SOURCES)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("[1] Bees dance. [2] Ants walk.", [("Bees dance.", (1,)), ("Ants walk.", (2,))]),
        ("[1] Bees dance.\n[2] Ants walk.", [("Bees dance.", (1,)), ("Ants walk.", (2,))]),
        ("Bees dance [1]. Ants walk [2].\n\n[1] Ek, Dancing bees, 2020\n[2] Lind", [("Bees dance.", (1,)), ("Ants walk.", (2,))]),
        ("Bees dance <cite>1</cite>.", [("Bees dance.", (1,))]),
        ("蜜蜂跳舞[1]。", [("蜜蜂跳舞。", (1,))]),
    ],
)
def test_markers_before_their_sentence_are_no_list_of_references(
    answer: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert cited_sentences(answer, SOURCES) == [Cited(text, numbers) for text, numbers in expected]
