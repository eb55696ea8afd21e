"""The learned reader in ONNX: reads a pair of texts at once, with no network and no PyTorch. Its model card is `data/reader/README.md`.

It holds a question against a sentence under its paper's title; a fixed score of 0 stands for "none of these sentences", so that ranking and
refusing are one decision. And it holds a claim against the sentence or two that it cites.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import LibraryError
from rag.library.onnx_models import Device, load_session, load_tokenizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]

MODEL = Path(__file__).parents[1] / "data" / "reader" / "reader.onnx"
TOKENIZER = Path(__file__).parents[1] / "data" / "encoder" / "tokenizer.json"
"""The sentence encoder's own: a table in the graph maps its ids to the reader's smaller vocabulary."""
LONGEST = 128
"""Tokens of a pair, as it was trained; the longer text is cut."""
MOST_CHARACTERS = 2_000
"""Of each text; what is behind them would be cut by tokens anyway, but only after all of it was read."""
BATCH = 4
"""Pairs read together, of like length: padding twelve to the longest costs a third more."""
JOINT = " | "
"""Between a title and a sentence, as it was trained."""


class CrossEncoder:
    """The reader as it comes along."""

    name = "reader-1/onnx-int8"

    def __init__(self, model: Path = MODEL, device: Device = "cpu") -> None:
        self._model = model
        self._device = device

    def answers(self, question: str, sentences: Sequence[tuple[str, str]]) -> list[float]:
        """For each sentence (with its paper's title) the log-odds that it answers, rather than none of them."""
        if not sentences:
            return []
        pairs = [(question[:MOST_CHARACTERS], f"{title}{JOINT}{sentence}"[:MOST_CHARACTERS]) for title, sentence in sentences]
        return [float(row[0]) for row in self._scores(pairs, BATCH)]

    def verdicts(self, claim: str, sentences: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        """For each sentence (with its paper's title) the probabilities that it supports the claim, says nothing of it, contradicts it."""
        import numpy as np

        if not sentences:
            return []
        pairs = [(claim[:MOST_CHARACTERS], f"{title}{JOINT}{sentence}"[:MOST_CHARACTERS]) for title, sentence in sentences]
        logits = self._scores(pairs, len(pairs))[:, 1:4].astype(np.float64)
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return [(float(one), float(two), float(three)) for one, two, three in shares / shares.sum(axis=1, keepdims=True)]

    def supports(self, claim: str, texts: Sequence[str]) -> list[float]:
        """For each text the log-odds that the claim follows from it, rather than not being stated there or being contradicted."""
        if not texts:
            return []
        pairs = [(claim[:MOST_CHARACTERS], text[:MOST_CHARACTERS]) for text in texts]
        return [_against(float(one), float(other), float(third)) for _, one, other, third in self._scores(pairs, 1)]

    def bearings(self, claim: str, texts: Sequence[str]) -> list[tuple[float, float]]:
        """For each text the log-odds that it says anything of the claim, for or against it, and the logit that it answers."""
        if not texts:
            return []
        rows = self._scores([(claim[:MOST_CHARACTERS], text[:MOST_CHARACTERS]) for text in texts], 1)
        return [(-_against(float(silent), float(one), float(other)), float(answers)) for answers, one, silent, other in rows]

    def _scores(self, pairs: Sequence[tuple[str, str]], together: int) -> Scores:
        """A row a pair (logits): how well the sentence answers; as a claim: supported, not stated, contradicted. `together` are read at once.

        Activations are quantised by what is read at once, so that a score moves a little with it, and what is built on scores by how
        they were made when it was fitted.
        """
        import numpy as np

        encoded = self._tokenizer.encode_batch(list(pairs))
        order = sorted(range(len(encoded)), key=lambda row: len(encoded[row].ids))
        batches = [order[start : start + together] for start in range(0, len(order), together)]
        read = np.concatenate([self._batch([encoded[row] for row in rows]) for rows in batches])
        scores: Scores = read[np.argsort(order)]
        return scores

    def _batch(self, read: Sequence[Any]) -> Scores:
        """The rows of pairs that are read together, padded to the longest."""
        import numpy as np

        width = max(len(one.ids) for one in read)
        arrays = {name: np.zeros((len(read), width), np.int64) for name in ("input_ids", "attention_mask", "token_type_ids")}
        for row, one in enumerate(read):
            arrays["input_ids"][row, : len(one.ids)] = one.ids
            arrays["attention_mask"][row, : len(one.ids)] = 1
            arrays["token_type_ids"][row, : len(one.ids)] = one.type_ids
        scores: Scores = self._session.run(["scores"], arrays)[0]
        return scores

    @cached_property
    def _tokenizer(self) -> Any:
        return load_tokenizer(TOKENIZER, LONGEST)

    @cached_property
    def _session(self) -> Any:
        if not self._model.is_file():
            raise LibraryError(f"The reader's file {self._model} is missing. Reinstall Paperchat: `make install`.")
        # Threads that spin while they wait cost a busy server more than they save here.
        return load_session(self._model, self._device, allow_spinning="0")


def _against(one: float, other: float, third: float) -> float:
    """A logit against the sum of two others."""
    highest = max(other, third)
    return one - highest - math.log(math.exp(other - highest) + math.exp(third - highest))
