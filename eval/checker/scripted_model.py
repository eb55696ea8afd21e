"""A language model that invents: it follows a script, and knows the number that its evidence has in the prompt."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from eval.checker.inventions import PARAPHRASE, Quoted, Written
from rag.llm.sanitize import harmless
from rag.llm.tokens import estimate
from rag.text.sentences import sentences
from rag.types import Message, Paper, Usage

Repair = Literal["off", "drops", "insists"]
"""Asked to mend its sentences, the model `drops` them, or `insists`: it says them again and cites every number there is."""
MARKER = "marker"
PIECE = 6
"""Characters of a piece of a scripted stream: about a token and a half."""
_TO_MEND = "Sentences to correct"


class Scripted:
    """A LanguageModel that writes these sentences, each with the numbers of its evidence; `seconds` is how long it was kept waiting."""

    name = "scripted"
    context_window = 32_768

    def __init__(self, cases: Sequence[Written], repair: Repair) -> None:
        self._cases, self._repair = cases, repair
        self.seconds = 0.0

    def count_tokens(self, text: str) -> int:
        return estimate(text)

    def stream(
        self, messages: Sequence[Message], *, temperature: float | None = None, tell: Callable[[str], None] | None = None
    ) -> Iterator[str | Usage]:
        prompt = messages[-1].text
        text = self._mended(prompt) if _TO_MEND in prompt else self._reply(prompt)
        for at in range(0, len(text), PIECE):
            given = time.perf_counter()
            yield text[at : at + PIECE]
            self.seconds += time.perf_counter() - given
        yield Usage(estimate(prompt), estimate(text))

    def _reply(self, prompt: str) -> str:
        return " ".join(f"{case.claim.rstrip('.')} {_markers(case, prompt)}." for case in self._cases)

    def _mended(self, prompt: str) -> str:
        lines = prompt.partition(_TO_MEND)[2].splitlines()[1:]
        every = "".join(f"[{number}]" for number in range(1, prompt.count("\n[") + 1))
        return "\n".join(
            f"{number}: " + ("DROP" if self._repair == "drops" else f"{text.rpartition(' (')[0]} {every}")
            for number, _, text in (line.partition(": ") for line in lines)
        )


def _markers(case: Written, prompt: str) -> str:
    numbered = {line.partition("] ")[2]: line.partition("]")[0] + "]" for line in prompt.splitlines() if line.startswith("[")}
    return "".join(numbered[harmless(quoted.text)] for quoted in case.evidence)


def wrong_markers(cases: Sequence[Written], papers: dict[str, Paper]) -> list[Written]:
    """Each true paraphrase, citing the sentence beside the right one."""
    found = []
    for case in cases:
        quoted, abstract = case.evidence[0], papers[case.evidence[0].paper].abstract
        beside = [text for text in _around(quoted, abstract) if all(text != one.text for one in case.evidence)]
        if case.way == PARAPHRASE and beside:
            found.append(Written(f"{case.id}-{MARKER}", MARKER, case.split, case.claim, (Quoted(quoted.paper, beside[0]),)))
    return found


def _around(quoted: Quoted, abstract: str) -> list[str]:
    """The abstract's sentences from the one behind the quoted on, then those before it, the nearest first."""
    place = abstract.index(quoted.text)
    spans = sentences(abstract)
    after = [span.of(abstract) for span in spans if span.start >= place + len(quoted.text)]
    before = [span.of(abstract) for span in spans if span.end <= place]
    return [*after, *reversed(before)]
