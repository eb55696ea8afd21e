"""Learns how signs of silence are weighed: `python -m eval.training.abstention --abstracts FILE [--write]` fits `rag/data/silence.json`.

Learns from the `dev` questions and from those of `cases/elsewhere.jsonl`, whose papers FILE must hold (JSON Lines of `id`, `title`,
`abstract`; gzip or plain). The figures it prints are of questions over papers that were left out while fitting.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from eval.cases.other_pages import Page, pages
from eval.cases.reading import bundled_cases
from eval.console import tell
from eval.scores.metrics import must_be_refused
from rag.abstention.classifier import model, signs, weighed
from rag.abstention.rules import Findings
from rag.answering.quotes import Found, QuoteWriter
from rag.build import open_library
from rag.ingestion.bundled import bundled_papers
from rag.query.plan import QueryPlan
from rag.settings import own_library
from rag.types import Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

WEIGHTS = Path(__file__).resolve().parents[2] / "rag" / "data" / "silence.json"
OWN = "bundled"
OWN_SHARE = 0.6
"""What a question over the bundled papers counts: the rules among the signs were made while looking at them."""
STRENGTH = 0.03
"""How freely weights may grow (the inverse of the L2 penalty)."""
FOLDS = 10


@dataclass(frozen=True, slots=True)
class Example:
    """A question's signs, or what a rule alone decides of it; whether the papers are silent; over which page; what must be left out with it."""

    found: Mapping[str, float] | bool
    silent: bool
    page: str
    kin: str


@dataclass(frozen=True)
class RecordingWriter(QuoteWriter):
    """The quoting writer, which keeps of each fact and explanation the signs, or, where a rule alone decides, whether it is refused."""

    heard: list[Mapping[str, float] | bool] = field(default_factory=list)

    def _read(self, question: QueryPlan, hits: Sequence[Hit]) -> Found:
        read = super()._read(question, hits)
        found = Findings(question, read.matches, self.holds)
        self.heard.append(signs(found) if weighed(found) else read.refusal is not None)
        return read


def examples(page: Page) -> Iterator[Example]:
    """One for each question that is read as a fact or an explanation."""
    with TemporaryDirectory() as home:
        with open_library(home, settings=own_library(Path(home), bundled=False)) as chat:
            chat.add(page.papers)
            writer = chat.assistant.writer
            listening = RecordingWriter(writer.ranker, writer.search, writer.holds)
            assistant = replace(chat.assistant, writer=listening)
            for case in page.cases:
                listening.heard.clear()
                assistant.ask(case.question, case.history)
                if listening.heard:
                    yield Example(listening.heard[-1], must_be_refused(case), page.name, (case.papers or (case.id,))[0])


@dataclass(frozen=True)
class Fit:
    """Logistic regression over standardised signs, given as a bias and weights for the signs as they are."""

    bias: float
    weights: Mapping[str, float]

    @classmethod
    def of(cls, sample: Sequence[Example]) -> Fit:
        import numpy as np
        from sklearn.linear_model import LogisticRegression

        read = [(each, each.found) for each in sample if isinstance(each.found, Mapping)]
        names = list(read[0][1])
        table = np.array([[found[name] for name in names] for _, found in read])
        middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
        counts = [OWN_SHARE if each.page == OWN else 1.0 for each, _ in read]
        fitted = LogisticRegression(C=STRENGTH, max_iter=2000).fit(
            (table - middle) / spread, [each.silent for each, _ in read], sample_weight=counts
        )
        weights = fitted.coef_[0] / spread
        bias = float(fitted.intercept_[0] - weights @ middle)
        return cls(round(bias, 4), {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)})

    def probabilities(self, sample: Sequence[Example]) -> Numbers:
        import numpy as np

        return np.array([self._probability(each.found) for each in sample])

    def _probability(self, found: Mapping[str, float] | bool) -> float:
        if isinstance(found, bool):
            return float(found)
        return 1 / (1 + math.exp(-self.bias - sum(self.weights[name] * value for name, value in found.items())))


def left_out(sample: Sequence[Example]) -> Numbers:
    """The probability of each by a fit that saw neither its page, nor, of the bundled papers, any question about its paper."""
    import numpy as np

    kin = sorted({each.kin for each in sample if each.page == OWN})
    folds = {name: f"{OWN}-{place % FOLDS}" for place, name in enumerate(np.random.default_rng(0).permutation(kin))}
    part = [folds[each.kin] if each.page == OWN else each.page for each in sample]
    found = np.zeros(len(sample))
    for name in sorted(set(part)):
        own = [place for place, each in enumerate(part) if each == name]
        fit = Fit.of([each for each, other in zip(sample, part, strict=True) if other != name])
        found[own] = fit.probabilities([sample[place] for place in own])
    return found


def table(sample: Sequence[Example], found: Numbers, threshold: float) -> Iterator[str]:
    """Shares refused, rightly and wrongly, by page, over all pages elsewhere and over all, as lines of Markdown."""
    pages = list(dict.fromkeys(each.page for each in sample))
    groups = {page: [page] for page in pages} | {"elsewhere": [page for page in pages if page != OWN], "all": pages}
    yield "| questions over | unanswerable, and refused | answerable, but refused |"
    yield "|---|---|---|"
    for name, group in groups.items():
        cells = []
        for silent in (True, False):
            own = [chance for each, chance in zip(sample, found, strict=True) if each.silent == silent and each.page in group]
            cells.append(f"{100 * sum(chance >= threshold for chance in own) / max(1, len(own)):.1f} % of {len(own)}")
        yield f"| {name} | {cells[0]} | {cells[1]} |"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--abstracts", type=Path, required=True, help="JSON Lines with the papers of cases/elsewhere.jsonl")
    parser.add_argument(
        "--threshold", type=float, default=model().threshold, help="probability from which on a question is refused"
    )
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name}")
    wanted = parser.parse_args(arguments)
    sample: list[Example] = []
    for page in [Page(OWN, tuple(bundled_papers()), tuple(bundled_cases("dev"))), *pages(wanted.abstracts)]:
        tell(f"{page.name}: {len(page.cases)} questions")
        sample += examples(page)
    sys.stdout.writelines(f"{line}\n" for line in table(sample, left_out(sample), wanted.threshold))
    fit = Fit.of(sample)
    if wanted.write:
        made = {"threshold": wanted.threshold, "bias": fit.bias, "weights": fit.weights}
        WEIGHTS.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
