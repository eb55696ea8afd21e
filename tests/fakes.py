"""Stand-ins that are quick and always the same: an encoder that hashes words, and papers made of a few words."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.types import Paper, Span, WordVectors


class WordHashEncoder:
    """An Encoder whose vectors are bags of hashed words, of unit length: texts with the same words are near."""

    def __init__(self, dimensions: int = 64) -> None:
        self._dimensions = dimensions
        self.encoded = 0

    @property
    def name(self) -> str:
        return f"word-hash-{self._dimensions}"

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += len(texts)
        vectors = np.zeros((len(texts), self._dimensions), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()) or [""]:
                digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
                vectors[row, int.from_bytes(digest[:4]) % self._dimensions] += 1.0 if digest[4] % 2 else -1.0
            if not vectors[row].any():
                vectors[row, 0] = 1.0
            vectors[row] /= np.linalg.norm(vectors[row])
        return vectors

    def encode_words(self, texts: Sequence[str]) -> list[WordVectors]:
        found = []
        for text, sentence in zip(texts, self.encode(texts), strict=True):
            spans = tuple(Span(*match.span()) for match in re.finditer(r"\w+", text))
            found.append(WordVectors(spans, self.encode([span.of(text) for span in spans]), sentence))
        return found


def some_papers(count: int, first: int = 0) -> list[Paper]:
    """Papers that differ from one another, four sentences each; the same in every run."""
    return [_paper(number) for number in range(first, first + count)]


def _paper(number: int) -> Paper:
    words = random.Random(number).choices(WORDS, k=24)
    sentences = [" ".join(words[at : at + 6]).capitalize() + "." for at in range(0, 24, 6)]
    return Paper(
        id=f"arxiv:2401.{number:05d}",
        title=f"On {words[0]} {words[7]} number {number}",
        abstract=" ".join(sentences),
        authors=(f"Ada {words[1].capitalize()}", "Bo Lindqvist"),
        year=2000 + number % 25,
        source="fakes",
    )


WORDS = [
    "attention",
    "bandit",
    "boundary",
    "causal",
    "cluster",
    "contrastive",
    "convex",
    "curvature",
    "diffusion",
    "embedding",
    "entropy",
    "equivariant",
    "estimation",
    "feature",
    "gaussian",
    "generative",
    "gradient",
    "graph",
    "homology",
    "inference",
    "kernel",
    "latent",
    "manifold",
    "margin",
    "memory",
    "network",
    "neural",
    "optimal",
    "policy",
    "prior",
    "protein",
    "quantum",
    "random",
    "regression",
    "representation",
    "reward",
    "sampling",
    "sparse",
    "spectral",
    "spike",
    "stochastic",
    "surface",
    "symmetry",
    "tensor",
    "topology",
    "transformer",
    "transport",
    "variational",
    "vision",
    "volume",
]
