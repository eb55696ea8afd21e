"""The grounding checker as a LlamaIndex evaluator: is each claim of a response borne out by the contexts that it cites?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from llama_index.core.evaluation import BaseEvaluator, EvaluationResult

from rag.grounding.checker import GroundingChecker
from rag.grounding.citation_markers import Cited, Source
from rag.grounding.decomposition import decompose
from rag.library.encoder import OnnxEncoder
from rag.protocols import Checker
from rag.reader.cross_encoder import CrossEncoder
from rag.types import Judgement


class GroundingEvaluator(BaseEvaluator):
    """`score` is the mean over the claims that can be checked; `passing` where each of them is supported; `feedback` names the others.

    A claim with markers is compared with the contexts with these numbers, counted from 1, and one without against all of them. A sentence
    that only introduces a passage or addresses the reader is no claim.
    """

    def __init__(self, checker: Checker | None = None) -> None:
        """Without a `checker`, the one that comes along: it needs no model, key or network."""
        self._checker = checker or GroundingChecker(OnnxEncoder(), CrossEncoder())

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
        claims = decompose(response, [Source(context) for context in contexts])
        judged = await asyncio.to_thread(lambda: [self._judged(claim, contexts) for claim in claims])
        return given.model_copy(update=_verdict(claims, judged))

    def _judged(self, claim: Cited, contexts: Sequence[str]) -> Judgement:
        cited = [contexts[number - 1] for number in claim.numbers if 1 <= number <= len(contexts)]
        if claim.numbers and not cited:
            missing = ", ".join(f"[{number}]" for number in claim.numbers)
            return Judgement("unsupported", 0.0, f"it cites {missing}, and there are {len(contexts)} contexts")
        return self._checker.check(claim.text, cited or contexts)


def _verdict(claims: Sequence[Cited], judged: Sequence[Judgement]) -> dict[str, Any]:
    pairs = [(claim.text, one) for claim, one in zip(claims, judged, strict=True) if one.verdict != "not_checkable"]
    if not pairs:
        return {"invalid_result": True, "invalid_reason": "The response makes no claim that can be checked."}
    faults = [f"{one.verdict}: “{text}” ({one.reason})" for text, one in pairs if one.verdict != "supported"]
    score = sum(one.score for _, one in pairs) / len(pairs)
    return {"score": score, "passing": not faults, "feedback": "\n".join(faults)}
