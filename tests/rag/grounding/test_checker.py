"""The grounding checker: a table of claims and sources with the verdict that is due, and what must hold for any text."""

from __future__ import annotations

import random
import subprocess
import sys
from functools import cache

import pytest
from fakes import WordHashEncoder, some_papers
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.grounding import soft_signals as doubts
from rag.grounding.checker import GroundingChecker
from rag.grounding.claims import pieces
from rag.grounding.scorer import NEAREST, nearest
from rag.grounding.verdict import PARTLY, SUPPORTED
from rag.library.encoder import OnnxEncoder

SPEED = "Our method trains 1.12 times faster than Adam and reduces memory by 12\\% on three datasets."
MUTATION = "NoProp outperforms BERT on GLUE while it uses fewer parameters."
BATCH = "Training with this loss does not require large batches."
GRAPH = "We show that graph neural networks with spectral features are robust to label noise."
LONG = (
    "Long short-term memory networks struggle with sequences of more than 10,000 tokens. "
    "We introduce a memory layer that keeps a compressed summary of the past. "
    "On PG-19 it lowers perplexity from 18.3 to 16.9 at half the memory."
)
ROBOT = "The robot learns to grasp unseen objects from 500 demonstrations in less than 2 hours."
DRUG = "The regularizer increases robustness but reduces clean accuracy by 3 points."
SAMPLES = "We collected 1,000 samples from 12 laboratories between 2015 and 2019."
PRUNE = "Pruning is applied before fine-tuning, which removes 90 % of the weights."
PRIVATE = "Federated learning without sharing raw data reaches 95.4 % accuracy on CIFAR-10."
SLOWER = "Transformers are slower than convolutional networks on mobile devices."
CAUSES = "We find that noisy labels cause overfitting in deep networks."
POLICY = "Unsupervised pretraining improves the sample efficiency of policies in 26 Atari games."
PASSIVE = "The transformer baseline is outperformed by our linear attention model on all benchmarks."
TWO = [
    "We propose DualMesh, a method for reconstructing surfaces from point clouds.",
    "It runs in 40 ms on a single GPU.",
]
BOUND = "The regret of the algorithm is bounded by a constant for convex losses."
GROUP = "We build interatomic potentials from E(3)-equivariant networks, which are data efficient."

SAME = [
    ("The interatomic potentials are built from E(3)-equivariant networks.", [GROUP]),
    (SPEED, [SPEED]),
    ("Our method trains 1.12times faster than Adam and reduces memory by 12% on three datasets", [SPEED]),
    ("The method reduces memory by 12 percent on three datasets.", [SPEED]),
    ("It trains 1.12x faster than Adam.", [SPEED]),
    ("Memory is reduced by 12 % on 3 datasets [2].", [SPEED]),
    ("NoProp outperforms BERT on GLUE with fewer parameters.", [MUTATION]),
    ("BERT is outperformed by NoProp on GLUE.", [MUTATION]),
    ("NoProp is better than BERT on GLUE.", [MUTATION]),
    ("The loss does not require large batches for training.", [BATCH]),
    ("Training does not need large batches with this loss.", [BATCH]),
    ("Graph neural networks with spectral features are robust to noise in labels.", [GRAPH]),
    ("GNNs with spectral features are robust to label noise.", [GRAPH]),
    ("LSTM networks struggle with sequences of more than 10,000 tokens.", [LONG]),
    (
        "Long short-term memory networks struggle with long sequences of tokens.",
        ["LSTMs struggle with long sequences of tokens."],
    ),
    ("On PG-19, perplexity is lowered from 18.3 to 16.9.", [LONG]),
    ("A memory layer keeps a compressed summary of the past.", [LONG]),
    ("The memory layer lowers perplexity on PG-19 with 50 % of the memory.", [LONG]),
    ("The robot learns to grasp unseen objects from 500 demonstrations.", [ROBOT]),
    ("From five hundred demonstrations the robot learns to grasp unseen objects.", [ROBOT]),
    ("The regularizer increases robustness but reduces accuracy by three points.", [DRUG]),
    ("The regularizer reduces clean accuracy but increases robustness.", [DRUG]),
    ("1000 samples were collected from twelve laboratories.", [SAMPLES]),
    ("Samples were collected from 12 laboratories between 2015 and 2019.", [SAMPLES]),
    ("Pruning before fine-tuning removes 90% of the weights.", [PRUNE]),
    ("Federated learning reaches 95.4 % accuracy on CIFAR-10 without sharing raw data.", [PRIVATE]),
    ("Federated learning reaches about 95 % accuracy on CIFAR10.", [PRIVATE]),
    ("Convolutional networks are faster than transformers on mobile devices.", [SLOWER]),
    ("In deep networks, overfitting is caused by noisy labels.", [CAUSES]),
    ("Noisy labels lead to overfitting in deep networks.", [CAUSES]),
    ("Unsupervised pretraining improves sample efficiency of policies in Atari games.", [POLICY]),
    ("The linear attention model outperforms the transformer baseline on all benchmarks.", [PASSIVE]),
    ("DualMesh, a method for reconstructing surfaces from point clouds, runs in 40 ms on a single GPU.", TWO),
    ("The DualMesh method reconstructs surfaces from point clouds in 0.04 s on a GPU.", TWO),
    ("For convex losses the regret of the algorithm is bounded by a constant.", [BOUND]),
    ("The memory layer is introduced, and perplexity on PG-19 falls from 18.3 to 16.9.", [LONG]),
]

