"""What keeps a claim at partly: a table of claims whose words are met and that say more, or other, than the source."""

from __future__ import annotations

from functools import cache

import pytest

from rag.grounding.checker import RULES, GroundingChecker
from rag.grounding.overclaims import overclaim
from rag.library.encoder import OnnxEncoder

LAYERS = "Sparse layers speed up inference on small devices without retraining the network."
SOME = "We suggest that some pruned models keep their accuracy on image benchmarks."
PAR = (
    "SparseNet outperforms earlier models on speech recognition in noise, "
    "and is on par with the state of the art for image segmentation of street scenes."
)
RATIO = "Pruning sets a record on three out of four tasks."
DAY = "The model trains in less than a day and answers within seconds."
TWO = ["WideNet is a network with short paths.", "The narrow decoder halves the latency of translation on phones."]
OURS = ["WideNet is a network with short paths.", "It halves the latency of translation on phones."]
GAIN = "Accuracy rises from 69% to 72% with the new loss."
SHAPES = "The method uses at least four dimensions, or three or fewer layers."

LESS = [
    ("Sparse layers speed up inference on small devices by retraining the network.", [LAYERS]),
    ("All pruned models keep their accuracy on image benchmarks.", [SOME]),
    ("We prove that pruned models keep their accuracy on image benchmarks.", [SOME]),
    ("Pruned models keep their accuracy because of their frozen embeddings.", ["Pruned models keep their accuracy."]),
    ("Sparse layers speed up inference on small devices of Siemens without retraining.", [LAYERS]),
    ("WideNet halves the latency of translation on phones.", TWO),
    ("SparseNet outperforms the state of the art for image segmentation of street scenes.", [PAR]),
    ("Pruning sets a record on two of four tasks.", [RATIO]),
    ("The model trains in under an hour.", [DAY]),
    ("The model answers within minutes.", [DAY]),
    ("The method uses two or fewer layers.", [SHAPES]),
    ("Accuracy rises by 5 percentage points with the new loss.", [GAIN]),
]
AS_MUCH = [
    ("Sparse layers make inference faster on small devices without retraining the network.", [LAYERS]),
    ("Some pruned models keep their accuracy on image benchmarks.", [SOME]),
    ("WideNet halves the latency of translation on phones.", OURS),
    ("SparseNet is on par with the state of the art for image segmentation of street scenes.", [PAR]),
    ("Pruning sets a record on 3 of 4 tasks.", [RATIO]),
    ("The model trains in less than one day.", [DAY]),
    ("Accuracy rises by 3 percentage points with the new loss.", [GAIN]),
]


@cache
def checker() -> GroundingChecker:
    return GroundingChecker(OnnxEncoder())


@pytest.mark.parametrize(("claim", "evidence"), LESS)
def test_what_says_more_than_its_source_is_not_supported(claim: str, evidence: list[str]) -> None:
    assert checker().check(claim, evidence).verdict in {"partly", "unsupported"}


@pytest.mark.parametrize(("claim", "evidence"), AS_MUCH)
def test_what_says_as_much_is_supported(claim: str, evidence: list[str]) -> None:
    judged = checker().check(claim, evidence)
    assert judged.verdict == "supported", judged


def test_a_rule_that_is_left_out_finds_nothing() -> None:
    claim, evidence = LESS[1]
    assert GroundingChecker(OnnxEncoder(), without=RULES).check(claim, evidence).verdict == "supported"


def test_a_strong_word_needs_one_of_its_strength() -> None:
    assert overclaim("All models learn.", ["Models learn."]) == "all"
    assert overclaim("All models learn.", ["Every model learns."]) == ""
    assert overclaim("Models learn.", ["All models learn."]) == ""
