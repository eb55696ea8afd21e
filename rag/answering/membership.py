"""Which papers belong to a list: a logistic model of how near each paper is, and how well a sentence of it and its abstract meet the topic.

`eval/training/membership.py` fits the weights in `data/membership.json`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.abstention.classifier import Model, model, probability
from rag.query.plan import QueryPlan
from rag.retrieval.sentence_ranker import Match, SentenceRanker
from rag.text.questions import is_question
from rag.text.words import is_content
from rag.types import Hit

NEAR_SHARE = 0.4
"""Papers whose fused score is under this share of the best are not read for a list or a summary."""
TELLING = 0.08
"""What a list prefers a sentence by that says what the authors did or found."""


@dataclass(frozen=True, slots=True)
class Member:
    """A paper that belongs to a list: its most telling sentence, all its sentences, and the probability that it belongs."""

    match: Match
    sentences: Sequence[Match]
    chance: float

    @property
    def id(self) -> str:
        return self.match.evidence.paper.id


@dataclass(frozen=True)
class Membership:
    """Weighs papers."""

    ranker: SentenceRanker

    def members(
        self,
        question: QueryPlan,
        matches: Sequence[Match],
        left_out: Sequence[tuple[str, Sequence[Hit]]] = (),
        titled: Sequence[Hit] = (),
    ) -> list[Member]:
        """The papers that belong, the likeliest first, of those whose sentences match the topic. `left_out`: things that the list leaves out, each
        with the papers nearest to it. `titled`: papers that belong whatever the model says, unless they are left out, as their titles tell; the last."""
        own = by_id(matches)
        near_chances = _chances(own)
        own |= by_id(
            self.ranker.matches(
                replace(question, text=question.topic or question.text, wants=frozenset()),
                [hit for hit in titled if hit.paper.id not in own],
            )
        )
        told = {hit.paper.id for hit in titled}
        excluded: dict[str, float] = {}
        for what, hits in left_out:
            for id, chance in self._dealing_with(replace(question, text=what, excluded="", wants=frozenset()), hits).items():
                excluded[id] = max(chance, excluded.get(id, 0.0))
        found = [
            Member(max(own[id], key=_shows), own[id], chance * (1 - excluded.get(id, 0.0)))
            for id, chance in {**dict.fromkeys(own, 0.0), **near_chances}.items()
        ]
        least = _weights().threshold
        kept = (one for one in found if one.chance >= least or (one.id in told and excluded.get(one.id, 0.0) < least))
        return sorted(kept, key=lambda one: (-one.chance, one.id))

    def _dealing_with(self, question: QueryPlan, hits: Sequence[Hit]) -> dict[str, float]:
        """The probability that papers deal with something, by their ids."""
        return _chances(by_id(self.ranker.matches(question, near(hits))))


def signs(own: Mapping[str, Sequence[Match]]) -> dict[str, dict[str, float]]:
    """By paper: its hit's score and what its most telling sentence meets, each over the best; how well the abstract meets the topic's words: all,
    and the least met."""
    telling = {id: max(sentences, key=_tells) for id, sentences in own.items()}
    best = max((match.hit.score for match in telling.values()), default=0.0) or 1.0
    most = max(map(met, telling.values()), default=0.0) or 1.0
    found = {id: {"hit": match.hit.score / best, "met": met(match) / most} for id, match in telling.items()}
    for id, sentences in own.items():
        words = _words_met(sentences)
        found[id] |= {"words": sum(words) / len(words), "least word": min(words)}
    return found


def _chances(own: Mapping[str, Sequence[Match]]) -> dict[str, float]:
    """The probability that a paper belongs, by its id."""
    return {id: probability(found, _weights()) for id, found in signs(own).items()}


def _weights() -> Model:
    return model("membership")


def near(hits: Sequence[Hit]) -> list[Hit]:
    """The hits that are read for a list or a summary."""
    return [hit for hit in hits if hit.score >= NEAR_SHARE * hits[0].score]


def by_id(matches: Sequence[Match]) -> dict[str, list[Match]]:
    """The sentences by their paper's id, papers and sentences in the order in which they come."""
    own: dict[str, list[Match]] = {}
    for match in matches:
        own.setdefault(match.evidence.paper.id, []).append(match)
    return own


def met(match: Match) -> float:
    """How well a sentence meets the content words asked for: the mean of their best cosines."""
    cosines = [score for word, score in match.words.items() if is_content(word)] or list(match.words.values())
    return sum(cosines) / len(cosines)


def _words_met(sentences: Sequence[Match]) -> list[float]:
    """The best cosine in any sentence, of each content word; of each word where there is no such word."""
    words = list(sentences[0].words)
    asked = [word for word in words if is_content(word)] or words
    return [max(match.words[word] for match in sentences) for word in asked]


def _tells(match: Match) -> tuple[float, int]:
    """What a list chooses a paper's sentence by."""
    return met(match) + TELLING * (match.role in ("approach", "result")), -match.position


def _shows(match: Match) -> tuple[bool, tuple[float, int]]:
    """What a paper's sentence is shown by: one that says something before one that asks."""
    return not is_question(match.text), _tells(match)