WRONG = [
    ("The interatomic potentials are built from E(7)-equivariant networks.", [GROUP], "E(7)"),
    ("Interatomic potentials from SE(3)-equivariant networks are data efficient.", [GROUP], "SE(3)"),
    ("It trains 1.21 times faster than Adam.", [SPEED], "1.21 times"),
    ("The method reduces memory by 21 % on three datasets.", [SPEED], "21 %"),
    ("The method reduces memory by 12 times on three datasets.", [SPEED], "12 times"),
    ("The method reduces memory by 12 % on five datasets.", [SPEED], "five"),
    ("The method increases memory by 12 % on three datasets.", [SPEED], "increases"),
    ("Our method trains 1.12 times slower than Adam.", [SPEED], "slower"),
    ("BERT outperforms NoProp on GLUE.", [MUTATION], "other way round"),
    ("NoProp is outperformed by BERT on GLUE.", [MUTATION], "other way round"),
    ("RoBERTa-XL outperforms BERT on GLUE.", [MUTATION], "RoBERTa-XL"),
    ("NoProp outperforms BERT on SuperGLUE while it uses fewer parameters.", [MUTATION], "SuperGLUE"),
    ("NoProp outperforms BERT on GLUE while it uses more parameters.", [MUTATION], "more"),
    ("NoProp does not outperform BERT on GLUE.", [MUTATION], "outperform"),
    ("Training with this loss requires large batches.", [BATCH], "requires"),
    ("Training with this loss does not require small batches.", [BATCH], "small"),
    ("Graph neural networks with spectral features are not robust to label noise.", [GRAPH], "robust"),
    ("Graph neural networks with spectral features are fragile to label noise.", [GRAPH], "fragile"),
    ("Graph neural networks without spectral features are robust to label noise.", [GRAPH], "spectral"),
    ("On PG-19 it raises perplexity from 18.3 to 16.9.", [LONG], "raises"),
    ("On PG-19 it lowers perplexity from 13.8 to 16.9.", [LONG], "13.8"),
    ("On PG-20 it lowers perplexity from 18.3 to 16.9.", [LONG], "PG-20"),
    ("Networks struggle with sequences of more than 100,000 tokens.", [LONG], "100,000"),
    ("The robot learns to grasp unseen objects from 50 demonstrations.", [ROBOT], "50"),
    ("The robot learns to grasp unseen objects from 500 demonstrations in less than 2 minutes.", [ROBOT], "2 minutes"),
    ("The robot learns to grasp seen objects from 500 demonstrations.", [ROBOT], "seen"),
    ("The robot fails to grasp unseen objects from 500 demonstrations.", [ROBOT], "grasp"),
    ("The regularizer decreases robustness but reduces clean accuracy.", [DRUG], "decreases"),
    ("The regularizer increases robustness but does not reduce clean accuracy.", [DRUG], "reduce"),
    ("The regularizer improves robustness and reduces clean accuracy by 8 points.", [DRUG], "8"),
    ("We collected 10,000 samples from 12 laboratories.", [SAMPLES], "10,000"),
    ("We collected 1,000 samples from 12 laboratories between 2005 and 2019.", [SAMPLES], "2005"),
    ("We collected 1,000 samples from twenty laboratories.", [SAMPLES], "twenty"),
    ("Pruning is applied after fine-tuning, which removes 90 % of the weights.", [PRUNE], "after"),
    ("Pruning is applied before fine-tuning, which removes 9 % of the weights.", [PRUNE], "9 %"),
    ("Federated learning with sharing raw data reaches 95.4 % accuracy on CIFAR-10.", [PRIVATE], "sharing"),
    ("Federated learning reaches 95.4 % accuracy on CIFAR-100.", [PRIVATE], "CIFAR-100"),
    ("Federated learning reaches 94.5 % accuracy on CIFAR-10.", [PRIVATE], "94.5 %"),
    ("Convolutional networks are slower than transformers on mobile devices.", [SLOWER], "other way round"),
    ("Transformers are faster than convolutional networks on mobile devices.", [SLOWER], "other way round"),
    ("Overfitting causes noisy labels in deep networks.", [CAUSES], "other way round"),
    ("Noisy labels never cause overfitting in deep networks.", [CAUSES], "cause"),
    ("Supervised pretraining improves the sample efficiency of policies in 26 Atari games.", [POLICY], "Supervised".lower()),
    ("Unsupervised pretraining degrades the sample efficiency of policies.", [POLICY], "degrades"),
    ("Unsupervised pretraining improves the sample efficiency of policies in 62 Atari games.", [POLICY], "62"),
    ("The linear attention model is outperformed by the transformer baseline on all benchmarks.", [PASSIVE], "other way round"),
    ("The transformer baseline outperforms the linear attention model on all benchmarks.", [PASSIVE], "other way round"),
    ("DualMesh reconstructs surfaces from point clouds in 400 ms on a single GPU.", TWO, "400 ms"),
    ("DualMesh reconstructs surfaces from point clouds in 40 s on a single GPU.", TWO, "40 s"),
    ("The regret of the algorithm is unbounded for convex losses.", [BOUND], "unbounded"),
    ("The regret of the algorithm is bounded by a constant for non-convex losses.", [BOUND], "nonconvex"),
]

