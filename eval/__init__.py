"""Measures answers: whether they are grounded, right and complete. `evaluate_answers` judges those of any system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eval.types import Result

__all__ = ["evaluate_answers"]


def evaluate_answers(records: Iterable[Mapping[str, Any]], form: str = "") -> list[Result]:
    """A result for each record, with its scores and the checker's judgement on each claim.

    A record has `question`, `answer` and `sources`, or the fields of another tool's export (`form` names it; without it the fields decide).
    Raises AnswersError if a record cannot be read.
    """
    from eval.answers.formats import answers_of
    from eval.answers.judging import judge_answers
    from rag.grounding.checker import GroundingChecker
    from rag.library.encoder import OnnxEncoder
    from rag.reader.cross_encoder import CrossEncoder

    return list(judge_answers(list(answers_of(records, form)), GroundingChecker(OnnxEncoder(), CrossEncoder())))
