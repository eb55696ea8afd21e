"""Whether claims of the training material give their verdict away: `python -m eval.training.giveaways FILE [FILE …]`.

Told from the claim's own words and the share of them that its source has, with no look at what the source says. A model that learns from claims which are
told like this learns the words and not to read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.training.material import rows_of
from rag.text.words import words

FOLDS = 3
COMMON = 3
"""Claims in which a word or a pair of words must stand to count. Chosen."""


def giveaway(rows: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """AUROC of telling supported claims from contradicted ones, 0.5 where nothing gives them away: by words and share of words held, cross-validated by
    abstract; and by that share alone (under 0.5: the more of its words the source has, the likelier a claim is contradicted)."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict

    claims = [
        (number, claim["claim"], claim["verdict"] == "supported", _held(claim["claim"], row["sentences"]))
        for number, row in enumerate(rows)
        for claim in row.get("claims", ())
        if claim["verdict"] in ("supported", "contradicted")
    ]
    groups, texts, labels, shares = zip(*claims, strict=True)
    signs = [f"{text} held{10 * share:.0f} long{len(words(text)) // 3}" for text, share in zip(texts, shares, strict=True)]
    told = TfidfVectorizer(ngram_range=(1, 2), min_df=COMMON, sublinear_tf=True).fit_transform(signs)
    model = LogisticRegression(C=2, max_iter=2000)
    scores = cross_val_predict(model, told, labels, groups=groups, cv=GroupKFold(FOLDS), method="decision_function")
    return float(roc_auc_score(labels, scores)), float(roc_auc_score(labels, shares))


def _held(claim: str, sentences: Sequence[str]) -> float:
    """The share of the claim's words that the sentences have."""
    own, theirs = words(claim), set(words(" ".join(sentences)))
    return sum(word in theirs for word in own) / max(1, len(own))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.training.giveaways", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="JSON Lines with sentences and claims, plain or .gz")
    for path in parser.parse_args(arguments).files:
        by_words, by_share = giveaway(list(rows_of(path)))
        sys.stdout.write(f"{path.name}: {by_words:.3f}, by the share of words held {by_share:.3f}\n")


if __name__ == "__main__":
    main()
