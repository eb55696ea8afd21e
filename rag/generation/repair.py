"""One round of repair: the model is asked to correct or drop the sentences that its evidence does not support."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from itertools import chain

from rag import prompts
from rag.generation.gate import CheckedSentence, Gate
from rag.llm.budget import Meter
from rag.llm.parsing.parser import Reply, Sentence
from rag.llm.parsing.untagged import Untagged
from rag.llm.sanitize import harmless
from rag.types import Event

LONGEST = 6000
"""Characters of the reply that are read."""
DROP = "DROP"
_LINE = re.compile(r"^\s*+[-*]?\s*+[(\[]?(\d{1,3})[)\].:]+\s*(\S.*)")


def repaired(
    meter: Meter, gate: Gate, held: Sequence[CheckedSentence], question: str, evidence: str
) -> Generator[Event, None, list[CheckedSentence]]:
    """The sentences with those that did not stand corrected or dropped; what the model cannot mend stays as it was.

    Nothing is asked where everything stands. Raises ModelFailed.
    """
    wrong = {number: one for number, one in enumerate(held, 1) if one.judgement.verdict == "unsupported"}
    if not wrong:
        return list(held)
    listed = "\n".join(f"{number}: {harmless(one.text)} ({harmless(one.judgement.reason)})" for number, one in wrong.items())
    request = prompts.messages("repair", evidence=evidence, question=harmless(question), sentences=listed)
    mended = _read((yield from meter.text_with_notices(request, LONGEST)))
    return [
        after
        for number, one in enumerate(held, 1)
        for after in _mended(gate, one, mended.get(number) if number in wrong else None)
    ]


def _read(reply: str) -> dict[int, str]:
    """What the reply says of each number; of lines with the same number the first counts."""
    untagged = Untagged()
    text = "".join(token for token in chain(untagged.feed(reply), untagged.feed("", final=True)) if isinstance(token, str))
    found: dict[int, str] = {}
    for line in text.splitlines():
        if match := _LINE.fullmatch(line):
            found.setdefault(int(match[1]), match[2].strip())
    return found


def _mended(gate: Gate, one: CheckedSentence, line: str | None) -> list[CheckedSentence]:
    if line is None:
        return [one]
    if line.rstrip(".") == DROP:
        return []
    reply = Reply()
    parts = [*reply.feed(line), *reply.end()]
    sentences = [part for part in parts if isinstance(part, Sentence)]
    after = [gate.hold(Sentence(each.text, each.numbers, " " if place else one.gap)) for place, each in enumerate(sentences)]
    fine = after and all(each.stands for each in after) and not any(gate.leaks(each.text) for each in after)
    return after if fine else [one]
