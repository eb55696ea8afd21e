"""A language model as a checker: it must reply with one verdict and nothing else, or its word does not count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import get_args

from rag import prompts
from rag.llm.budget import Meter
from rag.llm.parsing.untagged import Untagged
from rag.llm.sanitize import harmless
from rag.types import Judgement, Verdict

LONGEST = 4000
"""Characters of a reply that are read: room for the reasoning of a model that reasons."""
UNREADABLE = "the judge's reply is no verdict"
"""The reason of a judgement that could not be had: such a claim is unscorable, not unsupported."""
SCORES: dict[Verdict, float] = {"supported": 1.0, "partly": 0.5, "unsupported": 0.0, "not_checkable": 0.0}


class ModelJudge:
    """A Checker that asks the model of `meter`, one request a claim. Raises ModelFailed."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    @property
    def name(self) -> str:
        return f"judge/{self._meter.model.name}"

    def check(self, claim: str, evidence: Sequence[str]) -> Judgement:
        """The model's verdict; `not_checkable` for the reason UNREADABLE where its reply is not exactly one."""
        if not evidence:
            return Judgement("not_checkable", 0.0, "there is no source to hold the claim against")
        sources = "\n".join(f"- {harmless(text)}" for text in evidence)
        verdict = read_verdict(self._meter.text(prompts.messages("judge", sources=sources, claim=harmless(claim)), LONGEST))
        if verdict is None:
            return Judgement("not_checkable", 0.0, UNREADABLE)
        return Judgement(verdict, SCORES[verdict], f"{self._meter.model.name} says so")

    def check_many(self, pairs: Iterable[tuple[str, Sequence[str]]]) -> list[Judgement]:
        return [self.check(claim, evidence) for claim, evidence in pairs]


def read_verdict(reply: str) -> Verdict | None:
    """The verdict, where the reply without reasoning and dress is exactly one; nothing is guessed from a longer text."""
    untagged, text = Untagged(), ""
    for token in chain(untagged.feed(reply), untagged.feed("", final=True)):
        text = text + token if isinstance(token, str) else ""
    said = text.strip().removesuffix(".").casefold()
    return next((verdict for verdict in get_args(Verdict) if said == verdict), None)
