"""Sentence vectors from a server that speaks OpenAI's protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from rag.llm.faults import Fault
from rag.llm.request import answered, client_of
from rag.llm.retry import Retry
from rag.llm.tokens import estimate
from rag.text.surrogates import without_surrogates

if TYPE_CHECKING:
    import numpy as np
    import openai
    from numpy.typing import NDArray

    from rag.llm.endpoint import Endpoint

    Vectors = NDArray[np.float32]

BATCH = 32
"""Texts a request: the least that servers are known to take at once."""
LONGEST = 8_000
"""Characters of a text that are sent; passages are far shorter, and small models take some 500 tokens."""
REMEMBERED = 64
"""Single texts, questions mostly, whose vectors are kept."""


class OpenAIEncoder:
    """An Encoder (unit-length rows, float32) that asks a server. Nothing is contacted before the first text."""

    def __init__(self, endpoint: Endpoint, retry: Retry | None = None) -> None:
        self.endpoint = endpoint
        self._retry = retry or Retry()
        self._dimensions = 0

    @property
    def name(self) -> str:
        return f"openai:{self.endpoint.model}"

    @property
    def dimensions(self) -> int:
        """0 until the first text is encoded: only the server knows."""
        return self._dimensions

    def count_tokens(self, texts: Sequence[str]) -> int:
        """About how many tokens the server will count."""
        return sum(estimate(_sendable(text)) for text in texts)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in the order given. Raises ModelFailed."""
        import numpy as np

        if len(texts) == 1:
            return self._single(texts[0])
        rows = [self._batch(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return np.concatenate(rows) if rows else np.empty((0, self._dimensions), np.float32)

    @cached_property
    def _single(self) -> Callable[[str], Vectors]:
        return lru_cache(REMEMBERED)(lambda text: self._batch([text]))

    def _batch(self, texts: Sequence[str]) -> Vectors:
        sent = [_sendable(text) for text in texts]

        async def ask(client: openai.AsyncOpenAI) -> Vectors:
            reply = await client.embeddings.create(model=self.endpoint.model, input=sent, encoding_format="float")
            return self._matrix(reply.data, len(sent))

        matrix = answered(self.endpoint, self._client, ask, self._retry)
        self._dimensions = matrix.shape[1]
        return matrix

    def _matrix(self, data: Sequence[Any], count: int) -> Vectors:
        import numpy as np

        by_place = sorted(data, key=lambda one: one.index)
        matrix = np.array([one.embedding for one in by_place], np.float32)
        lengths = np.linalg.norm(matrix, axis=-1, keepdims=True)
        if matrix.ndim != 2 or len(matrix) != count or not np.isfinite(lengths).all() or not lengths.all():
            what = f"{self.endpoint.shown} sent vectors that cannot be used."
            raise Fault(what, f"Check that {self.endpoint.model} is an embedding model.", again=True)
        unit: Vectors = matrix / lengths
        return unit

    @cached_property
    def _client(self) -> openai.AsyncOpenAI:
        return client_of(self.endpoint)


def _sendable(text: str) -> str:
    """The text as servers take it: not empty, not too long, without halves of surrogate pairs."""
    return without_surrogates(text[:LONGEST]) if text.strip() else "-"
