"""Reads passages and pairs with a training state or an exported model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from eval.training.reader.model import Reader, Row, batch, chunks, load_tokenizer, pair_rows, passage_rows

Array = NDArray[np.float64]


class Scorer:
    """Reads passages and pairs with a model: ``run`` gives the scores of rows that are read together, rows by parts by four."""

    def __init__(self, run: Callable[[Sequence[Row]], Array], tokenizer: Path) -> None:
        self._run = run
        self._tokenizer = load_tokenizer(tokenizer)

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> Array:
        """Scores of claims with their evidence, a row a pair."""
        return np.concatenate(self._rows(pair_rows(self._tokenizer, pairs)))

    def passages(self, asked: Sequence[tuple[str, str, Sequence[str]]]) -> list[Array]:
        """For each question, title and sentences the scores that the sentences answer."""
        rows = [passage_rows(self._tokenizer, *one) for one in asked]
        found = iter(self._rows([row for own in rows for row in own]))
        return [np.concatenate([next(found) for _ in own])[:, 0] for own in rows]

    def _rows(self, rows: Sequence[Row]) -> list[Array]:
        out: list[Array] = [np.zeros(0)] * len(rows)
        for numbers in chunks(rows, 2048):
            scores = self._run([rows[i] for i in numbers])
            for number, own in zip(numbers, scores, strict=True):
                out[number] = own[: len(rows[number].parts)]
        return out


def onnx_scorer(path: Path, tokenizer: Path, threads: int) -> Scorer:
    """Scores by an exported model."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(rows: Sequence[Row]) -> Array:
        names = ("input_ids", "attention_mask", "token_type_ids", "parts")
        arrays = [one.numpy() for one in batch(rows)]
        scores: Array = session.run(["scores"], dict(zip(names, arrays, strict=True)))[0]
        return scores

    return Scorer(run, tokenizer)


def torch_scorer(path: Path, encoder: Path, tokenizer: Path, threads: int, weights: str) -> Scorer:
    """Scores by a training state: its ``mean`` weights or the last ``model``."""
    torch.set_num_threads(threads)
    model = Reader(encoder, 0.0, fast=True).eval()
    model.load_state_dict(torch.load(path)[weights])

    def run(rows: Sequence[Row]) -> Array:
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            scores: Array = model(*batch(rows)).double().numpy()
        return scores

    return Scorer(run, tokenizer)
