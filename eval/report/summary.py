"""What the scores of a run come to: a row for each measure and kind of case, with its interval and what could not be scored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from eval.cases.reading import KINDS, Case
from eval.scores.measures import DIRECTIONS
from eval.stats.bootstrap import Interval, mean_interval
from eval.types import Result

ALL = "all"
KNOWN = tuple(DIRECTIONS)


@dataclass(frozen=True, slots=True)
class Row:
    """A measure over the cases of one kind, or over `all`.

    `cases` is to how many of them the measure applies, of which `unscored` could not be scored; those are in no mean. `interval` is None
    where none could be. Its `n` counts what was measured: cases, or sentences or citations where the score is a share of those.
    """

    kind: str
    measure: str
    cases: int
    unscored: int
    interval: Interval | None


@dataclass(slots=True)
class _Column:
    values: list[float] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    clusters: list[str] = field(default_factory=list)
    unscored: int = 0


def summarise(results: Iterable[Result]) -> tuple[Row, ...]:
    """The rows, `all` first and then by kind, measures in their usual order. Takes any number of results."""
    columns: dict[tuple[str, str], _Column] = {}
    for result in results:
        for score in result.scores:
            for kind in (ALL, result.case.kind):
                column = columns.setdefault((kind, score.name), _Column())
                if score.value is None:
                    column.unscored += 1
                else:
                    column.values.append(score.value)
                    column.weights.append(score.of)
                    column.clusters.append(cluster(result.case))
    return tuple(_row(*name, columns[name]) for name in sorted(columns, key=_place))


def _place(name: tuple[str, str]) -> tuple[int, int, str]:
    kind, measure = name
    return (ALL, *KINDS).index(kind), KNOWN.index(measure) if measure in KNOWN else len(KNOWN), measure


def cluster(case: Case) -> str:
    """What a case is drawn together with: the first gold paper's other cases; nothing if there is no gold paper."""
    return case.papers[0] if case.papers else case.id


def _row(kind: str, measure: str, column: _Column) -> Row:
    interval = mean_interval(column.values, column.clusters, weights=column.weights)
    return Row(kind, measure, len(column.values) + column.unscored, column.unscored, interval)
