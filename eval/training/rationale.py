"""Fits the weights by which the checker names the sentences that settle a claim, on those that people marked in SciFact's training claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.checker.calibrate import print_progress
from eval.checker.labelled import Reasoned, read_scifact
from eval.training.reader.claims import scifact_claims
from rag.grounding.rationale import named, sentence_signs
from rag.grounding.verdict import Model
from rag.library.static_words import static_words
from rag.reader.cross_encoder import CrossEncoder

STRENGTH = 1.0
"""Inverse of the penalty on weights (scikit-learn's C)."""
CUTS = tuple(round(-3 + 0.05 * step, 2) for step in range(81))
"""Log-odds that are tried."""
Abstract = tuple[Reasoned, list[Mapping[str, float]]]


def settled(folder: Path) -> list[Reasoned]:
    """The training claims, each with an abstract that settles it."""
    return [one for one in read_scifact(folder, "train") if one.rationale]


def held_out(folder: Path, found: Sequence[Abstract]) -> list[Abstract]:
    """Those whose claim the reader was not trained on: of the others it is surer than it will be of new ones, which would move the cut."""
    kept = {claim.text for claim in scifact_claims(folder, held_out=True)}
    return [one for one in found if one[0].claim in kept]


def read_signs(claims: Sequence[Reasoned]) -> list[Abstract]:
    """Each claim with the signs of its abstract's sentences; claims without words are left out."""
    words, reader, progress = static_words(), CrossEncoder(), print_progress()
    found = []
    for at, one in enumerate(claims):
        signs = sentence_signs(one.claim, one.sentences, words, reader)
        found += [(one, signs)] if signs else []
        progress(at + 1, len(claims), "abstracts")
    return found


def fitted_rationale(found: Sequence[Abstract]) -> dict[str, Any]:
    """Intercept and weights of a sentence's signs, whether people marked it."""
    from sklearn.linear_model import LogisticRegression

    names = list(found[0][1][0])
    rows = [[row[name] for name in names] for _, signs in found for row in signs]
    marked = [at in one.rationale for one, signs in found for at in range(len(signs))]
    model = LogisticRegression(C=STRENGTH, max_iter=3000).fit(rows, marked)
    own = zip(names, map(float, model.coef_[0]), strict=True)
    return {"intercept": round(float(model.intercept_[0]), 4), "weights": {name: round(value, 4) for name, value in own}}


def best_cut(found: Sequence[Abstract], fit: Mapping[str, Any]) -> float:
    """The log-odds from which on a second or third sentence is named that give the best F1 (micro); of equal ones the lowest."""
    model = Model(fit["intercept"], fit["weights"])
    scored = [(one.rationale, [model.log_odds(row) for row in signs]) for one, signs in found]
    return max(CUTS, key=lambda cut: (_f1(scored, cut), -cut))


def _f1(scored: Sequence[tuple[frozenset[int], list[float]]], cut: float) -> float:
    chosen = [(marked, set(named(scores, cut))) for marked, scores in scored]
    hits = sum(len(marked & places) for marked, places in chosen)
    return 2 * hits / max(1, sum(len(marked) + len(places) for marked, places in chosen))
