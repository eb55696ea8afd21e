"""The checker checked: how well its verdicts agree with people's labels, on each kind of text, beside three baselines.

`paperchat eval calibrate [--set FORMAT=FILE …] [--data FILE …] [--scifact FOLDER] [--own] [--train FILE] [--card FILE] [--ablate]`. The
checker keeps the threshold of its verdicts everywhere; those of the baselines come from `--train`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace
from pathlib import Path

from eval.checker.ablation import ablated
from eval.checker.card import CHECKER, Calibrated, Card, Caught, Quality, load_card
from eval.checker.converters import FORMATS, convert, named
from eval.checker.inventions import bundled_inventions, caught
from eval.checker.labelled import (
    Labelled,
    LabelledSet,
    Reasoned,
    fingerprint,
    read_labelled,
    read_scifact,
    scifact_pairs,
)
from eval.checker.own_sets import own_sets
from eval.checker.text_kinds import kind_of
from eval.console import fail, tell
from eval.stats.detection import auroc, balanced_accuracy, balanced_interval, best_threshold, calibration_error, found
from rag.errors import ImportFailed, PaperchatError
from rag.grounding.checker import GroundingChecker
from rag.grounding.verdict import SUPPORTED
from rag.library.encoder import OnnxEncoder
from rag.protocols import Checker
from rag.reader.cross_encoder import CrossEncoder
from rag.text.words import content_words, stem, stems
from rag.types import Judgement, Progress

TRAIN_LIMIT = 200
"""Pairs of each source and label that thresholds are taken from: no source rules them, and a run takes minutes."""
TIMED = 100
Scores = dict[str, list[float]]


def calibrate(
    checker: GroundingChecker,
    sets: Sequence[LabelledSet],
    train: LabelledSet | None = None,
    progress: Progress | None = None,
    known: Card | None = None,
) -> Card:
    """Scores each set in each way. The checker keeps the threshold of its verdicts; without `train`, a baseline has 0.5.

    What a `known` card says of the baselines on the same files, and of their thresholds from the same training pairs, is taken from it.
    """
    thresholds = {"constant": 0.5, "word overlap": 0.5, "encoder similarity": 0.5, CHECKER: SUPPORTED}
    kept: dict[str, str | int] | None = None
    if train is not None:
        kept = {"name": train.name, "sha256": train.sha256, "n": len(train.pairs)}
        found = known.thresholds if known is not None and known.train == kept else _thresholds(checker, train)
        thresholds |= {way: best for way, best in found.items() if way != CHECKER}
    before = {(one.name, one.sha256): one.ways for one in known.sets} if known else {}
    done = tuple(_calibrated(checker, one, thresholds, progress, before.get((one.name, one.sha256), {})) for one in sets)
    return Card(checker.name, kept, thresholds, done)


def _thresholds(checker: GroundingChecker, train: LabelledSet) -> dict[str, float]:
    """Of each baseline, where it parts the training pairs best."""
    truth = [pair.supported for pair in train.pairs]
    found = {way: best_threshold(truth, own) for way, own in _baselines(checker, train).items()}
    return {way: best for way, best in found.items() if best is not None}


def rationale_f1(checker: GroundingChecker, claims: Sequence[Reasoned]) -> float | None:
    """F1 of the sentences chosen against those that people marked, over all settled claims, the abstract given (micro)."""
    hits = chosen = marked = 0
    for claim in claims:
        if claim.rationale:
            places = set(checker.rationale(claim.claim, claim.sentences))
            hits, chosen, marked = hits + len(places & claim.rationale), chosen + len(places), marked + len(claim.rationale)
    return 2 * hits / (chosen + marked) if marked else None


def overlap(pair: Labelled) -> float:
    """Baseline: the share of the claim's content words whose stem stands in the evidence."""
    own = {stem(word) for word in content_words(pair.claim)}
    there = frozenset().union(*(stems(text) for text in pair.evidence))
    return len(own & there) / len(own) if own else 0.0


