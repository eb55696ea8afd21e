"""What a report shows of a run: its rows, counts and notices, and each case in a short form that a page can read when it is needed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from eval.cases.reading import KINDS
from eval.report.summary import Row, summarise
from eval.runs.run_file import RunReader, read_timings
from eval.scores.labels import GLANCE, GROUPS, label
from eval.scores.metrics import must_be_refused
from eval.stats.bootstrap import median, quantile
from eval.types import AROUND, OF_OTHERS, Header, Result, Timing
from rag.types import Span, Verdict

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
NO_CARD = "how often it errs itself is not known: run `paperchat eval calibrate`, and make the run again"
NO_CODE = "no code"
"""What stands for the code of a refusal in a run that was made before refusals had one."""
ABSENT = -1
"""In a case's values: the measure says nothing about the case (null: it could not be scored)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim that is not fully supported, or a case that failed: what a person should look at, and the stretches that are not supported."""

    case: str
    what: str
    text: str
    why: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusals:
    """How many cases were refused with one code, and of those how many the papers answer."""

    count: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Report:
    """All that is shown, whatever the form. `page` holds the page's data, `lines` a line of JSON a case; `refusals` are by code,
    the commonest first."""

    name: str
    header: Header
    rows: tuple[Row, ...]
    notices: tuple[str, ...]
    seconds: Mapping[str, tuple[float, float]]
    cases: int
    failed: int
    unscored: int
    refusals: Mapping[str, Refusals]
    findings: tuple[Finding, ...]
    page: Mapping[str, Any]
    lines: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"Evaluation of “{self.header.cases.name}”, written by {self.header.writer}"

    @property
    def about(self) -> str:
        what, over = ("answers", "sources") if self.header.papers.name == OF_OTHERS else ("cases", "papers")
        return f"{self.cases} {what} over {self.header.papers.count} {over}; checker {self.header.checker}"

    @property
    def card(self) -> str:
        """The checker's own error rate, which belongs beside every grounding score."""
        return self.header.card or NO_CARD

    @property
    def went_by(self) -> list[tuple[str, str]]:
        """What the run depended on, as pairs of name and value."""
        head = self.header
        hashed = [("cases", head.cases), ("papers", head.papers), ("encoder", head.encoder), ("prompts", head.prompts)]
        return [
            *((what, f"{one.name} ({one.count}), sha256 {one.sha256}") for what, one in hashed if one.sha256),
            ("versions", ", ".join(f"{name} {version}" for name, version in head.versions.items())),
            *([("settings", json.dumps(dict(head.settings), ensure_ascii=False))] if head.settings else ()),
            *((f"seconds, {stage}", f"median {middle:.3f}, p95 {high:.3f}") for stage, (middle, high) in self.seconds.items()),
        ]


def read_report(path: Path) -> Report:
    """The report of a run file. Raises RunError if it cannot be used; one that was interrupted is reported with a notice."""
    reader = RunReader(path)
    cases = _Cases()
    rows = summarise(cases.taken(reader.results()))
    return Report(
        path.stem,
        reader.header,
        rows,
        tuple(reader.notices),
        _seconds(read_timings(path)),
        len(cases.lines),
        cases.failed,
        sum(row.unscored for row in rows if row.kind == "all"),
        cases.refusals(),
        tuple(cases.findings),
        cases.page(rows),
        tuple(cases.lines),
    )


def _seconds(timings: Iterable[Timing]) -> dict[str, tuple[float, float]]:
    """Median and 95th percentile by stage."""
    by_stage: dict[str, list[float]] = {}
    for timing in timings:
        for stage, seconds in timing.seconds.items():
            by_stage.setdefault(stage, []).append(seconds)
    return {stage: (median(values), quantile(values, 0.95)) for stage, values in by_stage.items()}


@dataclass(slots=True)
class _Table:
    """Texts that stand in many cases, each once, by number."""

    numbers: dict[Any, int] = field(default_factory=dict)

    def number(self, entry: Any) -> int:
        return self.numbers.setdefault(entry, len(self.numbers))


