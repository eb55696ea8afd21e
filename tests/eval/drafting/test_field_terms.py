from __future__ import annotations

from collections import Counter
from importlib.resources import files
from time import perf_counter

import pytest

from eval.drafting.field_terms import FieldTerm, all_terms, field_terms_in, stands_in
from rag.text.words import FUNCTION_WORDS, stem, words

LINES = (files("eval.drafting") / "field_terms.txt").read_text(encoding="utf-8").splitlines()
FORMS = [form.removeprefix("~") for line in LINES if line and not line.startswith("#") for form in line.split(" | ")]


def stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]


def term(name: str) -> FieldTerm:
    return next(one for one in all_terms() if one.name == name)


def test_the_file_says_first_what_it_is() -> None:
    assert LINES[0].startswith("#")


def test_there_are_as_many_terms_as_were_asked_for() -> None:
    assert len(all_terms()) >= 450


def test_forms_are_written_as_they_are_compared() -> None:
    assert [form for form in FORMS if form != " ".join(words(form))] == []


def test_no_form_stands_twice() -> None:
    counts = Counter(form for one in all_terms() for form in one.forms)
    assert [form for form, count in counts.items() if count > 1] == []


def test_no_form_is_an_everyday_word() -> None:
    everyday = stems(
        "explain summarize recommend generate transform optimal build contrast express compute art model network data result "
        "publish universal specific method performance experiment training error accuracy " + " ".join(FUNCTION_WORDS)
    )
    assert [form for one in all_terms() for form in one.forms if len(form) == 1 and form[0] in everyday] == []


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What learning rate does VolSDF use?", ["learning rate"]),
        ("What learning-rate schedule was used?", ["learning rate schedule"]),
        ("Does the paper use reinforcement learning?", ["reinforcement learning"]),
        ("On which GPUs did it run?", ["gpu"]),
        ("Which optimizer does DualMesh-UDF train with?", ["training optimizer", "unsigned distance"]),
        ("Is an LSTM part of it?", []),
        ("Was it tried on CIFAR-10 or on ImageNet?", ["cifar", "imagenet"]),
        ("ImageNet, and again ImageNet", ["imagenet"]),
        ("Is there a graph attention network, and self-attention?", ["graph neural network", "attention"]),
        ("What does the associative memory hold?", ["hopfield network"]),
        ("How many participants were in the user study?", ["number of participants", "user study"]),
        ("What is the p-value?", ["p value"]),
        ("At which university was it made?", ["affiliation"]),
        ("Is it a universal map, and optimal?", []),
        ("Summarize the paper", []),
        ("Explain the state of the art", []),
        ("How are transformations generated?", []),
        ("", []),
    ],
)
def test_terms_of_a_question(question: str, names: list[str]) -> None:
    assert [one.name for one in field_terms_in(question)] == names


@pytest.mark.parametrize(
    ("name", "text", "stands"),
    [
        ("learning rate", "We choose the step sizes by hand.", True),
        ("learning rate", "The rate of learning is studied.", False),
        ("number of parameters", "A model of 3 million parameters.", True),
        ("number of parameters", "The parameters of a surface.", False),
        ("gpu", "Training with CUDA kernels.", True),
        ("gpu", "We train on four GPUs.", True),
        ("graph neural network", "GNNs see a graph.", True),
        ("training time", "It needs 40 GPU hours.", True),
        ("contrastive learning", "In contrast to other work.", False),
        ("cloud computing", "Features of point clouds.", False),
        ("affiliation", "A universal approximator.", False),
        ("dropout", "", False),
    ],
)
def test_a_term_stands_in_a_text(name: str, text: str, stands: bool) -> None:
    assert stands_in(term(name), stems(text)) is stands


def test_a_stem_inside_a_longer_one_does_not_stand() -> None:
    assert not stands_in(FieldTerm("ct", (("ct",),), (("ct",),)), ["fact", "ctr"])


def test_a_question_takes_well_under_a_millisecond() -> None:
    question = "Does the equivariant network use reinforcement learning, and on which GPU and at which learning rate?"
    field_terms_in(question)
    begun = perf_counter()
    for _ in range(200):
        field_terms_in(question)
    assert (perf_counter() - begun) / 200 < 1e-3


def test_a_form_that_only_implies_the_term_counts_in_a_text_and_not_in_a_question() -> None:
    assert field_terms_in("Is an LSTM part of it?") == []
    assert stands_in(term("recurrent neural network"), stems("We train an LSTM."))
