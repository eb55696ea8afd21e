"""The grounding checker as a LlamaIndex evaluator: is each sentence of a response borne out by its contexts?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from llama_index.core.evaluation import BaseEvaluator, EvaluationResult

from rag.protocols import Checker
from rag.text.sentences import sentences
from rag.types import Judgement


class GroundingEvaluator(BaseEvaluator):
    """`score` is the mean over the sentences that can be checked; `passing` where each of them is supported; `feedback` names the others."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    def _get_prompts(self) -> dict[str, Any]:
        return {}

    def _update_prompts(self, prompts: Any) -> None:
        """It has none: no model is asked."""

    async def aevaluate(
        self,
        query: str | None = None,
        response: str | None = None,
        contexts: Sequence[str] | None = None,
        sleep_time_in_seconds: int = 0,
        **kwargs: Any,
    ) -> EvaluationResult:
        await asyncio.sleep(sleep_time_in_seconds)
        given = EvaluationResult(query=query, response=response, contexts=contexts)
        if not response or not contexts:
            return given.model_copy(
                update={"invalid_result": True, "invalid_reason": "There is no response, or no context to hold it against."}
            )
        said = [span.of(response) for span in sentences(response)]
        judged = await asyncio.to_thread(self._checker.check_many, [(sentence, contexts) for sentence in said])
        return given.model_copy(update=_verdict(said, judged))


def _verdict(said: Sequence[str], judged: Sequence[Judgement]) -> dict[str, Any]:
    pairs = [(text, one) for text, one in zip(said, judged, strict=True) if one.verdict != "not_checkable"]
    if not pairs:
        return {"invalid_result": True, "invalid_reason": "No sentence of the response can be checked."}
    faults = [f"{one.verdict}: “{text}” ({one.reason})" for text, one in pairs if one.verdict != "supported"]
    score = sum(one.score for _, one in pairs) / len(pairs)
    return {"score": score, "passing": not faults, "feedback": "\n".join(faults)}
