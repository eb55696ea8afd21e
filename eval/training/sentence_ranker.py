"""Fits the weights by which sentences are ranked (`rag/data/sentence_weights.json`).

`python -m eval.training.sentence_ranker [--abstracts FILE] [--write]` reads, for each `dev` question about a fact or an explanation,
the sentences of the papers that search puts first, and fits a conditional logit: the probability that a sentence is the one
chosen is its exponentiated score over the sum for all sentences read (McFadden, "Conditional logit analysis of qualitative choice
behavior", 1974). With the abstracts that `eval.cases.other_pages` describes, the questions over six other pages are used as well. It
prints each weight beside the one in use, and how often a gold sentence comes first with either; the fitted weights are judged on papers
that they were not fitted on.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from eval.cases.other_pages import pages
from eval.cases.reading import Case, bundled_cases
from eval.console import fail
from eval.scores.metrics import is_gold
from rag.errors import PaperchatError
from rag.ingestion.bundled import bundled_papers
from rag.library.chunking import SentenceWindows
from rag.library.encoder import OnnxEncoder
from rag.library.library import Library
from rag.query.plan import QueryPlan
from rag.query.question import understand
from rag.retrieval.hybrid import HybridSearch
from rag.retrieval.sentence_ranker import WEIGHTS, Match, SentenceRanker, cue, introduction, prior
from rag.types import Citation, Paper

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

FILE = Path(__file__).resolve().parents[2] / "rag" / "data" / "sentence_weights.json"
KINDS = ("fact", "method")
READ = 3
"""Papers whose sentences are read, as the quoting writer does."""
MATCH = "match"
"""The feature that the others are measured in: the mean match of the question's words."""
PENALTY = 1.0
"""L2 penalty on the weights, in questions."""
STEPS = 100
FOLDS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The sentences read for one question (sentences × features), which of them are gold, and the paper the question is about."""

    features: Numbers
    gold: NDArray[np.bool_]
    paper: str


def names() -> list[str]:
    return [MATCH, *WEIGHTS]


def choices(papers: Sequence[Paper], cases: Sequence[Case], encoder: OnnxEncoder) -> Iterator[Choice]:
    """One for each question of which a gold sentence, and another one, was read."""
    import numpy as np

    with TemporaryDirectory() as folder, Library.open(Path(folder), encoder, SentenceWindows()) as library:
        library.add(papers)
        search, states = HybridSearch(library), library.sentences()
        plain, point = (SentenceRanker(encoder, states=states, weights=_unit(name)) for name in ("", "point"))
        for case in cases:
            asked = understand(search.corrected(case.question))
            hits = search.search(asked.text, READ)
            found = plain.matches(asked, hits)
            pointed = {_key(match): match.score for match in point.matches(asked, hits)}
            gold = np.array([is_gold(case, Citation(0, one.evidence.paper, one.evidence.span)) for one in found], dtype=bool)
            if gold.any() and not gold.all():
                counts = {hit.paper.id: len(plain.read(hit.paper).spans) for hit in hits}
                rows = [_features(asked, one, pointed[_key(one)], counts[one.evidence.paper.id]) for one in found]
                yield Choice(np.array(rows), gold, case.papers[0])


def _key(match: Match) -> tuple[str, int]:
    return match.evidence.paper.id, match.position


def _unit(name: str) -> Mapping[str, float]:
    """Weights of which only this one counts."""
    return defaultdict(float, {name: 1.0})


def _features(asked: QueryPlan, match: Match, pointed: float, count: int) -> list[float]:
    """The values that the weights multiply: a score is linear in its weights, so each is the score with that weight alone."""
    found = {MATCH: match.score, "point": pointed - match.score, "hit": match.hit.score}
    for name in WEIGHTS.keys() - found.keys():
        unit = _unit(name)
        found[name] = (
            introduction(asked, match.text, unit)
            + cue(asked.wants, match.text, match.role, unit)
            + prior(match.part, match.position, count, match.text, unit)
        )
    return [found[name] for name in names()]


def fitted(found: Sequence[Choice]) -> dict[str, float]:
    """Weights in units of the match, by Newton's method on the penalised likelihood, with the expected information as curvature."""
    import numpy as np

    width = len(names())
    weights = np.zeros(width)
    weights[0] = 1.0
    for _ in range(STEPS):
        gradient, information = -PENALTY * weights, PENALTY * np.eye(width)
        for one in found:
            chance = _softmax(one.features @ weights)
            right = np.where(one.gold, chance, 0.0)
            mean = chance @ one.features
            gradient += (right / right.sum()) @ one.features - mean
            information += (one.features * chance[:, None]).T @ one.features - np.outer(mean, mean)
        step = np.linalg.solve(information, gradient)
        weights += step
        if float(np.abs(step).max()) < 1e-6:
            break
    return {name: float(value) for name, value in zip(names(), weights / weights[0], strict=True)}


def _softmax(scores: Numbers) -> Numbers:
    import numpy as np

    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def gold_first(found: Sequence[Choice], weights: Mapping[str, float]) -> list[bool]:
    """For each question, whether the sentence with the highest score is gold."""
    import numpy as np

    values = np.array([weights[name] for name in names()])
    return [bool(one.gold[int(np.argmax(one.features @ values))]) for one in found]


def left_out(found: Sequence[Choice]) -> list[bool]:
    """The same, each question with weights fitted on the questions about papers of the other folds."""
    fold = [zlib.crc32(one.paper.encode()) % FOLDS for one in found]
    firsts: list[bool] = [False] * len(found)
    for held in sorted(set(fold)):
        weights = fitted([one for one, own in zip(found, fold, strict=True) if own != held])
        places = [place for place, own in enumerate(fold) if own == held]
        for place, first in zip(places, gold_first([found[place] for place in places], weights), strict=True):
            firsts[place] = first
    return firsts


def table(found: Sequence[Choice], weights: Mapping[str, float]) -> Iterator[str]:
    used = {MATCH: 1.0, **WEIGHTS}
    yield f"{'weight':22} {'in use':>7} {'fitted':>7}"
    for name in names()[1:]:
        yield f"{name:22} {used[name]:7.2f} {weights[name]:7.2f}"
    now, new = gold_first(found, used), left_out(found)
    yield f"{'gold first':22} {sum(now) / len(now):7.3f} {sum(new) / len(new):7.3f}  of {len(found)} questions; fitted: on papers left out"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.training.sentence_ranker", description="Fits the weights of sentences.")
    parser.add_argument("--abstracts", type=Path, metavar="FILE", help="arXiv's abstracts (JSON Lines), for the other pages")
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    wanted = parser.parse_args(arguments)
    encoder = OnnxEncoder()
    sets: list[tuple[Sequence[Paper], Sequence[Case]]] = [(bundled_papers(), bundled_cases("dev"))]
    try:
        sets += [(page.papers, page.cases) for page in pages(wanted.abstracts)] if wanted.abstracts else []
        found = [
            one
            for papers, cases in sets
            for one in choices(papers, [case for case in cases if case.kind in KINDS and case.sentences], encoder)
        ]
    except PaperchatError as error:
        fail(error)
        return 1
    weights = fitted(found)
    sys.stdout.writelines(f"{line}\n" for line in table(found, weights))
    if wanted.write:
        comment = f"Fitted by `python -m eval.training.sentence_ranker` on {len(found)} questions; the match counts 1."
        made = {"comment": comment, **{name: round(weights[name], 3) for name in WEIGHTS}}
        FILE.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
