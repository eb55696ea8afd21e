"""Stand-ins that are quick and always the same: an encoder that hashes words, and papers made of a few words."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelFailed
from rag.types import Message, Paper, Span, Usage, WordVectors


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


Reply = str | Exception | Iterable[str | Exception]


class ScriptedModel:
    """A LanguageModel that gives the replies it was made with, in turn; `asked` holds the messages of each request.

    A reply is a text, which comes in pieces of a few characters, or the pieces themselves; an exception is raised where it stands.
    A function is given the messages and returns such a reply.
    """

    name = "scripted"

    def __init__(
        self, *replies: Reply | Callable[[Sequence[Message]], Reply], context_window: int = 8192, notices: Sequence[str] = ()
    ) -> None:
        self._replies = list(replies)
        self._notices = notices
        self.context_window = context_window
        self.asked: list[list[Message]] = []
        self.temperatures: list[float | None] = []
        self.closed = 0

    def count_tokens(self, text: str) -> int:
        return -(-len(text) // 4)

    def stream(
        self, messages: Sequence[Message], *, temperature: float | None = None, tell: Callable[[str], None] | None = None
    ) -> Iterator[str | Usage]:
        self.asked.append(list(messages))
        self.temperatures.append(temperature)
        for notice in self._notices if tell else ():
            tell(notice)  # type: ignore[misc]
        if len(self.asked) > len(self._replies):
            raise ModelFailed("The scripted model has no reply left.")
        reply = self._replies[len(self.asked) - 1]
        try:
            yield from self._pieces(reply(messages) if callable(reply) else reply)
            yield Usage(sum(self.count_tokens(message.text) for message in messages), 7)
        finally:
            self.closed += 1

    def _pieces(self, reply: Reply) -> Iterator[str]:
        if isinstance(reply, str):
            yield from (reply[at : at + 5] for at in range(0, len(reply), 5))
            return
        for piece in [reply] if isinstance(reply, Exception) else reply:
            if isinstance(piece, Exception):
                raise piece
            yield piece


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


class WordPassageReader:
    """A learned reader that counts: the odds are how many of the question's words the sentence has, less what it should have."""

    name = "word-pairs"

    def __init__(self, needed: int = 2) -> None:
        self.needed = needed
        self.asked: list[tuple[str, tuple[tuple[str, str], ...]]] = []

    def answers(self, question: str, passages: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]]:
        self.asked += [(question, tuple((title, sentence) for sentence in sentences)) for title, sentences in passages]
        wanted = set(question.lower().strip("?").split())
        return [
            [float(len(wanted & set(sentence.lower().strip(".").split())) - self.needed) for sentence in sentences]
            for _, sentences in passages
        ]

    def verdicts(self, claim: str, sentences: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        """A sentence with “not” denies, any other affirms."""
        return [(0.1, 0.1, 0.8) if " not " in sentence else (0.8, 0.1, 0.1) for _, sentence in sentences]


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
