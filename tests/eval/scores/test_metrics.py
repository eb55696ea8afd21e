from __future__ import annotations

from dataclasses import replace

import pytest
from samples.scored import ANTS, BEES, DANCE, FASTER, FLIES, NIGHT, WASPS, WHOLE, answer, case, whole

from eval.cases.reading import GoldSentence
from eval.scores import metrics
from eval.scores.metrics import Listed
from rag.types import Citation, Claim, Paper, Span


def test_any_gold_paper_among_the_first_hits_counts() -> None:
    found = answer(hits=(ANTS, FLIES, BEES))
    assert metrics.gold_among_hits(case(), found) == 1.0
    assert metrics.gold_among_hits(case(), found, first=2) == 0.0
    assert metrics.gold_among_hits(case(papers=("wasps", "ants")), found) == 1.0
    assert metrics.gold_among_hits(case("unanswerable", papers=()), found) is None


def test_all_gold_papers_are_asked_for_only_where_there_are_several_that_fit() -> None:
    found = answer(hits=(ANTS, FLIES, BEES))
    assert metrics.all_gold_among_hits(case("compare", ("bees", "ants")), found) == 1.0
    assert metrics.all_gold_among_hits(case("compare", ("bees", "wasps")), found) == 0.0
    assert metrics.all_gold_among_hits(case(), found) is None
    assert metrics.all_gold_among_hits(case("list", ("bees", "ants", "flies")), found, first=2) is None


def test_the_first_sentence_is_gold_if_it_is_any_of_the_gold_ones() -> None:
    gold = case(sentences=(GoldSentence("bees", DANCE.of(BEES.abstract)), GoldSentence("bees", NIGHT.of(BEES.abstract))))
    assert metrics.gold_sentence_cited(gold, answer((BEES, NIGHT), (BEES, FASTER)), 1) == 1.0
    assert metrics.gold_sentence_cited(gold, answer((BEES, FASTER), (BEES, NIGHT)), 1) == 0.0
    assert metrics.gold_sentence_cited(gold, answer((BEES, FASTER), (BEES, NIGHT)), 3) == 1.0
    assert metrics.gold_sentence_cited(gold, answer((BEES, FASTER), *whole(ANTS, FLIES), (BEES, DANCE)), 3) == 0.0


def test_a_refusal_cites_no_gold_sentence_and_only_points_are_asked() -> None:
    gold = (GoldSentence("bees", DANCE.of(BEES.abstract)),)
    assert metrics.gold_sentence_cited(case(sentences=gold), answer(), 1) == 0.0
    assert metrics.gold_sentence_cited(case("summary", sentences=gold), answer((BEES, DANCE)), 1) is None
    assert metrics.gold_sentence_cited(case(), answer((BEES, DANCE)), 1) is None


def test_the_order_is_that_of_the_text_and_a_second_citing_counts_once() -> None:
    first, second = Citation(1, BEES, DANCE), Citation(2, ANTS, WHOLE[ANTS])
    claims = (Claim("From the records."), Claim("b", (2,)), Claim("b again", (2, 1)), Claim("lost", (9,)))
    found = replace(answer((BEES, DANCE)), claims=claims, citations=(first, second))
    assert metrics.cited_in_order(found) == [second, first]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span(12, 36), True),
        (Span(12, 35), True),  # the full stop left out
        (Span(12, 24), True),  # half of it
        (Span(12, 23), False),  # less than half
        (Span(0, 36), True),  # 24 of 36 characters in common
        (Span(0, 59), False),  # the whole abstract: 24 of 59
        (Span(37, 59), False),
    ],
)
def test_a_quote_is_gold_by_the_stretch_it_shares(span: Span, expected: bool) -> None:
    gold = case(sentences=(GoldSentence("bees", "They do so in the night."),))
    assert metrics.is_gold(gold, Citation(1, BEES, span)) is expected


