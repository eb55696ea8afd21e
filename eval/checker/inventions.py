"""Catches of the checker: sentences that misstate the bundled papers in eleven ways, and true paraphrases that must pass.

`python -m eval.checker.inventions [--split test] [--show WAY] [--data FILE]`
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from eval.cases.reading import SPLITS
from eval.checker.card import Caught
from eval.console import fail
from eval.stats.bootstrap import Interval, mean_interval
from rag.errors import ImportFailed, PaperchatError
from rag.grounding.checker import GroundingChecker
from rag.ingestion.bundled import bundled_papers
from rag.library.encoder import OnnxEncoder
from rag.protocols import Checker
from rag.reader.cross_encoder import CrossEncoder
from rag.types import Judgement

PARAPHRASE = "paraphrase"
_NOT_SUPPORTED = ("partly", "unsupported", "not_checkable")
WAYS = (
    "number",
    "unit",
    "name",
    "negated",
    "direction",
    "evidence",
    "mixed",
    "overclaimed",
    "cause",
    "nowhere",
    "tail",
    PARAPHRASE,
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence, word for word, of the abstract of the paper with this id."""

    paper: str
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as a language model might write it, what it cites, and in which way it is wrong (`paraphrase`: it is right)."""

    id: str
    way: str
    split: str
    claim: str
    evidence: tuple[Quoted, ...]


Judged = tuple[Written, Judgement]


def bundled_inventions() -> list[Written]:
    """The sentences of `eval/cases/inventions.jsonl`."""
    path = Path(str(resources.files("eval") / "cases" / "inventions.jsonl"))
    return read_inventions(path, {paper.id: paper.abstract for paper in bundled_papers()})


def read_inventions(path: Path, abstracts: dict[str, str]) -> list[Written]:
    """Raises ImportFailed, with file and line, where a line is no such case or quotes what its paper does not say."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ImportFailed(f"{path} cannot be read ({error}): it must be JSON Lines in UTF-8.") from error
    return [_written(line, abstracts, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]


def _written(line: str, abstracts: dict[str, str], where: str) -> Written:
    try:
        record: dict[str, Any] = json.loads(line)
        evidence = tuple(Quoted(**one) for one in record.pop("evidence"))
        case = Written(**record, evidence=evidence)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ImportFailed(f"{where} is no case: it needs id, way, split, claim and evidence ({error}).") from None
    if case.way not in WAYS or case.split not in SPLITS:
        raise ImportFailed(f"{where}: way must be one of {', '.join(WAYS)}; split {' or '.join(SPLITS)}.")
    for quoted in case.evidence:
        if not quoted.text or quoted.text not in abstracts.get(quoted.paper, ""):
            raise ImportFailed(f"{where} quotes what {quoted.paper} does not say: “{quoted.text[:60]}”.")
    return case


def judge(checker: Checker, cases: Iterable[Written]) -> list[Judged]:
    return [(case, checker.check(case.claim, [quoted.text for quoted in case.evidence])) for case in cases]


def share(judged: Sequence[Judged], wrong: bool, verdicts: Sequence[str]) -> Interval | None:
    """Of the inventions (or the paraphrases), the share with one of these verdicts; papers are drawn whole."""
    own = [(case, judgement) for case, judgement in judged if (case.way != PARAPHRASE) == wrong]
    return mean_interval([float(each.verdict in verdicts) for _, each in own], [case.evidence[0].paper for case, _ in own])


def caught(checker: Checker, cases: Iterable[Written]) -> Caught:
    """The figures for the card."""
    judged = judge(checker, cases)
    shares = (share(judged, True, _NOT_SUPPORTED), share(judged, False, ("unsupported",)), share(judged, False, ("partly",)))
    if any(one is None for one in shares):
        raise ImportFailed("There must be inventions and paraphrases among the cases.")
    wrong, flagged, partly = (one for one in shares if one is not None)
    return Caught(wrong.n, wrong.value, flagged.n, flagged.value, partly.value)


def table(judged: Sequence[Judged]) -> str:
    """The figures for people, by way."""
    lines = [f"{'way':12} {'n':>4} {'supported':>10} {'partly':>7} {'unsupported':>12}"]
    for way in WAYS:
        verdicts = Counter(judgement.verdict for case, judgement in judged if case.way == way)
        row = [verdicts[verdict] for verdict in ("supported", "partly", "unsupported")]
        lines.append(f"{way:12} {verdicts.total():4} {row[0]:10} {row[1]:7} {row[2]:12}")
    wrong, flagged, doubted = (
        share(judged, True, _NOT_SUPPORTED),
        share(judged, False, ("unsupported",)),
        share(judged, False, ("partly",)),
    )
    lines += [
        "",
        f"inventions not called supported: {shown(wrong)}",
        f"true paraphrases flagged (unsupported): {shown(flagged)}",
        f"true paraphrases only partly supported: {shown(doubted)}",
    ]
    return "\n".join(lines)


def shown(found: Interval | None) -> str:
    """A share with its interval, for people."""
    return "–" if found is None else f"{found.value:.1%} ({100 * found.low:.1f}–{100 * found.high:.1f}), n = {found.n}"


def _missed(judged: Sequence[Judged], way: str) -> str:
    bad = ("supported",) if way != PARAPHRASE else ("unsupported", "partly")
    return "\n".join(
        f"{case.id} {judgement.verdict} {judgement.score:.2f} ({judgement.reason})\n  {case.claim}"
        + "".join(f"\n    < {quoted.text}" for quoted in case.evidence)
        for case, judgement in judged
        if case.way == way and judgement.verdict in bad
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.checker.inventions", description="How many inventions the checker catches."
    )
    parser.add_argument("--split", choices=SPLITS, default="dev", help="test is for a report, and only for one")
    parser.add_argument("--data", type=Path, metavar="FILE", help="cases of your own over the bundled papers")
    parser.add_argument("--show", choices=WAYS, metavar="WAY", help="the cases of a way that went wrong (dev only)")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.show and options.split == "test":
        _parser().error("the test cases are not for reading: --show takes the dev split")
    try:
        abstracts = {paper.id: paper.abstract for paper in bundled_papers()}
        cases = read_inventions(options.data, abstracts) if options.data else bundled_inventions()
    except PaperchatError as error:
        fail(error)
        return 1
    judged = judge(GroundingChecker(OnnxEncoder(), CrossEncoder()), [case for case in cases if case.split == options.split])
    sys.stdout.write((_missed(judged, options.show) if options.show else table(judged)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
