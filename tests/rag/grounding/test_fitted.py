"""The checker with the learned reader: what its signs weigh, and which rules keep their veto."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from fakes import WordHashEncoder

from rag.grounding.checker import GroundingChecker
from rag.grounding.claims import in_order
from rag.grounding.rationale import rationale
from rag.grounding.scorer import AT_LEAST, CLOSELY
from rag.grounding.verdict import LONG_SIGNS, PARTLY, SHORT, SHORT_SIGNS, SUPPORTED, Signs, fitted_score, models
from rag.library.encoder import OnnxEncoder
from rag.library.static_words import static_words
from rag.reader.cross_encoder import CrossEncoder
from rag.types import WordVectors


class Says:
    """A reader that says the same of every claim, and remembers what it read."""

    name = "says"

    def __init__(self, log_odds: float) -> None:
        self.log_odds = log_odds
        self.seen: list[tuple[str, str]] = []

    def supports(self, claim: str, texts: Sequence[str]) -> list[float]:
        self.seen += [(claim, text) for text in texts]
        return [self.log_odds] * len(texts)

    def bearings(self, claim: str, texts: Sequence[str]) -> list[float]:
        return [self.log_odds] * len(texts)

    def answers(self, question: str, passages: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]]:
        return [[self.log_odds] * len(sentences) for _, sentences in passages]


CLAIM = "Sparse networks learn quickly on graphs."
SOURCE = "On small graphs, sparse networks train fast."


def test_the_reader_has_a_say() -> None:
    verdicts = [GroundingChecker(WordHashEncoder(), Says(own)).check(CLAIM, [SOURCE]).score for own in (-6, 0, 6)]
    assert verdicts == sorted(verdicts)
    assert verdicts[0] < SUPPORTED <= verdicts[2]


def test_it_reads_one_or_two_sentences_and_no_long_source() -> None:
    reader = Says(0.0)
    checker = GroundingChecker(WordHashEncoder(), reader)
    checker.check(CLAIM, [SOURCE, "Bees dance.", "Ants walk on graphs."])
    assert [text for _, text in reader.seen] == [f"{SOURCE} Ants walk on graphs."]
    checker.check(CLAIM, [f"{SOURCE} Bees dance. Ants walk. Wasps sing."])
    assert len(reader.seen) == 1


@pytest.mark.parametrize(
    ("claim", "source", "verdict"),
    [
        ("The drug Losartan lowers blood pressure in adults.", "The drug Valsartan lowers blood pressure in adults.", "partly"),
        ("The festival takes place in Vienna every summer.", "The festival takes place in Prague every summer.", "partly"),
        ("In all, the team of six saw 40 bees dance.", "Bees danced before the 30 of them who came to look.", "partly"),
        (
            "The robot learns from 300 demonstrations in a day.",
            "The robot learns from 500 demonstrations in a day.",
            "unsupported",
        ),
        ("Over 900,000 users were mapped to providers.", "902,170 individual users were mapped to providers.", "supported"),
    ],
)
def test_what_a_rule_finds_in_a_sentence_or_two_is_never_supported(claim: str, source: str, verdict: str) -> None:
    assert GroundingChecker(OnnxEncoder(), Says(6.0)).check(claim, [source]).verdict == verdict


def test_a_sure_rule_is_believed_whatever_the_reader_says() -> None:
    checker = GroundingChecker(OnnxEncoder(), Says(6.0))
    for claim, source in (
        ("The robot learns from 300 demonstrations.", "The robot learns from 500 demonstrations."),
        ("Training needs no labels.", "Training needs labels for each class."),
        ("BERT outperforms NoProp on GLUE.", "NoProp outperforms BERT on GLUE."),
    ):
        judged = checker.check(claim, [source])
        assert (judged.verdict, judged.contradicted) == ("unsupported", True), claim


@pytest.mark.parametrize(
    ("claim", "source", "sign"),
    [
        ("The robot learns from 300 demonstrations.", "The robot learns from 500 demonstrations.", None),
        ("The robot learned on May 3, 2021.", "The robot learned on June 3, 2021.", "number"),
        ("BERT outperforms NoProp on GLUE.", "NoProp outperforms BERT on GLUE.", "comparison"),
        ("Training needs no labels.", "Training needs labels for each class.", None),
    ],
)
def test_which_rules_only_weigh_in_a_near_copy_of_a_longer_source(claim: str, source: str, sign: str | None) -> None:
    abstract = [source, "Bees dance.", "Ants walk.", "Wasps sing."]
    checker = GroundingChecker(OnnxEncoder(), Says(6.0))
    signs = checker.signs(claim, abstract)
    judged = checker.check(claim, abstract)
    if sign is None:
        assert (signs, judged.verdict) == (None, "unsupported")
    else:
        assert signs is not None
        assert getattr(signs, sign)
        assert fitted_score(signs) <= fitted_score(replace(signs, **{sign: False}))
        assert judged.verdict != "unsupported"


def test_a_figure_that_a_longer_source_has_not_keeps_a_claim_at_partly() -> None:
    abstract = ["The robot learned on June 3, 2021.", "Bees dance.", "Ants walk.", "Wasps sing."]
    judged = GroundingChecker(OnnxEncoder(), Says(6.0)).check("The robot learned on May 3, 2021.", abstract)
    assert judged.verdict == "partly"


def test_what_a_source_is_silent_about_is_not_contradicted() -> None:
    judged = GroundingChecker(OnnxEncoder(), Says(-6.0)).check("Bees sing at dawn.", ["The stock market fell."])
    assert (judged.verdict, judged.contradicted) == ("unsupported", False)


def test_a_name_put_into_a_near_copy_is_believed_to_be_wrong() -> None:
    judged = GroundingChecker(OnnxEncoder(), Says(6.0)).check(
        "WaveNet learns to grasp objects from demonstrations.", ["The robot learns to grasp objects from demonstrations."]
    )
    assert judged.verdict != "supported"


@pytest.mark.parametrize(
    ("claim", "source", "same"),
    [
        ("Training MACE is faster.", "The grid makes training MACE four times faster.", True),
        ("MACE training is faster.", "The grid makes training MACE four times faster.", False),
        ("Bees sing.", "Bees dance.", False),
    ],
)
def test_words_in_their_order(claim: str, source: str, same: bool) -> None:
    assert in_order(claim, source) is same


def test_weights_point_the_right_way() -> None:
    short, long, sentence = (models()[name].weights for name in ("short", "long", "rationale"))
    assert (tuple(short), tuple(long)) == (SHORT_SIGNS, LONG_SIGNS)
    assert short["read"] > 0 > short["unmet"]
    assert long["base"] > 0
    for weights in (short, long):
        assert all(
            weights.get(sign, 0.0) <= 0.05
            for sign in ("number", "comparison", "opposite", "name", "denial", "reversal", "overclaim", "absent")
        )
    assert min(sentence["bears"], sentence["strength"], sentence["behind"]) > 0
    assert fitted_score(Signs(2.0, SHORT + 1)) > fitted_score(Signs(0.0, SHORT + 1))


def test_what_the_reader_reads_needs_no_encoder() -> None:
    class Counts(WordHashEncoder):
        read = 0

        def encode_words(self, texts: Sequence[str]) -> list[WordVectors]:
            self.read += len(texts)
            return super().encode_words(texts)

    encoder = Counts()
    checker = GroundingChecker(encoder, Says(0.0))
    checker.check(CLAIM, [SOURCE, "Bees dance."])
    assert encoder.read == 0
    checker.check(CLAIM, [SOURCE, *(f"Bees dance in hive {number}." for number in range(30))])
    assert encoder.read == 1 + AT_LEAST
    checker.check(f"{CLAIM} Now.", [f"In hive {number}, sparse networks learn on graphs." for number in range(30)])
    assert encoder.read == 2 + AT_LEAST + CLOSELY


def test_the_learned_reader_tells_what_follows_from_what_does_not() -> None:
    follows, other = CrossEncoder().supports(
        "The method needs no labelled images.",
        ["It learns without any labelled images.", "It learns from labelled images of dogs."],
    )
    assert follows > other
    assert CrossEncoder().supports("Anything.", []) == []


def test_the_learned_reader_tells_what_bears_on_a_claim() -> None:
    about, silent = CrossEncoder().bearings(
        "The method needs no labelled images.", ["It learns from labelled images of dogs.", "The stock market fell in May."]
    )
    assert about > silent
    assert CrossEncoder().bearings("Anything.", []) == []


def test_the_sentences_that_settle_a_claim() -> None:
    abstract = ["We study bees in spring.", "Hives lie in the north.", "Bees dance more often when it is warm."]
    assert 2 in rationale("Warmth makes bees dance.", abstract, static_words(), CrossEncoder())
    assert 2 in rationale("Warmth makes bees dance.", abstract, static_words(), None)
    assert rationale("...", abstract, static_words(), None) == []


def test_a_claim_of_which_the_source_has_no_word_is_not_supported() -> None:
    judged = GroundingChecker(OnnxEncoder(), Says(6.0)).check("蜜蜂在春天跳舞。", ["Bees dance in spring."])
    assert judged.verdict != "supported"


def test_a_claim_of_which_the_source_has_hardly_a_word_gets_the_score_of_its_verdict() -> None:
    for said in (-6.0, -1.0, 0.0, 2.0, 6.0):
        judged = GroundingChecker(OnnxEncoder(), Says(said)).check("Bees dance and sing at dawn in spring.", ["Bees sleep."])
        ranges = {"unsupported": (0.0, PARTLY), "partly": (PARTLY, SUPPORTED), "supported": (SUPPORTED, 1.1)}
        least, most = ranges[judged.verdict]
        assert least <= judged.score < most