ELSEWHERE = [
    ("Protein folding is predicted from evolutionary couplings.", [SPEED]),
    ("The authors interviewed patients about their sleep.", [MUTATION]),
    ("Homomorphic encryption protects the gradients of hospitals.", [GRAPH]),
    ("Quantum annealing solves scheduling problems.", [LONG]),
    ("A survey of music recommendation is given.", TWO),
    ("Bandits with delayed feedback are studied.", [CAUSES]),
]

UNCHECKABLE = [
    ("NoProp is fast.", []),
    ("NoProp is fast.", ["", "   "]),
    ("", [SPEED]),
    ("It is what it is.", [SPEED]),
    ("[1]", [SPEED]),
    ("… !?", [SPEED]),
]


@cache
def checker() -> GroundingChecker:
    return GroundingChecker(OnnxEncoder())


def test_the_table_is_large() -> None:
    assert len(SAME) + len(WRONG) + len(ELSEWHERE) + len(UNCHECKABLE) >= 80


@pytest.mark.parametrize(("claim", "evidence"), SAME)
def test_what_the_source_says_is_supported(claim: str, evidence: list[str]) -> None:
    judged = checker().check(claim, evidence)
    assert judged.verdict == "supported", judged


@pytest.mark.parametrize(("claim", "evidence", "named"), WRONG)
def test_what_misleads_is_unsupported_and_named(claim: str, evidence: list[str], named: str) -> None:
    judged = checker().check(claim, evidence)
    assert judged.verdict == "unsupported", judged
    assert named in judged.reason


@pytest.mark.parametrize(("claim", "evidence"), ELSEWHERE)
def test_another_subject_is_unsupported(claim: str, evidence: list[str]) -> None:
    judged = checker().check(claim, evidence)
    assert judged.verdict == "unsupported", judged


@pytest.mark.parametrize(("claim", "evidence"), UNCHECKABLE)
def test_what_cannot_be_checked_says_so(claim: str, evidence: list[str]) -> None:
    assert checker().check(claim, evidence).verdict == "not_checkable"


def test_a_sentence_that_stands_in_the_source_is_supported_without_a_doubt() -> None:
    for paper in some_papers(20):
        for piece in pieces(paper.abstract):
            judged = checker().check(piece, [paper.abstract])
            assert (judged.verdict, judged.score) == ("supported", 1.0)


