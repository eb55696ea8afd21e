"""Fits the weights of the grounding checker (`rag/data/checker.json`) on labelled claims, and on the sentences that people marked for them.

`python -m eval.training.checker --claims TRAIN --reading FILE --scifact DIR [--limit N]`. TRAIN holds pairs as `paperchat eval calibrate --data`
reads them; FILE is the reading set, of which only the papers that the learned reader was not trained on are used; DIR is SciFact's folder, of
which the training claims are.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.checker.calibrate import print_progress
from eval.checker.converters import reading
from eval.checker.labelled import SEED, Labelled, Reasoned, read_labelled, read_scifact
from eval.console import tell
from eval.stats.detection import best_threshold
from rag.errors import PaperchatError
from rag.grounding.checker import GroundingChecker
from rag.grounding.rationale import sentence_signs
from rag.grounding.verdict import SHORT, SUPPORTED, Signs, log_odds
from rag.library.encoder import OnnxEncoder
from rag.library.static_words import static_words
from rag.reader.cross_encoder import CrossEncoder

OUT = Path("rag") / "data" / "checker.json"
LEFT_OUT = frozenset({"factcheck", "climate", "nli4ct"})
"""Sources of the training file whose labels do not follow from the words of claim and evidence."""
OWN = "reading"
OWN_COUNTS = 2.0
"""How often the reading set's claims count, which are like those that the product checks."""
REASONED = 330
"""SciFact's training claims, each with an abstract that settles it, of which the sentences' weights are made."""
LIMIT = 150
"""Pairs of each source and label."""
STRENGTH = 1.0
"""Inverse of the penalty on weights (scikit-learn's C)."""


@dataclass(frozen=True, slots=True)
class Example:
    """The signs of a pair, its label and its source."""

    signs: Signs
    supported: bool
    source: str


def unread_claims(path: Path) -> list[Labelled]:
    """The claims of the papers that the learned reader was not trained on."""
    from eval.training.reader.data import read_papers, split_papers

    _, held_out = split_papers(read_papers(path))
    return list(reading.read(path, {paper.id for paper in held_out}))


def examples(checker: GroundingChecker, pairs: Sequence[Labelled]) -> Iterator[Example]:
    """Those that no rule decides and whose source is used."""
    progress = print_progress()
    for at, pair in enumerate(pairs):
        signs = checker.signs(pair.claim, pair.evidence) if pair.source not in LEFT_OUT else None
        progress(at + 1, len(pairs), "pairs")
        if signs is not None:
            yield Example(signs, pair.supported, pair.source.rstrip("+-"))


def fitted(found: Sequence[Example], short: bool) -> dict[str, Any]:
    """Intercept and weights. For single sentences, the threshold of verdicts is where it parts the reading set's claims best, which are like
    those that the product checks; for longer sources the weight of the words is 1, so that they alone decide as before."""
    from sklearn.linear_model import LogisticRegression

    names = list(found[0].signs.values())
    model = LogisticRegression(C=STRENGTH, max_iter=3000)
    rows = [[one.signs.values()[name] for name in names] for one in found]
    model.fit(rows, [one.supported for one in found], sample_weight=_weights(found))
    own = dict(zip(names, map(float, model.coef_[0]), strict=True))
    if short:
        own_kind = [one for one in found if one.source == OWN] or list(found)
        sums = [sum(own[name] * value for name, value in one.signs.values().items()) for one in own_kind]
        cut = best_threshold([one.supported for one in own_kind], sums)
        intercept = log_odds(SUPPORTED) - (cut if cut is not None else -float(model.intercept_[0]))
    else:
        intercept, own = 0.0, {name: value / own["base"] for name, value in own.items()}
    return {"intercept": round(intercept, 4), "weights": {name: round(value, 4) for name, value in own.items()}}


def _weights(found: Sequence[Example]) -> list[float]:
    """Every source counts the same but for one's own, and in it both labels."""
    counts = Counter((one.source, one.supported) for one in found)
    share = {one: OWN_COUNTS if one == OWN else 1.0 for one, _ in counts}
    whole = sum(share[source] for source, _ in counts)
    return [len(found) * share[one.source] / (whole * counts[one.source, one.supported]) for one in found]


def fitted_rationale(claims: Sequence[Reasoned]) -> dict[str, Any]:
    """Intercept and weights of a sentence's signs, whether people marked it."""
    from sklearn.linear_model import LogisticRegression

    words, reader = static_words(), CrossEncoder()
    rows: list[Mapping[str, float]] = []
    marked: list[bool] = []
    progress = print_progress()
    for at, one in enumerate(claims):
        signs = sentence_signs(one.claim, one.sentences, words, reader)
        rows += signs
        marked += [place in one.rationale for place in range(len(signs))]
        progress(at + 1, len(claims), "abstracts")
    names = list(rows[0])
    model = LogisticRegression(C=STRENGTH, max_iter=3000).fit([[row[name] for name in names] for row in rows], marked)
    own = zip(names, map(float, model.coef_[0]), strict=True)
    return {"intercept": round(float(model.intercept_[0]), 4), "weights": {name: round(value, 4) for name, value in own}}


def settled(folder: Path) -> list[Reasoned]:
    """Training claims that an abstract settles, drawn the same way each time."""
    found = [one for one in read_scifact(folder, "train") if one.rationale]
    return random.Random(SEED).sample(found, min(REASONED, len(found)))


def record(found: Iterable[Example], checker: str) -> dict[str, Any]:
    """What the file holds."""
    every = list(found)
    parts = {
        "short": [one for one in every if one.signs.sentences <= SHORT],
        "long": [one for one in every if one.signs.sentences > SHORT],
    }
    models = {name: {**fitted(own, name == "short"), "pairs": len(own)} for name, own in parts.items()}
    return {"checker": checker, "models": models}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.training.checker", description="Fits the checker's weights.")
    parser.add_argument("--claims", type=Path, metavar="TRAIN", required=True, help="labelled pairs (JSON Lines, may be gzip)")
    parser.add_argument("--reading", type=Path, metavar="FILE", help="the reading set's train.jsonl")
    parser.add_argument("--scifact", type=Path, metavar="DIR", help="SciFact's corpus.jsonl and claims_train.jsonl")
    parser.add_argument("--limit", type=int, default=LIMIT, metavar="N", help="pairs of each source and label")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FILE")
    options = parser.parse_args(arguments)
    checker = GroundingChecker(OnnxEncoder(), CrossEncoder())
    try:
        pairs = [*read_labelled(options.claims, options.limit).pairs]
        pairs += unread_claims(options.reading) if options.reading else []
        reasoned = settled(options.scifact) if options.scifact else []
    except PaperchatError as error:
        tell(error)
        return 1
    made = record(examples(checker, pairs), checker.name)
    kept = json.loads(OUT.read_text(encoding="utf-8"))["models"].get("rationale")
    made["models"]["rationale"] = fitted_rationale(reasoned) if reasoned else kept
    options.out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    counts = ", ".join(f"{name} from {one['pairs']} pairs" for name, one in made["models"].items() if "pairs" in one)
    sys.stdout.write(f"{options.out}: {counts}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
