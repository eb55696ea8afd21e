"""Brackets of code, intervals and lists are text of the sentence; markers beside them still cite."""

from __future__ import annotations

import pytest
from cited import cited_sentences

from rag.grounding.citation_markers import Source

SOURCES = [Source("One."), Source("Two."), Source("Three.")]
TEXTS = [
    ("The first item is array[0] in memory [1].", "The first item is array[0] in memory.", (1,)),
    ("We read x[1] and x[2] twice [2].", "We read x[1] and x[2] twice.", (2,)),
    ("The value nodes[0] is set before nodes[1] [3].", "The value nodes[0] is set before nodes[1].", (3,)),
    ("The second item is my_list[1] [2].", "The second item is my_list[1].", (2,)),
    ("The matrix A[1][2] is zero [3].", "The matrix A[1][2] is zero.", (3,)),
    ("The entry row['a'][1] is text [2].", "The entry row['a'][1] is text.", (2,)),
    ("Scores lie in [0, 1] [2].", "Scores lie in [0, 1].", (2,)),
    ("Values are drawn from [0, 1].", "Values are drawn from [0, 1].", ()),
    ("It lies in the interval [1, 3].", "It lies in the interval [1, 3].", ()),
    ("The 95% CI [1, 3] excludes 0 [2].", "The 95% CI [1, 3] excludes 0.", (2,)),
    ("The point is in [1,2]^2 [3].", "The point is in [1,2]^2.", (3,)),
    ("The list [1, 2, 3] is sorted [2].", "The list [1, 2, 3] is sorted.", (2,)),
    ("Calling f([1, 2]) gives 3 [1].", "Calling f([1, 2]) gives 3.", (1,)),
    ("The [CLS] token comes first [1].", "The [CLS] token comes first.", (1,)),
    ("He wrote “it are [sic] so” [1].", "He wrote “it are [sic] so”.", (1,)),
    ("The half-open [0, 1) is meant [1].", "The half-open [0, 1) is meant.", (1,)),
]
CITES = [
    ("It is fine[1].", (1,)),
    ("It works on GPUs[1], and CPUs[2].", (1, 2)),
    ("The model[1] is good.", (1,)),
    ("GloVe[2] is older.", (2,)),
    ("It needs vitamin C[3].", (3,)),
    ("They store an array[2].", (2,)),
    ("It was shown in [1, 2].", (1, 2)),
    ("This is taken from [2, 3].", (2, 3)),
    ("It helps [1, 3] and is fast [2].", (1, 3, 2)),
    ("[1] says so.", (1,)),
]


@pytest.mark.parametrize(("answer", "text", "numbers"), TEXTS)
def test_what_cites_nothing_stays_text(answer: str, text: str, numbers: tuple[int, ...]) -> None:
    (said,) = cited_sentences(answer, SOURCES)
    assert (said.text, said.numbers) == (text, numbers)


@pytest.mark.parametrize(("answer", "numbers"), CITES)
def test_a_marker_behind_a_word_still_cites(answer: str, numbers: tuple[int, ...]) -> None:
    (said,) = cited_sentences(answer, SOURCES)
    assert said.numbers == numbers
    assert "[" not in said.text
