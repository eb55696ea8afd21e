"""Names that the papers do not know, and questions that are far from all of them, over made-up matches."""

from __future__ import annotations

import pytest

from rag.abstention.rules import FAR, FAR_WORDS, missing_point
from rag.abstention.unknown_names import refuse_unknown_name, whole_name
from rag.query.question import understand
from rag.retrieval.sentence_ranker import Match
from rag.text.sentence_roles import Part
from rag.types import Evidence, Hit, Paper, Passage, Refusal, Span

PAPER = Paper("title:maps", "PaleScan: Reading Faded Maps", "PaleScan reads maps by Kolmogorov flows on graphs.")


def match(cosines: dict[str, float], meaning: float = 0.9) -> Match:
    whole = Span(0, len(PAPER.abstract))
    hit = Hit(Passage("p", PAPER, whole), 1.0, "both")
    return Match(Evidence(PAPER, whole, 1.0), Part("approach", 1.0), 0, cosines, meaning, hit)


def holds(word: str) -> bool:
    return word in PAPER.title.lower() or word in PAPER.abstract.lower()


@pytest.mark.parametrize(
    ("question", "cosines", "strange"),
    [
        ("how do Kolmogorov-Arnold maps fade?", {"kolmogorov": 0.9, "arnold": 0.3}, True),
        ("how do Kolmogorov-Arnold maps fade?", {"kolmogorov": 0.9, "arnold": 0.4}, False),
        ("how does ZetaFold read maps?", {"zetafold": 0.45}, True),
        ("how does ZetaFold read maps?", {"zetafold": 0.48}, False),
        ("how does Zetafold read maps?", {"zetafold": 0.45}, False),
        ("how does Zetafold read maps?", {"zetafold": 0.4}, True),
        ("how does PaleScann read maps?", {"palescann": 0.1}, False),
        ("how does PaleScan read maps?", {"palescan": 0.1}, False),
        ("how do ResNets read maps?", {"resnets": 0.1}, False),
    ],
)
def test_a_name_that_nobody_knows_and_nothing_resembles_is_strange(
    question: str, cosines: dict[str, float], strange: bool
) -> None:
    found = refuse_unknown_name(understand(question), [match(cosines)], cosines, holds)
    assert bool(found) is strange


@pytest.mark.parametrize(
    ("words", "meaning", "far"),
    [
        (FAR_WORDS + 0.01, FAR - 0.01, False),
        (FAR_WORDS + 0.01, FAR - 0.2, True),
        (FAR_WORDS + 0.1, FAR - 0.2, False),
        (FAR_WORDS - 0.05, FAR + 0.01, False),
        (FAR_WORDS - 0.05, FAR - 0.01, True),
    ],
)
def test_the_farther_the_nearest_sentence_the_nearer_the_words_must_be(words: float, meaning: float, far: bool) -> None:
    missing = missing_point(understand("why does dough rise?"), [match({"dough": words, "rise": words}, meaning)], lambda _: True)
    assert (missing == Refusal("other_subject")) is far


@pytest.mark.parametrize(
    ("question", "name", "whole"),
    [
        ("Is PaleScan better than Mask R-CNN?", "Mask", "Mask R-CNN"),
        ("Is PaleScan better than Mask R-CNN?", "R-CNN", "Mask R-CNN"),
        ("Does it use Google Earth Engine's maps?", "Earth", "Google Earth Engine"),
        ("Is Stable Diffusion 3 used?", "Diffusion", "Stable Diffusion 3"),
        ("Does it run on Jetson, Nano or both?", "Nano", "Nano"),
        ("Did PaleScan GPT-4 beat?", "GPT-4", "GPT-4"),
        ("Does Zeta fold in 2021?", "Zeta", "Zeta"),
        ("how does zetafold read?", "ZetaFold", "ZetaFold"),
    ],
)
def test_a_reason_names_the_whole_name(question: str, name: str, whole: str) -> None:
    assert whole_name(question, name, [PAPER]) == whole
