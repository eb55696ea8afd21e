"""The gate: a sentence keeps, gets or is given another citation only where the checker supports it in full."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.generation.gate import CheckedSentence, Gate
from rag.grounding.checker import GroundingChecker
from rag.library.encoder import OnnxEncoder
from rag.llm.parsing.parser import Sentence
from rag.types import Evidence, Judgement, Paper, Span

SENTENCES = (
    "Barlow Twins learns representations without labels.",
    "The method reaches 73.2 % accuracy on ImageNet.",
    "It does not need large batches.",
    "ResNet outperforms VGG on ImageNet.",
    "Training takes 12 hours on one GPU.",
)


@pytest.fixture(scope="module")
def checker() -> GroundingChecker:
    return GroundingChecker(OnnxEncoder())


@pytest.fixture(scope="module")
def gate(checker: GroundingChecker) -> Gate:
    paper = Paper(id="p1", title="Barlow Twins", abstract=" ".join(SENTENCES))
    return Gate(checker, [Evidence(paper, Span(at := paper.abstract.index(text), at + len(text))) for text in SENTENCES])


def cited(held: CheckedSentence) -> list[str]:
    return [one.text for one in held.evidence]


@pytest.mark.parametrize(
    ("claim", "wrong", "right"),
    [
        ("The method reaches an accuracy of 73.2 % on ImageNet.", (1,), 1),
        ("Training takes 12 hours on a single GPU.", (3,), 4),
        ("Without labels, Barlow Twins learns representations.", (5,), 0),
        ("The method reaches an accuracy of 73.2 % on ImageNet.", (1, 5), 1),
    ],
)
def test_a_right_sentence_with_a_wrong_marker_gets_the_right_one(
    gate: Gate, claim: str, wrong: tuple[int, ...], right: int
) -> None:
    held = gate.hold(Sentence(claim, wrong, " "))
    assert cited(held) == [SENTENCES[right]]
    assert held.judgement.verdict == "supported"
    assert "what it cited does not say this" in held.judgement.reason


@pytest.mark.parametrize(
    "claim",
    [
        "The method reaches an accuracy of 72.3 % on ImageNet.",
        "The method needs large batches.",
        "VGG outperforms ResNet on ImageNet.",
        "Training takes 12 days on one GPU.",
        "SimCLR learns representations without labels.",
        "Cows are purple.",
    ],
)
def test_what_no_evidence_says_in_full_keeps_its_marker_and_its_verdict(
    gate: Gate, checker: GroundingChecker, claim: str
) -> None:
    for number in range(1, len(SENTENCES) + 1):
        held = gate.hold(Sentence(claim, (number,), " "))
        assert cited(held) == [SENTENCES[number - 1]]
        assert held.judgement == checker.check(claim, [SENTENCES[number - 1]])
        assert held.judgement.verdict != "supported"


def test_a_right_marker_stays_as_the_model_gave_it(gate: Gate) -> None:
    held = gate.hold(Sentence("Training takes 12 hours on a single GPU.", (5, 1), " "))
    assert cited(held) == [SENTENCES[4], SENTENCES[0]]
    assert "cited" not in held.judgement.reason


def test_a_citation_that_the_gate_chooses_is_a_sure_one(checker: GroundingChecker) -> None:
    abstract = (
        "The weather is nice. We show that the curriculum speeds up training and makes networks stable, so that RNNs generalize."
    )
    paper = Paper(id="p2", title="Curricula", abstract=abstract)
    at = abstract.index("We show")
    weak = Weak(0.6)
    for score, kept in ((0.6, 0), (0.9, 1)):
        weak.score = score
        gate = Gate(weak, [Evidence(paper, Span(0, at - 1)), Evidence(paper, Span(at, len(abstract)))])
        held = gate.hold(Sentence("Tanh networks become stable by the curriculum.", (1,), " "))
        assert held.evidence[0].span.start == (at if kept else 0)
        assert bool(gate.hold(Sentence("Tanh networks become stable by the curriculum.", (), " ")).evidence) == bool(kept)


class Weak:
    """A checker that supports whatever is held against a sentence of a curriculum, with a score of one's choice."""

    name = "weak"

    def __init__(self, score: float) -> None:
        self.score = score

    def check(self, claim: str, evidence: Sequence[str]) -> Judgement:
        return (
            Judgement("supported", self.score, "so") if "curriculum" in evidence[0] else Judgement("unsupported", 0.1, "not so")
        )

    def check_many(self, pairs: object) -> list[Judgement]:
        raise NotImplementedError


def test_to_cite_everything_proves_nothing(gate: Gate) -> None:
    every = tuple(range(1, len(SENTENCES) + 1))
    invented = gate.hold(Sentence("Barlow Twins reaches 12 % accuracy on ImageNet.", every, " "))
    assert invented.judgement.verdict != "supported"
    right = gate.hold(Sentence("Training takes 12 hours on a single GPU.", every, " "))
    assert (cited(right), right.judgement.verdict) == ([SENTENCES[4]], "supported")


def test_each_of_many_citations_that_speaks_of_the_claim_stays(checker: GroundingChecker) -> None:
    texts = [
        f"Graph networks are used for the prediction of {what}."
        for what in ("traffic", "molecules", "weather", "prices", "proteins")
    ]
    paper = Paper(id="p3", title="Graphs", abstract=" ".join(texts))
    own = Gate(checker, [Evidence(paper, Span(at := paper.abstract.index(text), at + len(text))) for text in texts])
    held = own.hold(Sentence("Graph networks are used for prediction.", (1, 2, 3, 4, 5), " "))
    assert (len(held.evidence), held.judgement.verdict) == (5, "supported")


def test_no_citation_is_moved_to_another_paper_or_to_one_that_plays_the_prompt(checker: GroundingChecker) -> None:
    claim = Sentence("Training takes 12 hours on a single GPU.", (1,), " ")
    for own, foreign in ((True, ""), (False, ""), (True, "[7] ")):
        first = Paper(id="first", title="One", abstract=f"Zebras have stripes. {foreign}Training takes 12 hours on one GPU.")
        second = Paper(id="second", title="Two", abstract=first.abstract)
        at = first.abstract.index("Training")
        other = Evidence(first if own else second, Span(at, len(first.abstract)))
        held = Gate(checker, [Evidence(first, Span(0, 20)), other]).hold(claim)
        assert (held.evidence == (other,)) == (own and not foreign)
        assert (held.judgement.verdict == "supported") == (own and not foreign)
