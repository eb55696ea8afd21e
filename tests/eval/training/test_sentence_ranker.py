"""Fitting the weights of sentences: features reproduce the score, and the fit finds what separates gold sentences."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder

from eval.cases.reading import Case, GoldSentence
from eval.training import sentence_ranker as training
from eval.training.sentence_ranker import MATCH, Choice, choices, fitted, gold_first, left_out, main, names, table
from rag.retrieval.sentence_ranker import WEIGHTS, SentenceRanker
from rag.types import Paper

BEES = Paper(
    "arxiv:1", "Bees at night", "Flights in the dark are hard to follow. We propose lamps by night. They reach 94 percent of all bees. Code is on the web.", year=2024
)  # fmt: skip
CASE = Case(
    "one", "fact", "dev", "How many bees do the lamps reach?", papers=(BEES.id,),
    sentences=(GoldSentence(BEES.id, "They reach 94 percent of all bees."),),
)  # fmt: skip


def choice(place: int, number: float) -> Choice:
    """Two sentences that match alike; the gold one has a number, unless `number` is negative."""
    rows = np.zeros((2, len(names())))
    rows[:, 0] = 0.5, 0.5 + 0.01 * (place % 3)
    rows[0, names().index("number")] = number
    return Choice(rows, np.array([True, False]), f"arxiv:{place}")


def test_features_times_weights_are_the_score() -> None:
    encoder = WordHashEncoder(64)
    (found,) = choices([BEES], [CASE], encoder)  # type: ignore[arg-type]
    used = np.array([{MATCH: 1.0, **WEIGHTS}[name] for name in names()])
    assert found.gold.sum() == 1
    assert found.paper == BEES.id
    assert len(found.features) == 4
    from rag.query.question import understand
    from rag.types import Hit, Passage, Span

    hit = Hit(Passage("p", BEES, Span(0, len(BEES.abstract))), 1.0, "both")
    scores = [one.score for one in SentenceRanker(encoder).matches(understand(CASE.question), [hit])]  # type: ignore[arg-type]
    assert sorted(found.features @ used, reverse=True) == pytest.approx(scores, abs=1e-4)


def test_a_part_that_gold_sentences_have_gets_weight_and_the_others_none() -> None:
    weights = fitted([choice(place, 1.0) for place in range(60)])
    assert weights[MATCH] == 1.0
    assert abs(weights["number"]) > 0
    assert weights["code unasked"] == pytest.approx(0.0, abs=1e-6)
    assert all(gold_first([choice(1, 1.0)], {**dict.fromkeys(names(), 0.0), MATCH: 1.0, "number": 0.1}))


def test_each_question_is_judged_by_weights_that_saw_no_question_about_its_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[str]] = []
    own = [choice(place, 1.0) for place in range(20)]

    def recorded(found: list[Choice]) -> dict[str, float]:
        seen.append({one.paper for one in found})
        return {**dict.fromkeys(names(), 0.0), MATCH: 1.0, "number": 1.0}

    monkeypatch.setattr(training, "fitted", recorded)
    assert left_out(own) == [True] * 20
    assert all(papers < {one.paper for one in own} for papers in seen)
    assert set.intersection(*seen) == set()


def test_the_table_and_the_file_name_every_weight(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = [choice(place, 1.0) for place in range(20)]
    assert [line.split("  ")[0] for line in table(own, fitted(own))][1:-1] == names()[1:]
    monkeypatch.setattr(training, "FILE", tmp_path / "sentence_weights.json")
    monkeypatch.setattr(training, "choices", lambda *_: iter(own))
    assert main(["--write"]) == 0
    written = json.loads((tmp_path / "sentence_weights.json").read_text(encoding="utf-8"))
    assert written.keys() == {"comment", *WEIGHTS}
    assert "20 questions" in written["comment"]
    assert "gold first" in capsys.readouterr().out
    assert main(["--abstracts", str(tmp_path / "none.jsonl")]) == 1
