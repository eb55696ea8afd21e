"""Fitting the checker: one command gives weights and thresholds, and the file that comes along names what it was made from."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

import pytest

from eval.checker.labelled import Reasoned
from eval.training import checker as training
from eval.training.checker import Example, fitted, lowest_partly, record
from eval.training.rationale import best_cut, fitted_rationale
from rag.grounding.verdict import SHORT_SIGNS, SUPPORTED, Signs
from rag.library.encoder import MODEL_FOLDER
from rag.library.static_words import VECTORS
from rag.reader.cross_encoder import MODEL

SHIPPED = json.loads((Path(training.__file__).parents[2] / "rag" / "data" / "checker.json").read_text(encoding="utf-8"))


def example(place: int, *, sentences: int = 1) -> Example:
    """Supported where the reader says so (single sentences), or the words do."""
    supported = place % 2 == 0
    sure = (2.0 if supported else -2.0) + 0.1 * (place % 7)
    return Example(Signs(sure, sentences, sure if sentences == 1 else None, unmet=0.1), supported, "reading")


def abstract(place: int) -> tuple[Reasoned, list[dict[str, float]]]:
    """The second of three sentences settles it; in every other abstract the third does as well, a little less surely."""
    marked = frozenset({1, 2} if place % 2 else {1})
    signs = [{"strength": -2.0}, {"strength": 2.0}, {"strength": 1.0 if place % 2 else -1.0}]
    return Reasoned("claim", ("one", "two", "three"), marked, "SUPPORT"), signs


def test_one_fit_gives_all_models_and_thresholds() -> None:
    found = [example(place, sentences=1 if place < 60 else 9) for place in range(120)]
    settled = [abstract(place) for place in range(20)]
    made = record(found, settled, settled[::2])
    assert set(made["models"]) == {"short", "long", "rationale"}
    assert (made["models"]["short"]["pairs"], made["models"]["long"]["pairs"]) == (60, 60)
    assert made["models"]["long"]["weights"]["base"] == 1.0
    assert made["models"]["short"]["weights"]["read"] > 0
    assert made["thresholds"]["supported"] == SUPPORTED
    assert 0 < made["thresholds"]["partly"] < 1


def test_one_in_twenty_supported_claims_lies_under_partly() -> None:
    model = {"intercept": 0.0, "weights": {**dict.fromkeys(SHORT_SIGNS, 0.0), "read": 1.0}}
    found = [Example(Signs(0.0, 1, math.log(share / (1 - share))), True, "reading") for share in (0.2, *[0.6] * 18, 0.7, 0.8)]
    others = [Example(Signs(0.0, 1, -5.0), True, "scifact"), Example(Signs(0.0, 1, -5.0), False, "reading")]
    assert lowest_partly([*found, *others], model) == 0.6
    assert lowest_partly([*found, found[0], *others], model) < 0.6


def test_the_cut_names_what_people_marked() -> None:
    found = [abstract(place) for place in range(40)]
    fit = fitted_rationale(found)
    assert fit["weights"]["strength"] > 0
    scores = [fit["intercept"] + fit["weights"]["strength"] * strength for strength in (-1.0, 1.0)]
    assert scores[0] < best_cut(found, fit) <= scores[1]


@pytest.mark.parametrize("path", [MODEL_FOLDER / "encoder.onnx", VECTORS, MODEL], ids=lambda path: path.name)
def test_the_weights_that_come_along_were_fitted_with_the_models_that_come_along(path: Path) -> None:
    own = SHIPPED["made_from"]["models"][path.name]
    assert own == hashlib.sha256(path.read_bytes()).hexdigest(), (
        f"{path.name} was replaced: refit the checker with python -m eval.training.checker, and renew its card"
    )


def test_the_file_names_the_data_it_was_made_from() -> None:
    assert set(SHIPPED["made_from"]["data"]) == {"train.jsonl.gz", "train.jsonl", "corpus.jsonl", "claims_train.jsonl"}


def test_a_rules_fault_never_speaks_for_a_claim() -> None:
    found = [
        Example(Signs(sure, 9, comparison=supported), supported, "reading")
        for place in range(40)
        for supported in (True, False)
        for sure in (place / 10 + supported,)
    ]
    assert fitted(found, short=False)["weights"]["comparison"] == 0.0
