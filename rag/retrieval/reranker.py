"""Ranks the sentences that late interaction found once more, by a reader that sees question and sentence together.

It reads whole abstracts with the question, and then the best sentences with it one by one, as it reads a claim. The reader's score of 0 stands for "none of these sentences", so the same scores say how surely the question is answered at all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.protocols import Reader
from rag.retrieval.sentence_ranker import Match
from rag.text.questions import is_aim, is_question
from rag.text.words import stems

CANDIDATES = 8
"""Sentences, the best by late interaction, whose papers are read: at most three papers, unless the question calls more by name."""
SENTENCES = 16
"""Of a paper that are read: around its best candidate where there are more, as in a whole text."""
LATE_SHARE = 15.0
"""What a point of late interaction counts beside the reader's log-odds: from 8 to 20 gold comes first as often on 1,920 questions over
240 abstracts that the reader was not trained on; without it, for 3 of 100 questions less."""

HELD = 4
"""Sentences, the best, that are held against the question one by one: whether they affirm or deny what it asks or supposes."""
BEARING = 0.75
"""What a point of log-odds that a sentence affirms or denies, rather than says nothing, counts beside those that it answers."""
REMEMBERED = 1_000
"""Readings that are kept, some 3 kB each: the same question, as one that the page suggests to everybody, is read once."""
MOST_ODDS = 12.0
"""Log-odds beyond which the reader is as sure as it can be."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Sentences best first, and the log-odds that one of them answers the question."""

    matches: tuple[Match, ...]
    answered: float

    @property
    def signs(self) -> dict[str, float]:
        """What the reader says, for a decision whether the papers answer: log-odds, bounded, that any sentence and that the first answers,
        and that one affirms, or denies, what is asked or supposed."""
        first = self.matches[0].answers if self.matches else None
        stances = [match.stance for match in self.matches if match.stance is not None]
        return {
            "answered": bounded(self.answered),
            "first answers": bounded(first if first is not None else -math.inf),
            "affirmed": _log_odds(max((affirmed for affirmed, _, _ in stances), default=0.0)),
            "denied": _log_odds(max((denied for _, _, denied in stances), default=0.0)),
        }


class Reranker:
    """Reads the papers of the best candidates, each with the question; what is not read stays behind, in its order.

    Remembers what it read last. May be shared between threads.
    """

    def __init__(self, reader: Reader, candidates: int = CANDIDATES, remembered: int = REMEMBERED) -> None:
        self._reader = reader
        self._candidates = candidates
        self._read = lru_cache(remembered)(self._read_now)
        self._held = lru_cache(remembered * HELD)(self._held_now)

    @property
    def reader(self) -> Reader:
        return self._reader

    def rank(self, question: str, matches: Sequence[Match]) -> Ranked:
        passages = [self.read(question, _own(best, matches)) for best in _best_of_each(matches[: self._candidates])]
        read = telling(question, [match for own in passages for match in own])
        best = sorted(read, key=lambda match: (-weighed(match), match.evidence.paper.id, match.position))
        known = {own[0].evidence.paper.id: {match.position for match in own} for own in passages}
        rest = [match for match in matches if match.position not in known.get(match.evidence.paper.id, ())]
        return Ranked((*self._held_again(question, best), *rest), answered(read))

    def read(self, question: str, own: Sequence[Match]) -> list[Match]:
        """The sentences of one paper, the nearest first, in their order and with the reader's log-odds; of too many those around the nearest."""
        passage = around(own[0], own)
        odds = self._read(question, own[0].evidence.paper.title, tuple(match.text for match in passage))
        return [replace(match, answers=answers) for match, answers in zip(passage, odds, strict=True)]

    def _held_again(self, question: str, best: Sequence[Match]) -> list[Match]:
        """The sentences, the best of which are held against the question and come in the order that they have then."""
        held = [replace(match, stance=self._held(question, match.evidence.paper.title, match.text)) for match in best[:HELD]]
        return [*sorted(held, key=lambda match: -weighed(match) - BEARING * _bearing(match)), *best[HELD:]]

    def _held_now(self, question: str, title: str, sentence: str) -> tuple[float, float, float]:
        return self._reader.verdicts(question, [(title, sentence)])[0]

    def _read_now(self, question: str, title: str, sentences: tuple[str, ...]) -> tuple[float, ...]:
        """Log-odds of each sentence; the reader reads each passage on its own, so that they are the same beside any other."""
        return tuple(self._reader.answers(question, [(title, sentences)])[0])


def telling(question: str, matches: Sequence[Match]) -> list[Match]:
    """Those that say something: what an abstract asks answers nothing, nor what it wants to find out where a finding is asked for; unless that is
    what is asked, or it does nothing else."""
    asked = stems(question)
    asks, findings = "question" in asked, _ASKS_FINDINGS.match(question) is not None and asked.isdisjoint(_OF_AIMS)
    return [
        match for match in matches if not ((not asks and is_question(match.text)) or (findings and is_aim(match.text)))
    ] or list(matches)


_ASKS_FINDINGS = re.compile(
    r"(?i)(?:(?:and|so|but|then) ){0,3}(?:do|does|did|is|are|was|were|can|could|has|have|will|would|should|how(?! (?:many|much|large|long)\b)|why)\b"
)
_OF_AIMS = stems(
    "aim goal objective purpose question hypothesis study investigate examine explore test assess evaluate measure compare consider ask"
)
"""What is asked for by these an aim answers: `Did they test whether …?`, `Why was the study done?`"""


def around(best: Match, matches: Sequence[Match]) -> list[Match]:
    """The sentences of a match's paper in their order, or those around it where there are too many to read."""
    own = sorted(_own(best, matches), key=lambda match: match.position)
    start = max(0, min(own.index(best) - SENTENCES // 2, len(own) - SENTENCES))
    return own[start : start + SENTENCES]


def _own(best: Match, matches: Sequence[Match]) -> list[Match]:
    """The sentences of a match's paper."""
    return [match for match in matches if match.evidence.paper.id == best.evidence.paper.id]


def _best_of_each(matches: Sequence[Match]) -> list[Match]:
    """The first match of each paper."""
    first: dict[str, Match] = {}
    for match in matches:
        first.setdefault(match.evidence.paper.id, match)
    return list(first.values())


def weighed(match: Match) -> float:
    """The reader's log-odds and late interaction together."""
    return (match.answers if match.answers is not None else -math.inf) + LATE_SHARE * match.score


def _log_odds(probability: float) -> float:
    """Bounded."""
    return bounded(math.log(max(probability, 1e-9) / max(1 - probability, 1e-9)))


def _bearing(match: Match) -> float:
    """The log-odds that the sentence says anything of what is asked, for or against."""
    return 0.0 if match.stance is None else -_log_odds(match.stance[1])


def bounded(odds: float) -> float:
    return max(-MOST_ODDS, min(MOST_ODDS, odds))


def answered(read: Sequence[Match]) -> float:
    """The log-odds that any of these sentences answers: log of the sum of their odds; minus infinity if none was read."""
    odds = [match.answers for match in read if match.answers is not None]
    most = max(odds, default=-math.inf)
    return most + math.log(math.fsum(math.exp(one - most) for one in odds)) if odds else most
