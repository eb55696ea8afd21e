"""LlamaIndex's own evaluator of faithfulness as a Checker, so that it can be set beside ours on the same claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from llama_index.core.base.llms.types import CompletionResponse, CompletionResponseGen, LLMMetadata
from llama_index.core.evaluation import FaithfulnessEvaluator
from llama_index.core.llms.custom import CustomLLM
from pydantic import PrivateAttr

from rag.llm.budget import Meter
from rag.types import Judgement, Message

LONGEST = 2000
"""Characters of a reply that are read."""


class FaithfulnessJudge:
    """A Checker. The verdict is LlamaIndex's: supported where “yes” stands anywhere in the model's reply, else unsupported."""

    def __init__(self, meter: Meter) -> None:
        self.name = f"llama_index.FaithfulnessEvaluator/{meter.model.name}"
        self._evaluator = FaithfulnessEvaluator(llm=MeteredLLM(meter))

    def check(self, claim: str, evidence: Sequence[str]) -> Judgement:
        """Raises ModelFailed."""
        found = self._evaluator.evaluate(response=claim, contexts=list(evidence))
        reason = " ".join((found.feedback or "").split())
        return Judgement("supported" if found.passing else "unsupported", found.score or 0.0, reason)

    def check_many(self, pairs: Iterable[tuple[str, Sequence[str]]]) -> list[Judgement]:
        return [self.check(claim, evidence) for claim, evidence in pairs]


class MeteredLLM(CustomLLM):
    """Our model as LlamaIndex's: retries, time limits and counting are ours."""

    _meter: Meter = PrivateAttr()

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self._meter = meter

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=self._meter.model.context_window, model_name=self._meter.model.name)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text=self._meter.text([Message("user", prompt)], LONGEST))

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        yield self.complete(prompt)
