"""Lists of papers: what looks like one and asks for one point, the reverse, and lists of what no paper deals with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from samples.small_library import BEES, MAPS, RIVERS

from rag.abstention.classifier import model, probability
from rag.answering.listing import apart, list_signs, nothing_listed, on_one_point, point_signs
from rag.build import open_library
from rag.ingestion.bundled import bundled_papers
from rag.paperchat import Paperchat
from rag.retrieval.reranker import MOST_ODDS
from rag.retrieval.sentence_ranker import Match
from rag.settings import own_library
from rag.text.sentence_roles import Part
from rag.text.words import fold
from rag.types import Evidence, Hit, Paper, Passage, Span


def match(paper: Paper, answers: float | None, cosine: float = 0.5) -> Match:
    """A sentence with the reader's log-odds that it answers, and the cosine of what is asked."""
    hit = Hit(Passage(paper.id, paper, Span(0, 5)), 1.0, "words")
    return Match(Evidence(paper, Span(0, 5)), Part("approach", 1.0), 0, {"bees": cosine}, cosine, hit, answers)


def test_the_signs_are_the_best_sentence_the_best_of_another_paper_and_how_many_papers_deal_with_it() -> None:
    read = [match(BEES, 2.0), match(BEES, 3.0), match(MAPS, -4.0), match(MAPS, -1.0), match(RIVERS, None)]
    assert point_signs(read, 2) == {"best": 3.0, "second": -1.0, "dealing": 2.0}
    assert point_signs(read, 2).keys() == model("one_point").weights.keys()


@pytest.mark.parametrize(("odds", "best"), [((), -MOST_ODDS), ((99.0,), MOST_ODDS)])
def test_what_was_not_read_does_not_answer_and_odds_are_bounded(odds: tuple[float, ...], best: float) -> None:
    assert point_signs([match(BEES, told) for told in odds], 0) == {"best": best, "second": -MOST_ODDS, "dealing": 0.0}


def test_where_only_one_paper_answers_it_is_one_point_and_where_several_do_it_is_a_list() -> None:
    assert on_one_point([match(BEES, 4.0), match(MAPS, -6.0)], 2)
    assert not on_one_point([match(BEES, 1.0), match(MAPS, 0.5), match(RIVERS, 0.0)], 5)


def held(word: str) -> bool:
    return word != "quasars"


def test_a_list_of_nothing_is_told_by_the_reader_by_nearness_and_by_the_words_that_are_missing() -> None:
    found = list_signs(-3.0, [match(BEES, None, 0.4)], ["quasars", "bees"], held)
    assert found == {"best": -3.0, "meaning": 0.4, "apart": 1.0, "held apart": 0.0}
    weighing = model("nothing_listed")
    assert found.keys() == weighing.weights.keys()
    surely = probability(found, weighing)
    assert probability({**found, "best": 3.0}, weighing) < surely
    assert probability({**found, "meaning": 0.9}, weighing) < surely
    assert probability({**found, "best": -9.0}, weighing) > surely


def test_where_no_paper_was_found_or_nothing_is_asked_no_list_is_one_of_nothing() -> None:
    assert not nothing_listed(-12.0, [], ["quasars"], held)
    assert not nothing_listed(-12.0, [match(BEES, None)], [], held)
    assert nothing_listed(-12.0, [match(BEES, None, -1.0)], ["quasars"], held)


@pytest.mark.parametrize(
    ("asked", "abstract", "share"),
    [
        ("language models", "Models of language are compared.", 0.0),
        ("language models", "We model rivers. The language is plain.", 1.0),
        ("glioma segmentation", "Segmentation of images with glioma is hard.", 0.0),
        ("large language models", "A large language corpus is used to model rivers.", 0.5),
        ("brain MRI", "We read MRIs of the brain.", 0.0),
        ("PINNs", "Physics-informed neural networks are trained.", 0.0),
        ("video", "Visual data entry is slow.", 1.0),
        ("video", "Videos are slow.", 0.0),
    ],
)
def test_words_of_a_topic_stand_apart_where_no_sentence_has_them_near_each_other(asked: str, abstract: str, share: float) -> None:
    assert apart([fold(word) for word in asked.split()], Paper("1", "Notes", abstract)) == share


def test_where_no_paper_deals_with_it_one_point_is_asked_only_if_the_reader_finds_an_answer() -> None:
    assert on_one_point([match(BEES, 4.0)], 0)
    assert not on_one_point([match(BEES, -2.0)], 0)
    assert on_one_point([match(BEES, -2.0)], 1)
    assert not on_one_point([match(BEES, -2.0)], 1, nothing=True)


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paperchat]:
    home = tmp_path_factory.mktemp("bundled")
    with open_library(home, settings=own_library(home, bundled=False)) as chat:
        chat.add(bundled_papers())
        yield chat


@pytest.mark.parametrize(
    "question",
    [
        "Which papers are about graph neural networks?",
        "papers on physics-informed networks",
        "Which papers use GPUs?",
        "Summarize hypergraphs",
        "Summarise what is known on PINNs",
    ],
)
def test_what_the_papers_deal_with_is_listed_and_summarised(bundled: Paperchat, question: str) -> None:
    assert bundled.ask(question).status == "answered"


@pytest.mark.parametrize(
    "question",
    [
        "Which papers deal with protein folding?",
        "papers on speech recognition",
        "protein folding",
        "Which papers are about video?",
        "Which papers deal with video generation?",
        "Summarize the papers on speech recognition",
        "Compare the papers on speech recognition",
    ],
)
def test_what_no_paper_deals_with_is_refused(bundled: Paperchat, question: str) -> None:
    answer = bundled.ask(question)
    assert (answer.status, answer.claims) == ("not_found", ())
    assert answer.refusal is not None
    assert answer.refusal.code == "nothing_found"
