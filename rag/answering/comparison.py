"""What a comparison of papers asks for, and what each of them says to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag.abstention.rules import unmet_phrase
from rag.query.plan import QueryPlan
from rag.retrieval.sentence_ranker import Match
from rag.text.polarity import POLES
from rag.text.words import content_words
from rag.types import Refusal, Role

SAYS_SO = 1.5
"""Strength of a sentence from which it says in so many words what was done, and does not only stand where methods stand. Chosen."""


COMPARING = frozenset(
    "compare comparison contrast difference differences differ similar versus vs both between same approach approaches".split()
)
"""Words that ask for a comparison and for no point of it."""
_SURPASSES = ("er", "est", "more", "less", "worse", "worst")
"""Ends of words that, where they have an opposite, say which way one thing surpasses another, and nothing that an abstract could lack."""


def between_options(question: QueryPlan) -> bool:
    """Whether it asks which of two things is the one, and calls no paper: `which is better, folic acid or aspirin?`"""
    own = map(re.escape, question.sides)
    return not question.papers and bool(question.sides) and re.search(r" or (?:the |an? )?".join(own), question.text) is not None


def missing_on_point(question: QueryPlan, own: Sequence[Match]) -> Refusal | None:
    """What the question compares two things by, if a paper says nothing of it."""
    text = question.text
    for side in question.sides:
        text = text.replace(side, "…")
    asked = {word for word in point(question).split() if not (word in POLES and word.endswith(_SURPASSES))}
    best = {word: max(match.words[word] for match in own) for word in own[0].words if word in asked}
    return unmet_phrase(replace(question, text=text), own, best)


def outcome(matches: Sequence[Match]) -> list[Match]:
    """What a paper says it did, in so many words, and the best sentence of what came out; two of those where it does not say the one."""
    done = [match for match in matches if match.role == "approach" and match.part.strength >= SAYS_SO]
    results = [match for match in matches if match.role == "result"]
    return [*done[:1], *results[: 1 if done else 2]] or by_roles(matches, ("approach", "result"))


def point(question: QueryPlan) -> str:
    """What a comparison asks for beyond naming its sides, in the order of its words; empty where it only compares."""
    named_words = {word for side in question.sides for word in content_words(side)}
    return " ".join(word for word in content_words(question.text) if word not in named_words | COMPARING)


def by_roles(matches: Sequence[Match], wanted: Iterable[Role]) -> list[Match]:
    """For each role its best sentence; where an abstract has no such sentence, the best other one stands for `approach`."""
    chosen: list[Match] = []
    for role in wanted:
        own = [match for match in matches if match.role == role and match not in chosen]
        if not own and role == "approach":
            own = [match for match in matches if match.role != "code" and match not in chosen]
        chosen.extend(own[:1])
    return chosen
