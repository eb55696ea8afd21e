"""What the fit of lists learns, how lists are scored, and that the shipped weights are of these signs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.cases.reading import bundled_cases
from eval.training import membership
from eval.training.membership import MODELS, TRIED, Example, examples, fitted, main, table
from rag.abstention.classifier import Model, model, probability


def told(place: int) -> Example:
    """A list of which the paper that is nearest belongs."""
    found = {f"{place}-{rank}": {"hit": 1 - rank / 5 + place / 100, "met": 0.5} for rank in range(5)}
    return Example(found, frozenset({f"{place}-0"}), frozenset({f"{place}-1"}))


MANY = [told(place) for place in range(20)]


def test_the_nearer_a_paper_the_likelier_it_belongs() -> None:
    by = fitted(MANY, 0.5)
    assert by.weights["hit"] > 0
    assert probability({"hit": 1.0, "met": 0.5}, by) > 0.5 > probability({"hit": 0.4, "met": 0.5}, by)


def test_what_touches_a_list_counts_as_neither_right_nor_wrong_and_what_is_out_of_reach_is_missed() -> None:
    everything = Model(0.0, {}, 0.5)
    assert told(0).f1(everything) == 2 / (4 + 1)
    assert Example({}, frozenset({"far"}), frozenset()).f1(everything) == 0.0


def test_the_table_gives_f1_by_threshold_from_fits_that_did_not_see_the_list() -> None:
    rows = list(table(MANY))
    assert len(rows) == 2 + len(TRIED)
    assert rows[-2].startswith("| 0.5 | 1.000")


def test_the_examples_have_the_shipped_signs() -> None:
    case = next(case for case in bundled_cases("dev") if case.kind == "list")
    for name, read in (("membership", False), ("membership_read", True)):
        (found,) = examples([case], read)
        assert found.belong == frozenset(case.papers)
        assert next(iter(found.found.values())).keys() == model(name).weights.keys()


def test_weights_are_written_only_where_that_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(membership, "DATA", tmp_path)
    monkeypatch.setattr(membership, "examples", lambda cases, read: MANY)
    main([])
    assert not list(tmp_path.iterdir())
    assert capsys.readouterr().out.startswith("membership\n| threshold | F1 |")
    main(["--write"])
    for name, threshold in MODELS.items():
        assert json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))["threshold"] == threshold
