"""The harness on a few damaged answers of the bundled cases; `python -m eval.checker.mutations` does it on a hundred each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from samples.judges import Containing
from samples.scored import ANTS, BEES, BY_ID, DANCE, NIGHT, answer, case, whole

from eval.cases.reading import GoldSentence, bundled_cases
from eval.checker.damage import DAMAGES, Damage, plain
from eval.checker.mutations import Caught, measure, table
from eval.checker.mutations import caught as caught_by
from eval.scores.measures import DIRECTIONS
from rag.build import open_library
from rag.grounding.checker import GroundingChecker

GOLD = case(sentences=(GoldSentence("bees", "Bees dance."),))
BY_NAME = {damage.name: damage for damage in DAMAGES}


@pytest.fixture(scope="module")
def caught(bundled_home: Path) -> Sequence[Caught]:
    with open_library(bundled_home, readonly=True) as chat:
        cases = [one for one in bundled_cases("dev") if one.kind in ("fact", "method")][:120]
        answered = [(one, chat.ask(one.question)) for one in cases]
        papers = {paper.id: paper for paper in chat.papers()}
        return measure(answered, papers, GroundingChecker(chat.word_encoder), 5)


def test_there_are_twelve_and_they_name_scores_that_exist() -> None:
    assert len(BY_NAME) == 12
    for damage in DAMAGES:
        assert damage.must
        assert damage.must | damage.may <= set(DIRECTIONS)


@pytest.mark.parametrize("place", range(12), ids=list(BY_NAME))
def test_each_damage_moves_what_it_should_and_no_other_score(caught: Sequence[Caught], place: int) -> None:
    one = caught[place]
    assert one.answers >= 4  # of few sentences is the figure to change
    assert one.moved >= one.answers - 1, one.missed
    assert one.alone == one.answers, one.strayed


def test_a_score_that_is_blind_or_jumpy_is_found_out() -> None:
    blind = Damage("blind", BY_NAME["duplicated"].do, frozenset({"refusal"}), frozenset())
    (found,) = measured_by(blind)
    assert (found.answers, found.moved, found.alone, found.good) == (1, 0, 0, False)
    assert set(found.strayed) == {"repeated", "sentences", "words"}
    assert "not seen: one" in table([found])


def measured_by(damage: Damage) -> list[Caught]:
    own = answer((BEES, DANCE), (BEES, NIGHT))
    return [caught_by(damage, [(GOLD, own)], BY_ID, Containing(), 1)]


def test_what_a_damage_cannot_be_done_to_is_left_alone() -> None:
    own = answer((BEES, NIGHT))
    for name in ("number", "name", "swapped citation", "dropped sentence", "shuffled"):
        assert BY_NAME[name].do(GOLD, own, BY_ID) is None, name
    assert BY_NAME["refusal"].do(case("unanswerable", ()), own, BY_ID) is None
    assert plain(answer(text="The papers do not say.")) is None
    assert plain(replace(own, claims=(replace(own.claims[0], citations=()),))) is None


def test_the_words_change_in_text_and_claim_alike() -> None:
    own = answer((BEES, DANCE), *whole(ANTS))
    damaged = BY_NAME["swapped citation"].do(GOLD, own, BY_ID)
    assert damaged is not None
    assert damaged.text == "Bees dance. [2] Ants walk in lines. [1]"
    assert [claim.citations for claim in damaged.claims] == [(2,), (1,)]
