"""Yes, no, or the quote alone: a word is only put before a sentence that clearly says it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.answering.whether import SURE, Whether, whether
from rag.query.question import understand
from rag.retrieval.sentence_ranker import Match
from rag.text.sentence_roles import parts
from rag.types import Evidence, Hit, Paper, Passage, Span


def match(sentence: str, answers: float | None = SURE + 1) -> Match:
    paper = Paper("title:maps", "Reading Faded Maps", sentence)
    span = Span(0, len(sentence))
    hit = Hit(Passage("title:maps#0", paper, span), 1.0, "both")
    return Match(Evidence(paper, span, 1.0), parts([sentence])[0], 0, {}, 0.5, hit, answers)


@pytest.mark.parametrize(
    ("question", "sentence", "says"),
    [
        ("Does PaleScan read faded sea charts?", "We show that PaleScan reads faded sea charts with light.", "yes"),
        ("Is BeeGram tested on three hives?", "BeeGram was tested on three hives in spring.", "yes"),
        ("Does PaleScan need large cameras?", "PaleScan does not need large cameras.", "no"),
        ("Does PaleScan increase the error of readers?", "PaleScan decreases the error of readers.", "no"),
        ("Does PaleScan read faded sea charts?", "PaleScan reads letters.", None),
        ("Does PaleScan always read faded sea charts?", "PaleScan reads faded sea charts.", None),
        ("Does PaleScan read sea charts or letters?", "PaleScan reads sea charts.", None),
        ("Which sea charts does PaleScan read?", "PaleScan reads faded sea charts.", None),
        ("Does PaleScan lose names on sea charts?", "PaleScan keeps names on sea charts.", None),
        ("", "PaleScan reads faded sea charts.", None),
        ("Do small hives raise yields?", "A trial is often cited as proof that small hives raise yields.", None),
        ("Does poverty explain swarming?", "Swarming is usually explained by poverty.", None),
        ("Do small hives raise yields?", "Beekeepers claim that small hives raise yields.", None),
        ("Do small hives raise yields?", "We test whether small hives raise yields.", None),
        ("Do small hives raise yields?", "Small hives may raise yields.", None),
        ("Do small hives raise yields?", "We argue that small hives raise yields.", "yes"),
    ],
)  # fmt: skip
def test_the_word_is_what_the_sentence_clearly_says(question: str, sentence: str, says: Whether | None) -> None:
    assert whether(understand(question), match(sentence)) == says


@pytest.mark.parametrize("answers", [None, SURE - 1])
def test_without_a_sure_reader_nothing_is_affirmed(answers: float | None) -> None:
    sentence = "We show that PaleScan reads faded sea charts with light."
    assert whether(understand("Does PaleScan read faded sea charts?"), match(sentence, answers)) is None


class Claims:
    """Gives every sentence the same probabilities: supported, not stated, contradicted."""

    def __init__(self, *shares: float) -> None:
        self.shares = shares
        self.asked: list[tuple[str, list[tuple[str, str]]]] = []

    def verdicts(self, claim: str, sentences: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        self.asked.append((claim, list(sentences)))
        supported, silent, contradicted = self.shares
        return [(supported, silent, contradicted)] * len(sentences)


@pytest.mark.parametrize(
    ("question", "sentence", "shares", "says"),
    [
        ("Does PaleScan read faded sea charts?", "We show that PaleScan reads faded sea charts with light.", (0.9, 0.1, 0.0), "yes"),
        ("Does PaleScan lower the pH of the ink?", "PaleScan raised cost and the pH of the ink.", (0.1, 0.2, 0.7), None),
        ("Does PaleScan increase the error of readers?", "PaleScan decreases the error of readers.", (0.1, 0.2, 0.7), "no"),
        ("Is PaleScan better than larger readers?", "PaleScan is better than smaller and larger readers.", (0.9, 0.1, 0.0), None),
    ],
)  # fmt: skip
def test_the_learned_reader_must_find_the_same(
    question: str, sentence: str, shares: tuple[float, float, float], says: Whether | None
) -> None:
    claims = Claims(*shares)
    assert whether(understand(question), match(sentence)) is not None  # by the rules alone
    assert whether(understand(question), match(sentence), claims) == says
    assert all(sentences == [("Reading Faded Maps", sentence), ("", sentence)] for _, sentences in claims.asked)


def test_nothing_is_read_where_no_word_would_be_put() -> None:
    claims = Claims(1.0, 0.0, 0.0)
    assert whether(understand("Which sea charts does PaleScan read?"), match("PaleScan reads faded sea charts."), claims) is None
    assert claims.asked == []
