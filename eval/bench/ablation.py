"""What each part of search and of choosing sentences brings: the bundled dev cases with one part at a time, in a table with intervals.

`python -m eval.bench.ablation [--only search,passages,evidence] [--write FILE]`; `make eval` calls it. What the checker's parts bring needs
labelled sets: `python -m eval.checker.calibrate --ablate --data FILE`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.cases.reading import Case, CaseError, bundled_cases
from eval.console import fail
from eval.report.marks import Place, write_table
from eval.report.summary import cluster
from eval.scores import metrics
from eval.scores.ranking import DEPTH, MEASURES, STAGES
from eval.scores.search_stages import READ, Stages
from eval.stats.bootstrap import Interval, mean_interval
from rag.build import open_library
from rag.errors import PaperchatError
from rag.ingestion.bundled import bundled_papers
from rag.library.chunking import SentenceWindows
from rag.library.encoder import OnnxEncoder
from rag.library.library import Library
from rag.query.plan import QueryPlan
from rag.query.question import understand
from rag.retrieval.hybrid import HybridSearch
from rag.retrieval.sentence_ranker import HIT_SHARE, Match, SentenceRanker, cue, introduction, prior
from rag.settings import own_library
from rag.types import Citation

ONE_POINT = ("fact", "method")
"""Kinds that one sentence answers and that stand alone."""
WINDOWS = {
    "whole abstracts": SentenceWindows(0, 0),
    "3 sentences, overlapping by 1": SentenceWindows(3, 1),
    "5 sentences, overlapping by 1": SentenceWindows(5, 1),
    "8 sentences, overlapping by 2": SentenceWindows(8, 2),
}
PLACE = Place("ablation", "python -m eval.bench.ablation --write FILE")


@dataclass(frozen=True, slots=True)
class Row:
    """One variant of one part, and what is measured with it."""

    part: str
    variant: str
    measure: str
    interval: Interval


def search_rows(cases: Sequence[Case]) -> Iterator[Row]:
    """Words, meaning and both: gold papers, and gold sentences within the papers that each finds first."""
    asked = [case for case in cases if case.papers and case.kind not in ("follow_up", "collection")]
    with _bundled_library() as stages:
        found = [(case, stages.find(case.question)) for case in asked]
    for stage in STAGES:
        yield _row("search", stage, "gold papers, nDCG@10", [(case, _ndcg(case, one.papers[stage])) for case, one in found])
        pointed = [(case, one.sentences[stage]) for case, one in found if case.kind in ONE_POINT and case.sentences]
        shares = [(case, _within(case, [Citation(0, one.paper, one.span) for one in ranked], 3)) for case, ranked in pointed]
        yield _row("search", stage, "gold among the first 3 sentences", shares)


def passage_rows(cases: Sequence[Case]) -> Iterator[Row]:
    """Each size of passages, by meaning alone and by both."""
    asked = [case for case in cases if case.papers and case.kind not in ("follow_up", "collection")]
    for name, chunker in WINDOWS.items():
        with _cut(chunker) as library:
            search = HybridSearch(library)
            meaning = [(case, _ndcg(case, list(search.by_meaning(case.question, DEPTH)))) for case in asked]
            both = [(case, _ndcg(case, [hit.paper.id for hit in search.search(case.question, DEPTH)])) for case in asked]
        yield _row("passages", name, "gold papers by meaning, nDCG@10", meaning)
        yield _row("passages", name, "gold papers by both, nDCG@10", both)


def evidence_rows(cases: Sequence[Case]) -> Iterator[Row]:
    """Late interaction alone, and with what is added to it; sentences of the papers found first, ranked by nothing else."""
    asked = [case for case in cases if case.kind in ONE_POINT and case.sentences]
    with _cut(SentenceWindows()) as library:
        search, ranker = HybridSearch(library), SentenceRanker(OnnxEncoder(), states=library.sentences())
        read = [(case, _weighed(case, search, ranker)) for case in asked]
    for added, name in enumerate(ADDED):
        for first, measure in ((1, "gold is the first sentence"), (3, "gold among the first 3 sentences")):
            yield _row("evidence", name, measure, [(case, _within(case, _ranked(own, added), first)) for case, own in read])


ADDED = (
    "late interaction, a third of it over the point",
    "+ the paper's rank",
    "+ cues of what is asked for",
    "+ place and part in the abstract",
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence and what its score is made of: the match alone, then each addition, in the order of `ADDED`."""

    citation: Citation
    parts: tuple[float, ...]


