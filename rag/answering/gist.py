"""Questions about a paper as a whole, its idea, its problem or its findings: answered by the sentences that show that part the most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.query.paper_names import subject_words
from rag.query.plan import QueryPlan, Want
from rag.retrieval.sentence_ranker import Match, SentenceRanker
from rag.text.sentence_roles import Role
from rag.text.words import content_words, stem, stems
from rag.types import Hit, Paper

MOST = 2
"""Sentences of a gist."""
GISTS: tuple[tuple[Want, Role], ...] = (
    ("difficulty", "problem"),
    ("approach", "approach"),
    ("result", "result"),
    ("definition", "approach"),
)
"""What is wanted of a paper as a whole, and the part of its abstract that tells it: what a thing is, where it is proposed."""
TITLED = 5
"""Papers among which words of a title must be of one alone."""
CLEARLY = 1.0
"""How strongly a further sentence must show its part."""
WHOLE = frozenset(
    """key core basic central general underlying big contribution contributions contribute contributes insight insights point concept principle
    trick behind work works terms simple plain words short nutshell understand understanding problem problems challenge challenges limitation limitations issue issues difficulty
    difficulties drawback drawbacks weakness weaknesses shortcoming shortcomings solve solves solved address addresses addressed tackle
    tackles tackled result results finding findings conclusion conclusions outcome outcomes achieve achieves achieved achievement
    achievements conclude concludes show shows shown method methods approach approaches new novel solution""".split()
)
"""Words that ask for a paper's idea, problem or findings and for nothing in it."""


def gist(question: QueryPlan, hits: Sequence[Hit], ranker: SentenceRanker, learned: bool = False) -> list[Match]:
    """The sentence that shows the part asked for the most, then one that clearly does too; none if more is asked of the paper.

    A `learned` reader finds better itself what a thing is: of 30 questions over abstracts that it was not trained on that were answered so, its own first sentence is right for 23, the gist's for 17.
    """
    role = next((role for want, role in GISTS if want in question.wants and not (learned and want == "definition")), None)
    paper = asked_as_a_whole(question, hits) if role else None
    if paper is None:
        return []
    matches = ranker.matches(replace(question, wants=frozenset()), [hit for hit in hits if hit.paper.id == paper.id])
    shown = sorted((match for match in matches if match.role == role), key=shows_its_part)[:MOST]
    return [match for match in shown if match is shown[0] or match.part.strength >= CLEARLY]


def shows_its_part(match: Match) -> tuple[float, int]:
    """An order: what shows its part of the abstract the most comes first."""
    return -match.part.strength, match.position


def asked_as_a_whole(question: QueryPlan, hits: Sequence[Hit]) -> Paper | None:
    """The one paper that all telling words of the question call: by a name, or by words of its title alone among the nearest."""
    telling = {word for word in content_words(question.text) if word not in WHOLE}
    called = question.papers
    if len(called) == 1 and telling <= subject_words(question.text, called[0]):
        return called[0]
    asked = {stem(word) for word in telling}
    titled = [hit.paper for hit in hits[:TITLED] if asked and not called and asked <= stems(hit.paper.title)]
    return titled[0] if len(titled) == 1 else None