def test_a_piece_of_a_sentence_behind_a_denial_is_not_taken_for_it() -> None:
    source = "It is not true that large batches are required."
    assert checker().check("Large batches are required.", [source]).score < 1


def test_a_piece_of_a_word_or_figure_is_not_taken_for_it() -> None:
    assert checker().check("works 1.1", ["It networks 1.12 times."]).verdict != "supported"


def test_citation_markers_and_spacing_do_not_matter() -> None:
    plain = checker().check("The loss does not require large batches for training.", [BATCH])
    assert checker().check("The loss does not require large batches for training. [1, 3]", [BATCH]) == plain


def test_several_sources_support_what_none_does_alone() -> None:
    claim = "DualMesh, a method for reconstructing surfaces from point clouds, runs in 40 ms on a single GPU."
    assert [checker().check(claim, [source]).verdict for source in TWO] != ["supported", "supported"]
    assert checker().check(claim, TWO).verdict == "supported"


def test_batches_and_repetition_change_nothing() -> None:
    pairs = [(claim, evidence) for claim, evidence in SAME] + [(claim, evidence) for claim, evidence, _ in WRONG]
    shuffled = random.Random(5).sample(range(len(pairs)), len(pairs))
    fresh = GroundingChecker(OnnxEncoder(), remembered=3)
    again = dict(zip(shuffled, fresh.check_many([pairs[at] for at in shuffled]), strict=True))
    assert [again[at] for at in range(len(pairs))] == [checker().check(*pair) for pair in pairs]


def test_the_name_tells_version_and_encoder() -> None:
    assert checker().name.endswith(OnnxEncoder.name)


def test_of_a_long_source_the_sentences_with_the_claim_s_words_are_read() -> None:
    source = [f"Filler sentence number {at} about nothing." for at in range(60)] + [MUTATION]
    kept = nearest("NoProp outperforms BERT", source)
    assert len(kept) == NEAREST
    assert MUTATION in kept
    assert checker().check("NoProp is better than BERT on GLUE.", source).verdict == "supported"


def test_the_rationale_names_the_sentences_that_speak_to_the_claim() -> None:
    abstract = [
        "Deep networks are widely used.",
        "NoProp outperforms BERT on GLUE.",
        "We thank the reviewers.",
        "Code is available online.",
    ]
    assert 1 in checker().rationale("NoProp is better than BERT.", abstract)
    assert checker().rationale("NoProp is better than BERT.", []) == []


def test_half_characters_and_endless_figures_do_no_harm() -> None:
    assert checker().check("A \ud800 model", ["model \udfff"]).reason
    assert checker().check("1" * 400 + " models", ["2" * 400 + " models"]).verdict == "unsupported"


TEXT = st.text(st.characters(), max_size=80) | st.lists(
    st.sampled_from(
        [
            "not",
            "12",
            "%",
            "1e999",
            "9" * 400,
            "10^9999",
            "outperforms",
            "BERT",
            "is",
            "than",
            ".",
            "$x$",
            "\\%",
            "–",
            "3",
            "more",
        ]
    ),
    max_size=12,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(TEXT, st.lists(TEXT, max_size=3))
@example("000:00001e111:000", ["00001E111:000"])
def test_any_text_gets_a_judgement(claim: str, evidence: list[str]) -> None:
    quick = GroundingChecker(WordHashEncoder())
    judged = quick.check(claim, evidence)
    assert 0 <= judged.score <= 1
    assert judged.reason
    assert judged == quick.check(claim, evidence) == GroundingChecker(WordHashEncoder()).check(claim, evidence)
    if judged.verdict == "supported":
        assert judged.score >= SUPPORTED
    if judged.verdict == "unsupported":
        assert judged.score < PARTLY


def test_one_word_without_end_is_checked_as_any_other() -> None:
    """A pattern that tries every way to cut a word into words does not come back within the minute that the child is given."""
    tried = "from rag.grounding import soft_signals as doubts; word = 'ab' * 1000; assert doubts._REPORTING.sub('', word) == word"
    subprocess.run([sys.executable, "-c", tried], check=True, timeout=60)
    assert doubts._REPORTING.sub("", "Moreover, we show that bees sing.") == "bees sing."
