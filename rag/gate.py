"""The gate: no sentence of a language model is final before it is held against the evidence that it cites."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.protocols import Checker
from rag.reply.parser import Sentence
from rag.terms import content_words, stem, stems, words
from rag.types import Evidence, Judgement

CANDIDATES = 2
"""Sentences that a claim without a citation is held against: those with which it shares most words."""
LEAK = 6
"""So many words of the rules in a row are a piece of the rules."""
LONGEST_WORD = 80


@dataclass(frozen=True, slots=True)
class Held:
    """A sentence of a reply, the evidence that it stands on, and the verdict on it."""

    text: str
    gap: str
    evidence: tuple[Evidence, ...]
    judgement: Judgement

    @property
    def stands(self) -> bool:
        return self.judgement.verdict in ("supported", "partly")


class Gate:
    """Checks the sentences of one reply; `evidence` is what the model was offered, numbered from 1, and `rules` what it must not repeat."""

    def __init__(self, checker: Checker, evidence: Sequence[Evidence], rules: Iterable[str] = ()) -> None:
        self._checker = checker
        self._evidence = evidence
        self._stems = [stems(one.text) for one in evidence]
        self._secret = frozenset(run for text in rules for run in _runs(text)) - frozenset(
            run for one in evidence for run in _runs(one.text)
        )

    def hold(self, sentence: Sentence) -> Held:
        """The sentence with its verdict; a number that was not offered is no citation."""
        cited = tuple(self._evidence[number - 1] for number in sentence.numbers if 0 < number <= len(self._evidence))
        if cited:
            return Held(sentence.text, sentence.gap, cited, self._judged(sentence.text, cited))
        return self._found(sentence)

    def leaks(self, text: str) -> bool:
        """Whether the text repeats the rules, or holds a word that no text has."""
        return any(len(word) > LONGEST_WORD for word in text.split()) or not self._secret.isdisjoint(_runs(text))

    def _judged(self, text: str, cited: Sequence[Evidence]) -> Judgement:
        return self._checker.check(text, [one.text for one in cited])

    def _found(self, sentence: Sentence) -> Held:
        """The best evidence for a sentence that cites none, if the checker agrees."""
        near = self._nearest(sentence.text)
        for count in range(1, len(near) + 1):
            judgement = self._judged(sentence.text, near[:count])
            if judgement.verdict == "supported":
                return Held(sentence.text, sentence.gap, tuple(near[:count]), judgement)
            if judgement.verdict == "not_checkable":
                return Held(sentence.text, sentence.gap, (), judgement)
        return Held(sentence.text, sentence.gap, (), Judgement("unsupported", 0.0, "it cites nothing, and nothing found says it"))

    def _nearest(self, text: str) -> list[Evidence]:
        own = {stem(word) for word in content_words(text)}
        shared = [(len(own & there), -place) for place, there in enumerate(self._stems)]
        best = sorted((pair for pair in shared if pair[0]), reverse=True)[:CANDIDATES]
        return [self._evidence[-place] for _, place in best]


def _runs(text: str) -> list[tuple[str, ...]]:
    own = words(text)
    return [tuple(own[start : start + LEAK]) for start in range(len(own) - LEAK + 1)]
