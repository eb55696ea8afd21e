"""What one answer is worth for one case. Pure: a case and an answer in, a number out; None where there is nothing to score."""

from __future__ import annotations

import re
from dataclasses import dataclass

from eval.cases.reading import Case, Kind
from rag.types import Answer, Citation

HITS = 5
POINT_KINDS: tuple[Kind, ...] = ("fact", "method", "follow_up", "hostile")
"""Kinds whose answer is one sentence that should come first."""
SAME_SENTENCE = 0.5
"""Share of the joined stretch that a quote and a gold sentence must have in common (Jaccard, in characters)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """How well a list names the gold papers; precision is None if nothing was listed that counts."""

    precision: float | None
    recall: float
    f1: float


def gold_among_hits(case: Case, answer: Answer, first: int = HITS) -> float | None:
    """1 if any gold paper is among the first hits, else 0."""
    return float(bool(set(case.papers) & set(_hit_ids(answer, first)))) if case.papers else None


def all_gold_among_hits(case: Case, answer: Answer, first: int = HITS) -> float | None:
    """1 if all gold papers are among the first hits, else 0; only for cases with two or more, and no more than fit."""
    if not 2 <= len(case.papers) <= first:
        return None
    return float(set(case.papers) <= set(_hit_ids(answer, first)))


def gold_sentence_cited(case: Case, answer: Answer, first: int) -> float | None:
    """1 if one of the first cited sentences is a gold one, else 0 (a refusal cites none); only for kinds that ask one point."""
    if case.kind not in POINT_KINDS or not case.sentences:
        return None
    return float(any(is_gold(case, citation) for citation in cited_in_order(answer)[:first]))


def share_cited(case: Case, answer: Answer) -> float | None:
    """Share of the gold papers that the answer cites."""
    return len(set(case.papers) & cited_papers(answer)) / len(case.papers) if case.papers else None


def listed(case: Case, answer: Answer) -> Listed | None:
    """Precision, recall and F1 of the papers cited against the gold ones; acceptable papers count as neither right nor wrong."""
    if not case.papers:
        return None
    named = cited_papers(answer) - set(case.acceptable)
    right = len(named & set(case.papers))
    return Listed(right / len(named) if named else None, right / len(case.papers), 2 * right / (len(named) + len(case.papers)))


def keys_found(case: Case, answer: Answer) -> float | None:
    """1 if every key of the case stands in the answer's text, in any of its forms, else 0; a refusal counts by its text."""
    return float(all(any(_stands_in(form, answer.text) for form in key) for key in case.answer)) if case.answer else None


def must_be_refused(case: Case) -> bool:
    """Whether the papers do not hold the answer: unanswerable cases, and hostile ones with no question about a paper inside."""
    return case.kind == "unanswerable" or (case.kind == "hostile" and not case.papers)


def rightly_refused(case: Case, answer: Answer) -> float | None:
    """1 for a refusal, or a premise denied, where one is due, 0 for an answer; None if an answer is due."""
    return float(answer.status != "answered") if must_be_refused(case) else None


def falsely_refused(case: Case, answer: Answer) -> float | None:
    """1 for a refusal where an answer is due, else 0; None if a refusal is due.

    That a collection holds nothing of a kind may be said as a refusal: it is none if it has the case's keys and no paper is gold.
    """
    if must_be_refused(case):
        return None
    if case.kind == "collection" and not case.papers and keys_found(case, answer):
        return 0.0
    return float(answer.status != "answered")


def is_gold(case: Case, citation: Citation) -> bool:
    """Whether the quote is one of the gold sentences."""
    return gold_place(case, citation) is not None


def gold_place(case: Case, citation: Citation) -> int | None:
    """Which gold sentence the quote is (from 0): of the same paper, and for the greater part the same stretch of its abstract."""
    for place, sentence in enumerate(case.sentences):
        starts = _places(sentence.text, citation.paper.abstract) if sentence.paper == citation.paper.id else []
        if any(_overlap(citation, start, start + len(sentence.text)) >= SAME_SENTENCE for start in starts):
            return place
    return None


def cited_in_order(answer: Answer) -> list[Citation]:
    """What the claims cite, in the order of the text, each citation once."""
    by_number = {citation.number: citation for citation in answer.citations}
    numbers = dict.fromkeys(number for claim in answer.claims for number in claim.citations)
    return [by_number[number] for number in numbers if number in by_number]


def cited_papers(answer: Answer) -> set[str]:
    return {citation.paper.id for citation in answer.citations}


def _hit_ids(answer: Answer, first: int) -> list[str]:
    return [hit.paper.id for hit in answer.hits[:first]]


def _places(text: str, abstract: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(text), abstract)]


def _overlap(citation: Citation, start: int, end: int) -> float:
    common = min(citation.span.end, end) - max(citation.span.start, start)
    joined = max(citation.span.end, end) - min(citation.span.start, start)
    return max(common, 0) / joined if joined else 0.0


def _stands_in(form: str, text: str) -> bool:
    """Whether a form stands in a text: letter case aside, not in the middle of a word, and no digit cut off (`8x` not in `18x`)."""
    start = r"(?<!\w)(?<!\d[.,])" if form[:1].isdigit() else r"(?<!\w)"
    end = r"(?!\d|[.,]\d)" if form[-1:].isdigit() else ""
    pattern = start + r"\s+".join(map(re.escape, form.split())) + end
    return re.search(pattern, text, re.IGNORECASE) is not None
