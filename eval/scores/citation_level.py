"""Scores of citations: recall and precision a sentence after ALCE (Gao et al., EMNLP 2023, § 4.3), and whether each is what it should be.

ALCE asks an NLI model whether the cited passages entail a sentence; here the grounding checker says whether they support it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from eval.scores import metrics
from eval.scores.claim_verdicts import Judged
from eval.scores.registry import measure
from eval.types import Score
from rag.grounding.claims import verbatim
from rag.types import Citation

MARKER = re.compile(r"\[(\d+)\]")


@measure("citation_recall", "Citations", "citation recall (ALCE)")
def citation_recall(judged: Judged) -> Score | None:
    """Share of the sentences whose citations, taken together, support them; a sentence that cites nothing is not supported."""
    held = [judgement.verdict == "supported" and bool(claim.citations) for claim, judgement in judged.resting]
    return share("citation_recall", held, "sentences supported by what they cite", _nothing_said(judged))


@measure("citation_precision", "Citations", "citation precision (ALCE)")
def citation_precision(judged: Judged) -> Score | None:
    """Share of the citations that are needed: their sentence is supported, and they support it alone or it is not without them."""
    return share("citation_precision", _needed(judged), "citations needed by their sentences", _nothing_cited(judged))


def _needed(judged: Judged) -> list[bool]:
    found = []
    for place, (claim, judgement) in enumerate(zip(judged.answer.claims, judged.judgements, strict=True)):
        for number in dict.fromkeys(claim.citations):
            alone, without = judged.held.get((place, number), (True, False))
            known = any(citation.number == number for citation in judged.answer.citations)
            found.append(known and judgement.verdict == "supported" and (alone or not without))
    return found


@measure("right_paper", "Citations", "cites a gold paper")
def right_paper(judged: Judged) -> Score | None:
    """Share of the citations that are of a gold paper; `acceptable` ones count as neither."""
    if not judged.case.papers:
        return None
    cited = [one.paper.id for one in judged.answer.citations if one.paper.id not in judged.case.acceptable]
    return share("right_paper", [id in judged.case.papers for id in cited], "citations of a gold paper", _nothing_cited(judged))


@measure("right_sentence", "Citations", "cites a gold sentence")
def right_sentence(judged: Judged) -> Score | None:
    """Share of the citations that are a gold sentence."""
    if not judged.case.sentences:
        return None
    right = [metrics.is_gold(judged.case, citation) for citation in judged.answer.citations]
    return share("right_sentence", right, "citations of a gold sentence", _nothing_cited(judged))


@measure("quote_verbatim", "Citations", "quotes verbatim", glance=True)
def quote_verbatim(judged: Judged) -> Score | None:
    """Share of the citations whose quote stands, at the place they name, in the abstract that the library has."""
    exact = [_stands(judged, citation) for citation in judged.answer.citations]
    return share("quote_verbatim", exact, "quotes stand in their abstract", _nothing_cited(judged))


def _stands(judged: Judged, citation: Citation) -> bool:
    paper, span = judged.papers.get(citation.paper.id), citation.span
    inside = paper is not None and 0 <= span.start < span.end <= len(paper.abstract)
    return inside and paper is not None and span.of(paper.abstract) == citation.quote


@measure("word_for_word", "Citations", "sentences word for word as cited")
def word_for_word(judged: Judged) -> Score | None:
    """Share of the cited sentences that stand word for word in one of the quotes they cite: all of them, for the quoting writer.

    Letter case aside, and a subject named in square brackets at the start."""
    quotes = {citation.number: citation.quote for citation in judged.answer.citations}
    cited = [claim for claim in judged.answer.claims if claim.citations]
    exact = [any(verbatim(claim.text, [quotes.get(number, "")]) for number in claim.citations) for claim in cited]
    return share("word_for_word", exact, "cited sentences stand in their quote word for word", _nothing_cited(judged))


@measure("marker_exists", "Citations", "markers that stand for a citation")
def marker_exists(judged: Judged) -> Score | None:
    """Share of the markers that stand for a citation, among those that the sentences have and those that stand in the text."""
    known = {citation.number for citation in judged.answer.citations}
    cited = [number for claim in judged.answer.claims for number in claim.citations]
    text = judged.answer.text
    for claim in judged.answer.claims:  # a quoted sentence may have brackets of its own
        text = text.replace(claim.text, "", 1)
    shown = [int(number) for number in MARKER.findall(text)]
    fine = [number in known and number in shown for number in cited]
    return share(
        "marker_exists", [*fine, *(number in known for number in shown)], "markers stand for a citation", _nothing_cited(judged)
    )


def share(name: str, right: Sequence[bool], what: str, nothing: str) -> Score:
    """The share that is right, or why there is none."""
    if not right:
        return Score(name, None, nothing)
    return Score(name, sum(right) / len(right), f"{sum(right)} of {len(right)} {what}", len(right))


def _nothing_said(judged: Judged) -> str:
    if judged.refused:
        return "the answer is a refusal"
    return "every sentence is from the collection's records" if judged.answer.claims else "the answer has no sentence"


def _nothing_cited(judged: Judged) -> str:
    return "the answer is a refusal" if judged.refused else "nothing is cited"