def test_a_gold_sentence_counts_at_each_of_its_places_and_in_its_own_paper_only() -> None:
    twice = Paper("bees", "On bees", "Bees dance. Flies fly. Bees dance.")
    gold = case(sentences=(GoldSentence("bees", "Bees dance."),))
    assert metrics.is_gold(gold, Citation(1, twice, Span(23, 34)))
    assert not metrics.is_gold(gold, Citation(1, replace(twice, id="other"), Span(0, 11)))


def test_a_list_is_scored_without_the_acceptable_papers() -> None:
    gold = case("list", ("bees", "ants"), acceptable=("flies",))
    assert metrics.listed(gold, answer(*whole(BEES, FLIES, WASPS))) == Listed(1 / 2, 1 / 2, 1 / 2)
    assert metrics.listed(gold, answer(*whole(BEES, ANTS, FLIES))) == Listed(1.0, 1.0, 1.0)
    assert metrics.listed(gold, answer(*whole(BEES))) == Listed(1.0, 1 / 2, 2 / 3)
    assert metrics.listed(gold, answer(*whole(WASPS))) == Listed(0.0, 0.0, 0.0)


def test_a_list_of_nothing_that_counts_has_no_precision() -> None:
    gold = case("list", ("bees", "ants"), acceptable=("flies",))
    assert metrics.listed(gold, answer()) == Listed(None, 0.0, 0.0)
    assert metrics.listed(gold, answer(*whole(FLIES))) == Listed(None, 0.0, 0.0)
    assert metrics.listed(case("collection", ()), answer()) is None


def test_papers_cited_are_counted_as_a_share() -> None:
    gold = case("summary", ("bees", "ants", "wasps"))
    found = answer(*whole(BEES, FLIES, ANTS))
    assert metrics.share_cited(gold, found) == pytest.approx(2 / 3)
    assert metrics.share_cited(case("collection", ()), found) is None


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("8x", "It is 18x faster.", False),
        ("18x", "It is 18X faster.", True),
        ("58", "There are 58.", True),
        ("58", "There are 580.", False),
        ("58", "There are 5,58.", False),
        ("3", "It took 3.5 days.", False),
        ("3.5", "It took 3.5.", True),
        ("5", "It took 3.5 days.", False),
        ("82.5%", "82.5%, they say", True),
        ("art", "That is smart.", False),
        ("sheaf", "Sheaf-based and sheafs", True),
        ("visual area", "a visual\n area", True),
        ("i.e.(", "so, i.e.( that", True),
    ],
)
def test_a_key_stands_as_a_word_or_number_of_its_own(form: str, text: str, expected: bool) -> None:
    found = metrics.keys_found(case(answer=((form,),)), answer((BEES, DANCE), text=text))
    assert found == float(expected)


def test_all_keys_are_needed_each_in_one_of_its_forms() -> None:
    gold = case(answer=(("dance", "dancing"), ("night", "dark")))
    assert metrics.keys_found(gold, answer((BEES, DANCE), (BEES, NIGHT))) == 1.0
    assert metrics.keys_found(gold, answer((BEES, DANCE))) == 0.0
    assert metrics.keys_found(case(), answer((BEES, DANCE))) is None


def test_a_refusal_is_right_or_false_by_what_the_papers_hold() -> None:
    refusal, told = answer(text="The papers do not say."), answer((BEES, DANCE))
    for silent in (case("unanswerable", ()), case("hostile", ())):
        assert (metrics.rightly_refused(silent, refusal), metrics.rightly_refused(silent, told)) == (1.0, 0.0)
        assert metrics.falsely_refused(silent, refusal) is None
    for answerable in (case(), case("hostile"), case("collection", ())):
        assert (metrics.falsely_refused(answerable, refusal), metrics.falsely_refused(answerable, told)) == (1.0, 0.0)
        assert metrics.rightly_refused(answerable, refusal) is None


def test_that_a_collection_holds_none_may_be_said_as_a_refusal() -> None:
    none = case("collection", (), answer=(("no paper", "none"),))
    assert metrics.falsely_refused(none, answer(text="There is no paper by her.")) == 0.0
    assert metrics.falsely_refused(none, answer(text="I do not know.")) == 1.0
