"""Yes, no, or the quote alone: a word is only put before a sentence that clearly says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from rag.answering.whether import CLEAR, DENIES, Whether, denying, whether
from rag.query.question import understand
from rag.query.yes_no import asks_whether, begins_as_whether
from rag.reader.cross_encoder import CrossEncoder
from rag.retrieval.sentence_ranker import Match
from rag.text.sentence_roles import parts
from rag.types import Evidence, Hit, Paper, Passage, Span

QUESTION = "Does PaleScan read faded sea charts?"


def match(sentence: str) -> Match:
    paper = Paper("title:maps", "Reading Faded Maps", sentence)
    span = Span(0, len(sentence))
    hit = Hit(Passage("title:maps#0", paper, span), 1.0, "both")
    return Match(Evidence(paper, span, 1.0), parts([sentence])[0], 0, {}, 0.5, hit)


class Claims:
    """Gives each sentence the probabilities that its title, or the lack of it, is to have: supported, not stated, contradicted."""

    def __init__(self, titled: tuple[float, float, float], alone: tuple[float, float, float]) -> None:
        self.titled, self.alone = titled, alone
        self.asked: list[tuple[str, list[tuple[str, str]]]] = []

    def verdicts(self, claim: str, sentences: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        self.asked.append((claim, list(sentences)))
        return [self.titled if title else self.alone for title, _ in sentences]


YES, HARDLY, NO = (CLEAR, 1 - CLEAR, 0.0), (CLEAR - 0.1, 1.1 - CLEAR, 0.0), (0.0, 1 - CLEAR, CLEAR)


@pytest.mark.parametrize(
    ("titled", "alone", "says"),
    [(YES, YES, "yes"), (NO, NO, "no"), (YES, HARDLY, None), (HARDLY, YES, None), (YES, NO, None), (NO, HARDLY, None)],
)
def test_the_word_stands_where_the_reader_is_sure_under_the_title_and_alone(
    titled: tuple[float, float, float], alone: tuple[float, float, float], says: Whether | None
) -> None:
    claims = Claims(titled, alone)
    assert whether(understand(QUESTION), match("PaleScan reads charts."), claims) == says
    assert claims.asked == [(QUESTION, [("Reading Faded Maps", "PaleScan reads charts."), ("", "PaleScan reads charts.")])]


@pytest.mark.parametrize(
    ("question", "one"),
    [
        (QUESTION, True),
        ("and is BeeGram tested on hives", True),
        ("Does PaleScan read sea charts or letters?", False),
        ("Does it help? How?", False),
        ("Which sea charts does PaleScan read?", False),
        ("", False),
    ],
)
def test_only_one_statement_that_holds_or_not_is_answered_so(question: str, one: bool) -> None:
    assert asks_whether(question) == one
    claims = Claims(YES, YES)
    assert (whether(understand(question), match("PaleScan reads charts."), claims) is not None) == one
    assert bool(claims.asked) == one


def test_what_begins_so_may_ask_more() -> None:
    assert begins_as_whether("Does PaleScan read sea charts or letters?")
    assert not begins_as_whether("Why does PaleScan read sea charts?")


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("A trial is often cited as proof that small hives raise yields.", None),
        ("Yields are usually explained by small hives.", None),
        ("Beekeepers claim that small hives raise yields.", None),
        ("We test whether small hives raise yields.", None),
        ("Small hives may raise yields.", None),
        ("We argue that small hives raise yields.", "yes"),
    ],
)
def test_what_others_hold_or_only_may_be_is_no_finding(sentence: str, says: Whether | None) -> None:
    claims = Claims(YES, YES)
    assert whether(understand("Do small hives raise yields?"), match(sentence), claims) == says
    assert bool(claims.asked) == (says is not None)


@pytest.mark.parametrize(
    ("question", "sentence", "says"),
    [
        ("Is BeeGram tested on three hives?", "BeeGram was tested on three hives in spring.", "yes"),
        ("Does PaleScan increase the error of readers?", "PaleScan decreases the error of readers.", None),
        ("Is PaleScan fast?", "The museum opened in spring.", None),
    ],
)  # fmt: skip
def test_the_reader_that_comes_along_says_what_a_sentence_clearly_says(
    question: str, sentence: str, says: Whether | None
) -> None:
    assert whether(understand(question), match(sentence), CrossEncoder()) == says


SURE, UNSURE = (0.0, 1 - DENIES, DENIES), (0.0, 1.1 - DENIES, DENIES - 0.1)


@pytest.mark.parametrize(
    ("question", "titled", "alone", "denies"),
    [
        ("Why does PaleScan need large cameras?", SURE, SURE, True),
        ("Why does PaleScan need large cameras?", UNSURE, SURE, False),
        ("Why does PaleScan need large cameras?", SURE, UNSURE, False),
        ("Does PaleScan need large cameras?", SURE, SURE, False),
        ("palescan large cameras need", SURE, SURE, False),
    ],
)
def test_a_sentence_denies_what_a_whole_question_supposes(
    question: str, titled: tuple[float, float, float], alone: tuple[float, float, float], denies: bool
) -> None:
    other, found = match("PaleScan reads charts."), replace(match("PaleScan works without cameras."), stance=titled)
    matches = [replace(other, stance=(1.0, 0.0, 0.0)), found]
    matches = [replace(one, evidence=replace(one.evidence, paper=found.evidence.paper)) for one in matches]
    assert denying(understand(question), matches, Claims(titled, alone)) == (matches[1] if denies else None)


def test_a_sentence_of_another_paper_denies_nothing() -> None:
    elsewhere = replace(match("PaleScan works without cameras."), stance=SURE)
    assert (
        denying(understand("Why does PaleScan need large cameras?"), [match("PaleScan reads."), elsewhere], Claims(SURE, SURE))
        is None
    )