def _baselines(checker: GroundingChecker, one: LabelledSet) -> Scores:
    return {
        "constant": [0.5] * len(one.pairs),
        "word overlap": [overlap(pair) for pair in one.pairs],
        "encoder similarity": [checker.similarity(pair.claim, pair.evidence) for pair in one.pairs],
    }


def _judged(checker: GroundingChecker, one: LabelledSet, progress: Progress | None) -> list[Judgement]:
    judged = []
    for at, pair in enumerate(one.pairs):
        judged.append(checker.check(pair.claim, pair.evidence))
        if progress is not None:
            progress(at + 1, len(one.pairs), one.name)
    return judged


def _calibrated(
    checker: GroundingChecker,
    one: LabelledSet,
    thresholds: dict[str, float],
    progress: Progress | None,
    before: dict[str, Quality],
) -> Calibrated:
    judged = _judged(checker, one, progress)
    truth = [pair.supported for pair in one.pairs]
    documents = [pair.evidence for pair in one.pairs]
    ways = {way: own for way, own in before.items() if way != CHECKER}
    scores = {CHECKER: [own.score for own in judged], **({} if ways else _baselines(checker, one))}
    ways |= {way: quality(truth, own, thresholds[way], documents) for way, own in scores.items()}
    confusion: dict[str, Counter[str]] = {}
    for pair, own in zip(one.pairs, judged, strict=True):
        confusion.setdefault(pair.label, Counter())[own.verdict] += 1
    verdicts = {label: dict(sorted(counts.items())) for label, counts in sorted(confusion.items())}
    return Calibrated(
        one.name,
        one.sha256,
        len(truth),
        ways,
        verdicts,
        _milliseconds(checker, one.pairs, ""),
        _milliseconds(checker, one.pairs, " ."),
        kind=kind_of(one),
    )


def quality(
    truth: Sequence[bool], scores: Sequence[float], threshold: float, documents: Sequence[Hashable] | None = None
) -> Quality:
    """What a way of scoring is worth; the interval is drawn by whole documents, where they are given."""
    said = [score >= threshold for score in scores]
    return Quality(
        round(threshold, 4),
        balanced_accuracy(truth, said),
        found(truth, said, kind=False),
        auroc(truth, scores),
        calibration_error(truth, scores),
        balanced_interval(truth, said, documents) if documents is not None else None,
    )


