"""One row of a comparison by a language model: for each aspect a sentence from one paper's abstract, which has passed the gate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from rag import prompts
from rag.generation import evidence_prompt
from rag.generation.gate import CheckedSentence, Gate
from rag.llm.budget import Meter
from rag.llm.parsing.marked import SENTINEL
from rag.llm.parsing.parser import Reply, Sentence
from rag.llm.parsing.untagged import Untagged
from rag.llm.sanitize import harmless
from rag.protocols import Checker
from rag.types import Evidence

LONGEST = 6000
"""Characters of the reply that are read."""
_LINE = re.compile(r"^\s*+[-*•]?\s*+([^:]{1,80}?)\s*+:\s*+(\S.*)")


def row(meter: Meter, checker: Checker, evidence: Sequence[Evidence], aspects: Sequence[str]) -> dict[str, list[CheckedSentence]]:
    """Aspect to what was written; empty if the model says that the abstract does not say. Raises ModelFailed.

    An aspect is missing where nothing that was written of it stands.
    """
    listed = ", ".join(harmless(aspect) for aspect in aspects)
    request = prompts.messages("compare", sentinel=SENTINEL, evidence=evidence_prompt.listed(evidence), aspects=listed)
    gate = Gate(checker, evidence, [request[0].text])
    lines = _lines(meter.text(request, LONGEST))
    said = {aspect: line for aspect in aspects if (line := lines.get(aspect.strip().casefold())) is not None}
    cells = {aspect: [] if SENTINEL in line else _held(gate, line, evidence) for aspect, line in said.items()}
    return {aspect: held for aspect, held in cells.items() if held or SENTINEL in said[aspect]}


def _lines(reply: str) -> dict[str, str]:
    untagged = Untagged()
    tokens = chain(untagged.feed(reply), untagged.feed("", final=True))
    text = "".join(token for token in tokens if isinstance(token, str))
    found: dict[str, str] = {}
    for line in text.splitlines():
        if match := _LINE.fullmatch(line):
            found.setdefault(match[1].casefold(), match[2].strip())
    return found


def _held(gate: Gate, line: str, evidence: Sequence[Evidence]) -> list[CheckedSentence]:
    """What stands of the line."""
    reply = Reply(evidence_prompt.addresses(evidence))
    parts = [*reply.feed(line), *reply.end()]
    held = [gate.hold(part) for part in parts if isinstance(part, Sentence) and not gate.leaks(part.text)]
    return [one for one in held if one.stands and one.evidence]
