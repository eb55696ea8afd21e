"""Makes the plan of a question over one collection: stands it alone, puts authors' papers by their names, and decides its kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.query.catalogue import Catalogue
from rag.query.followups import SubjectOf, standalone
from rag.query.metadata_questions import understand_catalogue
from rag.query.paper_names import by_authors, by_surname
from rag.query.plan import QueryPlan
from rag.query.question import in_english, understood
from rag.query.translation import to_english


@dataclass(frozen=True)
class Planner:
    """`catalogue` knows the collection's papers; `subject_of` finds what an earlier question was about."""

    catalogue: Callable[[], Catalogue]
    subject_of: SubjectOf

    def standalone(self, question: str, history: Sequence[str]) -> str:
        """By rule, which knows English: a question in another language is put into it only where there is a history to look at."""
        if not history:
            return question
        return standalone(to_english(question), [to_english(earlier) for earlier in history], self.subject_of)

    def plan(self, alone: str) -> QueryPlan:
        """The plan of a question that stands alone; never fails, whatever the text."""
        papers = self.catalogue()
        alone = by_authors(alone, papers)
        text, language = in_english(alone)
        filters = understand_catalogue(text, papers)
        if filters is None and (called := by_surname(alone, papers)) != alone:
            alone, (text, language) = called, in_english(called)
        plan = replace(understood(text, language), standalone=alone, filters=filters)
        return replace(plan, kind="list") if filters is not None and filters.needs_retrieval else plan
