"""Formulas worked by hand, with a checker that supports what stands in its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from samples.judges import Containing
from samples.scored import ANTS, BEES, BY_ID, DANCE, FASTER, NIGHT, answer, case, whole

from eval.cases.reading import GoldSentence
from eval.scores.answer_level import Prices, price
from eval.scores.claim_verdicts import Judged, judge, sentences_said
from eval.scores.measures import DIRECTIONS, MEASURES
from eval.scores.scorer import failed, measured
from eval.types import Score
from rag.citations import FROM_RECORDS
from rag.types import Answer, Citation, Claim, Paper


def judged(own: Answer, **fields: Any) -> Judged:
    return judge(case(**fields), own, BY_ID, Containing())


def score(name: str, own: Answer, **fields: Any) -> Score:
    found = MEASURES[name](judged(own, **fields))
    assert found is not None
    assert found.name == name
    return found


def told(
    *claims: tuple[str, tuple[int, ...]], cited: Sequence[tuple[Paper, Any]] = ((BEES, DANCE), (BEES, NIGHT), (BEES, FASTER))
) -> Answer:
    """An answer in other words than the papers'."""
    text = " ".join(f"{text} {''.join(f'[{number}]' for number in numbers)}".strip() for text, numbers in claims)
    return replace(answer(*cited), text=text, claims=tuple(Claim(text, numbers) for text, numbers in claims))


def test_every_measure_has_a_direction_and_the_name_of_its_score() -> None:
    assert set(MEASURES) < set(DIRECTIONS)
    own = replace(answer((BEES, DANCE), hits=(BEES,)), usage={"prompt_tokens": 3, "completion_tokens": 1})
    names = {
        one.name
        for fields in (
            {"papers": ("bees", "ants"), "sentences": (GoldSentence("bees", "Bees dance."),), "answer": (("dance",),)},
            {"kind": "list"}, {"kind": "compare", "papers": ("bees", "ants")}, {"kind": "unanswerable", "papers": ()},
        )
        for one in measured(judged(own, **fields))
    }  # fmt: skip
    assert names == set(MEASURES)


# ALCE, worked by hand. Quotes: [1] Bees dance. [2] They do so in the night. [3] 18x faster than flies.
def test_citation_recall_is_the_share_of_sentences_that_all_their_citations_together_support() -> None:
    own = told(("Bees dance in the night", (1, 2)), ("Bees sing", (1,)), ("Bees dance", ()), ("18x faster", (3,)))
    assert score("citation_recall", own) == Score("citation_recall", 0.5, "2 of 4 sentences supported by what they cite", 4)


def test_a_citation_is_precise_if_it_supports_alone_or_is_needed() -> None:
    # [1][2] are both needed; of [1][3] in “Bees dance” [3] is not; “Bees sing” is unsupported, so its citation is not precise.
    own = told(("Bees dance in the night", (1, 2)), ("Bees dance", (1, 3)), ("Bees sing", (1,)))
    assert score("citation_precision", own) == Score("citation_precision", 3 / 5, "3 of 5 citations needed by their sentences", 5)


def test_a_citation_that_supports_alone_is_precise_even_beside_another_that_does() -> None:
    own = told(("Bees dance", (1, 2)), cited=((BEES, DANCE), (BEES, DANCE)))
    assert score("citation_precision", own).value == 1.0


def test_a_marker_that_leads_nowhere_is_no_precise_citation() -> None:
    own = told(("Bees dance", (1, 9)))
    assert score("citation_precision", own).value == 0.5
    assert score("marker_exists", own) == Score("marker_exists", 0.5, "2 of 4 markers stand for a citation", 4)


def test_a_quoted_sentence_may_have_brackets_of_its_own() -> None:
    paper = Paper("x", "X", "As in [7], bees dance.")
    assert score("marker_exists", answer((paper, replace(DANCE, start=0, end=22)))).value == 1.0


def test_a_marker_that_no_sentence_has_is_seen_in_the_text() -> None:
    own = answer((BEES, DANCE))
    assert score("marker_exists", replace(own, text=own.text + " [8]")).value == pytest.approx(2 / 3)


def test_the_verdicts_are_shares_of_their_own_that_add_up() -> None:
    own = told(("Bees dance", (1,)), ("Bees sing", (1,)), ("Ants sing", (1,)), ("Ants walk", ()))
    values = {name: score(name, own).value for name in ("supported", "partly", "unsupported", "not_checkable", "uncited")}
    assert values == dict.fromkeys(values, 0.25)
    assert score("partly", own).why == "1 of 4 sentences partly supported: holds 1"


