"""The reader: one small encoder read by two heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface, AutoModel
from transformers.masking_utils import sdpa_mask

OUTPUTS = ("answers", "supported", "not_stated", "contradicted")
"""The columns of the model's scores, all logits."""


def attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    **_: object,
) -> tuple[Tensor, None]:
    """Scaled dot-product attention by two batched products, without dropout.

    On a CPU that multiplies bf16 it takes half the time of PyTorch's fused kernel, whose backward pass is slow for heads of 32 dimensions.
    """
    rows, heads, tokens, width = query.shape
    query, key, value = (states.reshape(rows * heads, tokens, width) for states in (query, key, value))
    scores = torch.bmm(query, key.transpose(1, 2)).view(rows, heads, tokens, tokens) * (scaling or width**-0.5)
    if attention_mask is not None:
        seen = attention_mask if attention_mask.dtype == torch.bool else attention_mask == 0
        scores = scores.masked_fill(~seen, -1e4)
    shares = torch.softmax(scores, -1, dtype=query.dtype).view(rows * heads, tokens, tokens)
    return torch.bmm(shares, value).view(rows, heads, tokens, width).transpose(1, 2), None


AttentionInterface.register("two_products", attention)
AttentionMaskInterface.register("two_products", sdpa_mask)


class Reader(nn.Module):
    """MiniLM over a question and a passage, or a claim and its evidence.

    CLS and the mean of a part's tokens feed one linear layer: a part is a
    sentence of the passage, or the whole pair.
    """

    def __init__(self, folder: Path, dropout: float = 0.0, fast: bool = False) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            folder,
            attn_implementation="two_products" if fast else "eager",
            add_pooling_layer=False,
            hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=0.0,
        )
        self.head = nn.Linear(2 * int(self.encoder.config.hidden_size), len(OUTPUTS))
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, parts: Tensor) -> Tensor:
        """Scores, batch by parts by :data:`OUTPUTS`; ``parts`` (batch by parts by tokens) weighs the tokens of each part."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state
        means = parts.to(states.dtype) @ states
        whole = states[:, :1].expand(-1, means.shape[1], -1)
        scores: Tensor = self.head(torch.cat([whole, means], -1))
        return scores


def load_tokenizer(path: Path) -> Tokenizer:
    """The fast tokenizer, neither cutting nor padding."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@dataclass
class Row:
    """Tokens that are read together: ids, types, and the first and last token (exclusive) of each part."""

    ids: list[int]
    types: list[int]
    parts: list[tuple[int, int]]


LONGEST = 384
"""Tokens of a row."""
LONGEST_QUESTION, LONGEST_TITLE, LONGEST_SENTENCE = 64, 40, 120
CLAIM = 128
"""Tokens of a claim with its evidence."""
CLS, SEP = 101, 102


def pair_rows(tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]) -> list[Row]:
    """A row a pair of texts, of one part: all its tokens. The longer text is cut first."""
    out = []
    for one, other in pairs:
        first, second = (list(tokenizer.encode(text, add_special_tokens=False).ids) for text in (one, other))
        while len(first) + len(second) > CLAIM - 3:
            (first if len(first) > len(second) else second).pop()
        ids = [CLS, *first, SEP, *second, SEP]
        out.append(Row(ids, [0] * (len(first) + 2) + [1] * (len(second) + 1), [(0, len(ids))]))
    return out


def passage_rows(tokenizer: Tokenizer, question: str, title: str, sentences: Sequence[str]) -> list[Row]:
    """Rows of question, title and sentences, each behind a separator; a new row where one would be too long. A part a sentence."""
    encoded = tokenizer.encode_batch([question, title, *sentences], add_special_tokens=False)
    asked, named, *rest = [one.ids for one in encoded]
    head = [CLS, *asked[:LONGEST_QUESTION], SEP, *named[:LONGEST_TITLE], SEP]
    edge = len(asked[:LONGEST_QUESTION]) + 2
    out: list[Row] = []
    for sentence in rest:
        ids = [*sentence[:LONGEST_SENTENCE], SEP]
        if not out or len(out[-1].ids) + len(ids) > LONGEST:
            out.append(Row(list(head), [0] * edge + [1] * (len(head) - edge), []))
        row = out[-1]
        row.parts.append((len(row.ids), len(row.ids) + len(ids)))
        row.ids += ids
        row.types += [1] * len(ids)
    return out


def batch(rows: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Pad rows to the longest of them, rounded up to a multiple of eight, and to the most parts."""
    width = -(-max(len(row.ids) for row in rows) // 8) * 8
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    mask = torch.zeros_like(ids)
    types = torch.zeros_like(ids)
    parts = torch.zeros(len(rows), max(len(row.parts) for row in rows), width)
    for n, row in enumerate(rows):
        ids[n, : len(row.ids)] = torch.tensor(row.ids)
        mask[n, : len(row.ids)] = 1
        types[n, : len(row.ids)] = torch.tensor(row.types)
        for part, (start, end) in enumerate(row.parts):
            parts[n, part, start:end] = 1 / (end - start)
    return ids, mask, types, parts


def chunks(rows: Sequence[Row], tokens: int) -> list[list[int]]:
    """Row numbers in batches of like length, each of at most ``tokens`` padded tokens."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].ids))
    out: list[list[int]] = []
    for number in order:
        if out and (len(out[-1]) + 1) * len(rows[number].ids) <= tokens:
            out[-1].append(number)
        else:
            out.append([number])
    return out
