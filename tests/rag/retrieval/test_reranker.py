"""The learned reader ranks what late interaction found, and says whether any of it answers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from fakes import WordHashEncoder, WordPassageReader

from rag.query.plan import QueryPlan
from rag.retrieval.reranker import HELD, MOST_ODDS, SENTENCES, Ranked, Reranker, around
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.types import Hit, Paper, Passage, Span

BEES = Paper("bees", "Winter Bees", "Bees sing at dusk. Their weight is hard to measure. A scale weighs bees in flight at dusk.")


def matches(text: str) -> list[object]:
    return SentenceRanker(WordHashEncoder(512)).matches(
        QueryPlan(text, "fact"), [Hit(Passage("none", BEES, Span(0, 0)), 0.5, "both")]
    )  # type: ignore[return-value]


def test_the_sentence_that_answers_comes_first_and_carries_its_odds() -> None:
    ranked = Reranker(WordPassageReader()).rank("a scale weighs bees in flight", matches("dusk"))  # type: ignore[arg-type]
    assert ranked.matches[0].text == "A scale weighs bees in flight at dusk."
    assert ranked.matches[0].answers == 4.0
    assert len(ranked.matches) == 3


def test_the_papers_of_the_best_candidates_are_read_whole_and_the_rest_stays_behind_them() -> None:
    wasps = Paper("wasps", "Summer Wasps", "Wasps hum at noon. Their nests are of paper.")
    found = SentenceRanker(WordHashEncoder(512)).matches(
        QueryPlan("bees sing", "fact"), [Hit(Passage("none", paper, Span(0, 0)), 0.5, "both") for paper in (wasps, BEES)]
    )
    reader = WordPassageReader()
    ranked = Reranker(reader, candidates=1).rank("bees sing", found)
    assert [[sentence for _, sentence in sentences] for _, sentences in reader.asked] == [
        ["Bees sing at dusk.", "Their weight is hard to measure.", "A scale weighs bees in flight at dusk."]
    ]
    assert [match.answers is None for match in ranked.matches] == [False, False, False, True, True]


def test_of_an_endless_paper_only_what_is_around_its_best_candidate_is_read() -> None:
    long = Paper(
        "long", "Endless", " ".join(f"Sentence {number} says nothing." for number in range(60)) + " Bees sing. Bees hum."
    )
    found = SentenceRanker(WordHashEncoder(512)).matches(
        QueryPlan("bees sing", "fact"), [Hit(Passage("none", long, Span(0, 0)), 0.5, "both")]
    )
    own = around(found[0], found)
    assert len(own) == SENTENCES
    assert [match.text for match in own[-2:]] == ["Bees sing.", "Bees hum."]


def test_how_surely_anything_answers_is_the_log_of_the_summed_odds() -> None:
    ranked = Reranker(WordPassageReader(0)).rank("bees", matches("bees"))  # type: ignore[arg-type]
    odds = [match.answers for match in ranked.matches if match.answers is not None]
    assert ranked.answered == pytest.approx(math.log(sum(math.exp(one) for one in odds)))


def test_nothing_read_is_a_sure_no_within_bounds() -> None:
    assert set(Reranker(WordPassageReader()).rank("bees", []).signs.values()) == {-MOST_ODDS}
    assert Ranked((), 99.0).signs["answered"] == MOST_ODDS


class SilentReader(WordPassageReader):
    """Finds that all sentences say nothing but those on song."""

    def verdicts(self, claim: str, sentences: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        return [(0.8, 0.1, 0.1) if "sing" in sentence else (0.0, 1.0, 0.0) for _, sentence in sentences]


def test_the_best_sentences_are_held_against_the_question_one_by_one_and_ranked_anew() -> None:
    ducks = Paper("ducks", "Ducks", "Ducks at dusk swim. Ducks at dusk sing. Ducks eat. Ducks sleep. Ducks walk.")
    found = SentenceRanker(WordHashEncoder(512)).matches(
        QueryPlan("ducks at dusk swim", "fact"), [Hit(Passage("none", ducks, Span(0, 0)), 0.5, "both")]
    )
    ranked = Reranker(SilentReader()).rank("ducks at dusk swim", found)
    assert ranked.matches[0].text == "Ducks at dusk sing."
    assert [match.stance is not None for match in ranked.matches] == [True] * HELD + [False]
    assert ranked.signs["affirmed"] == pytest.approx(math.log(4))
    assert ranked.signs["denied"] == pytest.approx(-math.log(9))


def test_the_same_question_is_read_once_and_a_changed_abstract_anew() -> None:
    reader = WordPassageReader()
    reranker = Reranker(reader)
    first, again = (reranker.rank("a scale weighs bees", matches("dusk")) for _ in range(2))  # type: ignore[arg-type]
    assert [(match.text, match.answers) for match in again.matches] == [(match.text, match.answers) for match in first.matches]
    assert again.signs == first.signs
    assert len(reader.asked) == 1
    reranker.rank("a scale weighs wasps", matches("dusk"))  # type: ignore[arg-type]
    changed = Paper("bees", "Winter Bees", "Bees sing at dawn.")
    found = SentenceRanker(WordHashEncoder(512)).matches(
        QueryPlan("dusk", "fact"), [Hit(Passage("none", changed, Span(0, 0)), 0.5, "both")]
    )
    assert [match.text for match in reranker.rank("a scale weighs bees", found).matches] == ["Bees sing at dawn."]
    assert len(reader.asked) == 3


def test_no_more_than_so_many_readings_are_remembered() -> None:
    reader = WordPassageReader()
    reranker = Reranker(reader, remembered=2)
    for question in ("one", "two", "three", "one"):
        reranker.rank(question, matches("dusk"))  # type: ignore[arg-type]
    assert len(reader.asked) == 4


ASKING = Paper("asking", "Singing Bees", "Do bees sing at dusk? Bees were silent after sunset.")


def asking(text: str) -> Ranked:
    found = SentenceRanker(WordHashEncoder(512)).matches(
        QueryPlan(text, "fact"), [Hit(Passage("none", ASKING, Span(0, 0)), 0.5, "both")]
    )
    return Reranker(WordPassageReader()).rank(text, found)


def test_what_an_abstract_asks_answers_nothing_and_does_not_count_as_an_answer() -> None:
    ranked = asking("do bees sing at dusk")
    assert [match.text for match in ranked.matches] == ["Bees were silent after sunset."]
    assert ranked.answered == ranked.matches[0].answers


def test_what_an_abstract_asks_is_quoted_where_its_question_is_asked_for() -> None:
    assert asking("which question about bees that sing").matches[0].text == "Do bees sing at dusk?"


def test_an_abstract_that_only_asks_keeps_its_question() -> None:
    only = Paper("only", "Bees", "Do bees sing at dusk?")
    found = SentenceRanker(WordHashEncoder(512)).matches(
        QueryPlan("bees", "fact"), [Hit(Passage("none", only, Span(0, 0)), 0.5, "both")]
    )
    assert Reranker(WordPassageReader()).rank("bees", found).matches[0].text == "Do bees sing at dusk?"


AIMING = Paper("aiming", "Singing Bees", "To determine whether bees sing at dusk. Bees were silent after sunset.")


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("do bees sing at dusk", "Bees were silent after sunset."),
        ("does the study determine whether bees sing at dusk", "To determine whether bees sing at dusk."),
        ("which animals sing at dusk", "To determine whether bees sing at dusk."),
    ],
)
def test_what_was_to_be_found_out_is_no_finding(question: str, first: str) -> None:
    found = SentenceRanker(WordHashEncoder(512)).matches(
        QueryPlan(question, "fact"), [Hit(Passage("none", AIMING, Span(0, 0)), 0.5, "both")]
    )
    assert Reranker(WordPassageReader()).rank(question, found).matches[0].text == first
