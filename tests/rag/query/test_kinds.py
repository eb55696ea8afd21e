"""The kind of a question by rules and by the fitted model together."""

from __future__ import annotations

import pytest
from fakes import WordHashEncoder

from rag.library.encoder import OnnxEncoder
from rag.query.kinds import KindModel, asks_which_paper, signs, weights
from rag.query.plan import QueryPlan
from rag.query.question import understand


@pytest.fixture(scope="module")
def model() -> KindModel:
    return KindModel(OnnxEncoder())


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who adapts pretrained models to languages for which there is hardly any text?", "list"),
        ("hypergraph learning without labels", "list"),
        ("How many studies were included in the survey?", "fact"),
        ("How many articles does the review analyse?", "fact"),
        ("How many papers deal with maps?", "list"),
        ("Papers that mention gravel?", "list"),
        ("Who works on clocks in cold rooms?", "list"),
        ("Give me everything on diffusion models", "list"),
        ("bee papers", "list"),
        ("How are bees weighed?", "method"),
        ("github link for turning ordinary nets into neural operators", "fact"),
        ("Did they try anything beyond random patterns, e.g. real image data?", "fact"),
        ("What error does the scale have?", "fact"),
        ("tl;dr of the paper on bees", "summary"),
        ("Compare PaleScan with BeeGram", "compare"),
    ],
)
def test_the_kind_that_was_meant(model: KindModel, question: str, kind: str) -> None:
    assert model.decided(understand(question)).kind == kind


def test_small_talk_asks_nothing_that_can_be_looked_up(model: KindModel) -> None:
    assert model.decided(understand("Who are you, actually?")).is_empty
    assert not model.decided(understand("Who reads faded maps?")).is_empty


def test_the_probabilities_sum_to_one(model: KindModel) -> None:
    found = model.probabilities(understand("Which papers deal with maps?"))
    assert sum(found.values()) == pytest.approx(1)
    assert max(found, key=found.__getitem__) == "list"


def test_weights_of_another_encoder_decide_nothing() -> None:
    plan = understand("hypergraph learning without labels")
    assert KindModel(WordHashEncoder()).decided(plan) is plan


def test_there_is_a_weight_for_every_sign() -> None:
    count = OnnxEncoder.dimensions + len(signs(QueryPlan("Why?", "method")))
    assert weights().matrix.shape == (len(weights().kinds), count)
    assert weights().encoder == OnnxEncoder.name


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Which paper is about video links?", True),
        ("and in which recent study were bees weighed?", True),
        ("What does Article 6 guarantee?", False),
        ("What is a study?", False),
        ("Which method does the paper use?", False),
    ],
)
def test_one_paper_is_asked_for(question: str, asks: bool) -> None:
    assert asks_which_paper(question) == asks
