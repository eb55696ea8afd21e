"""How many tokens a text has, without the model's own tokenizer: an estimate that is rather too high than too low."""

from __future__ import annotations

import math
import re

_PIECE = re.compile(r"[A-Za-z]+|[0-9]+|[ \t\r\n]+|.", re.DOTALL)
LETTERS_PER_TOKEN = 4
"""The rule of thumb for byte-pair encodings of English."""
DIGITS_PER_TOKEN = 2
"""Encodings take one to three digits together."""


def estimate(text: str) -> int:
    """Tokens, on the safe side for byte-pair encodings: words by their length, digits by two, every other sign by its bytes."""
    return sum(_tokens(piece) for piece in _PIECE.findall(text))


def _tokens(piece: str) -> int:
    if piece[0] in " \t\r\n":
        return len(piece) - (piece[-1] == " ")  # one space goes with the word after it
    if not piece.isascii():
        return len(piece.encode("utf-8", "replace"))
    if piece.isalpha():
        return math.ceil(len(piece) / LETTERS_PER_TOKEN)
    return math.ceil(len(piece) / DIGITS_PER_TOKEN) if piece.isdigit() else 1
