"""The header of a run file."""

from __future__ import annotations

from eval.types import Hashed, Header


def header(count: int) -> Header:
    return Header(
        "quotes", Hashed("dev", "a" * 64, count), Hashed("library", "b" * 64, 58), Hashed("encoder", "c" * 64),
        Hashed("prompts", "d" * 64, 3), "rules-1", versions={"python": "3.11"}, settings={"sources": 10},
    )  # fmt: skip
