"""The list of measures, and the scorer that makes a result of a case and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from eval.cases.reading import Case
from eval.scores import answer_level as answered
from eval.scores import citation_level as attribution
from eval.scores import grounding as grounded
from eval.scores.answer_level import Prices
from eval.scores.claim_verdicts import Judged, judge
from eval.scores.search_stages import Stages, stage_scores
from eval.types import Result, Score, answer_record
from rag.build import Paperchat
from rag.grounding.checker import GroundingChecker
from rag.protocols import Checker
from rag.types import Answer

MEASURES: Mapping[str, Callable[[Judged], Score | None]] = {
    "supported": grounded.verdict_share("supported"),
    "partly": grounded.verdict_share("partly"),
    "unsupported": grounded.verdict_share("unsupported"),
    "not_checkable": grounded.verdict_share("not_checkable"),
    "uncited": grounded.uncited,
    "from_records": grounded.records_share,
    "citation_recall": attribution.citation_recall,
    "citation_precision": attribution.citation_precision,
    "right_paper": attribution.right_paper,
    "right_sentence": attribution.right_sentence,
    "quote_verbatim": attribution.quote_verbatim,
    "word_for_word": attribution.word_for_word,
    "marker_exists": attribution.marker_exists,
    "hit@5": answered.hit,
    "all_hits@5": answered.all_hits,
    "gold_sentence@1": answered.gold_within(1),
    "gold_sentence@3": answered.gold_within(3),
    "key@1": answered.key_within(1),
    "key@2": answered.key_within(2),
    "key@3": answered.key_within(3),
    "key_anywhere": answered.key_within(None),
    "list_precision": answered.list_part("precision"),
    "list_recall": answered.list_part("recall"),
    "list_f1": answered.list_part("f1"),
    "papers_cited": answered.papers_cited,
    "refusal": answered.refusal,
    "false_refusal": answered.false_refusal,
    "repeated": answered.repeated,
    "overlap": answered.overlap,
    "sentences": answered.sentence_count,
    "words": answered.word_count,
    "prompt_tokens": answered.tokens("prompt"),
    "completion_tokens": answered.tokens("completion"),
}
"""Each measure of a judged answer; it gives None where it says nothing about the case."""


class Scorer:
    """Scores answers of one library; the grounding checker is the evaluation's own, whoever wrote the answer."""

    def __init__(self, chat: Paperchat, prices: Prices | None = None, shared: bool = True) -> None:
        self.checker: Checker = GroundingChecker(chat.word_encoder)
        self._papers = {paper.id: paper for paper in chat.papers()}
        self._stages = Stages(chat, shared)
        self._prices = prices or Prices()

    def result(self, case: Case, answer: Answer) -> Result:
        judged = judge(case, answer, self._papers, self.checker)
        found = self._stages.find(answer.standalone_question)
        price = answered.price(judged, self._prices)
        scores = (Score("errors", 0.0, "it was answered"), *measured(judged), *([price] if price else []))
        return Result(
            case,
            answer_record(judged.answer),
            judged.judgements,
            found.papers,
            (*scores, *stage_scores(case, found)),
        )


def measured(judged: Judged) -> list[Score]:
    """The scores of all measures that say something about the case."""
    return [score for measure in MEASURES.values() if (score := measure(judged)) is not None]


def failed(case: Case, error: str) -> Result:
    """The result of a case that got no answer: each measure that would apply cannot be scored, which is counted."""
    nothing = Answer(case.question, case.question, "not_found", "", "")
    missing = [Score(score.name, None, "asking failed") for score in measured(Judged(case, nothing, (), {}, {}))]
    return Result(case, None, scores=(Score("errors", 1.0, error), *missing), error=error)
