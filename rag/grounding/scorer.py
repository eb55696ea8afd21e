"""How far a claim's words are met by its sources: coverage by stem, by meaning in context, and the score made of them.

Each content word, weighted by its rarity, looks for its stem anywhere in the sources and for its nearest word in context (late
interaction after Khattab & Zaharia, "ColBERT", SIGIR 2020) in the two sentences that together hold most of the claim.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from rag.grounding.entities import missing_capitals, missing_names, spelled_out
from rag.text.frequency import rarity
from rag.text.polarity import denies_otherwise, leans_otherwise
from rag.text.words import WORD, fold, is_content, stem, words
from rag.types import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.types import WordVectors

    Vectors = NDArray[np.float32]

NEAREST = 24
"""Sentences of a long source that are read closely: those that hold most of the claim's words."""
MEANT = 0.45
"""Best cosine in context under which a word that no source has is not meant by another word either."""
MOST_CAPITALS = 3
"""Capitalised words that no source has, beyond which more of them count no more. Chosen."""
WHOLE = 6
"""Sentences that make a whole abstract: what a single one does not name, the text around it may."""
_COSINE_SHARE = 0.3
"""What the cosine of claim and sentence counts beside the words they share, when sentences are ranked. Chosen."""

_MODEL: Mapping[str, Any] = json.loads((files("rag") / "data" / "word_scorer.json").read_text(encoding="utf-8"))
INTERCEPT: float = _MODEL["intercept"]
WEIGHTS: Mapping[str, float] = _MODEL["weights"]
"""Of the features of a claim beside a source; the file says where they come from."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A sentence of a source as it is compared: its stems, its words' vectors (tokens × dimensions) and its own."""

    text: str
    stems: frozenset[str]
    tokens: Vectors
    sentence: Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Claimed:
    """A claim's content words in order, where they stand, their weights (sum 1), their vectors (words × dimensions) and the whole claim's."""

    text: str
    words: tuple[str, ...]
    places: tuple[Span, ...]
    weights: Vectors
    vectors: Vectors
    sentence: Vectors


@dataclass(frozen=True, slots=True)
class Met:
    """How the sources meet a claim.

    `missing` are the words met by nothing; `shares` and `strengths` tell of each line how much of the claim it holds by stem and by
    meaning; `reversed` and `denied` whether the two strongest lines have an opposite, or a denial, that the claim has not; `held` which
    words each line holds by stem; `unmet` of each word how far it is from all lines, and `unmet_share` their weighted sum.
    """

    coverage: float
    gap: float
    cosine: float
    names: tuple[str, ...]
    capitals: tuple[str, ...]
    missing: tuple[str, ...]
    shares: tuple[float, ...]
    strengths: tuple[float, ...]
    reversed: bool
    denied: bool
    held: tuple[tuple[bool, ...], ...]
    unmet: tuple[float, ...]
    unmet_share: float

    @property
    def features(self) -> dict[str, float]:
        return {
            "coverage": self.coverage,
            "gap": self.gap,
            "cosine": self.cosine,
            "capitals": min(len(self.capitals), MOST_CAPITALS) * min(len(self.shares), WHOLE) / WHOLE,
            "reversed": float(self.reversed),
            "denied": float(self.denied),
        }

    @property
    def score(self) -> float:
        """How surely the claim is supported, in 0…1 (logistic)."""
        logit = math.fsum([INTERCEPT, *(WEIGHTS[name] * value for name, value in self.features.items())])
        return 1 / (1 + math.exp(-max(-40.0, min(40.0, logit))))


def line(text: str, vectors: WordVectors) -> Line:
    return Line(text, frozenset(map(stem, words(text))), vectors.tokens, vectors.sentence)


