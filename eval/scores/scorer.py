"""The list of measures, and the scorer that makes a result of a case and its answer."""

from __future__ import annotations

from eval.cases.reading import Case
from eval.scores.answer_level import Prices, price
from eval.scores.claim_verdicts import Judged, judge
from eval.scores.measures import MEASURES
from eval.scores.search_stages import Stages, stage_scores
from eval.types import Result, Score, answer_record
from rag.grounding.checker import GroundingChecker
from rag.paperchat import Paperchat
from rag.protocols import Checker
from rag.reader.cross_encoder import CrossEncoder
from rag.types import Answer


class Scorer:
    """Scores answers of one library; the grounding checker is the evaluation's own, whoever wrote the answer."""

    def __init__(self, chat: Paperchat, prices: Prices | None = None, shared: bool = True) -> None:
        self.checker: Checker = GroundingChecker(chat.word_encoder, CrossEncoder())
        self._papers = {paper.id: paper for paper in chat.papers()}
        self._stages = Stages(chat, shared)
        self._prices = prices or Prices()

    def result(self, case: Case, answer: Answer) -> Result:
        judged = judge(case, answer, self._papers, self.checker)
        found = self._stages.find(answer.standalone_question)
        cost = price(judged, self._prices)
        scores = (Score("errors", 0.0, "it was answered"), *measured(judged), *([cost] if cost else []))
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
