"""Results of an evaluation, written as a run file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.cases.reading import Case
from eval.runs.run_file import RunWriter
from eval.types import Hashed, Header, Result, Score, Timing
from rag.types import Judgement


def result(number: int, supported: bool = True, gold: float = 1.0, **more: Any) -> Result:
    case = Case(
        id=f"case-{number}", kind="fact", split="dev", question=f"Question {number}?", papers=(f"arxiv:2401.{number:05d}",)
    )
    claim = {"text": "It is so.", "citations": [1], "verdict": "not_checkable", "score": None, "reason": ""}
    cited = {"number": 1, "paper": "p", "title": "A title", "byline": "", "url": "", "quote": "the quote", "start": 400, "end": 409, "before": "rd cut off ", "after": " after"}  # fmt: skip
    answer = {"status": "answered", "text": "It is so. [1]", "claims": [claim], "citations": [cited]}
    judged = Judgement("supported" if supported else "unsupported", 0.9, "a number differs" if not supported else "")
    scores = (Score("supported", float(supported), "why"), Score("gold_sentence@3", gold, "no gold sentence is cited"))
    return Result(case, **{"answer": answer, "judgements": (judged,), "scores": scores, **more})


RESULTS = [
    result(0),
    result(1, supported=False),
    result(2, gold=0.0),
    result(3, answer=None, judgements=(), scores=(), error="It broke."),
]


def header(cases: int) -> Header:
    one = Hashed("dev", "0" * 64, cases)
    return Header("quotes", one, replace(one, name="papers"), one, one, "grounding 1", "errs 1 time in 10", {"paperchat": "1"})


def write(path: Path, results: list[Result]) -> None:
    path.parent.mkdir(exist_ok=True)
    with RunWriter(path, header(len(results))) as file:
        for each in results:
            file.add(each, Timing(each.case.id, {"total": 0.1}))
