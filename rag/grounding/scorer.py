"""How far a claim's words are met by its sources: coverage by stem, by meaning in context, and the score made of them.

Each content word, weighted by its rarity, looks for its stem anywhere in the sources and for its nearest word by meaning (late
interaction after Khattab & Zaharia, "ColBERT", SIGIR 2020) in the two sentences that together hold most of the claim.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
CLOSELY = 5
"""Of these, those whose words' vectors are compared at most: with all of them, no labelled set is judged better (`docs/evaluation.md`)."""
AT_LEAST = 3
"""Sentences whose words' vectors are compared however few words they share."""
NEARLY_BEST = 0.6
"""What a fourth or fifth must hold of the claim's words, as a share of what the best one holds: at 0.4 to 0.6 no labelled set is judged
otherwise than by chance, and at 0.6 an abstract takes a quarter less time."""
MEANT = 0.45
"""Best cosine in context under which a word that no source has is not meant by another word either."""
MOST_CAPITALS = 3
"""Capitalised words that no source has, beyond which more of them count no more. Chosen."""
WHOLE = 6
"""Sentences that make a whole abstract: what a single one does not name, the text around it may."""
_COSINE_SHARE = 0.3
"""What the cosine of claim and sentence counts beside the words they share, when sentences are ranked. Chosen."""
IN_CONTEXT = (0.0, 1.0)
OUT_OF_CONTEXT = (0.127, 0.67)
"""What the best cosine of word vectors says of the one in context: itself, or for vectors out of context a line (least squares over
14,592 words of training claims that no stem of the source meets)."""

_MODEL: Mapping[str, Any] = json.loads((files("rag") / "data" / "word_scorer.json").read_text(encoding="utf-8"))
INTERCEPT: float = _MODEL["intercept"]
WEIGHTS: Mapping[str, float] = _MODEL["weights"]
"""Of the features of a claim beside a source; the file says where they come from."""


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

    `missing` are the words met by nothing; `shares` and `strengths` tell of each sentence how much of the claim it holds by stem and by
    meaning (0 where it was not read closely); `reversed` and `denied` whether the two strongest have an opposite, or a denial, that the
    claim has not; `held` which words each sentence holds by stem; `unmet` of each word how far it is from all of them, and `unmet_share`
    their weighted sum.
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


def met(
    claim: Claimed, texts: Sequence[str], read: Callable[[str], WordVectors], likeness: tuple[float, float] = IN_CONTEXT
) -> Met:
    """Holds the claim's words against the sentences, of which there is at least one; those that hold most of them are `read` closely."""
    import numpy as np

    stems = [stem(word) for word in claim.words]
    held: NDArray[np.bool_] = np.array([_holds(text, claim, stems) for text in texts])
    shares = held @ claim.weights
    closely = _closely(shares.tolist())
    vectors = [read(texts[at]) for at in closely]
    likely = likeness[0] + likeness[1] * similar(claim, vectors)
    cosines = np.array([float(one.sentence @ claim.sentence) for one in vectors])
    strengths = likely @ claim.weights + _COSINE_SHARE * cosines
    first = likely[int(strengths.argmax())]
    strongest = [texts[closely[at]] for at in sorted(range(len(closely)), key=lambda at: (-strengths[at], at))[:2]]
    paired = np.maximum(likely, first) @ claim.weights
    two = np.maximum(first, likely[int(paired.argmax())])
    anywhere: NDArray[np.bool_] = np.logical_or.reduce(held, axis=0)
    close: NDArray[np.float32] = np.maximum.reduce(likely, axis=0)
    unmet: NDArray[np.float32] = np.where(anywhere, 0.0, 1.0 - close)
    return Met(
        float(anywhere @ claim.weights),
        float((1 - two) ** 2 @ claim.weights),
        float(cosines.max()),
        tuple(missing_names(claim.text, texts)),
        tuple(missing_capitals(claim.text, texts)),
        tuple(dict.fromkeys(word for word, far in zip(claim.words, unmet.tolist(), strict=True) if far > 1 - MEANT)),
        tuple(shares.tolist()),
        tuple(_spread(strengths.tolist(), closely, len(texts))),
        leans_otherwise(claim.text, strongest),
        denies_otherwise(claim.text, strongest),
        tuple(map(tuple, held.tolist())),
        tuple(unmet.tolist()),
        float(unmet @ claim.weights),
    )


def _closely(shares: Sequence[float]) -> list[int]:
    """The places of the sentences whose words' vectors are compared, in order."""
    best = sorted(range(len(shares)), key=lambda at: (-shares[at], at))[:CLOSELY]
    return sorted(at for rank, at in enumerate(best) if rank < AT_LEAST or 0 < shares[at] >= NEARLY_BEST * shares[best[0]])


def _spread(values: Sequence[float], places: Sequence[int], count: int) -> list[float]:
    known = dict(zip(places, values, strict=True))
    return [known.get(at, 0.0) for at in range(count)]


def _holds(text: str, claim: Claimed, stems: Sequence[str]) -> list[bool]:
    spelled = spelled_out(claim.text, [text])
    there = _stems(text)
    return [own in there or word in spelled for own, word in zip(stems, claim.words, strict=True)]


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, words(text)))


def similar(claim: Claimed, read: Sequence[WordVectors]) -> Vectors:
    """For each sentence and each word of the claim, the best cosine among the sentence's words (sentences × words)."""
    import numpy as np

    rows = [one.tokens if len(one.tokens) else one.sentence[None, :] for one in read]
    starts = list(accumulate(map(len, rows[:-1]), initial=0))
    found: Vectors = np.maximum.reduceat(np.concatenate(rows) @ claim.vectors.T, starts, axis=0)
    return found
