"""What writing with a language model costs and lets through, measured with models that follow a script: no server is asked.

Prompt tokens against sending the five best abstracts whole; milliseconds that the gate adds to a sentence; and how many inventions
pass when a model invents one sentence in four. `python -m eval.writing [--split dev] [--json]`
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.cases import SPLITS, Case, bundled_cases
from eval.inventions import PARAPHRASE, Written, bundled_inventions
from eval.metrics import is_gold
from eval.stats import median, quantile
from rag import offer, prompts
from rag.build import Paperchat, open_library
from rag.bundled import bundled_papers
from rag.check import GroundingChecker
from rag.encoder import OnnxEncoder
from rag.errors import ModelFailed, PaperchatError
from rag.gate import Gate, Held
from rag.models.tokens import estimate
from rag.protocols import Checker
from rag.reply.marked import SENTINEL
from rag.reply.parser import Reply, Sentence
from rag.settings import Settings
from rag.types import Answer, Evidence, Message, Paper, Span, Usage

WHOLE = 5
"""Abstracts that the other prompt sends whole."""
PIECE = 6
"""Characters of a piece of a scripted stream: about a token and a half."""
TRUE_BEFORE = 3


class Listening:
    """A LanguageModel that keeps what it is asked and then fails, so that the quoting writer stands in for it."""

    name = "listening"
    context_window = 8192

    def __init__(self) -> None:
        self.asked: list[Message] | None = None

    def count_tokens(self, text: str) -> int:
        return estimate(text)

    def stream(
        self, messages: Sequence[Message], *, temperature: float | None = None, tell: Callable[[str], None] | None = None
    ) -> Iterator[str | Usage]:
        self.asked = list(messages)
        raise ModelFailed("The quoting writer stands in.")


@dataclass(frozen=True, slots=True)
class Prompted:
    """One question: tokens of our prompt and of the one with whole abstracts, and whether a gold sentence is in each, and is cited.

    Cited: by the quoting writer, which stands in for a model; `cited_ours` only where our prompt held that sentence.
    """

    id: str
    ours: int
    whole: int
    gold_ours: bool
    gold_whole: bool
    cited_ours: bool
    cited_whole: bool


@dataclass(frozen=True, slots=True)
class Gated:
    """What the gate did: milliseconds a sentence, inventions let through as supported, and true sentences called unsupported."""

    sentences: int
    median_ms: float
    p95_ms: float
    inventions: int
    passed: int
    paraphrases: int
    flagged: int
    doubted: int


def prompted(chat: Paperchat, model: Listening, cases: Iterable[Case]) -> Iterator[Prompted]:
    """Each case with gold sentences for which a model is asked."""
    for case in cases:
        if not case.sentences:
            continue
        model.asked = None
        answer = chat.ask(case.question, case.history)
        if model.asked is not None and "evidence" in model.asked[1].text:
            yield _prompted(case, answer, model.asked)


def _prompted(case: Case, answer: Answer, asked: Sequence[Message]) -> Prompted:
    papers = [hit.paper for hit in answer.hits[:WHOLE]]
    whole = prompts.messages("answer", sentinel=SENTINEL, evidence=_abstracts(papers), question=answer.standalone_question)
    gold = [citation for citation in answer.citations if is_gold(case, citation)]
    ours = asked[1].text
    return Prompted(
        case.id,
        sum(estimate(message.text) for message in asked),
        sum(estimate(message.text) for message in whole),
        any(offer.harmless(sentence.text) in ours for sentence in case.sentences),
        any(sentence.paper in {paper.id for paper in papers} for sentence in case.sentences),
        any(offer.harmless(citation.quote) in ours for citation in gold),
        any(citation.paper in papers for citation in gold),
    )


def _abstracts(papers: Sequence[Paper]) -> str:
    return "\n".join(f"[{number}] {paper.title}\n{paper.abstract}" for number, paper in enumerate(papers, 1))


def gated(checker: Checker, cases: Sequence[Written]) -> Gated:
    """Each invention behind three true paraphrases, streamed in pieces through the parser and the gate."""
    papers = {paper.id: paper for paper in bundled_papers()}
    wrong = [case for case in cases if case.way != PARAPHRASE]
    true = [case for case in cases if case.way == PARAPHRASE]
    times: list[float] = []
    passed, found = 0, dict.fromkeys(("supported", "partly", "unsupported", "not_checkable"), 0)
    for place, case in enumerate(wrong):
        before = [true[(TRUE_BEFORE * place + step) % len(true)] for step in range(TRUE_BEFORE)]
        *right, last = _streamed(checker, [*before, case], papers, times)
        passed += last == "supported"
        for verdict in right:
            found[verdict] += 1
    return Gated(
        len(times), round(1000 * median(times), 2), round(1000 * quantile(times, 0.95), 2),
        len(wrong), passed, sum(found.values()), found["unsupported"], found["partly"],
    )  # fmt: skip


def _streamed(checker: Checker, cases: Sequence[Written], papers: dict[str, Paper], times: list[float]) -> list[str]:
    """The worst verdict on the sentences of each case; `times` gets the seconds that each sentence took in the gate."""
    evidence = [_evidence(papers[quoted.paper], quoted.text) for case in cases for quoted in case.evidence]
    gate = Gate(checker, evidence)
    for one in evidence:
        checker.check("Its sentences were read when they were chosen.", [one.text])
    worst: list[str] = []
    first = 0
    for case in cases:
        numbers = "".join(f"[{number}]" for number in range(first + 1, first + len(case.evidence) + 1))
        first += len(case.evidence)
        held = list(_held(gate, f"{case.claim.rstrip('.')} {numbers}.\n\n", times))
        verdicts = {one.judgement.verdict for one in held}
        worst.append(next(verdict for verdict in ("unsupported", "not_checkable", "partly", "supported") if verdict in verdicts))
    return worst


def _held(gate: Gate, text: str, times: list[float]) -> Iterator[Held]:
    reply = Reply()
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    for parts in (*(reply.feed(piece) for piece in pieces), reply.end()):
        for part in parts:
            if isinstance(part, Sentence):
                started = time.perf_counter()
                held = gate.hold(part)
                times.append(time.perf_counter() - started)
                yield held


def _evidence(paper: Paper, text: str) -> Evidence:
    start = paper.abstract.index(text)
    return Evidence(paper, Span(start, start + len(text)))


def table(asked: Sequence[Prompted], gate: Gated) -> str:
    ours, whole = [one.ours for one in asked], [one.whole for one in asked]
    shares = {
        name: sum(getattr(one, name) for one in asked) / len(asked)
        for name in ("gold_ours", "gold_whole", "cited_ours", "cited_whole")
    }
    return "\n".join(
        [
            f"{len(asked)} questions for which a model is asked (tokens estimated, rules and question included)",
            f"prompt tokens, mean: {sum(ours) / len(ours):.0f} against {sum(whole) / len(whole):.0f} with the {WHOLE} best abstracts whole: "
            f"{sum(whole) / sum(ours):.2f} × fewer (target: ≥ 2 ×)",
            f"a gold sentence is cited (quoting writer as stand-in): {shares['cited_ours']:.1%} against {shares['cited_whole']:.1%}",
            f"a gold sentence is in the prompt: {shares['gold_ours']:.1%} against {shares['gold_whole']:.1%}",
            "",
            f"the gate, {gate.sentences} sentences whose evidence was read: median {gate.median_ms:.1f} ms, p95 {gate.p95_ms:.1f} ms (target: ≤ 15 ms)",
            f"one sentence in four invented: {1 - gate.passed / gate.inventions:.1%} of {gate.inventions} not called supported (target: ≥ 95 %)",
            f"true paraphrases: {gate.flagged / gate.paraphrases:.1%} of {gate.paraphrases} called unsupported (target: ≤ 5 %), "
            f"{gate.doubted / gate.paraphrases:.1%} only partly supported",
        ]
    )


def run(split: str) -> tuple[list[Prompted], Gated]:
    cases = [case for case in bundled_cases() if case.split == split]
    model = Listening()
    with tempfile.TemporaryDirectory(prefix="paperchat-writing-") as fresh:
        home = Path(fresh)
        with open_library(home, settings=Settings(home=home, bundled=True), model=model) as chat:
            asked = list(prompted(chat, model, cases))
    checker = GroundingChecker(OnnxEncoder())
    return asked, gated(checker, [case for case in bundled_inventions() if case.split == split])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval.writing", description="What writing with a language model costs and lets through."
    )
    parser.add_argument("--split", choices=SPLITS, default="dev", help="test is for a report, and only for one")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    try:
        asked, gate = run(options.split)
    except PaperchatError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    found = {"prompts": [asdict(one) for one in asked], "gate": asdict(gate)}
    sys.stdout.write((json.dumps(found, ensure_ascii=False, indent=1) if options.json else table(asked, gate)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
