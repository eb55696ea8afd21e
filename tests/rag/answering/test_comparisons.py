"""Comparisons of papers and of options: each side says what came out of it, or that it says nothing of the point."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.build import open_library
from rag.paperchat import Paperchat
from rag.query.question import understand
from rag.settings import own_library
from rag.types import Paper

DOSES = Paper(
    "doses",
    "Randomized trial of folic acid supplementation and homocysteine",
    "BACKGROUND Homocysteine is a risk factor. METHODS Fasting blood samples for folic acid and homocysteine analysis were taken initially. "
    "RESULTS Homocysteine fell with the folic acid dosage. CONCLUSIONS A dosage of 0.8 mg/d is needed for the maximum reduction.",
)
STROKES = Paper(
    "strokes",
    "Folic acid and the risk of stroke: a meta-analysis",
    "Strokes may depend on folic acid. Relevant trials were identified through a literature search. "
    "The relative risk of stroke was 0.88 with folic acid. Folic acid may prevent some strokes.",
)
ASPIRIN = Paper(
    "aspirin",
    "Aspirin in the prevention of bowel cancer",
    "Aspirin is cheap. Four trials showed that aspirin reduced adenomas of the bowel by 28%. We found fewer bowel tumours with aspirin.",
)
INSOMNIA = Paper(
    "insomnia",
    "Cognitive behavioral therapy vs zopiclone for insomnia in older adults",
    "We treated 46 older adults with insomnia by therapy or by sleep pills. Therapy worked better than the pills for old people with insomnia.",
)


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paperchat]:
    home = tmp_path_factory.mktemp("compare")
    with open_library(home, settings=own_library(home, bundled=False)) as chat:
        chat.add([DOSES, STROKES, ASPIRIN, INSOMNIA])
        yield chat


def quotes(chat: Paperchat, question: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in chat.ask(question).citations:
        found.setdefault(one.paper.id, []).append(one.quote)
    return found


def test_two_options_before_a_question_are_compared() -> None:
    plan = understand("Sleep pills or talking therapy: which works better for old people with insomnia?")
    assert (plan.kind, plan.sides) == ("compare", ("Sleep pills", "talking therapy"))


def test_options_that_one_paper_compares_are_answered_from_it_and_not_listed(chat: Paperchat) -> None:
    answer = chat.ask("Sleep pills or talking therapy: which works better for old people with insomnia?")
    assert "Therapy worked better than the pills" in answer.text
    assert not answer.text.startswith("- ")
    assert {one.paper.id for one in answer.citations} == {"insomnia"}


def test_a_comparison_without_a_point_says_what_came_out(chat: Paperchat) -> None:
    found = quotes(chat, "Compare the trial of folic acid doses with the meta-analysis on strokes")
    assert set(found) == {"doses", "strokes"}
    assert not any("blood samples" in quote or "literature search" in quote for own in found.values() for quote in own)


def test_a_side_that_says_nothing_of_the_point_says_so(chat: Paperchat) -> None:
    answer = chat.ask("Which is better against strokes, folic acid or aspirin?")
    assert {one.paper.id for one in answer.citations} == {"strokes"}
    assert "Aspirin in the prevention of bowel cancer: its abstract says nothing about “strokes”." in answer.text


def test_words_of_comparing_are_no_point_that_an_abstract_could_lack(chat: Paperchat) -> None:
    text = chat.ask("What is the difference between the trial of folic acid doses and the aspirin paper?").text
    assert "says nothing" not in text


def test_how_one_side_surpasses_the_other_is_no_point_that_an_abstract_could_lack(chat: Paperchat) -> None:
    text = chat.ask("Which reduced adenomas faster, aspirin or folic acid?").text
    assert "faster" not in text
    assert "Four trials showed that aspirin reduced adenomas of the bowel by 28%." in text


def test_the_papers_on_a_topic_are_compared_and_of_nothing_none(chat: Paperchat) -> None:
    answer = chat.ask("How do the studies of folic acid differ?")
    assert {one.paper.id for one in answer.citations} == {"doses", "strokes"}
    assert chat.ask("Compare the papers on volcanoes").status == "not_found"
