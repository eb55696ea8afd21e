"""The gate: no sentence of a language model is final before it is held against the evidence that it cites."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace

from rag.grounding.checker import OTHER_LANGUAGE
from rag.llm.parsing.parser import Sentence
from rag.llm.sanitize import harmless
from rag.protocols import Checker
from rag.text.instructions import left_out
from rag.text.words import content_words, stem, stems, words
from rag.types import Evidence, Judgement, Paper

CANDIDATES = 2
"""Sentences that a claim without a right citation is compared with: those with which it shares most words."""
SURE = 0.65
"""Score from which the gate itself chooses a citation: of those that it gave back to true sentences all but one in sixty lie above."""
MOST_TOGETHER = 3
"""Of more citations than these, each must be about the claim by itself: an answer that cites everything has cited nothing."""
MENDED = "what it cited does not say this (%s); this sentence does"
LEAK = 6
"""So many words of the rules in a row are a piece of the rules."""
LONGEST_WORD = 80
"""Characters of a word in which a leaked rule is looked for. Chosen."""


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a reply, the evidence that it stands on, and the verdict on it."""

    text: str
    gap: str
    evidence: tuple[Evidence, ...]
    judgement: Judgement

    @property
    def stands(self) -> bool:
        """Whether the evidence bears it out, or cannot be read beside it: then the reader is told that it was not checked."""
        unread = bool(self.evidence) and self.judgement.reason == OTHER_LANGUAGE
        return unread or self.judgement.verdict in ("supported", "partly")


class Gate:
    """Checks the sentences of one reply; `evidence` is what the model was offered, numbered from 1, and `rules` what it must not repeat."""

    def __init__(self, checker: Checker, evidence: Sequence[Evidence], rules: Iterable[str] = ()) -> None:
        self._checker = checker
        self._evidence = evidence
        self._stems = [stems(one.text) for one in evidence]
        self._plain = {paper.id for paper in dict.fromkeys(one.paper for one in evidence) if _is_plain(paper)}
        self._secret = frozenset(run for text in rules for run in _runs(text)) - frozenset(
            run for one in evidence for run in _runs(one.text)
        )

    def hold(self, sentence: Sentence) -> CheckedSentence:
        """The sentence with its verdict; a number that was not offered is no citation."""
        cited = tuple(self._evidence[number - 1] for number in sentence.numbers if 0 < number <= len(self._evidence))
        if not cited:
            return self._found(sentence)
        cited = self._speaking(sentence.text, cited)
        held = CheckedSentence(sentence.text, sentence.gap, cited, self._judged(sentence.text, cited))
        return self._recited(held) if held.judgement.verdict in ("unsupported", "partly") else held

    def leaks(self, text: str) -> bool:
        """Whether the text repeats the rules, or holds a word that no text has."""
        return any(len(word) > LONGEST_WORD for word in text.split()) or not self._secret.isdisjoint(_runs(text))

    def _judged(self, text: str, cited: Sequence[Evidence]) -> Judgement:
        return self._checker.check(text, [one.text for one in cited])

    def _speaking(self, text: str, cited: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        """Of many citations those that are about the claim; if none is, the first."""
        if len(cited) <= MOST_TOGETHER:
            return cited
        verdicts = [self._judged(text, [one]).verdict for one in cited]
        best = next((wanted for wanted in ("supported", "partly") if wanted in verdicts), None)
        return tuple(one for one, verdict in zip(cited, verdicts, strict=True) if verdict == best) or cited[:1]

    def _found(self, sentence: Sentence) -> CheckedSentence:
        """The best evidence for a sentence that cites none, if the checker agrees."""
        near = self._nearest(sentence.text)
        for count in range(1, len(near) + 1):
            judgement = self._judged(sentence.text, near[:count])
            if _sure(judgement):
                return CheckedSentence(sentence.text, sentence.gap, tuple(near[:count]), judgement)
            if judgement.verdict == "not_checkable":
                return CheckedSentence(sentence.text, sentence.gap, (), judgement)
        return CheckedSentence(
            sentence.text, sentence.gap, (), Judgement("unsupported", 0.0, "it cites nothing, and nothing found says it")
        )

    def _recited(self, held: CheckedSentence) -> CheckedSentence:
        """With the one sentence of the cited papers that says all of it in place of those that do not; as it was if there is none.

        Of no other paper: what a stranger planted in one must not take the place of what was cited from another.
        """
        papers = {one.paper.id for one in held.evidence}
        for one in self._nearest(held.text, papers):
            judgement = self._judged(held.text, [one])
            if _sure(judgement):
                mended = replace(judgement, reason=MENDED % held.judgement.reason)
                return replace(held, evidence=(one,), judgement=mended)
        return held

    def _nearest(self, text: str, papers: Container[str] | None = None) -> list[Evidence]:
        """Of all the evidence, or of that from these papers; never of a paper that plays a part of the prompt."""
        own = {stem(word) for word in content_words(text)}
        shared = [(len(own & there), -place) for place, there in enumerate(self._stems)]
        near = [self._evidence[-place] for count, place in sorted(shared, reverse=True) if count]
        allowed = [one for one in near if one.paper.id in self._plain and (papers is None or one.paper.id in papers)]
        return allowed[:CANDIDATES]


def _is_plain(paper: Paper) -> bool:
    """Whether nothing in the abstract plays a part of the prompt: no markers, tags, hidden signs, and no orders."""
    return harmless(paper.abstract) == " ".join(paper.abstract.split()) and not left_out(paper.abstract)


def _sure(judgement: Judgement) -> bool:
    return judgement.verdict == "supported" and judgement.score >= SURE


def _runs(text: str) -> list[tuple[str, ...]]:
    own = words(text)
    return [tuple(own[start : start + LEAK]) for start in range(len(own) - LEAK + 1)]
