"""How often a rule of the checker is right where it decides alone: of the claims that it stops, the share that people do not call supported.

`python -m eval.checker.vetoes [--set FORMAT=FILE …] [--data FILE …] [--limit N] [--json]`. A veto is spoken before the learned reader is asked, so that none is needed.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.checker.calibrate import print_progress
from eval.checker.converters import FORMATS, convert, named
from eval.checker.labelled import Labelled, read_labelled
from eval.console import fail
from rag.errors import PaperchatError
from rag.grounding.checker import GroundingChecker
from rag.grounding.verdict import SHORT
from rag.library.encoder import OnnxEncoder
from rag.reader.cross_encoder import CrossEncoder

WANTED = 0.9
"""Precision under which a rule should not decide alone."""


@dataclass(frozen=True, slots=True)
class Vetoes:
    """Of one rule and one length of source: the claims of a set that it stopped, and how many of them are not supported."""

    rule: str
    length: str
    set: str
    stopped: int
    right: int


def vetoes(checker: GroundingChecker, pairs: Sequence[Labelled], name: str) -> list[Vetoes]:
    """A row for each rule and length of source (`short`: up to three sentences) that stopped any claim of a set."""
    progress = print_progress()
    stopped: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    for at, pair in enumerate(pairs, 1):
        fault = checker.fault(pair.claim, pair.evidence)
        progress(at, len(pairs), name)
        if fault is not None and fault.sure:
            key = fault.rule, "short" if fault.sentences <= SHORT else "long"
            stopped[key] += 1
            right[key] += not pair.supported
    return [Vetoes(*key, name, stopped[key], right[key]) for key in sorted(stopped)]


def wilson(right: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson, JASA 1927)."""
    z = 1.96
    middle, half = right / n + z * z / (2 * n), z * math.sqrt(right * (n - right) / n**3 + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def table(rows: Sequence[Vetoes]) -> str:
    """A line for each rule and length: stopped rightly / stopped over all sets, and by set."""
    lines = []
    for rule, length in sorted({(row.rule, row.length) for row in rows}):
        own = [row for row in rows if (row.rule, row.length) == (rule, length)]
        right, n = sum(row.right for row in own), sum(row.stopped for row in own)
        low, high = wilson(right, n)
        by_set = ", ".join(f"{row.set} {row.right}/{row.stopped}" for row in own)
        under = "  under 0.9" if right < WANTED * n else ""
        lines.append(f"{rule:12} {length:6} {right}/{n}, {right / n:.2f} ({low:.2f}–{high:.2f}): {by_set}{under}")
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.checker.vetoes", description="Precision of the rules that decide alone."
    )
    parser.add_argument(
        "--set", dest="public", metavar="FORMAT=FILE", nargs="+", default=[], help=f"public sets; formats: {', '.join(FORMATS)}"
    )
    parser.add_argument("--data", type=Path, metavar="FILE", nargs="+", default=[], help="labelled pairs (JSON Lines)")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="pairs of each source and label of --data (0: all)")
    parser.add_argument("--json", action="store_true")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        given = [(path.name, read_labelled(path, options.limit).pairs) for path in options.data]
        given += [(f"{form} {path.name}", tuple(convert(form, path, part))) for form, part, path in map(named, options.public)]
        if not given:
            raise PaperchatError("There is nothing to measure on: give --set FORMAT=FILE or --data FILE.")
        checker = GroundingChecker(OnnxEncoder(), CrossEncoder())
        rows = [row for name, pairs in given for row in vetoes(checker, pairs, name)]
    except PaperchatError as error:
        fail(error)
        return 1
    sys.stdout.write((json.dumps([asdict(row) for row in rows], indent=1) if options.json else table(rows)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
