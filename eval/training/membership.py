"""Learns which papers belong to a list: `python -m eval.training.membership [--write]`.

Fits `rag/data/membership_read.json` on the lists among the bundled `dev` cases, and `membership.json` for doing without the learned reader. Prints the F1 of
the papers within reach at several thresholds, by fits that did not see the question. `python -m eval.bench.lists` measures on other papers.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.cases.reading import Case, bundled_cases
from eval.console import tell
from eval.stats.bootstrap import mean_interval
from eval.training.listing import DATA
from rag.abstention.classifier import Model, probability
from rag.answering.assistant import LibraryAssistant
from rag.answering.membership import by_id, near, read_signs, signs
from rag.answering.quotes import LIST_HITS, of_topic
from rag.build import open_library
from rag.ingestion.bundled import bundled_papers
from rag.settings import own_library

FOLDS = 9
STRENGTH = 1.0
"""The inverse of the L2 penalty on standardised signs. Chosen."""
MODELS = {"membership": 0.45, "membership_read": 0.55}
"""The weights, without and with the learned reader, and the probability from which on a paper is listed. Chosen by the tables."""
TRIED = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55)

Signs = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Example:
    """A list: the signs of each paper near enough to be weighed, by id, and which papers belong or only touch the question."""

    found: Signs
    belong: frozenset[str]
    touch: frozenset[str]

    def f1(self, by: Model) -> float:
        """Of the papers listed, those that are too far to be weighed being missed."""
        listed = {id for id, signs in self.found.items() if probability(signs, by) >= by.threshold} - self.touch
        return 2 * len(listed & self.belong) / (len(listed) + len(self.belong))


def examples(cases: Sequence[Case], read: bool) -> list[Example]:
    """The lists over the bundled papers, with what the learned reader finds or without it."""
    with TemporaryDirectory() as home:
        with open_library(home, settings=own_library(Path(home), bundled=False)) as chat:
            chat.add(bundled_papers())
            found = []
            for number, case in enumerate(cases, 1):
                found.append(_example(case, chat.assistant, read))
                if number % 10 == 0:
                    tell(f"{number} of {len(cases)} lists")
    return found


def _example(case: Case, assistant: LibraryAssistant, read: bool) -> Example:
    plan, writer = assistant.planner.plan(case.question), assistant.writer
    hits = near(assistant.search.search(plan.topic or plan.text, LIST_HITS))
    own = by_id(writer.ranker.matches(of_topic(plan), hits))
    found = read_signs(own, writer.membership.read(plan.text, own)) if read else signs(own)
    return Example(found, frozenset(case.papers), frozenset(case.acceptable))


def fitted(told: Sequence[Example], threshold: float) -> Model:
    """Logistic regression; every list counts the same, and what only touches it does not count."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rows = [
        (signs, id in one.belong, 1 / len(one.found)) for one in told for id, signs in one.found.items() if id not in one.touch
    ]
    names = sorted(rows[0][0])
    table = np.array([[signs[name] for name in names] for signs, _, _ in rows])
    middle, spread = table.mean(axis=0), np.maximum(table.std(axis=0), 1e-9)
    shares = np.array([share for _, _, share in rows])
    fit = LogisticRegression(C=STRENGTH, max_iter=3000).fit(
        (table - middle) / spread, [so for _, so, _ in rows], sample_weight=shares * len(rows) / shares.sum()
    )
    weights = fit.coef_[0] / spread
    bias = round(float(fit.intercept_[0] - weights @ middle), 4)
    return Model(bias, {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}, threshold)


def table(told: Sequence[Example]) -> Iterator[str]:
    """F1 by threshold, each list by a fit on the other folds, as lines of Markdown."""
    yield "| threshold | F1 |"
    yield "|---|---|"
    for threshold in TRIED:
        own = [one.f1(by) for one, by in _left_out(told, threshold)]
        share = mean_interval(own, range(len(own)))
        if share is not None:
            yield f"| {threshold} | {share.value:.3f} ({share.low:.3f}–{share.high:.3f}), n = {share.n} |"


def _left_out(told: Sequence[Example], threshold: float) -> Iterator[tuple[Example, Model]]:
    folds = min(FOLDS, len(told))
    for fold in range(folds):
        by = fitted([one for place, one in enumerate(told) if place % folds != fold], threshold)
        yield from ((one, by) for one in told[fold::folds])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    wanted = parser.parse_args(arguments)
    cases = [case for case in bundled_cases("dev") if case.kind == "list"]
    for name, threshold in MODELS.items():
        told = examples(cases, name.endswith("read"))
        by = fitted(told, threshold)
        sys.stdout.writelines(f"{line}\n" for line in (name, *table(told)))
        if wanted.write:
            made = {"threshold": by.threshold, "bias": by.bias, "weights": by.weights}
            (DATA / f"{name}.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
