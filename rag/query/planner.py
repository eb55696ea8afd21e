"""Makes the plan of a question over one collection: stands it alone, puts authors' papers by their names, and decides its kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.query.catalogue import Catalogue
from rag.query.followups import SubjectOf, standalone
from rag.query.kinds import KindModel
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
        earlier = [to_english(turn.question) for turn in history]
        return standalone(to_english(question), earlier, self.subject_of, [self.all_cited(turn) for turn in history])

    def cited(self, turn: PastTurn) -> Paper | None:
        """The paper that the answer cited first."""
        return self.paper_of(turn.cited[0]) if turn.cited else None

    def all_cited(self, turn: PastTurn) -> list[Paper]:
        """The papers that the answer cited, in the order of their numbers, as far as they are still there."""
        return [paper for paper in map(self.paper_of, turn.cited) if paper is not None]

    def plan(self, alone: str) -> QueryPlan:
        """The plan of a question that stands alone; never fails, whatever the text."""
        papers = self.catalogue()
        alone = by_authors(by_keys(alone, papers), papers)
        text, language = in_english(alone)
        filters = understand_catalogue(text, papers)
        if filters is None and (called := by_surname(alone, papers)) != alone:
            alone, (text, language) = called, in_english(called)
        plan = replace(understood(text, language), standalone=alone, filters=filters)
        if filters is not None and filters.needs_retrieval:
            if filters.intent == "count" and plan.kind != "list":  # of what one paper counts
                return self.without_records(plan)
            filters = replace(filters, intent="list")
            own = set(words(filters.topic))  # without the limits, which no abstract says of itself
            topic = " ".join(word for word in plan.topic.split() if not own.isdisjoint(words(word)))
            return replace(plan, kind="list", topic=topic, filters=filters)
        return self._decided(plan)

    def without_records(self, plan: QueryPlan) -> QueryPlan:
        """The plan of a question that the records were thought to answer, as one to the texts."""
        return self._decided(replace(plan, filters=None))

    def _decided(self, plan: QueryPlan) -> QueryPlan:
        return plan if self.kinds is None else self.kinds.decided(plan)
