"""Lists that are longer than one answer: what is left out is said, and can be asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.build import open_library
from rag.paperchat import Paperchat
from rag.query.list_parts import LIST_PAPERS
from rag.settings import own_library
from rag.types import Answer, Paper, PastTurn

COUNTRIES = "Norway Sweden Peru Chile Ghana Kenya India Nepal China Japan Spain Italy Cuba Haiti Egypt Libya".split()
PAPERS = [
    Paper(
        f"bees{place}",
        f"Honey bees of {country}",
        f"We count honey bees in {country}. The hives there are in good health.",
        year=2020,
    )
    for place, country in enumerate(COUNTRIES)
]
LEFT = len(PAPERS) - LIST_PAPERS
QUESTION = "Which papers are about honey bees?"


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paperchat]:
    home = tmp_path_factory.mktemp("long")
    with open_library(home, settings=own_library(home, bundled=False)) as chat:
        chat.add(PAPERS)
        yield chat


def cited(answer: Answer) -> set[str]:
    return {one.paper.id for one in answer.citations}


def test_a_list_that_is_cut_says_how_many_are_left_and_how_to_see_them(chat: Paperchat) -> None:
    answer = chat.ask(QUESTION)
    assert len(cited(answer)) == LIST_PAPERS
    assert answer.text.endswith(f"{LEFT} more are not listed here. Ask “More” for the next ones, or “Show all”.")


@pytest.mark.parametrize("asked", ["More", "The rest", "Any others?", "Show me the next ones"])
def test_the_rest_can_be_asked_for(chat: Paperchat, asked: str) -> None:
    first = chat.ask(QUESTION)
    answer = chat.ask(asked, history=[QUESTION])
    assert cited(answer) == {paper.id for paper in PAPERS} - cited(first)
    assert "not listed" not in answer.text


def test_all_can_be_asked_for(chat: Paperchat) -> None:
    assert cited(chat.ask("Show all", history=[QUESTION])) == {paper.id for paper in PAPERS}


def test_behind_the_end_nothing_is_left(chat: Paperchat) -> None:
    second = chat.ask("More", history=[PastTurn(QUESTION, ("bees1", "bees2"))])
    turns = [PastTurn(QUESTION, ("bees1", "bees2")), PastTurn(second.standalone_question, tuple(cited(second)))]
    for history in (turns, [QUESTION, "More"]):
        answer = chat.ask("More", history=history)
        assert answer.refusal is not None
        assert answer.refusal.code == "list_ended"


def test_a_list_within_a_year_goes_on_too(chat: Paperchat) -> None:
    question = "Which papers from 2020 are about honey bees?"
    first = chat.ask(question)
    assert cited(first) | cited(chat.ask("more", history=[question])) == {paper.id for paper in PAPERS}


def test_the_papers_that_do_not_deal_with_something_go_on(chat: Paperchat) -> None:
    question = "Which papers are not about Norway?"
    first = chat.ask(question)
    assert "Ask “More”" in first.text
    assert not cited(first) & cited(chat.ask("More", history=[question]))
