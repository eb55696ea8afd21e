"""A pytest plugin whose fixtures give scores that a test can hold to limits: `paperchat_eval` runs cases through the product, and
`evaluate_answers` judges answers of any system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from eval.compare.limits import Gate
    from eval.report.summary import Row


@dataclass(frozen=True)
class Evaluated:
    """A run that was made for a test: where it lies, and what its scores come to."""

    path: Path
    rows: tuple[Row, ...]

    def mean(self, measure: str, kind: str = "all") -> float | None:
        """The mean of a measure; None if no case could be scored. Raises KeyError if no case of the kind has it."""
        row = next((row for row in self.rows if (row.kind, row.measure) == (kind, measure)), None)
        if row is None:
            raise KeyError(f"no case of kind {kind} has a score {measure}")
        return row.interval.value if row.interval else None

    def gate(self, *, min: tuple[str, ...] = (), max: tuple[str, ...] = (), baseline: Path | None = None) -> Gate:
        """The run compared with limits such as `supported=0.95`: `failures` is empty if all hold."""
        from eval.compare.limits import gate, limits

        return gate(self.path, [*limits(min, "min"), *limits(max, "max")], baseline)


@pytest.fixture
def paperchat_eval(tmp_path: Path) -> Callable[..., Evaluated]:
    """A function that runs cases and gives their scores: `paperchat_eval(cases="mine.jsonl", papers="papers.jsonl")`.

    It takes the options of `eval.runs.runner.Options`; the run is written into the test's own folder unless `out` is given.
    """

    def evaluate(cases: str | Path = "dev", **options: Any) -> Evaluated:
        from eval.report.summary import summarise
        from eval.runs.run_file import RunReader
        from eval.runs.runner import Options, run

        chosen = Options(str(cases), **{name: _path(name, value) for name, value in options.items()})
        done = run(chosen if chosen.out else replace(chosen, out=tmp_path / "run.jsonl"))
        return Evaluated(done.path, summarise(RunReader(done.path).results()))

    return evaluate


@pytest.fixture
def evaluate_answers(tmp_path: Path) -> Callable[..., Evaluated]:
    """A function that judges answers of any system: `evaluate_answers("answers.jsonl")`, or records with `question`, `answer`, `sources`.

    `form` names the tool that exported them; without it their fields decide. The run is written into the test's own folder.
    """

    def evaluate(answers: str | Path | Iterable[Mapping[str, Any]], form: str = "") -> Evaluated:
        from eval.answers.formats import answers_of, read_answers
        from eval.answers.judging import write_run
        from eval.report.summary import summarise
        from eval.runs.run_file import RunReader
        from rag.grounding.checker import GroundingChecker
        from rag.library.encoder import OnnxEncoder
        from rag.reader.cross_encoder import CrossEncoder

        from_file = isinstance(answers, str | Path)
        given = list(read_answers(Path(answers), form) if isinstance(answers, str | Path) else answers_of(answers, form))
        out = tmp_path / f"answers-{len(list(tmp_path.glob('answers-*.jsonl')))}.jsonl"
        write_run(
            given, Path(str(answers)).name if from_file else "answers", out, GroundingChecker(OnnxEncoder(), CrossEncoder())
        )
        return Evaluated(out, summarise(RunReader(out).results()))

    return evaluate


def _path(name: str, value: Any) -> Any:
    return Path(value) if name in ("home", "papers", "out", "cache") and value is not None else value
