"""What the core asks of its parts, so that each can be replaced."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.types import (
        Answer,
        AskOptions,
        Event,
        History,
        Hit,
        Judgement,
        Message,
        Paper,
        Refused,
        SentenceVectors,
        Span,
        Usage,
        WordVectors,
    )  # fmt: skip

    Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into vectors of unit length."""

    @property
    def name(self) -> str:
        """What a library remembers: two encoders with one name give the same vectors."""
        ...

    @property
    def dimensions(self) -> int:
        """0 if unknown before a text was encoded."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text (n × dimensions, float32), in the order given. Raises ModelFailed if a server encodes."""
        ...


@runtime_checkable
class MeteredEncoder(Encoder, Protocol):
    """An encoder that is paid by the token."""

    def count_tokens(self, texts: Sequence[str]) -> int: ...


class EntailmentReader(Protocol):
    """Reads a claim and a text together: does it follow?"""

    @property
    def name(self) -> str: ...

    def supports(self, claim: str, texts: Sequence[str]) -> list[float]:
        """For each text the log-odds that the claim follows from it."""
        ...

    def bearings(self, claim: str, texts: Sequence[str]) -> list[float]:
        """For each text the log-odds that it says anything of the claim, for or against it."""
        ...

    def answers(self, question: str, passages: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]]:
        """For each passage, a title and sentences in their order, each sentence's log-odds that it answers, rather than none of them."""
        ...


class WordEncoder(Protocol):
    """Reads texts word by word. It need not be the encoder that passages are searched by."""

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode_words(self, texts: Sequence[str]) -> list[WordVectors]:
        """The words of each text in context, for matching word by word."""
        ...


class SentenceReader(Protocol):
    """Gives what the words of each sentence of a paper look like to an encoder, wherever it has that from."""

    @property
    def encoder(self) -> WordEncoder:
        """What a question is to be encoded by, to be compared with them."""
        ...

    def read(self, paper: Paper) -> SentenceVectors:
        """Every sentence of the abstract, in order."""
        ...


class PassageReader(Protocol):
    """Reads a question and an abstract at once."""

    @property
    def name(self) -> str: ...

    def answers(self, question: str, passages: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]]:
        """For each passage, a title and sentences in their order, each sentence's log-odds that it answers, rather than none of them."""
        ...


class ClaimReader(Protocol):
    """Reads a claim and a sentence at once."""

    def verdicts(self, claim: str, sentences: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        """For each sentence (with its paper's title, or an empty one) the probabilities that it supports the claim, says nothing of it, contradicts it."""
        ...


class Reader(PassageReader, ClaimReader, Protocol):
    """Reads a question with an abstract, and a claim or a question with a sentence."""


class Chunker(Protocol):
    """Cuts an abstract into the spans that are indexed."""

    @property
    def name(self) -> str: ...

    def spans(self, abstract: str) -> list[Span]:
        """Spans in order; together they hold every sentence of the abstract."""
        ...


class Importer(Protocol):
    """Reads papers out of one format; a bad record is named, the rest comes through."""

    @property
    def name(self) -> str: ...

    def recognises(self, head: str) -> bool:
        """Whether a file that begins with `head` looks like this format."""
        ...

    def read(self, lines: Iterable[str], source: str) -> Iterator[Paper | Refused]: ...


class MeaningIndex(Protocol):
    """Nearest passages by vector."""

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """(passage id, cosine similarity), best first."""
        ...


class WordIndex(Protocol):
    """Papers by the words they hold (BM25)."""

    def best(self, words: Sequence[str], limit: int, within: Collection[str] | None = None) -> list[tuple[str, float]]:
        """(paper id, BM25 score), best first; of the papers with these ids alone, if they are given."""
        ...

    def document_count(self) -> int: ...

    def document_frequency(self, word: str) -> int:
        """In how many papers the word (in any inflection) stands."""
        ...


class Retriever(Protocol):
    """Question to hits, best first, at most one a paper."""

    def search(self, question: str, limit: int = 10) -> list[Hit]: ...


class Checker(Protocol):
    """Holds a claim against the sentences that it cites."""

    @property
    def name(self) -> str: ...

    def check(self, claim: str, evidence: Sequence[str]) -> Judgement:
        """The verdict on the claim, given the texts that it cites."""
        ...

    def check_many(self, pairs: Iterable[tuple[str, Sequence[str]]]) -> list[Judgement]:
        """One judgement a pair of claim and evidence, in order."""
        ...


class LanguageModel(Protocol):
    """Writes text from messages."""

    @property
    def name(self) -> str: ...

    @property
    def context_window(self) -> int:
        """Tokens that prompt and reply may have together."""
        ...

    def count_tokens(self, text: str) -> int:
        """How many tokens the text has, or an estimate on the safe side."""
        ...

    def stream(
        self, messages: Sequence[Message], *, temperature: float | None = None, tell: Callable[[str], None] | None = None
    ) -> Iterator[str | Usage]:
        """The reply in pieces as they arrive, then its usage. Closing the iterator ends the request.

        A piece may be empty: nothing has come yet, and here the caller may stop. `tell` hears of retries, as sentences. Raises ModelFailed if no complete reply can be had.
        """
        ...


class Assistant(Protocol):
    """Answers questions over one library; `history` holds the conversation's earlier questions, oldest first, and what was cited."""

    def stream(self, question: str, history: History = (), options: AskOptions | None = None) -> Iterator[Event]:
        """`Finished` comes last; closing the iterator before that ends all work for it."""
        ...

    def ask(self, question: str, history: History = (), options: AskOptions | None = None) -> Answer: ...
