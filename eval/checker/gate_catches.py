"""What passes of the sentences that a model invents: scripted replies go through the whole writer, with parser, gate and repair.

Each reply has three true paraphrases and one wrong sentence: an invention of `cases/inventions.jsonl`, or a true sentence with the marker
of the sentence beside the right one. `python -m eval.checker.gate_catches [--split dev] [--repair off|drops|insists] [--show WAY] [--json]`
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from eval.cases.reading import SPLITS
from eval.checker.inventions import PARAPHRASE, WAYS, Written, bundled_inventions, shown
from eval.checker.scripted_model import MARKER, Repair, Scripted, wrong_markers
from eval.console import fail
from eval.stats.bootstrap import Interval, mean_interval, median, quantile
from rag.citations import Block, Draft
from rag.errors import ModelFailed, PaperchatError
from rag.generation.writer import ModelWriter
from rag.generation.writer import Written as Answered
from rag.grounding.checker import GroundingChecker
from rag.ingestion.bundled import bundled_papers
from rag.library.encoder import OnnxEncoder
from rag.llm.budget import Meter, returned
from rag.protocols import Checker
from rag.query.question import understand
from rag.reader.cross_encoder import CrossEncoder
from rag.retrieval.sentence_ranker import SentenceRanker
from rag.types import Citation, Claim, Evidence, Hit, Paper, Passage, Span

Outcome = Literal["passed", "mended", "marked", "left out"]
MAY_MOVE = ("evidence", MARKER, PARAPHRASE)
"""Ways in which the sentence is true, so that it may be given another marker."""
VERDICTS = ("unsupported", "not_checkable", "partly", "supported")
"""The worst first."""
TRUE_BEFORE = 3


@dataclass(frozen=True, slots=True)
class SentenceOutcome:
    """What happened to a sentence; `cites` is what it cites in the end. `passed`: called supported, by what the model cited where only
    that is wrong; `mended`: supported by another sentence; `marked`: shown with its verdict; `left out`: not shown."""

    case: Written
    result: Outcome
    claim: Claim | None = None
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GateResult:
    """Outcomes of the wrong sentences and of the true ones among them, and what the writer added to each sentence, in milliseconds."""

    wrong: tuple[SentenceOutcome, ...]
    true: tuple[SentenceOutcome, ...]
    milliseconds: tuple[float, ...]


def gated(checker: Checker, ranker: SentenceRanker, cases: Sequence[Written], repair: Repair = "off") -> GateResult:
    """Every wrong sentence behind three true ones, each in a reply of its own."""
    papers = {paper.id: paper for paper in bundled_papers()}
    true = [case for case in cases if case.way == PARAPHRASE]
    outcomes: list[SentenceOutcome] = []
    times = []
    for place, case in enumerate([*(case for case in cases if case.way != PARAPHRASE), *wrong_markers(true, papers)]):
        others = [each for each in true if each.claim != case.claim]
        said = [*(others[(TRUE_BEFORE * place + step) % len(others)] for step in range(TRUE_BEFORE)), case]
        model = Scripted(said, repair)
        answered = _answered(ModelWriter(Meter(model), checker, ranker, repair=repair != "off"), said, papers)
        outcomes += [_outcome_of(each, answered) for each in said]
        times.append(1000 * model.seconds / len(said))
    return GateResult(
        tuple(outcome for outcome in outcomes if outcome.case.way != PARAPHRASE),
        tuple(outcome for outcome in outcomes if outcome.case.way == PARAPHRASE),
        tuple(times),
    )


def _answered(writer: ModelWriter, cases: Sequence[Written], papers: dict[str, Paper]) -> Answered:
    """The answer; an empty one where nothing in the reply stood. The last sentence is the question, so that what is nearest to it is offered."""
    evidence = tuple(dict.fromkeys(_evidence(papers[one.paper], one.text) for case in cases for one in case.evidence))
    hits = [Hit(Passage(paper.id, paper, Span(0, len(paper.abstract))), 1.0, "both") for paper in _papers(evidence)]
    try:
        return returned(writer.write(understand(cases[-1].claim), hits, Draft((Block(evidence),))))
    except ModelFailed:
        return Answered()


def _papers(evidence: Sequence[Evidence]) -> list[Paper]:
    """The last sentence's first."""
    return list({one.paper.id: one.paper for one in reversed(evidence)}.values())


def _evidence(paper: Paper, text: str) -> Evidence:
    start = paper.abstract.index(text)
    return Evidence(paper, Span(start, start + len(text)))


def _outcome_of(case: Written, answered: Answered) -> SentenceOutcome:
    own = [claim for claim in answered.claims if claim.text.rstrip(".") in case.claim]
    if not own:
        return SentenceOutcome(case, "left out")
    worst = min(own, key=lambda claim: VERDICTS.index(claim.verdict))
    cites = tuple(_quote(number, answered.citations) for claim in own for number in claim.citations)
    if worst.verdict != "supported":
        return SentenceOutcome(case, "marked", worst, cites)
    moved = {quoted.text for quoted in case.evidence}.isdisjoint(cites)
    return SentenceOutcome(case, "mended" if moved and case.way in MAY_MOVE else "passed", worst, cites)