def _milliseconds(checker: GroundingChecker, pairs: Sequence[Labelled], ending: str) -> float:
    """The median processor time of checking a claim whose evidence was read just before; with an `ending`, the claim itself is new."""
    times = []
    for pair in pairs[:: max(1, len(pairs) // TIMED)]:
        checker.check(pair.claim, pair.evidence)
        start = time.process_time()
        checker.check(pair.claim + ending, pair.evidence)
        times.append(time.process_time() - start)
    return round(1000 * sorted(times)[len(times) // 2], 2)


def table(card: Card) -> str:
    """The card for people."""
    lines = [f"Checker {card.checker}"]
    if card.train is not None:
        lines.append(f"Thresholds from {card.train['n']} pairs of {card.train['name']}")
    for one in card.sets:
        lines += [
            "",
            f"{one.name}{f' ({one.kind})' if one.kind else ''}: {one.n} claims, {one.ms:.1f} ms a claim, {one.ms_new:.1f} ms with its encoding (medians, evidence read before)",
        ]
        lines.append(f"  {'':20} from   bal.acc (95 %)         AUROC  unsupported: P     R      F1     calibration error")
        for way, own in one.ways.items():
            bad = own.unsupported
            lines.append(
                f"  {way:20} {own.threshold:.2f}   {_shown(own.balanced_accuracy)} {_bounds(own):15} {_shown(own.auroc)}               "
                f"{_shown(bad.precision)}  {_shown(bad.recall)}  {_shown(bad.f1)}  {_shown(own.calibration_error)}"
            )
        lines += [f"  {label}: {', '.join(f'{kind} {n}' for kind, n in row.items())}" for label, row in one.confusion.items()]
        if one.rationale_f1 is not None:
            lines.append(f"  sentences that settle the claim: F1 {one.rationale_f1:.3f}")
    return "\n".join(lines)


def _bounds(own: Quality) -> str:
    return f"({own.interval[0]:.3f}–{own.interval[1]:.3f})" if own.interval else ""


def _shown(value: float | None) -> str:
    return "  –  " if value is None else f"{value:.3f}"


def print_progress() -> Progress:
    """Says on standard error how far a set has come, at most every ten seconds."""
    last = time.monotonic()

    def report(done: int, total: int, name: str) -> None:
        nonlocal last
        if time.monotonic() - last >= 10:
            last = time.monotonic()
            tell(f"{name}: {done} of {total}")

    return report


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="paperchat eval calibrate",
        description="How well the checker's scores agree with people's labels, beside three baselines.",
    )
    parser.add_argument("--train", type=Path, metavar="FILE", help="pairs that the thresholds are taken from")
    parser.add_argument("--data", type=Path, metavar="FILE", nargs="+", default=[], help="pairs to measure on (JSON Lines)")
    parser.add_argument(
        "--set",
        dest="public",
        metavar="FORMAT=FILE",
        nargs="+",
        default=[],
        help=f"public sets as they are downloaded, such as wice=test.jsonl or ragtruth/QA=response.jsonl; formats: {', '.join(FORMATS)}",
    )
    parser.add_argument(
        "--own", action="store_true", help="the bundled papers' quotes, as they are and damaged, and their paraphrases"
    )
    parser.add_argument("--scifact", type=Path, metavar="FOLDER", help="SciFact's corpus.jsonl and claims_dev.jsonl")
    parser.add_argument(
        "--limit", type=int, default=TRAIN_LIMIT, metavar="N", help="training pairs of each source and label (0: all)"
    )
    parser.add_argument("--ablate", action="store_true", help="print instead what each part of the checker brings")
    parser.add_argument("--card", type=Path, metavar="FILE", help="write the figures there as JSON")
    parser.add_argument("--known", type=Path, metavar="CARD", help="take the baselines of the same sets from this card")
    return parser


def run(options: argparse.Namespace) -> Card:
    """The card for these options. Raises ImportFailed for a file that cannot be read or written."""
    checker = GroundingChecker(OnnxEncoder(), CrossEncoder())
    sets, reasoned = _sets(options)
    train = read_labelled(options.train, options.limit) if options.train else None
    card = calibrate(checker, sets, train, print_progress(), load_card(options.known) if options.known else None)
    if reasoned:
        last = replace(card.sets[-1], rationale_f1=rationale_f1(checker, reasoned))
        card = replace(card, sets=(*card.sets[:-1], last))
    if options.card:
        card = replace(card, inventions=inventions(checker))
        try:
            options.card.write_text(card.text(), encoding="utf-8")
        except OSError as error:
            raise ImportFailed(f"{options.card} cannot be written ({error.strerror or error}).") from error
    return card


def inventions(checker: Checker) -> Caught:
    """What the checker makes of the test split of the sentences that misstate the bundled papers."""
    return caught(checker, [case for case in bundled_inventions() if case.split == "test"])


def _sets(options: argparse.Namespace) -> tuple[list[LabelledSet], Sequence[Reasoned]]:
    sets = [*own_sets()] if options.own else []
    sets += [read_labelled(path) for path in options.data]
    sets += [_public(*named(text)) for text in options.public]
    reasoned = read_scifact(options.scifact) if options.scifact else ()
    if reasoned:
        digest = fingerprint(options.scifact / "claims_dev.jsonl")
        sets.append(LabelledSet("scifact claims_dev.jsonl", digest, scifact_pairs(reasoned)))
    return sets, reasoned


def _public(form: str, part: str, path: Path) -> LabelledSet:
    pairs = tuple(convert(form, path, part))
    return LabelledSet(f"{form}{f'/{part}' if part else ''} {path.name}", fingerprint(path), pairs)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if not (options.data or options.scifact or options.public or options.own):
        _parser().error("there is nothing to measure on: give --set FORMAT=FILE, --data FILE, --scifact FOLDER or --own")
    try:
        said = ablated(OnnxEncoder(), _sets(options)[0]) if options.ablate else table(run(options))
    except PaperchatError as error:
        fail(error)
        return 1
    sys.stdout.write(said + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
