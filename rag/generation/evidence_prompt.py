"""The evidence that a language model is offered: a bounded number of exact sentences under their papers, numbered, and safe to show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.llm.sanitize import harmless
from rag.query.plan import QueryPlan
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.text.instructions import instructs, quotes_an_order
from rag.types import Evidence, Hit, Paper

SENTENCES = 13
"""Sentences offered for a question, unless the quoting writer alone chose more."""
PAPERS = 5
"""Papers whose sentences a model is given, and sentences of each. Chosen; `python -m eval.bench.prompt_size` measures what they cost."""
A_PAPER = 5
"""Sentences of one paper that may be added to what the quoting writer chose."""

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"“”‘’]+")


def chosen(ranker: SentenceRanker, question: QueryPlan, hits: Sequence[Hit], quoted: Iterable[Evidence]) -> list[Evidence]:
    """What to offer, the most important first: what the quoting writer chose, then the best other sentences of the nearest papers."""
    found = {(one.paper.id, one.span): one for one in safe(quoted)}
    added: dict[str, int] = {}
    for match in ranker.matches(question, hits[:PAPERS]):
        paper, key = match.evidence.paper.id, (match.evidence.paper.id, match.evidence.span)
        if len(found) >= SENTENCES:
            break
        if key not in found and added.get(paper, 0) < A_PAPER and safe([match.evidence]):
            found[key] = match.evidence
            added[paper] = added.get(paper, 0) + 1
    return list(found.values())


def safe(evidence: Iterable[Evidence]) -> list[Evidence]:
    """What may be shown to a language model: no sentence that quotes an order, which it might follow."""
    return [one for one in evidence if not quotes_an_order(one.text)]


def in_order(evidence: Sequence[Evidence]) -> list[Evidence]:
    """As it is numbered: paper by paper, in the order in which the papers first come, and as it stands in the abstract."""
    papers = list(dict.fromkeys(one.paper.id for one in evidence))
    return sorted(evidence, key=lambda one: (papers.index(one.paper.id), one.span.start))


def listed(evidence: Sequence[Evidence]) -> str:
    """The text for the prompt: each paper's title, and below it its sentences behind their numbers, which count from 1."""
    lines: list[str] = []
    before: Paper | None = None
    for number, one in enumerate(evidence, 1):
        if before is None or before.id != one.paper.id:
            lines.append(f"Paper: {_title(one.paper)}")
        lines.append(f"[{number}] {harmless(one.text)}")
        before = one.paper
    return "\n".join(lines)


def _title(paper: Paper) -> str:
    """The title; of a paper whose title gives orders, its id."""
    ordering = instructs(paper.title) or quotes_an_order(paper.title)
    return harmless(paper.id if ordering else paper.title)


def addresses(evidence: Iterable[Evidence]) -> frozenset[str]:
    """The addresses that stand in the evidence: the only ones that a reply may show."""
    return frozenset(address.rstrip(".,;:!?)]}'*") for one in evidence for address in _ADDRESS.findall(one.text))
