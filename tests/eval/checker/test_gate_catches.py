"""What passes of a model's inventions: each sentence's outcome is told as it is, through the real writer."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from fakes import WordHashEncoder

from eval.checker import gate_catches as gated
from eval.checker.inventions import PARAPHRASE, Written, bundled_inventions
from eval.checker.scripted_model import MARKER, Repair, wrong_markers
from rag.ingestion.bundled import bundled_papers
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.types import Judgement

CASES = bundled_inventions()
NUMBERS = [case for case in CASES if case.way == "number"][:4]
TRUE = [case for case in CASES if case.way == PARAPHRASE and len(case.evidence) == 1][:5]


class Knowing:
    """A checker that supports these claims on their own evidence, and the claims of `fooled` on whatever they cite."""

    name = "knowing"

    def __init__(self, right: Sequence[Written], fooled: Sequence[str] = ()) -> None:
        self.right = {case.claim.rstrip("."): {one.text for one in case.evidence} for case in right}
        self.fooled = fooled

    def check(self, claim: str, evidence: Sequence[str]) -> Judgement:
        own = claim.rstrip(".")
        if own in self.right and self.right[own] & set(evidence):
            return Judgement("supported", 0.9, "so")
        fooled = any(own == each.rstrip(".") for each in self.fooled)
        return Judgement("supported", 0.6, "so") if fooled else Judgement("unsupported", 0.1, "not so")

    def check_many(self, pairs: object) -> list[Judgement]:
        raise NotImplementedError


def found(checker: Knowing, repair: Repair = "off") -> gated.GateResult:
    return gated.gated(checker, SentenceRanker(WordHashEncoder()), [*NUMBERS, *TRUE], repair)  # type: ignore[arg-type]


def outcomes(outcomes: Sequence[gated.SentenceOutcome], way: str) -> list[str]:
    return [outcome.result for outcome in outcomes if outcome.case.way == way]


def test_what_the_checker_believes_has_passed_and_the_rest_is_marked() -> None:
    told = found(Knowing(TRUE, [NUMBERS[0].claim]))
    assert outcomes(told.wrong, "number") == ["passed", "marked", "marked", "marked"]
    assert set(outcomes(told.true, PARAPHRASE)) == {"passed"}
    assert len(told.true) == 3 * len(told.wrong)
    assert len(told.milliseconds) == len(told.wrong)


def test_a_wrong_marker_is_mended_where_the_right_sentence_is_offered() -> None:
    told = found(Knowing(TRUE))
    own = [outcome for outcome in told.wrong if outcome.case.way == MARKER]
    assert [outcome.result for outcome in own] == ["mended"] * len(TRUE)
    right = {case.claim: case.evidence[0].text for case in TRUE}
    assert all(outcome.cites == (right[outcome.case.claim],) for outcome in own)


def test_a_model_that_drops_what_is_wrong_leaves_only_what_stood() -> None:
    assert set(outcomes(found(Knowing(TRUE), "drops").wrong, "number")) == {"left out"}


def test_a_model_that_insists_gets_nothing_by_it() -> None:
    assert set(outcomes(found(Knowing(TRUE), "insists").wrong, "number")) == {"marked"}


def test_a_true_sentence_that_is_called_unsupported_is_flagged() -> None:
    told = found(Knowing(TRUE[1:]))
    share = gated.flagged(told.true)
    assert share is not None
    assert 0 < share.value < 1


def test_a_wrong_marker_is_never_one_of_the_right_ones() -> None:
    papers = {paper.id: paper for paper in bundled_papers()}
    made = wrong_markers(CASES, papers)
    right = {f"{case.id}-{MARKER}": {one.text for one in case.evidence} for case in CASES}
    assert len(made) == sum(case.way == PARAPHRASE for case in CASES)
    assert all(case.evidence[0].text not in right[case.id] for case in made)


def test_there_are_at_least_two_hundred_cases_in_ten_ways() -> None:
    made = wrong_markers(CASES, {paper.id: paper for paper in bundled_papers()})
    wrong = [case for case in CASES if case.way != PARAPHRASE]
    assert len(wrong) + len(made) >= 200
    assert len({case.way for case in wrong}) >= 10


def test_the_command_prints_the_shares(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    told = found(Knowing(TRUE, [NUMBERS[0].claim]))
    monkeypatch.setattr(gated, "run", lambda split, repair: told)
    assert gated.main([]) == 0
    assert "inventions not passed: 75.0%" in capsys.readouterr().out
    assert gated.main(["--show", "number"]) == 0
    assert NUMBERS[0].claim in capsys.readouterr().out
    assert gated.main(["--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["wrong"]) == 9
    with pytest.raises(SystemExit):
        gated.main(["--split", "test", "--show", "number"])
