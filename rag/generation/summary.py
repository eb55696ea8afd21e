"""A summary of many papers by a language model: of each part by itself (map), then of the sentences that stood (reduce)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rag import prompts
from rag.errors import ModelFailed
from rag.generation import evidence_prompt
from rag.generation.gate import CheckedSentence, Gate
from rag.llm.budget import Meter
from rag.llm.parsing.parser import Reply, Sentence
from rag.llm.sanitize import harmless
from rag.protocols import Checker
from rag.types import Evidence, Message

MOST = 8
"""Sentences of a summary."""
IN_A_PART = 40
"""Sentences that are summarised at a time, if the model's context takes as many."""
LONGEST = 8000
"""Characters of a reply that are read."""


def summarised(meter: Meter, checker: Checker, evidence: Sequence[Evidence], subject: str) -> list[CheckedSentence]:
    """Sentences that stand, each on the exact sentences that it was written from. Raises ModelFailed."""
    held = [one for part in _parts(meter, list(evidence), subject) for one in _of_evidence(meter, checker, part, subject)]
    while len(held) > MOST:
        shorter = [one for part in _halves(meter, held, subject) for one in _of_sentences(meter, checker, part, subject)]
        if len(shorter) >= len(held):
            break
        held = shorter
    if not held:
        raise ModelFailed("The papers support nothing in the language model's summary.")
    return held


def _of_evidence(meter: Meter, checker: Checker, evidence: Sequence[Evidence], subject: str) -> list[CheckedSentence]:
    request = _request(evidence_prompt.listed(evidence), subject)
    gate = Gate(checker, evidence, [request[0].text])
    return _standing(gate, _sentences(meter, request, evidence))


def _of_sentences(meter: Meter, checker: Checker, held: Sequence[CheckedSentence], subject: str) -> list[CheckedSentence]:
    """A number in the reply stands for a sentence, and so for the evidence that this one rests on."""
    evidence = list(dict.fromkeys(one for each in held for one in each.evidence))
    request = _request(_numbered(held), subject)
    gate = Gate(checker, evidence, [request[0].text])
    own = {number: [evidence.index(one) + 1 for one in each.evidence] for number, each in enumerate(held, 1)}
    return _standing(
        gate,
        [
            Sentence(each.text, tuple(dict.fromkeys(n for number in each.numbers for n in own.get(number, ()))), each.gap)
            for each in _sentences(meter, request, evidence)
        ],
    )


def _sentences(meter: Meter, request: Sequence[Message], evidence: Sequence[Evidence]) -> list[Sentence]:
    reply = Reply(evidence_prompt.addresses(evidence))
    parts = [*reply.feed(meter.text(request, LONGEST)), *reply.end()]
    return [part for part in parts if isinstance(part, Sentence)]


def _standing(gate: Gate, sentences: Sequence[Sentence]) -> list[CheckedSentence]:
    """A summary has room for what stands alone: the rest is left out."""
    held = (gate.hold(sentence) for sentence in sentences if not gate.leaks(sentence.text))
    return [one for one in held if one.stands and one.evidence]


def _parts(meter: Meter, evidence: list[Evidence], subject: str) -> list[list[Evidence]]:
    """As few parts of like size as the context takes."""
    count = 1
    while True:
        cuts = [len(evidence) * part // count for part in range(count + 1)]
        parts = [evidence[start:end] for start, end in pairwise(cuts)]
        small = all(len(part) <= IN_A_PART and meter.fits(_request(evidence_prompt.listed(part), subject)) for part in parts)
        if small or count >= len(evidence):
            return [part for part in parts if part]
        count += 1


def _halves(meter: Meter, held: list[CheckedSentence], subject: str) -> list[list[CheckedSentence]]:
    if len(held) <= IN_A_PART and meter.fits(_request(_numbered(held), subject)):
        return [held]
    middle = len(held) // 2
    return [*_halves(meter, held[:middle], subject), *_halves(meter, held[middle:], subject)] if middle else [held]


def _numbered(held: Sequence[CheckedSentence]) -> str:
    return "\n".join(f"[{number}] {harmless(one.text)}" for number, one in enumerate(held, 1))


def _request(evidence: str, subject: str) -> list[Message]:
    return prompts.messages("summary", most=MOST, evidence=evidence, subject=harmless(subject))
