"""Which papers belong to a list: a logistic model of how near each paper is, how well a sentence of it and its abstract meet the topic, and what the
learned reader finds in the abstract.

`eval/training/membership.py` fits the weights in `data/membership_read.json`, and those for doing without the reader in `data/membership.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.abstention.classifier import Model, model, probability
from rag.answering.listing import nothing_listed
from rag.query.plan import QueryPlan
from rag.retrieval.reranker import MOST_ODDS, Reranker, answered, bounded, weighed
from rag.retrieval.sentence_ranker import Match, SentenceRanker
from rag.text.questions import is_question
from rag.text.words import content_words, is_content
from rag.types import Hit

NEAR_SHARE = 0.4
"""Papers whose fused score is under this share of the best are not read for a list or a summary."""
TELLING, TELLING_ODDS = 0.08, 4.0
"""What a list prefers a sentence by that says what the authors did or found: in cosines, and in log-odds of what was read. Chosen."""


READ_FROM, MOST_READ = 0.05, 20
"""Papers that may belong by what is known without reading them, with that probability, are read, so many of the likeliest at most: of 189 papers
that belong to the lists of `dev`, five are less likely. Chosen."""


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
    """Weighs papers. `holds`: whether the collection has a word. Without `reranker` no paper is read."""

    ranker: SentenceRanker
    holds: Callable[[str], bool]
    reranker: Reranker | None = None

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
        read = self.read(question.text, own)
        near_chances = self._chances(own, read, question.topic or question.text)
        own |= by_id(
            self.ranker.matches(
                replace(question, text=question.topic or question.text, wants=frozenset()),
                [hit for hit in titled if hit.paper.id not in own],
            )
        )
        told = {hit.paper.id for hit in titled}
        excluded: dict[str, float] = {}
        for what, hits in left_out:
            for id, chance in self._dealing_with(what, hits).items():
                excluded[id] = max(chance, excluded.get(id, 0.0))
        found = [
            Member(max(read.get(id) or own[id], key=_shows), own[id], chance * (1 - excluded.get(id, 0.0)))
            for id, chance in {**dict.fromkeys(own, 0.0), **near_chances}.items()
        ]
        least = self._weights.threshold
        kept = (one for one in found if one.chance >= least or (one.id in told and excluded.get(one.id, 0.0) < least))
        return sorted(kept, key=lambda one: (-one.chance, one.id))

    def _dealing_with(self, what: str, hits: Sequence[Hit]) -> dict[str, float]:
        """The probability that papers deal with something, by their ids."""
        asked = papers_on(what)
        own = by_id(self.ranker.matches(replace(asked, text=what), near(hits)))
        return self._chances(own, self.read(asked.text, own), what)

    def read(self, question: str, own: Mapping[str, Sequence[Match]]) -> dict[str, list[Match]]:
        """The sentences of the papers that are read, with the reader's log-odds, by the papers' ids."""
        if self.reranker is None:
            return {}
        unread = unread_chances(own)
        likely = sorted((id for id, chance in unread.items() if chance >= READ_FROM), key=lambda id: (-unread[id], id))
        return {id: self.reranker.read(question, own[id]) for id in likely[:MOST_READ]}

    def _chances(self, own: Mapping[str, Sequence[Match]], read: Mapping[str, Sequence[Match]], topic: str) -> dict[str, float]:
        """The probability that a paper belongs, by its id; of none, if by what the reader finds none deals with the topic."""
        if self.reranker is None:
            return unread_chances(own)
        found = read_signs(own, read)
        best = max((signs["answers"] for signs in found.values()), default=-MOST_ODDS)
        if nothing_listed(best, [match for sentences in own.values() for match in sentences], content_words(topic), self.holds):
            return {}
        further = unread_chances(own) if len(read) == MOST_READ else {}
        return further | {id: probability(signs, self._weights) for id, signs in found.items()}

    @property
    def _weights(self) -> Model:
        return model("membership" if self.reranker is None else "membership_read")


def read_signs(own: Mapping[str, Sequence[Match]], read: Mapping[str, Sequence[Match]]) -> dict[str, dict[str, float]]:
    """Of the papers that were read: their signs, the reader's log-odds that the abstract answers, bounded, and how far they are behind the best one's."""
    answers, found = {id: bounded(answered(sentences)) for id, sentences in read.items()}, signs(own)
    best = max(answers.values(), default=0.0)
    return {id: found[id] | {"answers": odds, "behind": best - odds} for id, odds in answers.items()}


def papers_on(topic: str) -> QueryPlan:
    """The question for the papers that deal with a topic."""
    return QueryPlan(f"Which papers deal with {topic}?", "list", topic=topic)


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


def unread_chances(own: Mapping[str, Sequence[Match]]) -> dict[str, float]:
    """The probability that a paper belongs by what is known without reading it, by its id."""
    return {id: probability(found, model("membership")) for id, found in signs(own).items()}


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
    return met(match) + TELLING * _is_own(match), -match.position


def _is_own(match: Match) -> bool:
    """Whether a sentence says what the authors did or found."""
    return match.role in ("approach", "result")


def _shows(match: Match) -> tuple[bool, tuple[float, int]]:
    """What a paper's sentence is shown by: one that says something before one that asks; of those that were read, the one that answers best."""
    if match.answers is None:
        return not is_question(match.text), _tells(match)
    return not is_question(match.text), (weighed(match) + TELLING_ODDS * _is_own(match), -match.position)
