"""Measures the reader on abstracts that it never saw, the right paper given: `python -m eval.training.reader.held FILE [FILE …] [--model FILE]`.

FILE is JSON Lines like the material's `lay_held.jsonl.gz`, plain or .gz: questions, contrast pairs, and claims with the sentences that they are about.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from eval.training.material import rows_of
from rag.reader.cross_encoder import MODEL, CrossEncoder

AMONG = 3
WRONGLY = 0.05
"""Share of the answerable questions that may be refused."""


class Reads(Protocol):
    """What is measured of a reader."""

    def answers(self, question: str, passages: Sequence[tuple[str, Sequence[str]]]) -> list[list[float]]: ...

    def verdicts(self, claim: str, sentences: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]: ...


def questions(rows: Sequence[Mapping[str, Any]], reader: Reads) -> dict[str, float]:
    """Shares of the answerable questions with a gold sentence first and among three, AUROC of answerable against not, the share of the others that
    is refused where 5 % of the answerable are, and of the pairs that are in the right order; of yes/no questions the AUROC of `yes` against `no`,
    the gold sentence given."""
    import numpy as np
    from sklearn.metrics import roc_auc_score

    first, among, order, whether = [], [], [], []
    known: list[float] = []
    unknown: list[float] = []
    for row in rows:

        def read(question: str, row: Mapping[str, Any] = row) -> list[float]:
            return reader.answers(question, [(row["title"], row["sentences"])])[0]

        for one in row.get("answerable", ()):
            scores, gold = read(one["question"]), set(one["sentences"])
            best = sorted(range(len(scores)), key=lambda at: -scores[at])
            first.append(best[0] in gold)
            among.append(not gold.isdisjoint(best[:AMONG]))
            known.append(_any(scores))
            if one.get("says") in ("yes", "no"):
                sentence = row["sentences"][min(gold)]
                yes, _, no = reader.verdicts(one["question"], [(row["title"], sentence)])[0]
                whether.append((one["says"] == "yes", yes / (yes + no)))
        unknown += [_any(read(one["question"])) for one in row.get("unanswerable", ())]
        order += [_any(read(one["answerable"])) > _any(read(one["unanswerable"])) for one in row.get("pairs", ())]
    cut = float(np.quantile(known, WRONGLY))
    found = {"gold first": _share(first), "among three": _share(among)}
    if unknown:
        found["AUROC"] = float(roc_auc_score([True] * len(known) + [False] * len(unknown), known + unknown))
        found["refused at 5 % false"] = _share([score < cut for score in unknown])
    found["twins in order"] = _share(order)
    if len({so for so, _ in whether}) == 2:
        found["yes against no"] = float(roc_auc_score([so for so, _ in whether], [chance for _, chance in whether]))
    return found


def claims(rows: Sequence[Mapping[str, Any]], reader: Reads) -> dict[str, float]:
    """AUROC of supported claims against all others, and against contradicted ones, held against the sentences that they were written about."""
    from sklearn.metrics import roc_auc_score

    read = [
        (
            claim["verdict"],
            reader.verdicts(claim["claim"], [("", " ".join(row["sentences"][at] for at in claim["sentences"]))])[0],
        )
        for row in rows
        for claim in row.get("claims", ())
    ]
    told = [(verdict, yes / (yes + no)) for verdict, (yes, _, no) in read if verdict != "not stated"]
    return {
        "supported or not": float(
            roc_auc_score([verdict == "supported" for verdict, _ in read], [yes for _, (yes, _, _) in read])
        ),
        "supported or contradicted": float(roc_auc_score([verdict == "supported" for verdict, _ in told], [x for _, x in told])),
    }


def figures(rows: Sequence[Mapping[str, Any]], reader: Reads) -> Iterator[tuple[str, float]]:
    """All that the rows have something to measure with."""
    if any(row.get("answerable") for row in rows):
        yield from questions(rows, reader).items()
    if any(row.get("claims") for row in rows):
        yield from claims(rows, reader).items()


def _any(scores: Sequence[float]) -> float:
    """The log-odds that any sentence answers."""
    most = max(scores)
    return most + math.log(sum(math.exp(score - most) for score in scores))


def _share(told: Sequence[bool]) -> float:
    return sum(told) / len(told) if told else math.nan


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.training.reader.held", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--model", type=Path, default=MODEL, metavar="FILE", help="the reader's file")
    options = parser.parse_args(arguments)
    reader = CrossEncoder(options.model)
    for path in options.files:
        found = figures(list(rows_of(path)), reader)
        sys.stdout.write(f"{path.name}: {', '.join(f'{name} {value:.3f}' for name, value in found)}\n")


if __name__ == "__main__":
    main()
