"""The assistant as a program meets it: options, and the events of an answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import open_library
from rag.answering.assistant import _refused
from rag.citations import Draft
from rag.paperchat import Paperchat
from rag.types import AskOptions, Finished, Paper, PastTurn, Refusal, Searched

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


def test_a_place_beyond_the_papers_cited_is_refused_by_their_names(paperchat: Paperchat) -> None:
    compared = paperchat.ask("Compare MgNO with NoProp")
    past = PastTurn(compared.question, tuple(dict.fromkeys(citation.paper.id for citation in compared.citations)))
    answer = paperchat.ask("what about the third one?", [past])
    assert answer.refusal is not None
    assert (answer.refusal.code, answer.refusal.names) == ("too_few_cited", ("MgNO", "NoProp"))
    assert "“MgNO”, “NoProp”" in answer.text
    assert answer.standalone_question == "what about the third one?"


def test_both_papers_of_a_comparison_have_their_record_told(paperchat: Paperchat) -> None:
    compared = paperchat.ask("Compare MgNO with NoProp")
    history = [PastTurn(compared.question, tuple(dict.fromkeys(citation.paper.id for citation in compared.citations)))]
    authors = paperchat.ask("Who wrote them?", history)
    assert "Juncai He" in authors.text
    assert "Qinyu Li" in authors.text
    years = paperchat.ask("and when?", [*history, PastTurn(authors.standalone_question)])
    assert "2024" in years.text
    assert "2025" in years.text
    newer = paperchat.ask("which of the two is newer?", [*history, PastTurn(authors.standalone_question)])
    assert newer.text == years.text


def test_of_a_list_the_newer_paper_is_told_by_the_records(paperchat: Paperchat) -> None:
    one, other = (next(paper for paper in paperchat.papers() if paper.year == year) for year in (2021, 2024))
    past = PastTurn("Which papers deal with graphs?", (one.id, other.id))
    assert {hit.paper.id for hit in paperchat.ask("which one is newer?", [past]).hits} == {other.id}
    assert {hit.paper.id for hit in paperchat.ask("and which one is older?", [past]).hits} == {one.id}


def test_papers_that_are_described_have_their_years_compared(paperchat: Paperchat) -> None:
    answer = paperchat.ask("Which is newer, the MgNO paper or the one on NoProp?")
    assert answer.citations == ()
    assert "2024" in answer.text
    assert "2025" in answer.text


def test_a_count_of_the_papers_of_the_last_answer_says_which_they_are(paperchat: Paperchat) -> None:
    first = "Which papers deal with graphs?"
    listed = [paper for paper in paperchat.papers() if paper.year in (2021, 2024)][:5]
    answer = paperchat.ask("How many of those are from 2024?", [PastTurn(first, tuple(paper.id for paper in listed))])
    meant = [paper for paper in listed if paper.year == 2024]
    assert answer.text.startswith(f"{len(meant)} of 5 papers ")
    assert {citation.paper for citation in answer.citations} == set(meant)


def test_a_refusal_about_papers_of_the_last_answer_does_not_speak_of_the_collection(paperchat: Paperchat) -> None:
    past = PastTurn("Which papers deal with graphs?", tuple(paper.id for paper in paperchat.papers()[:3]))
    answer = paperchat.ask("which of them are about photosynthesis in ferns?", [past])
    assert answer.refusal is not None
    assert answer.refusal.code == "none_of_cited"
    assert "collection" not in answer.text.partition("Closest")[0]


def test_no_word_is_said_to_be_missing_that_a_nearest_paper_has(paperchat: Paperchat) -> None:
    hits = paperchat.ask("Which papers deal with hypergraphs?").hits
    word = hits[1].paper.title.split()[-1]
    refused = _refused(Draft(refusal=Refusal("term_not_mentioned", (word,))), hits)
    assert (refused.code, refused.names) == ("silent", ())
    kept = _refused(Draft(refusal=Refusal("term_not_mentioned", ("zinc",))), hits)
    assert (kept.code, kept.names, kept.nearest[0]) == ("term_not_mentioned", ("zinc",), hits[0].paper)


def test_code_asked_in_a_follow_up_is_refused_where_none_is_given(paperchat: Paperchat) -> None:
    paper = next(paper for paper in paperchat.papers() if paper.title.startswith("NoProp"))
    answer = paperchat.ask("Is there code?", [PastTurn("What does NoProp do?", (paper.id,))])
    assert answer.refusal is not None
    assert answer.refusal.code == "no_code"


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


PILLS = Paper(
    "title:pills",
    "Phenylzinamine and the risk of stroke among patients of nine hospitals",
    "Phenylzinamine is found in slimming pills and in cold remedies. The results suggest that phenylzinamine raises the risk of stroke in women. "
    "An analysis in men showed that phenylzinamine does not raise the risk of stroke.",
)


@pytest.fixture(scope="module")
def pills(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paperchat]:
    with open_library(tmp_path_factory.mktemp("pills") / "library") as opened:
        opened.add([PILLS])
        yield opened


ASKED_OF_PILLS = "Does phenylzinamine raise the risk of stroke in women?"


def past(paperchat: Paperchat, *questions: str) -> list[PastTurn]:
    turns: list[PastTurn] = []
    for question in questions:
        answer = paperchat.ask(question, turns)
        turns.append(PastTurn(question, tuple(dict.fromkeys(citation.paper.id for citation in answer.citations))))
    return turns


def test_an_elliptic_question_is_answered_for_what_it_turns_to(pills: Paperchat) -> None:
    answer = pills.ask("And in men?", past(pills, ASKED_OF_PILLS))
    assert answer.citations[0].quote.startswith("An analysis in men")


def test_a_group_that_the_paper_does_not_mention_is_refused(pills: Paperchat) -> None:
    answer = pills.ask("And in children?", past(pills, ASKED_OF_PILLS))
    assert answer.refusal is not None
    assert (answer.refusal.code, answer.refusal.names) == ("term_not_mentioned", ("children",))


def test_why_is_not_answered_by_the_sentence_whose_reason_it_asks_for(pills: Paperchat) -> None:
    before = past(pills, ASKED_OF_PILLS)
    said = pills.ask(ASKED_OF_PILLS).citations[0].quote
    assert said not in [citation.quote for citation in pills.ask("Why?", before).citations]
