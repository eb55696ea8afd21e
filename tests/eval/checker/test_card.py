"""The checker's card: written and read back, in one line for people, and noticed when it is of another checker."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fakes import WordHashEncoder

from eval.checker.ablation import ablated
from eval.checker.calibrate import calibrate
from eval.checker.card import Card, Caught, card_line, load_card
from eval.checker.labelled import Labelled, LabelledSet
from rag.errors import ImportFailed
from rag.grounding.checker import RULES, GroundingChecker
from rag.library.encoder import OnnxEncoder
from rag.reader.cross_encoder import CrossEncoder

PAIRS = LabelledSet(
    "set.jsonl",
    "0" * 64,
    (
        Labelled("Bees dance.", ("Bees dance.",), True, "yes"),
        Labelled("Bees dance 3 times.", ("Bees dance 4 times.",), False, "no"),
    ),
)


def _card() -> Card:
    made = calibrate(GroundingChecker(WordHashEncoder()), [PAIRS], PAIRS)
    return Card(made.checker, made.train, made.thresholds, made.sets, Caught(2, 0.5, 4, 0.25, 0.25))


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    card = _card()
    path.write_text(card.text(), encoding="utf-8")
    assert load_card(path) == card


def test_one_line_names_figures_and_sets() -> None:
    assert card_line(_card(), _card().checker) == "checker: balanced accuracy 1.00 on set"


def test_the_line_names_the_kind_of_text_and_the_interval() -> None:
    quality = replace(_card().sets[0].ways["checker"], interval=(0.5, 0.9))
    one = replace(_card().sets[0], kind="summaries", ways={"checker": quality})
    line = card_line(replace(_card(), sets=(one,)), _card().checker)
    assert line == "checker: balanced accuracy 1.00 on summaries (0.50–0.90, set)"


def test_a_card_of_another_checker_is_noticed() -> None:
    assert card_line(_card(), "rules-0/x").startswith("checker: not calibrated for this version (rules-0/x; the card is of ")


def test_the_card_that_comes_with_the_product_is_of_its_checker() -> None:
    card = load_card()
    line = card_line(card, GroundingChecker(OnnxEncoder(), CrossEncoder()).name)
    assert line.startswith("checker: balanced accuracy 0.")
    assert {"quotes", "paraphrases", "summaries", "biomedical claims"} <= {one.kind for one in card.sets}
    assert all(len(one.sha256) == 64 and one.n for one in card.sets)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sets": 1}', '{"sets": [{}]}'])
def test_what_is_no_card_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "card.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ImportFailed, match=r"card\.json is no card"):
        load_card(path)
    with pytest.raises(ImportFailed, match=r"none\.json is no card"):
        load_card(tmp_path / "none.json")


def test_without_the_rule_for_numbers_a_wrong_number_passes() -> None:
    told = "Training takes 312 hours on the larger of the two clusters."
    wrong = Labelled(told.replace("312", "311"), (told,), False, "no")  # a slip that the learned reader does not see by itself
    rows = ablated(WordHashEncoder(), [replace(PAIRS, pairs=(*PAIRS.pairs, wrong))]).splitlines()
    cells = {row.split(" | ")[0].removeprefix("| "): row.split(" | ")[1] for row in rows[2:]}
    assert set(cells) == {"all parts", "without any", *(f"without {name}" for name in RULES)}
    assert cells["all parts"] == "1.000, 1.000"
    assert cells["without numbers"] != "1.000, 1.000"
