"""Learns how the learned reader's word on a question is weighed together with the other signs of silence.

`python -m eval.training.abstention_read --reading FILE [--abstracts FILE] [--write]` fits `rag/data/silence_read.json` on the `dev` questions over the
bundled papers, on the questions of the reading set (the form is that of `eval.bench.reading`) over the abstracts that the reader was not trained on,
on those of `material/calibration.jsonl.gz`, and, with the abstracts that `eval.training.abstention` takes, on those over six other pages. It prints, for several thresholds, the shares refused
rightly and wrongly by a fit that saw no question about the same paper, or on the same page.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from eval.bench import reading
from eval.cases.other_pages import Page, pages
from eval.cases.reading import Case, bundled_cases
from eval.console import tell
from eval.training.material import MATERIAL
from eval.training.reader.reading_set import HELD_OUT
from rag.abstention.classifier import model, signs, weighed
from rag.abstention.rules import Findings
from rag.answering.quotes import QuoteWriter
from rag.build import open_library
from rag.ingestion.bundled import bundled_papers
from rag.query.plan import QueryPlan
from rag.retrieval.sentence_ranker import Match
from rag.settings import own_library
from rag.types import Hit, Paper, Refusal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

WEIGHTS = Path(__file__).resolve().parents[2] / "rag" / "data" / "silence_read.json"
KINDS = ("fact", "method", "follow_up", "unanswerable")
STRENGTH = 0.1
"""How freely weights may grow (the inverse of the L2 penalty); between 0.02 and 0.5 nothing changes by more than chance."""
FOLDS = 8
THRESHOLDS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)


@dataclass(frozen=True, slots=True)
class Example:
    """A question's signs, whether it cannot be answered, the paper it is about, and the set it is from."""

    found: Mapping[str, float]
    silent: bool
    paper: str
    source: str


@dataclass(frozen=True)
class RecordingWriter(QuoteWriter):
    """The quoting writer, which keeps the signs of each question that signs decide."""

    heard: list[Mapping[str, float]] = field(default_factory=list)

    def _read(self, question: QueryPlan, hits: Sequence[Hit]) -> tuple[list[Match], Refusal | None]:
        matches = self.ranker.matches(question, self._nearest(question, hits))
        if self.reranker is not None and matches:
            ranked = self.reranker.rank(question.text, matches)
            found = Findings(question, ranked.matches, self.holds)
            if weighed(found, ranked.signs):
                self.heard.append(signs(found, ranked.signs))
        return super()._read(question, hits)


Question = tuple[str, Sequence[str], bool, str]
"""Text, earlier questions, whether it cannot be answered, and the paper it is about."""


def examples(papers: Sequence[Paper], questions: Sequence[Question], source: str) -> Iterator[Example]:
    """One for each question that signs decide."""
    with TemporaryDirectory() as home:
        with open_library(home, settings=own_library(Path(home), bundled=False)) as chat:
            chat.add(papers)
            writer = chat.assistant.writer
            listening = RecordingWriter(writer.ranker, writer.search, writer.holds, writer.reranker)
            assistant = replace(chat.assistant, writer=listening)
            for text, history, silent, paper in questions:
                listening.heard.clear()
                assistant.ask(text, history)
                if listening.heard:
                    yield Example(listening.heard[-1], silent, paper, source)


def own_questions() -> list[Question]:
    return [_question(case, (case.papers or (case.id,))[0]) for case in bundled_cases("dev") if case.kind in KINDS]


def elsewhere(page: Page) -> Iterator[Example]:
    """Those of a page; for leaving out, its name stands for the paper."""
    questions = [_question(case, page.name) for case in page.cases if case.kind in KINDS]
    return examples(page.papers, questions, "elsewhere")


def _question(case: Case, paper: str) -> Question:
    return case.question, case.history, case.kind == "unanswerable", paper


def calibration() -> tuple[list[Paper], list[Question]]:
    """The abstracts and questions that are kept for weighing alone."""
    papers, asked = reading.read(MATERIAL / "calibration.jsonl.gz")
    return papers, [(one.question, (), not one.gold, one.paper) for one in asked]


def held_out(path: Path) -> tuple[list[Paper], list[Question]]:
    """The abstracts that the reader was not trained on, chosen as `eval.training.reader.reading_set` does, and the questions on them."""
    papers, asked = reading.read(path)
    paired = {one.paper for one in asked if one.group == "pairs"}
    order = sorted((paper for paper in papers if paper.id in paired), key=lambda paper: zlib.crc32(paper.id.encode()))[:HELD_OUT]
    kept = {paper.id for paper in order}
    return order, [(one.question, (), not one.gold, one.paper) for one in asked if one.paper in kept]


def fitted(told: Sequence[Example]) -> tuple[float, dict[str, float]]:
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


def left_out(told: Sequence[Example]) -> Numbers:
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


def table(told: Sequence[Example], found: Numbers) -> Iterator[str]:
    """Shares refused, rightly and wrongly, by set and threshold, as lines of Markdown."""
    yield "| questions over | threshold | refused, as is right | refused, though answerable |"
    yield "|---|---|---|---|"
    for source in dict.fromkeys(one.source for one in told):
        for threshold in THRESHOLDS:
            cells = []
            for silent in (True, False):
                own = [chance for one, chance in zip(told, found, strict=True) if (one.silent, one.source) == (silent, source)]
                cells.append(f"{100 * sum(chance >= threshold for chance in own) / max(1, len(own)):.1f} % of {len(own)}")
            yield f"| {source} | {threshold} | {cells[0]} | {cells[1]} |"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reading", type=Path, required=True, help="the questions that the reader was trained on, whole")
    parser.add_argument("--abstracts", type=Path, help="abstracts of the pages elsewhere, as JSON Lines")
    parser.add_argument("--threshold", type=float, default=model("silence_read").threshold)
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name}")
    wanted = parser.parse_args(arguments)
    told = list(examples(bundled_papers(), own_questions(), "bundled"))
    tell(f"bundled: {len(told)} questions")
    told += examples(*held_out(wanted.reading), "held out")
    told += examples(*calibration(), "calibration")
    for page in pages(wanted.abstracts) if wanted.abstracts else ():
        told += elsewhere(page)
    tell(f"all: {len(told)} questions")
    sys.stdout.writelines(f"{line}\n" for line in table(told, left_out(told)))
    bias, weights = fitted(told)
    if wanted.write:
        made = {"threshold": wanted.threshold, "bias": bias, "weights": weights}
        WEIGHTS.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
