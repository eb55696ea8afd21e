"""Holds a run against limits, and against an earlier run: what fails, in words, so that a build can be stopped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eval.cases.reading import KINDS
from eval.compare.two_runs import Comparison, compare, read_scored
from eval.report.summary import ALL, Row, summarise
from eval.runs.run_file import RunReader
from eval.scores.labels import label
from eval.scores.measures import DIRECTIONS
from rag.errors import PaperchatError

Bound = Literal["min", "max"]


class GateError(PaperchatError):
    """A limit cannot be understood: the measure is unknown, or the value is no number."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a measure must reach (`min`) or may not exceed (`max`), over all cases or those of one kind."""

    measure: str
    bound: Bound
    value: float
    kind: str = ALL

    @property
    def name(self) -> str:
        return self.measure if self.kind == ALL else f"{self.kind}/{self.measure}"


@dataclass(frozen=True, slots=True)
class Gate:
    """What was compared with what: a sentence for each limit, those that failed, and what a reader should know of the baseline."""

    passed: tuple[str, ...]
    failures: tuple[str, ...]
    notices: tuple[str, ...] = ()


def limits(texts: Iterable[str], bound: Bound) -> list[Limit]:
    """`supported=0.95`, or `fact/key@1=0.6` for one kind of case. Raises GateError, which lists the known measures."""
    return [_limit(text, bound) for text in texts]


def gate(path: Path, wanted: Sequence[Limit], baseline: Path | None = None) -> Gate:
    """Holds the run against the limits; with a baseline, a measure that is significantly worse fails as well. Raises RunError."""
    reader = RunReader(path)
    rows = {(row.kind, row.measure): row for row in summarise(reader.results())}
    passed: list[str] = []
    failures = [f"the run is not complete: {notice}" for notice in reader.notices]
    for limit in wanted:
        said, holds = _held(limit, rows)
        (passed if holds else failures).append(said)
    if baseline is None:
        return Gate(tuple(passed), tuple(failures))
    compared = compare(read_scored(baseline), read_scored(path))
    worse = list(_worse(compared))
    if not worse:
        passed.append(f"nothing is significantly worse than the baseline over {compared.cases} cases")
    return Gate(tuple(passed), (*failures, *worse), compared.notices)


def _limit(text: str, bound: Bound) -> Limit:
    name, _, value = text.rpartition("=")
    kind, _, measure = name.strip().rpartition("/")
    if measure not in DIRECTIONS:
        raise GateError(f"There is no measure “{measure or text}” to gate. There are: {', '.join(DIRECTIONS)}.")
    if kind and kind not in KINDS:
        raise GateError(f"There is no kind of case “{kind}”. There are: {', '.join(KINDS)}.")
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise GateError(f"“{value}” is no number: write {name}=0.95, for example.")
    if number > 1 and label(measure).unit in ("%", "0–1"):
        raise GateError(f"{measure} is at most 1, not {value}: write {name}={number / 100:g}, for example.")
    return Limit(measure, bound, number, kind or ALL)


def _held(limit: Limit, rows: Mapping[tuple[str, str], Row]) -> tuple[str, bool]:
    row = rows.get((limit.kind, limit.measure))
    if row is None or row.interval is None:
        why = "the run has no case for it" if row is None else f"none of {row.cases} cases could be scored"
        return f"{limit.name} could not be measured: {why}", False
    value = row.interval.value
    holds = value >= limit.value if limit.bound == "min" else value <= limit.value
    sign = "at least" if limit.bound == "min" else "at most"
    unscored = f", {row.unscored} of {row.cases} cases unscored" if row.unscored else ""
    interval = f"{row.interval.low:.4g}–{row.interval.high:.4g}, n = {row.interval.n}{unscored}"
    return f"{limit.name} is {value:.4g} ({interval}), wanted {sign} {limit.value:g}", holds


def _worse(comparison: Comparison) -> Iterator[str]:
    for one in comparison.measures:
        if one.verdict == "worse":
            yield f"{one.measure} is worse than the baseline: {one.found.after:.4g} after {one.found.before:.4g} (p = {one.p:.3g}, corrected)"
