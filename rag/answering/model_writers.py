"""Chooses for each question whether a language model writes the answer, and makes its writer when the first one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from rag.answering.quotes import QuoteWriter
from rag.errors import ModelFailed
from rag.types import AskOptions

if TYPE_CHECKING:
    from rag.generation.writer import ModelWriter
    from rag.protocols import Checker, LanguageModel
    from rag.retrieval.sentence_ranker import SentenceRanker


class ModelWriters:
    """The language model's writer for each question.

    `model` gives the language model (None: there is none) and `checker` what checks its sentences; both are asked once, when they are first needed.
    Unsupported sentences go back to the model where `repair` says so and are removed where `strict` does, unless a question wants otherwise.
    """

    def __init__(
        self,
        ranker: SentenceRanker,
        model: Callable[[], LanguageModel | None],
        checker: Callable[[], Checker],
        repair: bool,
        strict: bool,
    ) -> None:
        self._ranker, self._repair, self._strict = ranker, repair, strict
        self._open_model, self._open_checker = model, checker

    def __call__(self, options: AskOptions) -> ModelWriter | None:
        """None if the answer is to be quoted. Raises ModelFailed if a model is wanted that is not configured."""
        if options.writer == QuoteWriter.name or (self._model is None and options.writer is None):
            return None
        if self._model is None or options.writer not in (None, "model", self._model.name):
            there = f"the one configured is {self._model.name}" if self._model else "none is configured"
            raise ModelFailed(f"The language model “{options.writer}” cannot be used: {there}.")
        from rag.generation.writer import ModelWriter
        from rag.llm.budget import Meter

        strict = self._strict if options.strict is None else options.strict
        return ModelWriter(Meter(self._model, options.temperature), self._checker, self._ranker, self._repair, strict)

    @property
    def name(self) -> str | None:
        """The model's; None if there is none."""
        return self._model.name if self._model else None

    @cached_property
    def _model(self) -> LanguageModel | None:
        return self._open_model()

    @cached_property
    def _checker(self) -> Checker:
        return self._open_checker()