def test_sentences_from_the_records_are_counted_apart() -> None:
    own = replace(answer((BEES, DANCE)), text="There are 58 papers. Bees dance. [1]")
    own = replace(own, claims=(Claim("There are 58 papers.", reason=FROM_RECORDS), *own.claims))
    assert score("supported", own) == Score("supported", 1.0, "1 of 1 sentences supported", 1)
    assert score("uncited", own).value == 0.0
    assert score("from_records", own) == Score("from_records", 0.5, "1 of 2 sentences from the records", 2)
    alone = replace(own, text="There are 58 papers.", claims=own.claims[:1], citations=())
    assert score("supported", alone) == Score("supported", None, "every sentence is from the collection's records")


def test_a_claim_is_from_the_records_only_if_it_says_so_and_cites_nothing() -> None:
    own = replace(answer((BEES, DANCE)), claims=(Claim("Bees sing.", (1,), reason=FROM_RECORDS),))
    assert score("from_records", own).value == 0.0


def test_a_sentence_that_no_claim_covers_is_a_sentence_that_cites_nothing() -> None:
    own = answer(
        (BEES, DANCE), text="On bees (Smith, 2020): Bees dance. [1] Wasps conquered Europe twice.\n\nFurther papers:\n- Flies."
    )
    assert [claim.text for claim in sentences_said(own)] == ["Bees dance.", "Wasps conquered Europe twice."]
    assert score("uncited", own).value == 0.5
    assert [claim.text for claim in sentences_said(answer(text="The papers do not say how wasps conquered Europe."))] == []


def test_a_refusal_has_nothing_to_ground_and_that_is_told() -> None:
    for name in ("supported", "citation_recall", "citation_precision", "quote_verbatim", "repeated", "sentences"):
        assert score(name, answer(text="The papers do not say.")) == Score(name, None, "the answer is a refusal")


def test_right_papers_and_sentences_are_shares_of_the_citations() -> None:
    own = answer((BEES, DANCE), (BEES, NIGHT), *whole(ANTS))
    assert score("right_paper", own).value == pytest.approx(2 / 3)
    assert score("right_paper", own, kind="list", acceptable=("ants",)).value == 1.0
    assert score("right_sentence", own, sentences=(GoldSentence("bees", "Bees dance."),)).value == pytest.approx(1 / 3)


def test_a_quote_is_held_against_the_library_and_a_sentence_against_its_quote() -> None:
    other = Citation(1, replace(BEES, abstract="Moths glow at night."), DANCE)
    assert score("quote_verbatim", replace(answer((BEES, DANCE)), citations=(other,))).value == 0.0
    assert score("quote_verbatim", answer((BEES, DANCE))).value == 1.0
    own = told(("Bees  dance.", (1,)), ("Bees sing", (2,)))
    assert score("word_for_word", own).value == 0.5


def test_keys_are_looked_for_in_the_first_sentences() -> None:
    own = answer((BEES, FASTER), (BEES, NIGHT), (BEES, DANCE))
    values = [score(f"key@{count}", own, answer=(("dance",), ("night",))).value for count in (1, 2, 3)]
    assert values == [0.0, 0.0, 1.0]
    assert score("key@2", own, answer=(("dance",), ("night",))).why == "“dance” is not in the first 2 sentences"
    assert score("key_anywhere", own, answer=(("18x",),)).value == 1.0


def test_repetition_is_word_for_word_and_overlap_by_stem() -> None:
    own = told(("Bees dance.", (1,)), ("Bees  dance.", (1,)), ("Ants walked.", (1,)))
    assert score("repeated", own).value == pytest.approx(1 / 3)
    assert score("overlap", own).value == pytest.approx((1.0 + 0.0) / 2)
    assert score("overlap", told(("Bees dance.", (1,)))).value is None


def test_lists_and_refusals_say_why() -> None:
    assert score("list_precision", answer(), kind="list") == Score(
        "list_precision", None, "nothing was listed that counts (0 right of 0 listed, 1 wanted)"
    )
    assert score("refusal", answer(), kind="unanswerable", papers=()).value == 1.0
    assert score("false_refusal", answer()).why == "refused, though the papers say"


def test_a_price_needs_prices_and_tokens() -> None:
    own = replace(answer((BEES, DANCE)), usage={"prompt_tokens": 2_000_000, "completion_tokens": 500_000})
    assert price(judged(own), Prices(0.5, 2.0)) == Score("price", 2.0, "at 0.5 and 2 a million tokens")
    assert price(judged(own), Prices()) is price(judged(answer((BEES, DANCE))), Prices(0.5, 2.0)) is None


def test_a_case_that_failed_counts_as_unscored_in_every_measure_that_applies() -> None:
    result = failed(case(answer=(("dance",),)), "the server is gone")
    assert result.scores[0] == Score("errors", 1.0, "the server is gone")
    assert {score.value for score in result.scores[1:]} == {None}
    assert result.score("key@1") == Score("key@1", None, "asking failed")
    assert result.score("list_f1") is result.answer is None
