"""Papers that do not deal with something: listed with their number, within the limits of the question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.rest import rest
from rag.build import open_library
from rag.paperchat import Paperchat
from rag.query.catalogue import Limits, PaperList
from rag.query.list_parts import LIST_PAPERS
from rag.settings import own_library
from rag.types import AskOptions, Paper

PAPERS = [
    Paper("cancer1", "Finding tumours", "We detect cancer in CT scans with a network. It finds breast cancer early.", year=2020),
    Paper("cancer2", "Oncology notes", "We classify cancer subtypes from pathology slides.", year=2021),
    Paper("bees", "Weighing hives", "We propose BeeGram, a scale that weighs bees in flight.", year=2020),
    Paper("maps", "Old maps", "We restore old maps by matching their coast lines.", year=2021),
    Paper("rivers", "River flow", "We measure the flow of rivers with floating sensors.", year=2021),
]


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paperchat]:
    home = tmp_path_factory.mktemp("rest")
    with open_library(home, settings=own_library(home, bundled=False)) as chat:
        chat.add(PAPERS)
        yield chat


def cited(chat: Paperchat, question: str, scope: frozenset[str] | None = None) -> set[str]:
    return {one.paper.id for one in chat.ask(question, options=AskOptions(scope=scope)).citations}


@pytest.mark.parametrize(
    "question",
    [
        "Which papers are not about cancer?",
        "papers not about cancer",
        "Quels articles ne traitent pas de cancer ?",
        "Welche Arbeiten handeln nicht von Krebs?",
        "Which paper isn't about cancer?",
        "papers besides those on cancer",
        "Welche Arbeiten gibt es außer denen über Krebs?",
    ],
)
def test_what_does_not_deal_with_it_is_listed_and_what_does_is_not(chat: Paperchat, question: str) -> None:
    assert cited(chat, question) == {"bees", "maps", "rivers"}


def test_the_number_is_told_and_each_paper_quoted(chat: Paperchat) -> None:
    answer = chat.ask("Which papers are not about cancer?")
    assert answer.text.startswith("3 of 5 papers do not deal with “cancer”")
    assert all(one.quote in one.paper.abstract for one in answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        "papers from 2021 that have nothing to do with cancer",
        "Which papers from 2021 are unrelated to cancer?",
        "Which papers from 2021 do not deal with cancer?",
        "Which papers from 2021 don't talk about cancer?",
        "all papers from 2021 except those on cancer",
        "Which papers have nothing to do with cancer and were published in 2021?",
    ],
)
def test_the_words_of_leaving_out_are_nothing_that_is_wanted_within_the_limits(chat: Paperchat, question: str) -> None:
    assert cited(chat, question) == {"maps", "rivers"}


def test_what_is_wanted_within_the_limits_is_no_question_for_the_rest(chat: Paperchat) -> None:
    assert cited(chat, "Which papers from 2021 on maps are not about cancer?") == {"maps"}


def test_the_limits_of_the_question_and_of_its_scope_hold(chat: Paperchat) -> None:
    assert cited(chat, "Which papers from 2021 are not about cancer?") == {"maps", "rivers"}
    assert cited(chat, "Which papers are not about cancer?", frozenset({"cancer1", "bees"})) == {"bees"}


def test_where_nothing_deals_with_it_all_papers_are_the_rest(chat: Paperchat) -> None:
    assert chat.ask("Which papers are not about astronomy?").text.startswith("5 of 5 papers")


def test_where_all_deal_with_it_that_is_said(chat: Paperchat) -> None:
    answer = chat.ask("Which papers are not about cancer?", options=AskOptions(scope=frozenset({"cancer1", "cancer2"})))
    assert answer.text.startswith("All of the 2 papers deal with “cancer”")


def test_of_one_paper_it_is_said_in_the_singular(chat: Paperchat) -> None:
    answer = chat.ask("Which papers are not about cancer?", options=AskOptions(scope=frozenset({"cancer1"})))
    assert answer.text == "The only such paper deals with “cancer” or mentions it."


def test_where_no_paper_is_within_the_limits_none_is_found(chat: Paperchat) -> None:
    answer = chat.ask("Which papers from 2020 are not about cancer?", options=AskOptions(scope=frozenset({"maps"})))
    assert (answer.status, answer.refusal and answer.refusal.code) == ("not_found", "no_such_paper")


@pytest.mark.parametrize("what", ["bees or maps", "bees, rivers or maps"])
def test_each_of_several_things_is_left_out(chat: Paperchat, what: str) -> None:
    assert cited(chat, f"Which papers do not deal with {what}?") == {"cancer1", "cancer2", "rivers"} - (
        {"rivers"} if "rivers" in what else set()
    )


@pytest.mark.parametrize(("most", "whole"), [(300, True), (4, False)])
def test_papers_that_were_not_searched_make_the_number_the_most(
    chat: Paperchat, monkeypatch: pytest.MonkeyPatch, most: int, whole: bool
) -> None:
    """As in a large library, of whose papers from a year only some are among the nearest of all."""
    monkeypatch.setattr("rag.answering.assistant.MOST_FILTERED", most)
    monkeypatch.setattr("rag.answering.assistant.LIST_HITS", 1)
    said = chat.ask("Which papers from 2021 are not about cancer?").text
    assert said.startswith("2 of 3 papers" if whole else "At most 2 of 3 papers")


@pytest.mark.parametrize(
    "question",
    [
        "Which papers from 2020 are about cancer?",
        "cancer papers until 2020",
        "Which papers published before 2021 deal with cancer?",
    ],
)
def test_a_year_is_no_word_that_papers_of_that_year_must_have(chat: Paperchat, question: str) -> None:
    assert cited(chat, question) == {"cancer1"}


@pytest.mark.parametrize(
    "question",
    ["papers from 2021 on cancer", "papers from 2021", "newest papers", "Which papers from 2021 are not about cancer?"],
)
def test_where_no_year_is_known_that_is_said(tmp_path: Path, question: str) -> None:
    with open_library(tmp_path, settings=own_library(tmp_path, bundled=False)) as undated:
        undated.add([replace(paper, year=None) for paper in PAPERS])
        answer = undated.ask(question)
    assert (answer.status, answer.refusal and answer.refusal.code) == ("not_found", "unknown_years")


def test_papers_of_unknown_years_are_told_beside_a_list_of_one_year(tmp_path: Path) -> None:
    with open_library(tmp_path, settings=own_library(tmp_path, bundled=False)) as chat:
        chat.add([*PAPERS, Paper("cancer3", "More cancer", "We treat cancer with a network.")])
        answer = chat.ask("papers from 2020 on cancer")
    assert {one.paper.id for one in answer.citations} == {"cancer1"}
    assert answer.text.endswith("1 paper of the collection has no known year and could not be considered.")


def test_papers_of_a_year_that_deal_with_something_are_counted(chat: Paperchat) -> None:
    answer = chat.ask("How many papers from 2020 deal with cancer?")
    assert answer.text.startswith("1 paper found:")
    assert chat.ask("How many papers from 2021 are not about cancer?").text.startswith("2 of 3 papers")
    within = chat.assistant.planner.plan("How many papers from 2020 were included in this review?")
    assert within.filters is None


def test_the_positive_twin_lists_the_others(chat: Paperchat) -> None:
    assert cited(chat, "Which papers are about cancer?") == {"cancer1", "cancer2"}


def test_of_many_papers_a_first_page_is_listed_and_the_number_left_out_is_told() -> None:
    many = [Paper(f"p{place}", f"Paper {place}", "We do something.", year=2020) for place in range(40)]
    found = rest(PaperList(many), Limits(), {"p0", "p1"}, whole=True)
    assert (found.count, found.everything, len(found.papers)) == (38, 40, LIST_PAPERS)
    assert found.papers[0].id == "p2"
    blocks = found.blocks("maps", "en")
    assert (blocks[0].plain, blocks[-1].plain) == (
        "38 of 40 papers do not deal with “maps”, as far as titles and abstracts tell:",
        "26 more are not listed here. Ask “More” for the next ones, or “Show all”.",
    )


def test_where_not_all_could_be_looked_at_the_number_is_the_most() -> None:
    many = [Paper(f"p{place}", f"Paper {place}", "We do something.") for place in range(40)]
    blocks = rest(PaperList(many), None, {"p0"}, whole=False).blocks("Karten", "de")
    assert blocks[0].plain.startswith("Höchstens 39 von 40 Arbeiten")
    assert len(blocks) == 1 + LIST_PAPERS