@dataclass(slots=True)
class _Cases:
    """Collects, while the results pass by, what the page needs of them."""

    lines: list[str] = field(default_factory=list)
    index: list[list[Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    failed: int = 0
    measures: _Table = field(default_factory=_Table)
    whys: _Table = field(default_factory=_Table)
    papers: dict[str, int] = field(default_factory=dict)
    known: list[tuple[str, str, str, str]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    refused_wrongly: Counter[str] = field(default_factory=Counter)

    def refusals(self) -> dict[str, Refusals]:
        return {code: Refusals(count, self.refused_wrongly[code]) for code, count in self.refused.most_common()}

    def taken(self, results: Iterable[Result]) -> Iterator[Result]:
        for result in results:
            self._take(result)
            yield result

    def page(self, rows: Iterable[Row]) -> dict[str, Any]:
        names = list(self.measures.numbers)
        for values in self.index:
            values[3] += [ABSENT] * (len(names) - len(values[3]))
        labels = [(name, label(name)) for name in names]
        return {
            "kinds": list(KINDS),
            "groups": list(GROUPS),
            "glance": list(GLANCE),
            "measures": [
                {"name": name, "group": one.group, "label": one.text, "unit": one.unit, "better": one.better}
                for name, one in labels
            ],
            "rows": [_row(row) for row in rows],
            "papers": self.known,
            "whys": list(self.whys.numbers),
            "index": self.index,
        }

    def _take(self, result: Result) -> None:
        answer = result.answer or {}
        verdicts = [judgement.verdict for judgement in result.judgements]
        outcome = "error" if result.answer is None else answer["status"]
        self.failed += result.answer is None
        if outcome == "not_found":
            code = answer.get("refusal") or NO_CODE
            self.refused[code] += 1
            self.refused_wrongly[code] += not must_be_refused(result.case)
        numbers = [(self.measures.number(score.name), score) for score in result.scores]
        values: list[float | None] = [ABSENT] * len(self.measures.numbers)
        for place, score in numbers:
            values[place] = None if score.value is None else round(score.value, 4)
        counts = [verdicts.count(verdict) for verdict in VERDICTS]
        self.index.append([KINDS.index(result.case.kind), outcome, counts, values])
        whys = [[place, self.whys.number(score.why)] for place, score in numbers]
        self.lines.append(json.dumps(self._case(result, answer, whys), separators=(",", ":")))
        self.findings += _findings_of(result, answer)

    def _case(self, result: Result, answer: Mapping[str, Any], whys: list[list[int]]) -> dict[str, Any]:
        case = result.case
        return {
            "id": case.id,
            "hard": case.hard,
            "question": case.question,
            "history": case.history,
            "alone": answer.get("standalone_question", ""),
            "text": answer.get("text", ""),
            "claims": [
                [
                    claim["text"],
                    claim["citations"],
                    judged.verdict,
                    judged.score,
                    judged.reason,
                    _parts(claim["text"], judged.spans),
                ]
                for claim, judged in zip(answer.get("claims", ()), result.judgements, strict=False)
            ],
            "cited": [self._citation(one) for one in answer.get("citations", ())],
            "gold": [[sentence.paper, sentence.text] for sentence in case.sentences],
            "papers": case.papers,
            "keys": case.answer,
            "notes": case.notes,
            "hits": [[self._paper(hit["paper"], hit["title"]), hit["found_by"]] for hit in answer.get("hits", ())],
            "notices": answer.get("notices", ()),
            "error": result.error,
            "whys": whys,
        }

    def _citation(self, one: Mapping[str, Any]) -> list[Any]:
        paper = self._paper(one["paper"], one["title"], one["byline"], one["url"] or "")
        before, after = one["before"], one["after"]
        if len(before) < one["start"]:
            before = "… " + before.partition(" ")[2]
        if len(after) >= AROUND:
            after = after.rpartition(" ")[0] + " …"
        return [one["number"], paper, before, one["quote"], after]

    def _paper(self, id: str, title: str, byline: str = "", url: str = "") -> int:
        place = self.papers.setdefault(id, len(self.known))
        if place == len(self.known):
            self.known.append((id, title, byline, url))
        elif byline or url:
            self.known[place] = (id, title, byline, url)
        return place


def _row(row: Row) -> dict[str, Any]:
    own = row.interval
    figures = (own.value, own.low, own.high, own.n) if own else (None, None, None, 0)
    value, low, high, n = figures
    return {
        "kind": row.kind, "measure": row.measure, "cases": row.cases, "unscored": row.unscored,
        "value": value, "low": low, "high": high, "n": n,
    }  # fmt: skip


def _findings_of(result: Result, answer: Mapping[str, Any]) -> Iterator[Finding]:
    if result.answer is None:
        yield Finding(result.case.id, "failed", result.case.question, result.error)
    for claim, judged in zip(answer.get("claims", ()), result.judgements, strict=False):
        if judged.verdict in ("partly", "unsupported"):
            yield Finding(result.case.id, judged.verdict, claim["text"], judged.reason, judged.spans)


def _parts(text: str, spans: Iterable[Span]) -> list[str]:
    """The text in parts, of which every second one is not supported; characters are not counted alike in every language."""
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], span.of(text)]
        at = max(at, span.end)
    return [*parts, text[at:]] if parts else []
