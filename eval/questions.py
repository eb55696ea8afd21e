"""Asks the product the bundled questions and prints, by kind, how often it finds, cites, lists and refuses rightly.

`python -m eval.questions [--split dev|test|both] [--home FOLDER] [--json] [--show KIND]`
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval import metrics
from eval.cases import KINDS, SPLITS, Case, CaseError, Kind, Split, bundled_cases
from eval.stats import Interval, mean_interval, median, quantile
from eval.telling import tell
from rag.build import Paperchat, open_library
from rag.errors import PaperchatError
from rag.settings import Settings
from rag.types import Answer, Paper

TEST_IS_SHUT = "the test split is looked at only for a report"


@dataclass(frozen=True, slots=True)
class Asked:
    """A case, the answer it got, and the seconds that took when everything was warm."""

    case: Case
    answer: Answer
    seconds: float
    same_again: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """A share that is measured; `of` gives None for a case that has nothing to score there."""

    name: str
    of: Callable[[Case, Answer], float | None]
    kinds: tuple[Kind, ...] = KINDS


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `unscored` counts the cases of the kind that had nothing to score, beside the interval's `n`."""

    kind: str
    measure: str
    interval: Interval
    unscored: int
    target: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """All that one run over the questions says."""

    cases: int
    rows: tuple[Row, ...]
    citations: int
    faults: tuple[str, ...]
    differing: tuple[str, ...]
    median_seconds: float
    p95_seconds: float


def _list_part(part: str) -> Callable[[Case, Answer], float | None]:
    def of(case: Case, answer: Answer) -> float | None:
        found = metrics.listed(case, answer)
        value: float | None = getattr(found, part) if found else None
        return value

    return of


MEASURES = (
    Measure("a gold paper among the first five hits", metrics.gold_among_hits),
    Measure("all gold papers among the first five hits", metrics.all_gold_among_hits),
    Measure("first sentence cited is gold", lambda case, answer: metrics.gold_sentence_cited(case, answer, 1)),
    Measure("gold among first three sentences", lambda case, answer: metrics.gold_sentence_cited(case, answer, 3)),
    Measure("all answer keys in the text", metrics.keys_found),
    Measure("list precision", _list_part("precision"), ("list",)),
    Measure("list recall", _list_part("recall"), ("list",)),
    Measure("list F1", _list_part("f1"), ("list",)),
    Measure("all papers to compare cited", metrics.all_cited, ("compare",)),
    Measure("share of gold papers cited", metrics.share_cited, ("summary",)),
    Measure("refused, as is right", metrics.rightly_refused),
    Measure("refused, though answerable", metrics.falsely_refused),
)
OVERALL = ("a gold paper among the first five hits", "all gold papers among the first five hits", "refused, though answerable")
TARGETS = {
    ("all", "a gold paper among the first five hits"): "≥ 99 %",
    ("all", "refused, though answerable"): "≤ 3 %",
    ("fact", "first sentence cited is gold"): "≥ 65 %",
    ("fact", "gold among first three sentences"): "≥ 90 %",
    ("unanswerable", "refused, as is right"): "≥ 80 %",
}
FAILS_BELOW_ONE: dict[Kind, tuple[str, ...]] = {
    "fact": ("first sentence cited is gold",),
    "method": ("first sentence cited is gold",),
    "follow_up": ("first sentence cited is gold", "a gold paper among the first five hits"),
    "hostile": ("first sentence cited is gold", "refused, as is right"),
    "list": ("list F1",),
    "compare": ("all papers to compare cited", "all answer keys in the text"),
    "summary": ("share of gold papers cited", "all answer keys in the text"),
    "unanswerable": ("refused, as is right",),
    "collection": ("all answer keys in the text",),
}


def ask_all(chat: Paperchat, cases: Iterable[Case]) -> list[Asked]:
    """Every case asked twice: once to warm up, then for the answer and the time it takes."""
    cases = list(cases)
    first = [chat.ask(case.question, case.history) for case in cases]
    asked = []
    for case, before in zip(cases, first, strict=True):
        started = time.perf_counter()
        answer = chat.ask(case.question, case.history)
        seconds = time.perf_counter() - started
        asked.append(Asked(case, answer, seconds, (answer.text, answer.status) == (before.text, before.status)))
    return asked


def summarise(asked: Sequence[Asked], papers: Iterable[Paper]) -> Summary:
    """What the answers come to. Raises CaseError where nothing was asked."""
    if not asked:
        raise CaseError("No case was asked, so there is nothing to measure.")
    by_id = {paper.id: paper for paper in papers}
    seconds = [one.seconds for one in asked]
    return Summary(
        cases=len(asked),
        rows=tuple(_rows(asked)),
        citations=sum(len(one.answer.citations) for one in asked),
        faults=tuple(f"{one.case.id}: {fault}" for one in asked for fault in _faults(one.answer, by_id)),
        differing=tuple(one.case.id for one in asked if not one.same_again),
        median_seconds=median(seconds),
        p95_seconds=quantile(seconds, 0.95),
    )


def failing(asked: Iterable[Asked], kind: Kind) -> list[tuple[Asked, list[str]]]:
    """The cases of a kind that fall short of 1 somewhere, or are refused though answerable, with the names of the measures."""
    found = []
    for one in asked:
        if one.case.kind == kind:
            missed = [
                measure.name
                for measure in MEASURES
                if (value := measure.of(one.case, one.answer)) is not None
                and (
                    (measure.name in FAILS_BELOW_ONE[kind] and value < 1) or (measure.of is metrics.falsely_refused and value > 0)
                )
            ]
            if missed:
                found.append((one, missed))
    return found


