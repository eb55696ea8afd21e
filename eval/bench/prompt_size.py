"""What a prompt costs, against sending the five best abstracts whole; no server is asked. What the gate lets through: `eval.checker.gate_catches`.

`python -m eval.bench.prompt_size [--split dev] [--json]`
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.cases.reading import SPLITS, Case, bundled_cases
from eval.console import fail
from eval.scores.metrics import is_gold
from rag import prompts
from rag.build import open_library
from rag.errors import ModelFailed, PaperchatError
from rag.llm.parsing.marked import SENTINEL
from rag.llm.sanitize import harmless
from rag.llm.tokens import estimate
from rag.paperchat import Paperchat
from rag.settings import own_library
from rag.types import Answer, Message, Paper, Usage

WHOLE = 5
"""Abstracts that the other prompt sends whole."""


class RecordingModel:
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


def prompted(chat: Paperchat, model: RecordingModel, cases: Iterable[Case]) -> Iterator[Prompted]:
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
        any(harmless(sentence.text) in ours for sentence in case.sentences),
        any(sentence.paper in {paper.id for paper in papers} for sentence in case.sentences),
        any(harmless(citation.quote) in ours for citation in gold),
        any(citation.paper in papers for citation in gold),
    )


def _abstracts(papers: Sequence[Paper]) -> str:
    return "\n".join(f"[{number}] {paper.title}\n{paper.abstract}" for number, paper in enumerate(papers, 1))


def table(asked: Sequence[Prompted]) -> str:
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
        ]
    )


def run(split: str) -> list[Prompted]:
    cases = [case for case in bundled_cases() if case.split == split]
    model = RecordingModel()
    with tempfile.TemporaryDirectory(prefix="paperchat-writing-") as fresh:
        home = Path(fresh)
        with open_library(home, settings=own_library(home, bundled=True), model=model) as chat:
            return list(prompted(chat, model, cases))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench.prompt_size", description="What the prompts for a language model cost."
    )
    parser.add_argument("--split", choices=SPLITS, default="dev", help="test is for a report, and only for one")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    try:
        asked = run(options.split)
    except PaperchatError as error:
        fail(error)
        return 1
    found = {"prompts": [asdict(one) for one in asked]}
    sys.stdout.write((json.dumps(found, ensure_ascii=False, indent=1) if options.json else table(asked)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
