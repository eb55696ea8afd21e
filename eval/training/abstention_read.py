"""Learns how the learned reader's word on a question is weighed together with the other signs of silence.

`python -m eval.training.abstention_read EXAMPLES … [--without SIGN …] [--at THRESHOLD …] [--write]` fits `rag/data/silence_read.json` on what
`eval.training.silence_examples` collected. It prints, for several thresholds, the shares refused rightly and wrongly by fits that saw no question about
the same paper, or on the same page; and of each sign its weight and in how many questions it is set. `--without` fits without some of the signs.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.console import fail, tell
from eval.stats.detection import auroc
from eval.training.silence_examples import Example, read_examples
from rag.abstention.classifier import model
from rag.errors import PaperchatError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

WEIGHTS = Path(__file__).resolve().parents[2] / "rag" / "data" / "silence_read.json"
STRENGTH = 0.1
"""How freely weights may grow (the inverse of the L2 penalty); between 0.02 and 0.5 nothing changes by more than chance."""
FOLDS = 8
THRESHOLDS = (0.6, 0.7, 0.8, 0.85, 0.87, 0.9)
FALSE = 0.05
"""The share of answerable questions refused at which sets of signs are compared."""


@dataclass(frozen=True, slots=True)
class Told:
    """A question's signs, whether it cannot be answered, the paper it is about, and the set it is from."""

    found: Mapping[str, float]
    silent: bool
    paper: str
    source: str


def weighed_by_signs(collected: Sequence[Example], without: Collection[str] = ()) -> list[Told]:
    """Those that signs decide, without some of their signs."""
    return [
        Told({name: value for name, value in one.found.items() if name not in without}, one.silent, one.paper, one.source)
        for one in collected
        if one.found is not None
    ]


def fitted(told: Sequence[Told]) -> tuple[float, dict[str, float]]:
    """Logistic regression over standardised signs: the bias and weights for the signs as they are. Each set of questions counts the same."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    names = sorted(told[0].found)
    table = np.array([[one.found[name] for name in names] for one in told])
    middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    sizes = Counter(one.source for one in told)
    shares = [len(told) / len(sizes) / sizes[one.source] for one in told]
    regression = LogisticRegression(C=STRENGTH, max_iter=3000)
    fit = regression.fit((table - middle) / spread, [one.silent for one in told], sample_weight=shares)
    weights = fit.coef_[0] / spread
    bias = float(fit.intercept_[0] - weights @ middle)
    return round(bias, 4), {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


def left_out(told: Sequence[Told]) -> Numbers:
    """The probability of each by a fit that saw no question about its paper."""
    import numpy as np

    found = np.zeros(len(told))
    part = [zlib.crc32(one.paper.encode()) % FOLDS for one in told]
    for fold in sorted(set(part)):
        bias, weights = fitted([one for one, own in zip(told, part, strict=True) if own != fold])
        for place, one in enumerate(told):
            if part[place] == fold:
                found[place] = 1 / (1 + np.exp(-bias - sum(weights[name] * value for name, value in one.found.items())))
    return found


def table(told: Sequence[Told], chances: Sequence[float], thresholds: Sequence[float]) -> Iterator[str]:
    """By set and threshold the shares refused, rightly / wrongly, in per cent, beside AUROC and what is refused rightly at 5 % wrongly; Markdown."""
    yield (
        f"| questions over | AUROC | at {100 * FALSE:.0f} % wrongly | "
        + " | ".join(f"at {threshold}" for threshold in thresholds)
        + " |"
    )
    yield "|---" * (3 + len(thresholds)) + "|"
    for source in dict.fromkeys(one.source for one in told):
        own = [(chance, one.silent) for one, chance in zip(told, chances, strict=True) if one.source == source]
        silent, others = ([chance for chance, is_silent in own if is_silent == wanted] for wanted in (True, False))
        area = auroc([is_silent for _, is_silent in own], [chance for chance, _ in own])
        cells = ["–" if area is None else f"{area:.3f}", f"{_share(silent, _cut(others)):.1f} %"]
        cells += [f"{_share(silent, threshold):.1f} / {_share(others, threshold):.1f} %" for threshold in thresholds]
        yield f"| {source} ({len(silent)} unanswerable, {len(others)} others) | " + " | ".join(cells) + " |"


def _share(chances: Sequence[float], threshold: float) -> float:
    """In per cent, how many reach it."""
    return 100 * sum(chance >= threshold for chance in chances) / max(1, len(chances))


def _cut(chances: Sequence[float]) -> float:
    """The lowest threshold that at most `FALSE` of them reach."""
    kept = sorted(chances, reverse=True)
    place = int(FALSE * len(kept))
    return math.nextafter(kept[place], math.inf) if kept else 0.0


def signs_table(told: Sequence[Told], weights: Mapping[str, float]) -> Iterator[str]:
    """Each sign's weight, and by set in how many unanswerable / other questions it is not 0; Markdown."""
    sources = list(dict.fromkeys(one.source for one in told))
    yield "| sign | weight | " + " | ".join(sources) + " |"
    yield "|---" * (2 + len(sources)) + "|"
    for name, weight in weights.items():
        counts = Counter((one.source, one.silent) for one in told if one.found[name])
        yield f"| {name} | {weight} | " + " | ".join(f"{counts[one, True]} / {counts[one, False]}" for one in sources) + " |"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=Path, nargs="+", metavar="EXAMPLES", help="files of eval.training.silence_examples")
    parser.add_argument("--without", nargs="+", default=(), metavar="SIGN", help="leave these signs out")
    parser.add_argument("--at", type=float, nargs="+", default=THRESHOLDS, metavar="THRESHOLD", help="what to print shares for")
    parser.add_argument("--threshold", type=float, default=model("silence_read").threshold, help="the one that is written")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name}")
    wanted = parser.parse_args(arguments)
    try:
        told = weighed_by_signs(read_examples(wanted.examples), wanted.without)
    except PaperchatError as error:
        fail(error)
        return 1
    if len({one.silent for one in told}) < 2:
        tell("There must be questions of both kinds, unanswerable and others: collect more.")
        return 1
    bias, weights = fitted(told)
    sys.stdout.writelines(
        f"{line}\n" for line in (*table(told, left_out(told).tolist(), wanted.at), "", *signs_table(told, weights))
    )
    if wanted.write:
        made = {"threshold": wanted.threshold, "bias": bias, "weights": weights}
        WEIGHTS.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