def _faults(answer: Answer, papers: Mapping[str, Paper]) -> Iterator[str]:
    for place in range(len(answer.citations)):
        if fault := metrics.citation_fault(place, answer, papers):
            yield fault
    for number in metrics.loose_markers(answer):
        yield f"a claim cites [{number}], which there is not"


def _rows(asked: Sequence[Asked]) -> Iterator[Row]:
    for kind in KINDS:
        yield from _rows_of(kind, [one for one in asked if one.case.kind == kind], [m for m in MEASURES if kind in m.kinds])
    yield from _rows_of("all", asked, [measure for measure in MEASURES if measure.name in OVERALL])


def _rows_of(kind: str, asked: Sequence[Asked], measures: Iterable[Measure]) -> Iterator[Row]:
    for measure in measures:
        values = [(value, cluster(one.case)) for one in asked if (value := measure.of(one.case, one.answer)) is not None]
        interval = mean_interval([value for value, _ in values], [name for _, name in values])
        if interval is not None:
            yield Row(kind, measure.name, interval, len(asked) - interval.n, TARGETS.get((kind, measure.name), ""))


def cluster(case: Case) -> str:
    """What a case is drawn together with: the first gold paper's other cases; nothing where there is no gold paper."""
    return case.papers[0] if case.papers else case.id


def table(summary: Summary) -> str:
    """The summary as text."""
    lines = [f"{'kind':<13}{'measure':<43}{'n':>5}{'unscored':>10}{'share':>9}   {'95 % interval':<18}target"]
    for row in summary.rows:
        of = row.interval
        bounds = f"{100 * of.low:.1f}–{100 * of.high:.1f}"
        lines.append(
            f"{row.kind:<13}{row.measure:<43}{of.n:>5}{row.unscored:>10}{100 * of.value:>8.1f}%   {bounds:<18}{row.target}"
        )
    lines += [
        "",
        f"citations: {summary.citations}; with quote, offsets, number or marker wrong: {len(summary.faults)}  (target: none)",
        f"answers that differ when asked again: {len(summary.differing)} of {summary.cases}  (target: none)",
        f"seconds an answer, warm: median {summary.median_seconds:.3f}, p95 {summary.p95_seconds:.3f}  (target: median ≤ 0.040)",
    ]
    return "\n".join([*lines, *(f"  {fault}" for fault in summary.faults[:20])])


def shown(one: Asked, missed: Sequence[str]) -> str:
    """A failing case for a person to read: what was asked, what was wanted, what came."""
    case, answer = one.case, one.answer
    lines = [
        f"{case.id}{' (hard)' if case.hard else ''}: {'; '.join(missed)}",
        *(f"  before:   {earlier}" for earlier in case.history),
    ]
    lines.append(f"  question: {case.question}")
    if answer.standalone_question != case.question:
        lines.append(f"  read as:  {answer.standalone_question}")
    lines += [f"  gold:     {sentence.text}  [{sentence.paper}]" for sentence in case.sentences]
    lines += [f"  paper:    {paper}" for paper in case.papers if paper not in {sentence.paper for sentence in case.sentences}]
    lines += [f"  notes:    {case.notes}"] if case.notes else []
    lines.append(f"  {answer.status}: " + answer.text.replace("\n", "\n            "))
    lines.append("  hits:     " + ", ".join(hit.paper.id for hit in answer.hits[: metrics.HITS]))
    return "\n".join(lines)


def run(cases: Sequence[Case], home: Path | None) -> tuple[list[Asked], list[Paper]]:
    """The cases asked of the library in `home`, or of a fresh one in a temporary folder, and the papers of that library."""
    with tempfile.TemporaryDirectory(prefix="paperchat-eval-") as fresh:
        settings = None if home else Settings(home=Path(fresh), bundled=True)
        with open_library(home or fresh, settings=settings) as chat:
            papers = list(chat.papers())
            missing = {id for case in cases for id in case.papers} - {paper.id for paper in papers}
            if missing:
                raise CaseError(
                    f"{home} lacks {len(missing)} of the papers asked about ({min(missing)} first): add the bundled papers to it."
                )
            return ask_all(chat, cases), papers


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval.questions", description="Asks the bundled questions and scores the answers."
    )
    parser.add_argument(
        "--split", choices=[*SPLITS, "both"], default="dev", help=f"which questions (default: dev); {TEST_IS_SHUT}"
    )
    parser.add_argument("--home", type=Path, help="a library folder (default: a fresh one in a temporary folder)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--show", choices=KINDS, help="print the failing cases of a kind (dev only)")
    options = parser.parse_args(arguments)
    if options.show and options.split != "dev":
        parser.error(TEST_IS_SHUT)
    split: Split | None = None if options.split == "both" else options.split
    try:
        asked, papers = run(bundled_cases(split), options.home)
    except PaperchatError as error:
        tell(error)
        return 1
    if options.show:
        cases = failing(asked, options.show)
        text = "\n\n".join([*(shown(one, missed) for one, missed in cases), f"{len(cases)} failing cases of kind {options.show}"])
    else:
        summary = summarise(asked, papers)
        text = (
            json.dumps({"split": options.split, **asdict(summary)}, ensure_ascii=False, indent=1)
            if options.json
            else table(summary)
        )
    sys.stdout.write(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
