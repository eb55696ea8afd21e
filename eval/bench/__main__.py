"""Prints the project's benchmarks with their targets beside them: search on SciFact, and speed.

`python -m eval.bench [--scifact FOLDER [--cache FOLDER]] [--no-speed] [--repetitions N] [--json]`; `make bench` calls it.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.bench import speed
from eval.bench.first_token import first_token
from eval.bench.retrieval import Retrieved, measure_scifact
from eval.cases.reading import Case, bundled_cases
from eval.checker.gate_catches import run as gated_run
from eval.console import fail, tell
from eval.stats.bootstrap import median, quantile
from rag.build import open_library
from rag.errors import PaperchatError
from rag.ingestion.bundled import bundled_papers
from rag.library.onnx_models import usable_cores
from rag.settings import own_library
from rag.types import Progress

SINGLE_QUERIES = 30
FIRST_TOKENS = 6
"""Replies a repetition: one takes a quarter of a second."""
NOISE = "Other work on this machine shifts every figure in seconds: trust the ratios, whose two sides ran in turn (medians)."


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what was measured, its value as text (or why there is none), and the target."""

    what: str
    value: str
    target: str = ""


def retrieval_figures(found: Sequence[Retrieved]) -> Iterator[Figure]:
    for one in found:
        ndcg, recall = one.ndcg_10, one.recall_100
        target = "nDCG@10 ≥ 0.73" if one.way == "both" else ""
        value = f"nDCG@10 {ndcg.value:.3f} ({ndcg.low:.3f}–{ndcg.high:.3f}), R@100 {recall.value:.3f} ({recall.low:.3f}–{recall.high:.3f})"
        yield Figure(f"SciFact test, {ndcg.n} claims, {one.way}", value, target)


def encoding_figures(queries: Sequence[str], repetitions: int) -> Iterator[Figure]:
    what = "encoding the passages of the bundled papers"
    missing = speed.chroma_missing()
    if missing:
        yield Figure(what, f"not measured: {missing}", "≥ 3.5 × Chroma's default function")
        return
    texts = speed.passage_texts(bundled_papers())
    found = speed.encoding(texts, queries, repetitions)
    bulk = f"{found['times_faster']:.1f} × ({found['ours_per_second']:.0f} a second against {found['chroma_per_second']:.0f})"
    single = f"{found['query_times_faster']:.1f} × ({found['ours_query_ms']:.1f} ms against {found['chroma_query_ms']:.1f})"
    yield Figure(f"{what} ({len(texts)})", bulk, "≥ 3.5 × Chroma's default function")
    yield Figure("encoding single questions", single, "≥ 10 × Chroma's default function")


def answer_figures(home: Path, cases: Sequence[Case], repetitions: int) -> Iterator[Figure]:
    with open_library(home, settings=own_library(home, bundled=True)) as chat:
        middle, high = speed.answers(chat, cases)
    yield Figure(
        f"warm answer, {len(cases)} questions", f"median {1000 * middle:.0f} ms, p95 {1000 * high:.0f} ms", "median ≤ 120 ms"
    )
    yield cold_figure(home, cases[0].question, repetitions)
    yield Figure("`import rag`", f"{speed.import_seconds(repetitions):.3f} s", "≤ 0.1 s")


def first_token_figure(repetitions: int) -> Figure:
    ours, plain = first_token(repetitions)
    value = (
        f"median {ours.first:.1f} ms, p95 {ours.first_p95:.1f} (plain openai client {plain.first:.1f}, {plain.first_p95:.1f}); "
        f"all tokens {ours.every:.1f} ms ({plain.every:.1f})"
    )
    return Figure("a model's first token, from leaving the server to us", value, "≤ 10 ms")


def gate_figure() -> Figure:
    found = gated_run("dev", "off")
    value = f"median {median(found.milliseconds):.1f} ms, p95 {quantile(found.milliseconds, 0.95):.1f} ms"
    return Figure(f"the gate on a model's sentence, {len(found.milliseconds)} replies of four", value, "≤ 15 ms")


def cold_figure(home: Path, question: str, repetitions: int) -> Figure:
    found = speed.cold(home, question, repetitions)
    if isinstance(found, str):
        value = f"not measured: {found}"
    else:
        value = f"{found[0] / found[1]:.2f} × ({found[0]:.2f} s against {found[1]:.2f})"
    return Figure("cold `paperchat ask`", value, "≤ 1.5 × importing its libraries")


def table(figures: Sequence[Figure]) -> str:
    widths = [max(map(len, column)) for column in zip(*((one.what, one.value) for one in figures), strict=True)]
    return "\n".join(f"{one.what:<{widths[0]}}  {one.value:<{widths[1]}}  {one.target}".rstrip() for one in figures)


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    if options.scifact:
        with _home(options.cache) as home:
            yield from retrieval_figures(measure_scifact(options.scifact, home, _progress()))
    if options.speed:
        cases = bundled_cases("dev")
        yield from encoding_figures([case.question for case in cases[:SINGLE_QUERIES]], options.repetitions)
        yield first_token_figure(FIRST_TOKENS * options.repetitions)
        yield gate_figure()
        with _home(None) as home:
            yield from answer_figures(home, cases, options.repetitions)


@contextmanager
def _home(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="paperchat-bench-") as fresh:
        yield Path(fresh)


def _progress() -> Progress:
    """Says on standard error how far a long step has come, at most every ten seconds."""
    last = time.monotonic()

    def report(done: int, total: int, step: str) -> None:
        nonlocal last
        if time.monotonic() - last >= 10:
            last = time.monotonic()
            tell(f"{step}: {done} of {total or '?'}")

    return report


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench", description="Search on SciFact, and speed, with the targets beside."
    )
    parser.add_argument("--scifact", type=Path, metavar="FOLDER", help="SciFact's corpus.jsonl, queries.jsonl and qrels/test.tsv")
    parser.add_argument(
        "--cache", type=Path, metavar="FOLDER", help="keep SciFact's library there, so that the next run is quick"
    )
    parser.add_argument("--no-speed", dest="speed", action="store_false", help="leave out what is measured in seconds")
    parser.add_argument("--repetitions", type=_count, default=5, metavar="N", help="repetitions of each timing (default: 5)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if not options.scifact and not options.speed:
        _parser().error("nothing is left to measure: give --scifact FOLDER or leave out --no-speed")
    try:
        figures = list(measure(options))
    except PaperchatError as error:
        fail(error)
        return 1
    machine = f"{platform.machine()}, {usable_cores()} cores, Python {platform.python_version()}"
    if options.json:
        text = json.dumps({"machine": machine, "figures": [asdict(one) for one in figures]}, ensure_ascii=False, indent=1)
    else:
        text = f"{machine}. {NOISE}\n\n{table(figures)}"
    sys.stdout.write(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
