"""Two runs over the same cases side by side: what became better or worse, by measure and by case, and whether that can be chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.report.summary import cluster
from eval.runs.run_file import RunError, RunReader
from eval.scores.measures import DIRECTIONS
from eval.stats.paired import Difference, Pair, difference, holm
from eval.types import Header, Score

SIGNIFICANT = 0.05
ALIKE = 1e-9
NOT_COMPARED = ("price",)
OUTSIDE = "answers"
KEEP_IDS = "Answers without an id are numbered by their lines: give each question an id that stays the same."

Scores = Mapping[str, Score]


@dataclass(frozen=True, slots=True)
class Scored:
    """Of one run what a comparison needs: the header, each case's scores by name and what it is drawn together with, and its question."""

    header: Header
    cases: Mapping[str, tuple[str, Scores]]
    questions: Mapping[str, str]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure in both runs: the difference, its corrected p-value, the cases that moved, and those that only one run could score."""

    measure: str
    found: Difference
    p: float
    better: tuple[str, ...]
    worse: tuple[str, ...]
    unscored: int

    @property
    def significant(self) -> bool:
        return self.p < SIGNIFICANT

    @property
    def verdict(self) -> str:
        """`better`, `worse`, or `other` where the measure only describes; empty if the difference may be chance."""
        if not self.significant:
            return ""
        direction = DIRECTIONS.get(self.measure, "")
        if not direction:
            return "other"
        return "better" if (self.found.change > 0) == (direction == "more") else "worse"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs compared over the cases that both have; `notices` say what a reader should know of them."""

    cases: int
    measures: tuple[Compared, ...]
    notices: tuple[str, ...] = ()


def read_scored(path: Path) -> Scored:
    """The scores of a run, one result at a time. Raises RunError."""
    reader = RunReader(path)
    cases: dict[str, tuple[str, Scores]] = {}
    questions: dict[str, str] = {}
    for result in reader.results():
        cases[result.case.id] = cluster(result.case), {score.name: score for score in result.scores}
        questions[result.case.id] = result.case.question
    return Scored(reader.header, cases, questions, tuple(reader.notices))


def compare(before: Scored, after: Scored) -> Comparison:
    """The comparison of the cases with the same id and question. Raises RunError if the runs have none in common."""
    common = [id for id, question in before.questions.items() if after.questions.get(id) == question]
    if not common:
        raise RunError(f"The two runs have no case in common: compare runs of the same cases. {KEEP_IDS}")
    found = [
        (name, pairs, one)
        for name in DIRECTIONS
        if name not in NOT_COMPARED and (one := difference(list((pairs := _pairs(name, common, before, after)).values())))
    ]
    corrected = holm([one.p for _, _, one in found])
    measures = tuple(
        _compared(name, pairs, one, p, _only_one(name, common, before, after))
        for (name, pairs, one), p in zip(found, corrected, strict=True)
    )
    return Comparison(len(common), measures, (*before.notices, *after.notices, *_differing(before, after)))


def _compared(name: str, pairs: Mapping[str, Pair], found: Difference, p: float, unscored: int) -> Compared:
    up = tuple(id for id, pair in pairs.items() if pair.after > pair.before + ALIKE)
    down = tuple(id for id, pair in pairs.items() if pair.after < pair.before - ALIKE)
    better, worse = (up, down) if DIRECTIONS.get(name) != "less" else (down, up)
    return Compared(name, found, p, better, worse, unscored)


def _pairs(name: str, common: list[str], before: Scored, after: Scored) -> dict[str, Pair]:
    """By case, where both runs could score it."""
    found = {}
    for id in common:
        group, own = before.cases[id]
        first, second = own.get(name), after.cases[id][1].get(name)
        if first is not None and second is not None and first.value is not None and second.value is not None:
            found[id] = Pair(first.value, second.value, group, first.of, second.of)
    return found


def _only_one(name: str, common: list[str], before: Scored, after: Scored) -> int:
    values = ((before.cases[id][1].get(name), after.cases[id][1].get(name)) for id in common)
    return sum(_scored(first) != _scored(second) for first, second in values)


def _scored(score: Score | None) -> bool:
    return score is not None and score.value is not None


def _differing(before: Scored, after: Scored) -> Iterator[str]:
    for one, other, name in ((before, after, "first"), (after, before, "second")):
        if lacking := len(one.cases.keys() - other.cases.keys()):
            yield f"The {name} run has {lacking} cases that the other lacks; they are left out."
    reworded = sum(after.questions.get(id, question) != question for id, question in before.questions.items())
    if reworded:
        yield f"{reworded} cases have the same id but another question in each run; they are left out. {KEEP_IDS}"
    if before.header.cases.sha256 != after.header.cases.sha256 and not _of_answers(before, after):
        yield "The runs are of different cases: only those with the same id are compared."
    if before.header.papers.sha256 != after.header.papers.sha256:
        yield "The answers had different sources." if _of_answers(before, after) else "The runs are over different papers."
    if before.header.checker != after.header.checker:
        yield "The runs were judged by different checkers: differences in grounding may be the checkers'."


def _of_answers(before: Scored, after: Scored) -> bool:
    """Whether both runs judge another system's answers: what their headers hash holds the answers too, which are meant to differ."""
    return before.header.writer == after.header.writer == OUTSIDE
