"""A run with given scores."""

from __future__ import annotations

from pathlib import Path

from eval.cases.reading import Case
from eval.runs.run_file import RunWriter
from eval.types import Result, Score, Timing
from samples.run_header import header


def written(path: Path, *cases: tuple[str, list[Score]], said: int | None = None) -> Path:
    with RunWriter(path, header(len(cases) if said is None else said)) as writer:
        for id, scores in cases:
            case = Case(id, "fact", "dev", "Why?", papers=(id,))
            writer.add(Result(case, {}, scores=tuple(scores)), Timing(id, {}))
    return path


def run(path: Path, supported: float | None, refused: float = 0.0, count: int = 12) -> Path:
    scores = [Score("supported", supported, "", 2), Score("false_refusal", refused, ""), Score("words", 10 + refused, "")]
    return written(path, *((f"case-{place}", scores) for place in range(count)))
