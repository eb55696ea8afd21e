"""The reading set: abstracts with the questions and claims that were written about each."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.training.material import rows_of

HELD_OUT = 90
"""Papers of the reading set that are kept out of training, to fit thresholds."""


@dataclass
class Paper:
    """One abstract of the reading set with everything written about it."""

    id: str
    title: str
    sentences: list[str]
    answerable: list[dict[str, Any]]
    unanswerable: list[dict[str, Any]]
    pairs: list[dict[str, Any]]
    claims: list[dict[str, Any]]


def read_papers(*paths: Path) -> list[Paper]:
    """Read ``train.jsonl`` or ``dev.jsonl`` of the reading set, or files like them; what a line lacks is empty."""
    papers = []
    for path in paths:
        papers += [Paper(**{key: row.get(key, []) for key in Paper.__dataclass_fields__}) for row in rows_of(path)]
    return papers


def split_papers(papers: Sequence[Paper]) -> tuple[list[Paper], list[Paper]]:
    """(training, held-out) papers; held out are the lowest checksums that have pairs."""
    order = sorted((p for p in papers if p.pairs), key=lambda p: zlib.crc32(p.id.encode()))
    held = {p.id for p in order[:HELD_OUT]}
    return [p for p in papers if p.id not in held], [p for p in papers if p.id in held]
