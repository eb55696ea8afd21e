"""Two judges on the same claims: how far the grounding checker and a language model agree (Cohen's κ), and where they differ.

`python -m eval.checker.judges [--second llamaindex] [--run RUN | --data FILE] [--split dev] [--limit N] [--json]`; the model is the one of the settings.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.cases.reading import SPLITS
from eval.checker.inventions import bundled_inventions
from eval.checker.labelled import read_labelled
from eval.console import fail
from eval.runs.run_file import RunReader
from rag.build import language_model
from rag.errors import ModelFailed, PaperchatError
from rag.grounding.checker import GroundingChecker
from rag.grounding.llm_judge import UNREADABLE, ModelJudge
from rag.library.encoder import OnnxEncoder
from rag.llm.budget import Meter
from rag.protocols import Checker
from rag.reader.cross_encoder import CrossEncoder
from rag.settings import load_settings
from rag.types import Judgement

Pair = tuple[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A claim on which two judges differ, with the reasons of each."""

    claim: str
    evidence: tuple[str, ...]
    verdicts: tuple[str, str]
    reasons: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of `n` claims `unscored` had no readable verdict; κ over the verdicts, and over supported against the rest, of the others."""

    judges: tuple[str, str]
    n: int
    unscored: int
    kappa: float | None
    kappa_supported: float | None
    differences: tuple[Difference, ...]


def kappa(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Cohen's κ (Educational and Psychological Measurement 20, 1960); None if there is nothing that could be agreed on by chance."""
    if not first:
        return None
    agreed = sum(one == other for one, other in zip(first, second, strict=True)) / len(first)
    counts, others = Counter(first), Counter(second)
    chance = sum(counts[each] * others[each] for each in counts) / len(first) ** 2
    return None if chance == 1 else (agreed - chance) / (1 - chance)


def agreement(first: Checker, second: Checker, pairs: Sequence[Pair]) -> Agreement:
    """Both judge every pair of claim and sources; a claim that either could not read counts as unscored."""
    judged = list(zip(pairs, first.check_many(pairs), second.check_many(pairs), strict=True))
    read = [each for each in judged if UNREADABLE not in (each[1].reason, each[2].reason)]
    verdicts = [[each[place].verdict for each in read] for place in (1, 2)]  # type: ignore[union-attr]
    supported = [[str(verdict == "supported") for verdict in own] for own in verdicts]
    differing = tuple(_difference(*each) for each in read if each[1].verdict != each[2].verdict)
    return Agreement(
        (first.name, second.name), len(pairs), len(pairs) - len(read), kappa(*verdicts), kappa(*supported), differing
    )


def _difference(pair: Pair, one: Judgement, other: Judgement) -> Difference:
    return Difference(pair[0], tuple(pair[1]), (one.verdict, other.verdict), (one.reason, other.reason))


def table(found: Agreement) -> str:
    lines = [
        f"{found.judges[0]} and {found.judges[1]}: {found.n} claims, {found.unscored} unscored",
        f"Cohen's κ over the verdicts: {_shown(found.kappa)}; supported against the rest: {_shown(found.kappa_supported)}",
        f"They differ on {len(found.differences)}:",
    ]
    for each in found.differences:
        lines += ["", f"  {each.claim}", *(f"    < {text}" for text in each.evidence)]
        lines += [
            f"    {judge}: {verdict} ({reason})"
            for judge, verdict, reason in zip(found.judges, each.verdicts, each.reasons, strict=True)
        ]
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.3f}"


def of_run(path: Path) -> list[Pair]:
    """The sentences of a run's answers that cite something, with the quotes that they cite."""
    found: list[Pair] = []
    for result in RunReader(path).results():
        answer = result.answer or {}
        quotes = {citation["number"]: str(citation["quote"]) for citation in answer.get("citations", ())}
        for claim in answer.get("claims", ()):
            cited = [quotes[number] for number in claim["citations"] if number in quotes]
            found += [(str(claim["text"]), cited)] if cited else []
    return found


def _pairs(options: argparse.Namespace) -> list[Pair]:
    found: list[Pair]
    if options.run:
        found = of_run(options.run)
    elif options.data:
        found = [(each.claim, each.evidence) for each in read_labelled(options.data).pairs]
    else:
        cases = (case for case in bundled_inventions() if case.split == options.split)
        found = [(case.claim, [quoted.text for quoted in case.evidence]) for case in cases]
    return found[: options.limit] if options.limit else found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.checker.judges", description="How far the checker and a language model agree."
    )
    parser.add_argument("--data", type=Path, metavar="FILE", help="claims with evidence, as eval.checker.calibrate takes them")
    parser.add_argument("--run", type=Path, metavar="RUN", help="the sentences of a run's answers, with what they cite")
    parser.add_argument(
        "--second", choices=("model", "llamaindex"), default="model",
        help="who judges beside the checker: the model by our prompt, or LlamaIndex's FaithfulnessEvaluator with that model",
    )  # fmt: skip
    parser.add_argument("--split", choices=SPLITS, default="dev", help="of the bundled claims (default: dev)")
    parser.add_argument(
        "--limit", type=int, default=0, metavar="N", help="the first N claims (default: all); each is one request"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def run(options: argparse.Namespace) -> Agreement:
    """Raises ModelFailed if no model is configured or it fails, and ImportFailed for a file that cannot be read."""
    model = language_model(load_settings())
    if model is None:
        raise ModelFailed(
            "The second judge is a language model, and none is configured. Set PAPERCHAT_MODEL; `paperchat models` helps."
        )
    return agreement(GroundingChecker(OnnxEncoder(), CrossEncoder()), _second(options.second, Meter(model, 0.0)), _pairs(options))


def _second(name: str, meter: Meter) -> Checker:
    if name == "model":
        return ModelJudge(meter)
    from rag.integrations.llamaindex.judge import FaithfulnessJudge

    return FaithfulnessJudge(meter)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        found = run(options)
    except PaperchatError as error:
        fail(error)
        return 1
    text = json.dumps(asdict(found), ensure_ascii=False, indent=1) if options.json else table(found)
    sys.stdout.write(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
