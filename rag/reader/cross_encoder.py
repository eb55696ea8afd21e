"""The learned reader in ONNX, with no network and no PyTorch. Its model card is `data/reader/README.md`.

It reads a question with a whole abstract under its title, so that a sentence which says “it” or “this” is understood, and gives each sentence
a score; a fixed score of 0 stands for "none of these sentences", so that ranking and refusing are one decision. And it reads a claim with the
sentence or two that it cites.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
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
LONGEST, LONGEST_QUESTION, LONGEST_TITLE, LONGEST_SENTENCE = 384, 64, 40, 120
"""Tokens that are read at once, and of each part, as it was trained; a longer abstract is read in several parts."""
LONGEST_PAIR = 128
"""Tokens of a claim with its evidence, as it was trained; the longer text is cut."""
MOST_CHARACTERS = 2_000
"""Of each text; what is behind them would be cut by tokens anyway, but only after all of it was read."""
JOINT = " | "
"""Between a title and a sentence that a claim is held against, as it was trained."""
_CLS, _SEP = 101, 102
"""The tokenizer's marks of the beginning and of the end of a text."""


@dataclass(slots=True)
class Row:
    """What is read at once: token ids, where the second text begins, and the tokens of each part that gets scores (the end is exclusive)."""

    ids: list[int]
    second: int
    parts: list[tuple[int, int]] = field(default_factory=list)


class CrossEncoder:
    """The reader as it comes along."""

    name = "reader-12/onnx-int8"

    def __init__(self, model: Path = MODEL, device: Device = "cpu") -> None:
        self._model = model
        self._device = device

    def answers(self, question: str, passages: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]]:
        """For each passage, a title and sentences in their order, each sentence's log-odds that it answers, rather than none of them."""
        return [
            [float(scores[0]) for row in self._rows(question, title, sentences) for scores in self._read(row)]
            for title, sentences in passages
        ]

    def verdicts(self, claim: str, sentences: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        """For each sentence (with its paper's title, or an empty one) the probabilities that it supports the claim, says nothing of it, contradicts it."""
        import numpy as np

        if not sentences:
            return []
        texts = [f"{title}{JOINT}{sentence}" if title else sentence for title, sentence in sentences]
        logits = self._pairs(claim, texts)[:, 1:4].astype(np.float64)
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return [(float(one), float(two), float(three)) for one, two, three in shares / shares.sum(axis=1, keepdims=True)]

    def supports(self, claim: str, texts: Sequence[str]) -> list[float]:
        """For each text the log-odds that the claim follows from it, rather than not being stated there or being contradicted."""
        return [_against(float(one), float(other), float(third)) for _, one, other, third in self._pairs(claim, texts)]

    def bearings(self, claim: str, texts: Sequence[str]) -> list[float]:
        """For each text the log-odds that it says anything of the claim, for or against it."""
        return [-_against(float(silent), float(one), float(other)) for _, one, silent, other in self._pairs(claim, texts)]

    def _rows(self, question: str, title: str, sentences: Sequence[str]) -> list[Row]:
        """Question, title and sentences, each behind a mark; another row where one would be too long. Each sentence is a part."""
        asked, named, *texts = self._ids([question, title, *sentences])
        head = [_CLS, *asked[:LONGEST_QUESTION], _SEP, *named[:LONGEST_TITLE], _SEP]
        rows: list[Row] = []
        for text in texts:
            own = [*text[:LONGEST_SENTENCE], _SEP]
            if not rows or len(rows[-1].ids) + len(own) > LONGEST:
                rows.append(Row(list(head), len(asked[:LONGEST_QUESTION]) + 2))
            rows[-1].parts.append((len(rows[-1].ids), len(rows[-1].ids) + len(own)))
            rows[-1].ids += own
        return rows

    def _pairs(self, claim: str, texts: Sequence[str]) -> Scores:
        """A row a text (logits): how well it answers; as a claim: supported, not stated, contradicted. Each is read on its own.

        Activations are quantised by what is read at once, so that a score would move a little with other texts beside it.
        """
        import numpy as np

        if not texts:
            return np.empty((0, 4), np.float32)
        first, *others = self._ids([claim, *texts])
        return np.concatenate([self._read(_pair(first, other)) for other in others])

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        return [
            one.ids for one in self._tokenizer.encode_batch([text[:MOST_CHARACTERS] for text in texts], add_special_tokens=False)
        ]

    def _read(self, row: Row) -> Scores:
        """Scores of the row's parts: parts × 4, logits."""
        import numpy as np

        count = len(row.ids)
        parts = np.zeros((1, len(row.parts), count), np.float32)
        for number, (start, end) in enumerate(row.parts):
            parts[0, number, start:end] = 1 / (end - start)
        given = {
            "input_ids": np.array([row.ids], np.int64),
            "attention_mask": np.ones((1, count), np.int64),
            "token_type_ids": (np.arange(count) >= row.second).astype(np.int64)[None],
            "parts": parts,
        }
        scores: Scores = self._session.run(["scores"], given)[0][0]
        return scores

    @cached_property
    def _tokenizer(self) -> Any:
        return load_tokenizer(TOKENIZER, MOST_CHARACTERS)

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


def _pair(first: Sequence[int], second: Sequence[int]) -> Row:
    """Two texts of which the longer is cut, as one part: all their tokens."""
    room = LONGEST_PAIR - 3
    most = max(room - len(second), min(len(first), (room + 1) // 2))
    one = list(first[:most])
    other = list(second[: room - len(one)])
    ids = [_CLS, *one, _SEP, *other, _SEP]
    return Row(ids, len(one) + 2, [(0, len(ids))])
