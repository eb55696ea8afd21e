"""An answer as it is judged: every sentence that a person reads, each with the checker's word on it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from eval.cases.reading import Case
from rag.citations import FROM_RECORDS
from rag.grounding.claims import bare
from rag.protocols import Checker
from rag.text.words import content_words
from rag.types import Answer, Claim, Judgement, Paper

LEAST_WORDS = 2
"""Content words from which a stretch of text that no claim covers is a sentence of its own."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, its answer with a claim for every sentence of the text, a judgement a claim, and the papers that were asked.

    `held` says of each citation that stands in a sentence with others whether the sentence holds by it alone, and without it: pairs by
    (place of the claim, number).
    """

    case: Case
    answer: Answer
    judgements: tuple[Judgement, ...]
    papers: Mapping[str, Paper]
    held: Mapping[tuple[int, int], tuple[bool, bool]]

    @property
    def refused(self) -> bool:
        return self.answer.status == "not_found"

    @property
    def resting(self) -> list[tuple[Claim, Judgement]]:
        """The sentences that must rest on abstracts: all but those from the collection's records."""
        pairs = zip(self.answer.claims, self.judgements, strict=True)
        return [(claim, judgement) for claim, judgement in pairs if not from_records(claim)]


def judge(case: Case, answer: Answer, papers: Mapping[str, Paper], checker: Checker) -> Judged:
    """The answer with what the checker says; what the product itself says of its claims is not believed."""
    answer = replace(answer, claims=sentences_said(answer))
    quotes = {citation.number: citation.quote for citation in answer.citations}
    judgements = tuple(
        Judgement("not_checkable", 0.0, claim.reason)
        if from_records(claim)
        else checker.check(claim.text, _evidence(claim.citations, quotes))
        for claim in answer.claims
    )
    held: dict[tuple[int, int], tuple[bool, bool]] = {}
    for place, claim in enumerate(answer.claims):
        known = [number for number in dict.fromkeys(claim.citations) if number in quotes]
        for number in known if len(known) > 1 else ():
            rest = [other for other in known if other != number]
            alone, without = checker.check_many(
                [(claim.text, _evidence([number], quotes)), (claim.text, _evidence(rest, quotes))]
            )
            held[place, number] = alone.verdict == "supported", without.verdict == "supported"
    return Judged(case, answer, judgements, papers, held)


def from_records(claim: Claim) -> bool:
    """Whether a sentence rests on the collection's records, such as a count, and on no abstract."""
    return not claim.citations and claim.reason == FROM_RECORDS


def sentences_said(answer: Answer) -> tuple[Claim, ...]:
    """The answer's claims, and behind them each stretch of its text that no claim covers, as a claim that cites nothing.

    A heading that ends in a colon claims nothing, and neither does a refusal.
    """
    if answer.status == "not_found":
        return answer.claims
    text = answer.text
    for claim in sorted(answer.claims, key=lambda claim: -len(claim.text)):
        text = text.replace(claim.text, "\n", 1)
    stretches = (part.strip(" -*#\t") for part in bare_lines(text))
    return (*answer.claims, *(Claim(part) for part in stretches if _says_something(part)))


def bare_lines(text: str) -> list[str]:
    return [bare(re.sub(r"\[\d+\]", "", line)) for line in text.split("\n")]


def _says_something(stretch: str) -> bool:
    return not stretch.endswith(":") and len(content_words(stretch)) >= LEAST_WORDS


def _evidence(numbers: Sequence[int], quotes: Mapping[int, str]) -> list[str]:
    return [quotes[number] for number in numbers if number in quotes]
