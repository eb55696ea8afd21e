"""Checkers with a simple rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.types import Judgement


class Containing:
    """A Checker: a claim is supported where all its words stand in the evidence, and partly where the first one does."""

    name = "containing"

    def check(self, claim: str, evidence: Sequence[str]) -> Judgement:
        there = " ".join(evidence).lower()
        held = [word.strip(".") in there for word in claim.lower().split()]
        if not evidence:
            return Judgement("not_checkable", 0.0, "no source")
        return Judgement("supported" if all(held) else "partly" if held[0] else "unsupported", 0.5, f"holds {sum(held)}")

    def check_many(self, pairs: Iterable[tuple[str, Sequence[str]]]) -> list[Judgement]:
        return [self.check(claim, evidence) for claim, evidence in pairs]
