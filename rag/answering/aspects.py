"""The sentences of one abstract that speak of an aspect: the problem, the approach, the data, the result, or any other in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast, get_args

from rag.abstention.rules import missing_point
from rag.query.plan import QueryPlan, Want
from rag.query.question import understand
from rag.retrieval.sentence_ranker import Match, SentenceRanker, cue
from rag.text.sentence_roles import Role
from rag.types import Evidence, Hit, Paper

ASPECTS = ("problem", "approach", "data", "result")
"""The columns of a comparison for which nobody asked for others."""
BEHIND = 0.1
"""How far behind the best a second sentence may be."""
_MOST: dict[str, int] = {"problem": 1, "approach": 1, "result": 2}
_DATA: frozenset[Want] = frozenset({"data"})


def sentences_on(aspect: str, paper: Paper, ranker: SentenceRanker, holds: Callable[[str], bool]) -> list[Evidence]:
    """At most two sentences, in the abstract's order; none if the abstract says nothing about it."""
    name = aspect.strip().casefold()
    if name in _MOST and name in get_args(Role):
        return of_role(cast("Role", name), paper, ranker, _MOST[name])
    if name in ("data", "dataset", "datasets"):
        return _on_data(paper, ranker)
    question = understand(f"What about {aspect}?")
    matches = ranker.matches(question, [Hit.of(paper)])
    if not matches or missing_point(question, matches, holds) is not None:
        return []
    return _evidence([match for match in matches[:2] if match.score >= matches[0].score - BEHIND])


def of_role(role: Role, paper: Paper, ranker: SentenceRanker, most: int = 1) -> list[Evidence]:
    """The sentences whose wording shows the role most, in the abstract's order."""
    read = ranker.read(paper)
    own = [place for place, part in enumerate(read.parts) if part.role == role]
    strongest = sorted(own, key=lambda place: (-read.parts[place].strength, place))[:most]
    return [Evidence(paper, read.spans[place], read.parts[place].strength) for place in sorted(strongest)]


def _on_data(paper: Paper, ranker: SentenceRanker) -> list[Evidence]:
    matches = ranker.matches(QueryPlan("data sets and benchmarks", "fact", _DATA), [Hit.of(paper)])
    return _evidence([match for match in matches if cue(_DATA, match.text, "result") > 0][:1])


def _evidence(matches: list[Match]) -> list[Evidence]:
    return [match.evidence for match in sorted(matches, key=lambda match: match.position)]
