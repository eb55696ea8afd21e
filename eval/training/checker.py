"""Makes `rag/data/checker.json`: fits the weights and thresholds of the grounding checker on labelled claims, and on the sentences that people marked for them.

`python -m eval.training.checker --claims TRAIN --reading FILE --scifact DIR [--words]`. TRAIN holds pairs as `paperchat eval calibrate --data`
reads them; FILE is the reading set, of which only the papers that the learned reader was not trained on are used; DIR is SciFact's folder, of
which the training claims are. The same files give the same bytes; the file names them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.checker.calibrate import print_progress
from eval.checker.converters import reading
from eval.checker.labelled import Labelled, fingerprint, read_labelled
from eval.console import fail
from eval.stats.detection import best_threshold
from eval.training.rationale import STRENGTH, Abstract, best_cut, fitted_rationale, held_out, read_signs, settled
from eval.training.static_words import main as make_words
from rag.errors import PaperchatError
from rag.grounding.checker import GroundingChecker
from rag.grounding.verdict import SHORT, SUPPORTED, Model, Signs, log_odds, probability
from rag.library.encoder import MODEL_FOLDER, OnnxEncoder
from rag.library.static_words import VECTORS
from rag.reader.cross_encoder import MODEL, CrossEncoder

OUT = Path("rag") / "data" / "checker.json"
LEFT_OUT = frozenset({"factcheck", "climate", "nli4ct"})
"""Sources of the training file whose labels do not follow from the words of claim and evidence."""
OWN = "reading"
OWN_COUNTS = 2.0
"""How often the reading set's claims count, which are like those that the product checks."""
LIMIT = 150
"""Pairs of each source and label."""
AGAINST = frozenset({"number", "comparison", "opposite", "name"})
"""Signs that a rule found something wrong: too rare for their weights to be trusted where they speak for a claim."""
LOST = 0.05
"""Share of supported claims that are called unsupported. Chosen."""


@dataclass(frozen=True, slots=True)
class Example:
    """The signs of a pair, its label and its source."""

    signs: Signs
    supported: bool
    source: str


def unread_claims(path: Path) -> list[Labelled]:
    """The claims of the papers that the learned reader was not trained on."""
    from eval.training.reader.reading_set import read_papers, split_papers

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
    own = {name: min(value, 0.0) if name in AGAINST else value for name, value in own.items()}
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


def lowest_partly(found: Sequence[Example], model: Mapping[str, Any]) -> float:
    """The score under which one in twenty of the reading set's supported claims lies."""
    import numpy as np

    weighed = Model(model["intercept"], model["weights"])
    scores = [
        probability(weighed.log_odds(one.signs.values()))
        for one in found
        if one.source == OWN and one.supported and one.signs.sentences <= SHORT
    ]
    return round(float(np.quantile(scores, LOST)), 2)


def record(found: Iterable[Example], reasoned: Sequence[Abstract], unread: Sequence[Abstract]) -> dict[str, Any]:
    """The models, and the thresholds of their scores; of the sentences that are named, by abstracts whose claims the reader was not trained on."""
    every = list(found)
    parts = {
        "short": [one for one in every if one.signs.sentences <= SHORT],
        "long": [one for one in every if one.signs.sentences > SHORT],
    }
    models = {name: {**fitted(own, name == "short"), "pairs": len(own)} for name, own in parts.items()}
    models["rationale"] = {**fitted_rationale(reasoned), "claims": len(reasoned)}
    cuts = {
        "supported": SUPPORTED,
        "partly": lowest_partly(every, models["short"]),
        "settles": best_cut(unread, models["rationale"]),
    }
    return {"thresholds": cuts, "models": models}


def sources(options: argparse.Namespace) -> dict[str, dict[str, str]]:
    """The files that it was made from, by name and SHA-256: the data, and the models whose word it weighs."""
    data = (options.claims, options.reading, options.scifact / "corpus.jsonl", options.scifact / "claims_train.jsonl")
    read = (MODEL_FOLDER / "encoder.onnx", VECTORS, MODEL)
    return {
        "data": {path.name: fingerprint(path) for path in data},
        "models": {path.name: fingerprint(path) for path in read},
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.training.checker", description="Fits the checker's weights.")
    parser.add_argument("--claims", type=Path, metavar="TRAIN", required=True, help="labelled pairs (JSON Lines, may be gzip)")
    parser.add_argument("--reading", type=Path, metavar="FILE", required=True, help="the reading set's train.jsonl")
    parser.add_argument(
        "--scifact", type=Path, metavar="DIR", required=True, help="SciFact's corpus.jsonl and claims_train.jsonl"
    )
    parser.add_argument("--limit", type=int, default=LIMIT, metavar="N", help="pairs of each source and label")
    parser.add_argument("--words", action="store_true", help="first remake the vectors of single words; needs onnx")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FILE")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.words:
        make_words([])
    checker = GroundingChecker(OnnxEncoder(), CrossEncoder())
    try:
        pairs = [*read_labelled(options.claims, options.limit).pairs, *unread_claims(options.reading)]
        reasoned, made_from = settled(options.scifact), sources(options)
    except PaperchatError as error:
        fail(error)
        return 1
    told = read_signs(reasoned)
    unread = held_out(options.scifact, told)
    made = {"checker": checker.name, "made_from": made_from, **record(examples(checker, pairs), told, unread)}
    options.out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    counts = ", ".join(f"{name} from {one['pairs']} pairs" for name, one in made["models"].items() if "pairs" in one)
    sys.stdout.write(f"{options.out}: {counts}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
