"""What writing costs and lets through: the figures count what they say that they count."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval import writing
from eval.cases import bundled_cases
from eval.inventions import PARAPHRASE, bundled_inventions
from rag import open_library
from rag.settings import Settings
from rag.types import Judgement


class Suspicious:
    """A checker that finds fault with every claim of the words that it is given."""

    name = "suspicious"

    def __init__(self, wrong: Sequence[str]) -> None:
        self.wrong = wrong

    def check(self, claim: str, evidence: Sequence[str]) -> Judgement:
        bad = any(claim.rstrip(".") in each for each in self.wrong)
        return Judgement("unsupported" if bad else "supported", 0.5, "so")

    def check_many(self, pairs: object) -> list[Judgement]:
        raise NotImplementedError


def test_inventions_and_paraphrases_are_counted_apart() -> None:
    cases = [*[case for case in bundled_inventions() if case.way == "number"][:4]]
    true = [case for case in bundled_inventions() if case.way == PARAPHRASE][:3]
    found = writing.gated(Suspicious([cases[0].claim, true[1].claim]), [*cases, *true])  # type: ignore[arg-type]
    assert (found.inventions, found.passed) == (4, 3)
    assert (found.paraphrases, found.flagged) == (12, 4)
    assert found.sentences >= 16


def test_a_prompt_is_measured_for_each_question_that_a_model_gets(bundled_home: Path) -> None:
    cases = [case for case in bundled_cases("dev") if case.kind in ("fact", "unanswerable")]
    model = writing.Listening()
    with open_library(bundled_home, readonly=True, settings=Settings(home=bundled_home), model=model) as chat:
        found = list(writing.prompted(chat, model, [*cases[:6], next(case for case in cases if case.kind == "unanswerable")]))
    assert 1 <= len(found) <= 6
    assert all(one.ours * 1.5 < one.whole for one in found)
    assert all(one.gold_ours or not one.cited_ours for one in found)