def _weighed(case: Case, search: HybridSearch, ranker: SentenceRanker) -> list[Weighed]:
    asked = understand(search.corrected(case.question))
    return [_apart(match, asked, ranker) for match in ranker.matches(asked, search.search(asked.text, READ))]


def _apart(match: Match, asked: QueryPlan, ranker: SentenceRanker) -> Weighed:
    paper = match.evidence.paper
    added = (
        HIT_SHARE * match.hit.score,
        cue(asked.wants, match.text, match.role) + introduction(asked, match.text),
        prior(match.part, match.position, len(ranker.read(paper).spans), match.text),
    )
    return Weighed(Citation(0, paper, match.evidence.span), (match.score - sum(added), *added))


def _ranked(sentences: Sequence[Weighed], added: int) -> list[Citation]:
    """Best first by the match and the first `added` additions; ties by paper and place."""
    key = [(-round(sum(one.parts[: added + 1]), 6), one.citation.paper.id, one.citation.span.start) for one in sentences]
    return [one.citation for _, one in sorted(zip(key, sentences, strict=True), key=lambda pair: pair[0])]


def _within(case: Case, ranked: Sequence[Citation], first: int) -> float:
    return float(any(metrics.is_gold(case, citation) for citation in ranked[:first]))


def _ndcg(case: Case, ranked: Sequence[str]) -> float:
    return MEASURES["ndcg@10"](case.papers, ranked)


def _row(part: str, variant: str, measure: str, values: Sequence[tuple[Case, float]]) -> Row:
    interval = mean_interval([value for _, value in values], [cluster(case) for case, _ in values])
    if interval is None:
        raise CaseError(f"No case could be asked for “{measure}”: give cases with gold papers and sentences.")
    return Row(part, variant, measure, interval)


@contextmanager
def _cut(chunker: SentenceWindows) -> Iterator[Library]:
    """A new library of the bundled papers, cut by this chunker."""
    fresh = tempfile.TemporaryDirectory(prefix="paperchat-ablation-")
    with fresh as folder, Library.open(Path(folder), OnnxEncoder(), chunker) as library:
        library.add(bundled_papers())
        yield library


@contextmanager
def _bundled_library() -> Iterator[Stages]:
    with (
        tempfile.TemporaryDirectory(prefix="paperchat-ablation-") as folder,
        open_library(folder, settings=own_library(Path(folder), bundled=True)) as chat,
    ):
        yield Stages(chat)


PARTS: dict[str, Callable[[Sequence[Case]], Iterator[Row]]] = {
    "search": search_rows, "passages": passage_rows, "evidence": evidence_rows,
}  # fmt: skip


def table(rows: Sequence[Row]) -> str:
    """As Markdown, each row with the command that makes it."""
    lines = ["| part | variant | measure | value (95 % interval) | n | command |", "|---|---|---|---|---|---|"]
    for row in rows:
        own = row.interval
        lines.append(
            f"| {row.part} | {row.variant} | {row.measure} | {own.value:.3f} ({own.low:.3f}–{own.high:.3f}) | {own.n} | "
            f"`python -m eval.bench.ablation --only {row.part}` |"
        )
    return "\n".join(lines)


def _parts(text: str) -> list[str]:
    wanted = [name.strip() for name in text.split(",") if name.strip()]
    if not wanted or not set(wanted) <= PARTS.keys():
        raise argparse.ArgumentTypeError(f"{text} is not a list of parts: there are {', '.join(PARTS)}")
    return [part for part in PARTS if part in wanted]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench.ablation", description="What each part brings, on the bundled dev cases."
    )
    parser.add_argument("--only", type=_parts, default=list(PARTS), metavar="LIST", help=f"of {','.join(PARTS)} (default: all)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table between the two marks of this file as well")
    options = parser.parse_args(arguments)
    if options.write is not None and options.only != list(PARTS):
        parser.error("--write puts the whole table in: leave out --only")
    try:
        cases = bundled_cases("dev")
        made = table([row for part in options.only for row in PARTS[part](cases)])
        sys.stdout.write(made + "\n")
        if options.write is not None:
            write_table(options.write, made, PLACE)
    except PaperchatError as error:
        fail(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
