"""Makes the plan of a question over one collection: stands it alone, puts authors' papers by their names, and decides its kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.query.asked_of import without_title
from rag.query.catalogue import Catalogue
from rag.query.followups import SubjectOf, standalone
from rag.query.kinds import KindModel
from rag.query.list_parts import BEGINNING, MOST_LISTED, part_asked, with_part, without_part
from rag.query.metadata_questions import understand_catalogue
from rag.query.paper_names import by_authors, by_keys, by_surname
from rag.query.plan import QueryPlan
from rag.query.question import in_english, understood
from rag.query.translation import to_english
from rag.text.words import words
from rag.types import Paper, PastTurn


@dataclass(frozen=True)
class Planner:
    """`catalogue` knows the collection's papers; `subject_of` finds what an earlier question was about, `paper_of` a paper by its id;
    `kinds` corrects the rules' kind."""

    catalogue: Callable[[], Catalogue]
    subject_of: SubjectOf
    paper_of: Callable[[str], Paper | None]
    kinds: KindModel | None = None

    def standalone(self, question: str, history: Sequence[PastTurn]) -> str:
        """By rule, which knows English: a question in another language is put into it only where there is a history to look at.

        What an earlier question was about are the papers that its answer cited, where they are known, and first of all the first.
        """
        if not history:
            return question
        if continued := self._continued(question, history):
            return continued
        earlier = [to_english(without_part(turn.question)[0]) for turn in history]
        return standalone(to_english(question), earlier, self.subject_of, [self.all_cited(turn) for turn in history])

    def _continued(self, question: str, history: Sequence[PastTurn]) -> str:
        """The question before it, for another part of its list, if that is all that is asked; else empty."""
        if part_asked(question, BEGINNING) is None:
            return ""
        before = self.plan(self.standalone(history[-1].question, history[:-1]))
        part = part_asked(question, before.part)
        return with_part(without_part(before.standalone)[0], part) if part is not None and before.lists else ""

    def cited(self, turn: PastTurn) -> Paper | None:
        """The paper that the answer cited first."""
        return self.paper_of(turn.cited[0]) if turn.cited else None

    def all_cited(self, turn: PastTurn) -> list[Paper]:
        """The papers that the answer cited, in the order of their numbers, as far as they are still there."""
        return [paper for paper in map(self.paper_of, turn.cited) if paper is not None]

    def plan(self, alone: str) -> QueryPlan:
        """The plan of a question that stands alone; never fails, whatever the text."""
        asked, part = without_part(alone)
        plan = self._planned(asked)
        part = replace(part, most=MOST_LISTED) if plan.asks_records else part
        return replace(plan, part=part, standalone=with_part(plan.standalone, part))

    def _planned(self, alone: str) -> QueryPlan:
        papers = self.catalogue()
        alone = by_authors(by_keys(alone, papers), papers)
        text, language = in_english(alone)
        filters = understand_catalogue(text, papers)
        if filters is None and (called := by_surname(alone, papers)) != alone:
            alone, (text, language) = called, in_english(called)
        if filters is None and (asked := without_title(alone))[1]:
            return self._asked_of(*asked, alone)
        plan = replace(understood(text, language), standalone=alone, filters=filters)
        if filters is not None and filters.needs_retrieval:
            if filters.intent == "count" and plan.kind != "list":  # of what one paper counts
                return self.without_records(plan)
            filters = replace(filters, intent="list")
            own = set(words(filters.topic))  # without the limits, which no abstract says of itself
            topic = " ".join(word for word in plan.topic.split() if not own.isdisjoint(words(word)))
            return replace(plan, kind="list", topic=topic, filters=filters)
        return self._decided(plan)

    def _asked_of(self, question: str, title: str, alone: str) -> QueryPlan:
        """The plan of what is asked of one paper: no list and no comparison of papers."""
        plan = self._decided(understood(*in_english(question)))
        kind = "fact" if plan.kind in ("list", "compare") else plan.kind
        return replace(plan, kind=kind, standalone=alone, asked_of=title)

    def without_records(self, plan: QueryPlan) -> QueryPlan:
        """The plan of a question that the records were thought to answer, as one to the texts."""
        return self._decided(replace(plan, filters=None))

    def _decided(self, plan: QueryPlan) -> QueryPlan:
        return plan if self.kinds is None else self.kinds.decided(plan)
