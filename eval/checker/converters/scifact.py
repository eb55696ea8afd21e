"""SciFact (Wadden et al., EMNLP 2020): claims against the abstracts that they cite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.checker.labelled import Labelled, read_scifact, scifact_pairs
from rag.errors import ImportFailed

_START = "claims_"


def read(path: Path) -> Iterator[Labelled]:
    """A pair for each abstract that a claim cites; without evidence there the label is NOT_ENOUGH."""
    if not path.stem.startswith(_START):
        raise ImportFailed(f"{path} is not named claims_….jsonl: give SciFact's file of claims, with corpus.jsonl beside it.")
    yield from scifact_pairs(read_scifact(path.parent, path.stem.removeprefix(_START)))
