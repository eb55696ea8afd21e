"""Learns to tell a question on one point from one for papers, where the words leave both open, and when no paper deals with what a list asks.

`python -m eval.training.listing --reading TRAIN --lists QUESTIONS PAPERS --dev DEV [--write]` fits `rag/data/one_point.json` on questions that are taken
for lists: those on one point over the abstracts that the reader was not trained on and those of `material/calibration.jsonl.gz`, and those for papers of
`material/lists.jsonl.gz`. It fits `rag/data/nothing_listed.json` on the latter, over their own papers and over the bundled and the calibration
abstracts, most of which have nothing on them. It prints how many are answered as lists, and how many are refused, also of the reading set's own
questions for papers and of DEV, which the fits do not see.
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
from eval.training.material import MATERIAL, rows_of
from eval.training.silence_examples import calibration, held_out
from rag.abstention.classifier import Model, probability
from rag.abstention.rules import Findings
from rag.answering.listing import list_signs, point_signs
from rag.answering.membership import near
from rag.answering.quotes import QuoteWriter, of_topic
from rag.build import open_library
from rag.citations import Draft
from rag.ingestion.bundled import bundled_papers
from rag.query.plan import QueryPlan
from rag.settings import own_library
from rag.types import Hit, Paper

DATA = Path(__file__).resolve().parents[2] / "rag" / "data"
STRENGTH = 1.0
"""The inverse of the L2 penalty. Chosen."""
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.94)


@dataclass(frozen=True, slots=True)
class Example:
    """A question's signs, whether what the model tells is so, and the set it is from."""

    found: Mapping[str, float]
    so: bool
    source: str


@dataclass(frozen=True)
class RecordingWriter(QuoteWriter):
    """The quoting writer, which keeps the signs of each question that is taken for a list: for one point, and for a list of nothing."""

    points: list[Mapping[str, float]] = field(default_factory=list)
    lists: list[Mapping[str, float]] = field(default_factory=list)

    def _list(self, question: QueryPlan, hits: Sequence[Hit]) -> Draft:
        ranked = self._read(question, hits)[0]
        self.points.append(point_signs(ranked, len(self._dealing(question, hits)[0])))
        topic = of_topic(question)
        found = Findings(topic, self.ranker.matches(topic, near(hits)), self.holds)
        if found.matches and found.content:
            self.lists.append(list_signs(ranked, found))
        return super()._list(question, hits)


def examples(papers: Sequence[Paper], questions: Sequence[str]) -> tuple[list[Mapping[str, float]], list[Mapping[str, float]]]:
    """The signs for one point and those for a list of nothing, of each question that is taken for a list."""
    with TemporaryDirectory() as home:
        with open_library(home, settings=own_library(Path(home), bundled=False)) as chat:
            chat.add(papers)
            writer = chat.assistant.writer
            listening = RecordingWriter(writer.ranker, writer.search, writer.holds, writer.reranker)
            assistant = replace(chat.assistant, writer=listening)
            for text in questions:
                if assistant.planner.plan(text).kind == "list":
                    assistant.ask(text)
            return listening.points, listening.lists


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
    fit = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=3000).fit(table, [one.so for one in told])
    weights = {name: round(float(weight), 4) for name, weight in zip(names, fit.coef_[0], strict=True)}
    return Model(round(float(fit.intercept_[0]), 4), weights, threshold)


def table(told: Sequence[Example], by: Model) -> Iterator[str]:
    """Shares of which the model says that it is so, by set and threshold, as lines of Markdown."""
    yield "| questions | " + " | ".join(map(str, THRESHOLDS)) + " |"
    yield "|---" * (1 + len(THRESHOLDS)) + "|"
    for source in dict.fromkeys(one.source for one in told):
        own = [probability(one.found, by) for one in told if one.source == source]
        shares = [100 * sum(chance >= threshold for chance in own) / len(own) for threshold in THRESHOLDS]
        yield f"| {source}, {len(own)} | " + " | ".join(f"{share:.1f} %" for share in shares) + " |"


def learn(name: str, told: Sequence[Example], seen: Sequence[Example], threshold: float, write: bool) -> None:
    """Fit one model, print what it says of what it was fitted on and of what it was not, and write it if wanted."""
    by = fitted(told, threshold)
    sys.stdout.writelines(f"{line}\n" for line in (name, *table([*told, *seen], by), ""))
    if write:
        made = {"threshold": by.threshold, "bias": by.bias, "weights": by.weights}
        (DATA / f"{name}.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


def _told(found: Sequence[Mapping[str, float]], so: bool, source: str) -> list[Example]:
    return [Example(signs, so, source) for signs in found]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reading", type=Path, required=True, help="the questions that the reader was trained on, whole")
    parser.add_argument("--lists", type=Path, nargs=2, required=True, help="questions for papers, and their papers")
    parser.add_argument("--dev", type=Path, required=True, help="questions on one point, to measure on")
    parser.add_argument("--thresholds", type=float, nargs=2, default=(0.7, 0.94), help="for one point, and for a list of nothing")
    parser.add_argument("--write", action="store_true", help="write the weights")
    wanted = parser.parse_args(arguments)
    own = listings(MATERIAL / "lists.jsonl.gz", MATERIAL / "lists_papers.jsonl.gz")
    unseen = listings(*wanted.lists)
    calibrating, asked = calibration()
    held, held_asked = held_out(wanted.reading)
    listed, dealt = examples(*own)
    tell("lists over their own papers: read")
    unseen_listed, unseen_dealt = examples(*unseen)
    told = _told(listed, False, "lists")
    told += _told(examples(held, [text for text, _, silent, _ in held_asked if not silent])[0], True, "points, held out")
    told += _told(examples(calibrating, [text for text, _, silent, _ in asked if not silent])[0], True, "points, calibration")
    seen = _told(unseen_listed, False, "lists, reading set") + _told(examples(*points(wanted.dev))[0], True, "points, dev")
    learn("one_point", told, seen, wanted.thresholds[0], wanted.write)
    told = _told(dealt, False, "lists")
    told += _told(examples(calibrating, own[1][::2])[1], True, "lists elsewhere, calibration")
    told += _told(examples(bundled_papers(), own[1][1::2])[1], True, "lists elsewhere, bundled")
    seen = _told(unseen_dealt, False, "lists, reading set") + _told(
        examples(bundled_papers(), unseen[1])[1], True, "elsewhere, reading set"
    )
    learn("nothing_listed", told, seen, wanted.thresholds[1], wanted.write)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