def claimed(text: str, read: WordVectors) -> Claimed | None:
    """The claim's content words; None if the encoder saw none (the text is cut after its longest length)."""
    import numpy as np

    found: list[str] = []
    places: list[Span] = []
    rows: list[Vectors] = []
    at = 0
    for place in WORD.finditer(text):
        while at < len(read.spans) and read.spans[at].start < place.start():
            at += 1
        first = at
        while at < len(read.spans) and read.spans[at].end <= place.end():
            at += 1
        if at > first and is_content(word := fold(place.group())):
            found.append(word)
            places.append(Span(place.start(), place.end()))
            rows.append(read.tokens[first:at].sum(axis=0) if at - first > 1 else read.tokens[first])
    if not found:
        return None
    vectors = np.stack(rows)
    vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    weights = np.array([rarity(word) for word in found])
    return Claimed(text, tuple(found), tuple(places), weights / weights.sum(), vectors, read.sentence)


def nearest(claim: str, sources: Sequence[str], limit: int = NEAREST) -> list[str]:
    """The sentences that hold most of the claim's words by weight, in their own order; all where there are few."""
    if len(sources) <= limit:
        return list(sources)
    wanted = {stem(word): rarity(word) for word in words(claim) if is_content(word)}
    shares = [math.fsum(wanted[own] for own in set(map(stem, words(source))) if own in wanted) for source in sources]
    best = sorted(range(len(sources)), key=lambda at: (-shares[at], at))[:limit]
    return [sources[at] for at in sorted(best)]


def met(claim: Claimed, lines: Sequence[Line]) -> Met:
    """Holds the claim's words against the lines, of which there is at least one."""
    import numpy as np

    texts = [line.text for line in lines]
    stems = [stem(word) for word in claim.words]
    held: NDArray[np.bool_] = np.array([_holds(line, claim, stems) for line in lines])
    similar = _similar(claim, lines)
    cosines = np.array([float(line.sentence @ claim.sentence) for line in lines])
    strengths = similar @ claim.weights + _COSINE_SHARE * cosines
    first = similar[int(strengths.argmax())]
    strongest = [texts[at] for at in sorted(range(len(lines)), key=lambda at: (-strengths[at], at))[:2]]
    paired = np.maximum(similar, first) @ claim.weights
    two = np.maximum(first, similar[int(paired.argmax())])
    anywhere: NDArray[np.bool_] = np.logical_or.reduce(held, axis=0)
    close: NDArray[np.float32] = np.maximum.reduce(similar, axis=0)
    names = missing_names(claim.text, texts)
    unmet: NDArray[np.float32] = np.where(anywhere, 0.0, 1.0 - close)
    missing = [
        word for word, own, near in zip(claim.words, anywhere.tolist(), close.tolist(), strict=True) if not own and near < MEANT
    ]
    return Met(
        float(anywhere @ claim.weights),
        float((1 - two) ** 2 @ claim.weights),
        float(cosines.max()),
        tuple(names),
        tuple(missing_capitals(claim.text, texts)),
        tuple(dict.fromkeys(missing)),
        tuple((held @ claim.weights).tolist()),
        tuple(strengths.tolist()),
        leans_otherwise(claim.text, strongest),
        denies_otherwise(claim.text, strongest),
        tuple(map(tuple, held.tolist())),
        tuple(unmet.tolist()),
        float(unmet @ claim.weights),
    )


def _holds(line: Line, claim: Claimed, stems: Sequence[str]) -> list[bool]:
    spelled = spelled_out(claim.text, [line.text])
    return [own in line.stems or word in spelled for own, word in zip(stems, claim.words, strict=True)]


def _similar(claim: Claimed, lines: Sequence[Line]) -> NDArray[np.float32]:
    """For each line and each word of the claim, the best cosine among the line's words (lines × words)."""
    import numpy as np

    rows = [line.tokens if len(line.tokens) else line.sentence[None, :] for line in lines]
    starts = list(accumulate(map(len, rows[:-1]), initial=0))
    found: NDArray[np.float32] = np.maximum.reduceat(np.concatenate(rows) @ claim.vectors.T, starts, axis=0)
    return found
