"""What writing costs and lets through: the figures count what they say that they count."""

from __future__ import annotations

from pathlib import Path

from eval.bench import prompt_size as writing
from eval.cases.reading import bundled_cases
from rag import open_library
from rag.settings import Settings


def test_a_prompt_is_measured_for_each_question_that_a_model_gets(bundled_home: Path) -> None:
    cases = [case for case in bundled_cases("dev") if case.kind in ("fact", "unanswerable")]
    model = writing.RecordingModel()
    with open_library(bundled_home, readonly=True, settings=Settings(home=bundled_home), model=model) as chat:
        found = list(writing.prompted(chat, model, [*cases[:6], next(case for case in cases if case.kind == "unanswerable")]))
    assert 1 <= len(found) <= 6
    assert all(one.ours * 1.5 < one.whole for one in found)
    assert all(one.gold_ours or not one.cited_ours for one in found)
