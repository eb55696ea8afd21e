"""The draft for a question with others before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.abstention.classifier import SILENT
from rag.answering.quotes import QuoteWriter
from rag.citations import Draft
from rag.query.ellipsis import asks_reason, unmentioned_group
from rag.query.followups import title_within
from rag.query.plan import QueryPlan
from rag.query.planner import Planner
from rag.query.question import clean
from rag.query.translation import to_english
from rag.types import Hit, Paper, PastTurn, Refusal


@dataclass(frozen=True)
class Continued:
    """Drafts answers to follow-ups: held to the paper that they are asked of, and never by the sentence whose reason they ask for."""

    planner: Planner
    writer: QuoteWriter
    search: Callable[[QueryPlan], Sequence[Hit]]

    def draft(
        self, question: str, asked: QueryPlan, hits: Sequence[Hit], history: Sequence[PastTurn]
    ) -> tuple[Draft, Paper | None]:
        """The draft, and the paper that the question was held to though it does not say so: where it seems to be another subject
        and the paper that the last answer cited is the nearest one."""
        question = to_english(question)
        if asked.asked_of and hits and (group := unmentioned_group(question, f"{hits[0].paper.title} {hits[0].paper.abstract}")):
            return Draft(refusal=Refusal("term_not_mentioned", (group,))), None
        draft = self._held(asked, hits)
        if asks_reason(question):
            return _without_first(draft, self._before(history)), None
        last = self.planner.cited(history[-1])
        strays = not draft.blocks and draft.refusal is not None and draft.refusal.code == "other_subject"
        if not strays or asked.papers or last is None or last != hits[0].paper:
            return draft, None
        held = self.writer.write(replace(asked, asked_of=last.title, papers=(last,)), hits[:1])
        return (held, last) if held.blocks else (draft, None)

    def _held(self, asked: QueryPlan, hits: Sequence[Hit]) -> Draft:
        """The draft; where a question asked of one paper is refused, that of its words with the title among them, on which the decision
        whether a paper answers was fitted."""
        draft = self.writer.write(asked, hits)
        if draft.blocks or not asked.asked_of:
            return draft
        named = self.writer.write(replace(asked, text=title_within(asked.text, asked.asked_of)), hits)
        return named if named.blocks else draft

    def _before(self, history: Sequence[PastTurn]) -> Draft:
        """What was quoted for the last question."""
        plan = self.planner.plan(self.planner.standalone(clean(history[-1].question), history[:-1]))
        return self._held(*read_of(plan, self.search(plan)))


def read_of(plan: QueryPlan, hits: Sequence[Hit]) -> tuple[QueryPlan, Sequence[Hit]]:
    """The plan with the papers that it names, and the hits that are read: of a question asked of one paper, that alone."""
    asked = plan.naming([hit.paper for hit in hits])
    own = [hit for hit in hits if hit.paper in asked.papers] if asked.asked_of else []
    return asked, own or hits


def _without_first(draft: Draft, before: Draft) -> Draft:
    """The draft without the sentence that `before` quotes first; none where that is its own first."""
    said = [(one.paper.id, one.span) for block in before.blocks for one in block.evidence][:1]
    own = [(one.paper.id, one.span) for block in draft.blocks for one in block.evidence][:1]
    if said and own == said:
        return Draft(refusal=SILENT)
    left = (
        replace(block, evidence=tuple(one for one in block.evidence if (one.paper.id, one.span) not in said))
        for block in draft.blocks
    )
    return replace(draft, blocks=tuple(block for block in left if block.evidence or block.plain))
