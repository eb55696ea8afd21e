"""The assistant as a program meets it: options, and the events of an answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import open_library
from rag.paperchat import Paperchat
from rag.types import AskOptions, Finished, PastTurn, Searched

QUESTION = "How does NoProp train a layer?"


@pytest.fixture(scope="module")
def paperchat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paperchat]:
    with open_library(tmp_path_factory.mktemp("assistant") / "library") as opened:
        yield opened


def test_the_last_event_is_the_answer_and_the_first_says_what_was_found(paperchat: Paperchat) -> None:
    first, *_, last = paperchat.stream(QUESTION)
    assert isinstance(first, Searched)
    assert isinstance(last, Finished)
    assert last.answer.hits == first.hits


def test_within_a_scope_no_other_paper_is_cited_or_found(paperchat: Paperchat) -> None:
    everywhere = paperchat.ask("Which papers deal with graphs?")
    inside = frozenset(citation.paper.id for citation in everywhere.citations[:2])
    answer = paperchat.ask("Which papers deal with graphs?", options=AskOptions(scope=inside))
    assert answer.status == "answered"
    assert {citation.paper.id for citation in answer.citations} <= inside
    assert {hit.paper.id for hit in answer.hits} == inside


def test_which_of_them_asks_for_papers_of_the_last_answer_alone(paperchat: Paperchat) -> None:
    first = "Which papers deal with graphs?"
    listed = tuple(dict.fromkeys(citation.paper.id for citation in paperchat.ask(first).citations))
    answer = paperchat.ask("and which of these deal with hypergraphs?", [PastTurn(first, listed)])
    assert answer.status == "answered"
    assert {hit.paper.id for hit in answer.hits} <= set(listed)
    assert "ypergraph" in answer.text
    assert "2 papers" in paperchat.ask("how many of them are there?", [PastTurn(first, listed[:2])]).text


def test_a_scope_counts_for_questions_about_the_collection(paperchat: Paperchat) -> None:
    inside = frozenset(paper.id for paper in paperchat.papers()[:3])
    assert "3 papers" in paperchat.ask("How many papers are there?", options=AskOptions(scope=inside)).text


def test_what_only_a_paper_outside_the_scope_says_is_not_found(paperchat: Paperchat) -> None:
    said_by = paperchat.ask(QUESTION).citations[0].paper.id
    others = frozenset(paper.id for paper in paperchat.papers()[:6] if paper.id != said_by)
    answer = paperchat.ask(QUESTION, options=AskOptions(scope=others))
    assert answer.status == "not_found"
    assert {hit.paper.id for hit in answer.hits} <= others


def test_the_number_of_sources_may_be_chosen(paperchat: Paperchat) -> None:
    assert len(paperchat.ask(QUESTION, options=AskOptions(sources=7)).hits) == 7


def test_an_iterator_that_is_closed_early_leaves_the_library_usable(paperchat: Paperchat) -> None:
    events = paperchat.stream(QUESTION)
    next(events)
    events.close()
    assert paperchat.ask(QUESTION).status == "answered"
