"""The reader: one small encoder read by two heads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

OUTPUTS = ("answers", "supported", "not_stated", "contradicted")
"""The columns of the model's scores, all logits."""


class Reader(nn.Module):
    """MiniLM over a pair of texts; CLS and mean of all tokens feed one linear layer."""

    def __init__(self, folder: Path, dropout: float = 0.0, fast: bool = False) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            folder,
            attn_implementation="sdpa" if fast else "eager",
            add_pooling_layer=False,
            hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=0.0,
        )
        self.head = nn.Linear(2 * int(self.encoder.config.hidden_size), len(OUTPUTS))
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Scores, batch by :data:`OUTPUTS`."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1.0)
        scores: Tensor = self.head(torch.cat([states[:, 0], mean], -1))
        return scores


def load_tokenizer(path: Path, max_length: int) -> Tokenizer:
    """The fast tokenizer, cutting the longer of two texts first and never padding."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(max_length, strategy="longest_first")
    tokenizer.no_padding()
    return tokenizer


Row = tuple[list[int], list[int]]
"""Token ids and token types of one pair."""


def encode(tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]) -> list[Row]:
    """Token ids and types of each pair."""
    return [(e.ids, e.type_ids) for e in tokenizer.encode_batch(list(pairs))]


def batch(rows: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor]:
    """Pad rows to the longest of them, rounded up to a multiple of eight."""
    width = -(-max(len(ids) for ids, _ in rows) // 8) * 8
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    mask = torch.zeros_like(ids)
    types = torch.zeros_like(ids)
    for n, (row, kinds) in enumerate(rows):
        ids[n, : len(row)] = torch.tensor(row)
        mask[n, : len(row)] = 1
        types[n, : len(row)] = torch.tensor(kinds)
    return ids, mask, types


def chunks(rows: Sequence[Row], tokens: int) -> list[list[int]]:
    """Row numbers in batches of like length, each of at most ``tokens`` padded tokens."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
    out: list[list[int]] = []
    for number in order:
        if out and (len(out[-1]) + 1) * len(rows[number][0]) <= tokens:
            out[-1].append(number)
        else:
            out.append([number])
    return out
