"""Yes or no: how an answer to “does …?” begins, where its best sentence says it clearly; elsewhere the quote speaks for itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rag.protocols import ClaimReader
from rag.query.plan import QueryPlan
from rag.query.yes_no import asks_whether, begins_as_whether
from rag.retrieval.sentence_ranker import Match
from rag.text.no_finding import NO_FINDING
from rag.text.questions import is_question

Whether = Literal["yes", "no"]
CLEAR = 0.9
"""The reader's probability that the sentence affirms, or denies, what is asked, from which the word is put: under its title and alone. Over
225 yes/no questions of `dev.jsonl` and `unseen.jsonl.gz` it is put before 48 gold sentences, never wrongly; of 239 harder ones, most of them about
the opposite of what a sentence says (`stances_held.jsonl.gz`), before 12 sentences, five times wrongly."""

DENIES = 0.7
"""The reader's probability that a sentence of the nearest paper denies what a question supposes, under its title and alone, from which it is quoted
behind words that say so, if the question is refused. Of 8 such sentences for the questions on `dev.jsonl` some 6 deny it, as read one by one."""


def denying(question: QueryPlan, matches: Sequence[Match], claims: ClaimReader) -> Match | None:
    """The sentence of the best match's paper, among those held against the question, that denies what it takes for granted, by the learned reader.

    None if it asks whether, if it is no whole question, or if none clearly does.
    """
    own = [match for match in matches if match.evidence.paper == matches[0].evidence.paper and not NO_FINDING.search(match.text)]
    held = [(match.stance[2], match) for match in own if match.stance]
    if question.foreign or begins_as_whether(question.text) or not is_question(question.text) or not held:
        return None
    denied, best = max(held, key=lambda one: one[0])
    if denied < DENIES or claims.verdicts(question.text, [("", best.text)])[0][2] < DENIES:
        return None
    return best


def whether(question: QueryPlan, best: Match, claims: ClaimReader) -> Whether | None:
    """What the best sentence says to a yes/no question, by the learned reader; None if another thing is asked, or it is not clear."""
    if question.foreign or not asks_whether(question.text):
        return None
    if NO_FINDING.search(best.text) and not NO_FINDING.search(question.text):
        return None
    found = claims.verdicts(question.text, [(best.evidence.paper.title, best.text), ("", best.text)])
    if all(affirmed >= CLEAR for affirmed, _, _ in found):
        return "yes"
    return "no" if all(denied >= CLEAR for _, _, denied in found) else None
