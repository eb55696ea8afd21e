"""Scores of grounding: what share of the sentences the checker calls supported, partly, unsupported, not checkable; never folded together."""

from __future__ import annotations

from collections.abc import Callable

from eval.scores.claim_verdicts import Judged, from_records
from eval.scores.registry import measure
from eval.types import Score
from rag.types import Verdict

WORDS: dict[Verdict, str] = {
    "supported": "supported",
    "partly": "partly supported",
    "unsupported": "unsupported",
    "not_checkable": "not checkable",
}


def verdict_share(verdict: Verdict) -> Callable[[Judged], Score | None]:
    """The share of the sentences with this verdict, among those that must rest on abstracts."""

    def of(judged: Judged) -> Score | None:
        reasons = [judgement.reason for _, judgement in judged.resting if judgement.verdict == verdict]
        named = "" if verdict == "supported" or not reasons else f": {reasons[0]}"
        return _share(judged, verdict, len(reasons), f"{WORDS[verdict]}{named}")

    return of


measure("supported", "Grounding", "sentences supported", glance=True)(verdict_share("supported"))
measure("partly", "Grounding", "sentences partly supported", better="less")(verdict_share("partly"))
measure("unsupported", "Grounding", "sentences unsupported", better="less", glance=True)(verdict_share("unsupported"))
measure("not_checkable", "Grounding", "sentences not checkable", better="less")(verdict_share("not_checkable"))


@measure("contradicted", "Grounding", "sentences that a source contradicts", better="less")
def contradicted(judged: Judged) -> Score | None:
    """The share of the sentences of which a source says otherwise; the other unsupported ones are not stated there."""
    return _share(judged, "contradicted", sum(judgement.contradicted for _, judgement in judged.resting), "are contradicted")


@measure("uncited", "Grounding", "sentences that cite nothing", better="less")
def uncited(judged: Judged) -> Score | None:
    """The share of the sentences that cite nothing, among those that must rest on abstracts; they are not checkable as well."""
    return _share(judged, "uncited", sum(not claim.citations for claim, _ in judged.resting), "cite nothing")


@measure("from_records", "Grounding", "sentences from the collection's records", better="")
def records_share(judged: Judged) -> Score | None:
    """The share of all sentences that rest on the collection's records (a count, a list of years) and on no abstract."""
    claims = judged.answer.claims
    if not claims:
        return Score("from_records", None, "the answer is a refusal" if judged.refused else "the answer has no sentence")
    count = sum(map(from_records, claims))
    return Score("from_records", count / len(claims), f"{count} of {len(claims)} sentences from the records", len(claims))


def _share(judged: Judged, name: str, count: int, what: str) -> Score:
    total = len(judged.resting)
    if not total:
        why = "every sentence is from the collection's records" if judged.answer.claims else "the answer has no sentence"
        return Score(name, None, "the answer is a refusal" if judged.refused else why)
    return Score(name, count / total, f"{count} of {total} sentences {what}", total)