def _quote(number: int, citations: Sequence[Citation]) -> str:
    return next(citation.quote for citation in citations if citation.number == number)


def caught(outcomes: Sequence[SentenceOutcome]) -> Interval | None:
    """The share that is not called supported by what the model cited; papers are drawn whole."""
    return _share(outcomes, lambda outcome: outcome.result != "passed")


def mended(outcomes: Sequence[SentenceOutcome]) -> Interval | None:
    """The share supported by another sentence than the model cited."""
    return _share(outcomes, lambda outcome: outcome.result == "mended")


def flagged(outcomes: Sequence[SentenceOutcome]) -> Interval | None:
    """The share called unsupported, or left out."""
    return _share(outcomes, lambda outcome: outcome.claim is None or outcome.claim.verdict == "unsupported")


def doubted(outcomes: Sequence[SentenceOutcome]) -> Interval | None:
    return _share(outcomes, lambda outcome: outcome.claim is not None and outcome.claim.verdict == "partly")


def _share(outcomes: Sequence[SentenceOutcome], of: Callable[[SentenceOutcome], bool]) -> Interval | None:
    return mean_interval([float(of(outcome)) for outcome in outcomes], [outcome.case.evidence[0].paper for outcome in outcomes])


def table(found: GateResult) -> str:
    """The figures for people, by way."""
    invented = [outcome for outcome in found.wrong if outcome.case.way != MARKER]
    marked = [outcome for outcome in found.wrong if outcome.case.way == MARKER]
    lines = [f"{'way':12} {'n':>4} " + " ".join(f"{outcome:>9}" for outcome in get_args(Outcome))]
    for way in (*WAYS, MARKER):
        counts = Counter(outcome.result for outcome in (*found.wrong, *found.true) if outcome.case.way == way)
        if counts:
            lines.append(f"{way:12} {counts.total():4} " + " ".join(f"{counts[each]:9}" for each in get_args(Outcome)))
    return "\n".join(
        [
            *lines,
            "",
            f"inventions not passed: {shown(caught(invented))}  (target: ≥ 95 %)",
            f"wrong markers of true sentences not passed: {shown(caught(marked))}; given the right one: {shown(mended(marked))}",
            f"both: {shown(caught(found.wrong))}",
            f"true paraphrases flagged: {shown(flagged(found.true))}  (target: ≤ 5 %)",
            f"true paraphrases only partly supported: {shown(doubted(found.true))}",
            f"the writer adds to a sentence: median {median(found.milliseconds):.1f} ms, p95 {quantile(found.milliseconds, 0.95):.1f} ms",
        ]
    )


def missed(found: GateResult, way: str) -> str:
    """The sentences of a way that went wrong, to read."""
    outcomes = [outcome for outcome in (*found.wrong, *found.true) if outcome.case.way == way]
    wrong = [
        outcome for outcome in outcomes if (outcome.result == "mended" or (outcome.result == "passed") != (way == PARAPHRASE))
    ]
    return "\n".join(
        f"{outcome.case.id} {outcome.result}: {outcome.case.claim}"
        + (f"\n  {outcome.claim.verdict} {outcome.claim.score:.2f} ({outcome.claim.reason})" if outcome.claim else "")
        + "".join(f"\n    < {quote}" for quote in outcome.cites)
        for outcome in {outcome.case.id: outcome for outcome in wrong}.values()
        if not (outcome.result in ("marked", "left out") and way != PARAPHRASE)
    )


def run(split: str, repair: Repair) -> GateResult:
    encoder = OnnxEncoder()
    cases = [case for case in bundled_inventions() if case.split == split]
    return gated(GroundingChecker(encoder, CrossEncoder()), SentenceRanker(encoder), cases, repair)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval.checker.gate_catches", description="What passes of the sentences that a model invents."
    )
    parser.add_argument("--split", choices=SPLITS, default="dev", help="test is for a report, and only for one")
    parser.add_argument("--repair", choices=get_args(Repair), default="off", help="what the model does when asked to mend")
    parser.add_argument(
        "--show", choices=(*WAYS, MARKER), metavar="WAY", help="the sentences of a way that went wrong (dev only)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    if options.show and options.split == "test":
        parser.error("the test cases are not for reading: --show takes the dev split")
    try:
        found = run(options.split, options.repair)
    except PaperchatError as error:
        fail(error)
        return 1
    as_json = json.dumps(asdict(found), ensure_ascii=False, indent=1) if options.json else ""
    sys.stdout.write((as_json or (missed(found, options.show) if options.show else table(found))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
