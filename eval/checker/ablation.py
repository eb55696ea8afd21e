"""What each part of the checker brings: the same claims judged without it. Thresholds stay the checker's own."""

from __future__ import annotations

import random
from collections.abc import Sequence

from eval.checker.inventions import bundled_inventions, caught
from eval.checker.labelled import SEED, LabelledSet
from eval.stats.detection import auroc, balanced_accuracy
from rag.grounding.checker import RULES, GroundingChecker
from rag.grounding.verdict import SUPPORTED
from rag.protocols import WordEncoder
from rag.reader.cross_encoder import CrossEncoder
from rag.types import WordVectors

MOST = 150
"""Pairs of a set that are judged, drawn the same way each time: their vectors are kept for all rows."""


class _Kept:
    """An encoder that remembers the words of every text."""

    def __init__(self, encoder: WordEncoder) -> None:
        self._encoder = encoder
        self._known: dict[str, WordVectors] = {}

    def encode_words(self, texts: Sequence[str]) -> list[WordVectors]:
        for text in texts:
            if text not in self._known:
                self._known[text] = self._encoder.encode_words([text])[0]
        return [self._known[text] for text in texts]

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dimensions(self) -> int:
        return self._encoder.dimensions


def ablated(encoder: WordEncoder, sets: Sequence[LabelledSet]) -> str:
    """A table (Markdown): all parts, without each one, and without any; of each set balanced accuracy and AUROC."""
    kept = _Kept(encoder)
    rows: list[tuple[str, tuple[str, ...]]] = [("all parts", ())]
    rows += [(f"without {name}", (name,)) for name in RULES] + [("without any", RULES)]
    lines = [
        "| checker | "
        + " | ".join(one.name for one in sets)
        + " | inventions caught (dev) | paraphrases flagged, only partly (dev) |",
        "|---" * (len(sets) + 3) + "|",
    ]
    for name, without in rows:
        checker = GroundingChecker(kept, CrossEncoder(), remembered=0, without=without)
        found = caught(checker, [case for case in bundled_inventions() if case.split == "dev"])
        cells = [_agreed(checker, one) for one in sets]
        lines.append(
            f"| {name} | " + " | ".join([*cells, f"{found.caught:.1%}", f"{found.flagged:.1%}, {found.partly:.1%}"]) + " |"
        )
    return "\n".join(lines)


def _agreed(checker: GroundingChecker, one: LabelledSet) -> str:
    pairs = random.Random(SEED).sample(one.pairs, min(MOST, len(one.pairs)))
    truth, scores = [pair.supported for pair in pairs], [checker.check(pair.claim, pair.evidence).score for pair in pairs]
    reached = balanced_accuracy(truth, [score >= SUPPORTED for score in scores]), auroc(truth, scores)
    return ", ".join("–" if value is None else f"{value:.3f}" for value in reached)
