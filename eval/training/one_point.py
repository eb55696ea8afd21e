"""Learns to tell a question on one point from one for papers, where the words leave both open.

`python -m eval.training.one_point --reading TRAIN --lists QUESTIONS PAPERS --dev DEV [--write]` fits `rag/data/one_point.json` on questions that are taken
for lists: those on one point over the abstracts that the reader was not trained on and those of `material/calibration.jsonl.gz`, and those for papers of
`material/lists.jsonl.gz`. It prints how many of either are then answered as lists, also of the reading set's own questions for papers and of DEV, which
the fit does not see.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.bench import reading
from eval.console import tell
from eval.training.abstention_read import calibration, held_out
from eval.training.material import MATERIAL, rows_of
from rag.abstention.classifier import Model, probability
from rag.answering.one_point import signs
from rag.answering.quotes import QuoteWriter
from rag.build import open_library
from rag.citations import Draft
from rag.query.plan import QueryPlan
from rag.settings import own_library
from rag.types import Hit, Paper

WEIGHTS = Path(__file__).resolve().parents[2] / "rag" / "data" / "one_point.json"
STRENGTH = 1.0
"""The inverse of the L2 penalty. Chosen."""
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True, slots=True)
class Example:
    """A question's signs, whether it asks for one point, and the set it is from."""

    found: Mapping[str, float]
    point: bool
    source: str


@dataclass(frozen=True)
class RecordingWriter(QuoteWriter):
    """The quoting writer, which keeps the signs of each question that is taken for a list."""

    heard: list[Mapping[str, float]] = field(default_factory=list)

    def _list(self, question: QueryPlan, hits: Sequence[Hit]) -> Draft:
        self.heard.append(signs(self._read(question, hits)[0], len(self._dealing(question, hits)[0])))
        return super()._list(question, hits)


def examples(papers: Sequence[Paper], questions: Sequence[str], point: bool, source: str) -> Iterator[Example]:
    """One for each question that is taken for a list."""
    with TemporaryDirectory() as home:
        with open_library(home, settings=own_library(Path(home), bundled=False)) as chat:
            chat.add(papers)
            writer = chat.assistant.writer
            listening = RecordingWriter(writer.ranker, writer.search, writer.holds, writer.reranker)
            assistant = replace(chat.assistant, writer=listening)
            for text in questions:
                listening.heard.clear()
                assistant.ask(text)
                if listening.heard:
                    yield Example(listening.heard[-1], point, source)


def listings(questions: Path, papers: Path) -> tuple[list[Paper], list[str]]:
    """The papers and the questions for papers over them."""
    texts = [Paper(row["id"], row["title"], row.get("abstract") or " ".join(row["sentences"])) for row in rows_of(papers)]
    return texts, [row["question"] for row in rows_of(questions)]


def points(path: Path) -> tuple[list[Paper], list[str]]:
    """The abstracts of a file in the form of `eval.bench.reading`, and its questions that they answer."""
    papers, asked = reading.read(path)
    return papers, [one.question for one in asked if one.gold]


def fitted(told: Sequence[Example], threshold: float) -> Model:
    """Logistic regression; both kinds of question count the same."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    names = sorted(told[0].found)
    table = np.array([[one.found[name] for name in names] for one in told])
    fit = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=3000).fit(table, [one.point for one in told])
    weights = {name: round(float(weight), 4) for name, weight in zip(names, fit.coef_[0], strict=True)}
    return Model(round(float(fit.intercept_[0]), 4), weights, threshold)


def table(told: Sequence[Example], by: Model) -> Iterator[str]:
    """Shares that are answered as lists, by set and threshold, as lines of Markdown."""
    yield "| questions | " + " | ".join(map(str, THRESHOLDS)) + " |"
    yield "|---" * (1 + len(THRESHOLDS)) + "|"
    for source in dict.fromkeys(one.source for one in told):
        own = [probability(one.found, by) for one in told if one.source == source]
        listed = [100 * sum(chance < threshold for chance in own) / len(own) for threshold in THRESHOLDS]
        yield f"| {source}, {len(own)} | " + " | ".join(f"{share:.1f} %" for share in listed) + " |"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reading", type=Path, required=True, help="the questions that the reader was trained on, whole")
    parser.add_argument("--lists", type=Path, nargs=2, required=True, help="questions for papers, and their papers")
    parser.add_argument("--dev", type=Path, required=True, help="questions on one point, to measure on")
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name}")
    wanted = parser.parse_args(arguments)
    papers, asked = held_out(wanted.reading)
    told = list(examples(papers, [text for text, _, silent, _ in asked if not silent], True, "points, held out"))
    papers, asked = calibration()
    told += examples(papers, [text for text, _, silent, _ in asked if not silent], True, "points, calibration")
    told += examples(*listings(MATERIAL / "lists.jsonl.gz", MATERIAL / "lists_papers.jsonl.gz"), False, "lists, material")
    by = fitted(told, wanted.threshold)
    tell(f"fitted on {len(told)} questions")
    seen = [*examples(*points(wanted.dev), True, "points, dev"), *examples(*listings(*wanted.lists), False, "lists, reading set")]
    sys.stdout.writelines(f"{line}\n" for line in table([*told, *seen], by))
    if wanted.write:
        made = {"threshold": by.threshold, "bias": by.bias, "weights": by.weights}
        WEIGHTS.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
