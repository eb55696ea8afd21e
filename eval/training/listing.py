"""Learns to tell a question on one point from one for papers, where the words leave both open, and when no paper deals with what a list asks.

`python -m eval.training.listing --reading TRAIN --lists QUESTIONS PAPERS --dev DEV [--only one_point|nothing_listed] [--write]` fits `rag/data/one_point.json`
on questions that are taken for lists: those on one point over the abstracts that the reader was not trained on and those of `material/calibration.jsonl.gz`,
and those for papers of `material/lists.jsonl.gz`. It fits `rag/data/nothing_listed.json` on questions for papers over their own papers, over the bundled and
over the calibration abstracts, most of which have nothing on them, and on the short topics of `material/topics.tsv` over parts of these papers. It prints how
many are answered as lists, and how many are refused, also of the reading set's own questions for papers, of DEV and of the topics over the bundled papers,
which the fits do not see.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.bench import reading
from eval.training.material import MATERIAL, rows_of
from eval.training.silence_examples import calibration, held_out
from rag.abstention.classifier import Model, probability
from rag.answering.assistant import LibraryAssistant
from rag.answering.listing import list_signs, point_signs
from rag.answering.membership import by_id, near, read_signs
from rag.answering.quotes import QuoteWriter, of_topic
from rag.build import open_library
from rag.citations import Draft
from rag.ingestion.bundled import bundled_papers
from rag.query.plan import QueryPlan
from rag.retrieval.reranker import MOST_ODDS
from rag.settings import own_library
from rag.text.words import content_words
from rag.types import AskOptions, Hit, Paper

DATA = Path(__file__).resolve().parents[2] / "rag" / "data"
STRENGTH = 1.0
"""The inverse of the L2 penalty. Chosen."""
PART = 60
"""Papers of a collection that topics are asked over: three clusters of the lists. Chosen."""
TOPICS = 7
"""Topics of each sort that a collection is asked for at most. Chosen."""
SORTS = ("named", "otherwise", "lacking")
"""How a collection has a topic."""
EACH = 3
"""Of the questions for papers, every so manieth is asked. Chosen."""
FORMS = (
    "Which papers are about {}?", "papers on {}", "{}", "Which papers deal with {}?", "any work on {}?", "What is there on {}?",
    "list papers about {}", "Which of these papers study {}?",
)  # fmt: skip
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
        ranked = self._read(question, hits).matches
        self.points.append(point_signs(ranked, self.likely(question, hits)))
        topic = of_topic(question)
        matches, asked = self.ranker.matches(topic, near(hits)), content_words(topic.text)
        if matches and asked:
            own = by_id(matches)
            found = read_signs(own, self.membership.read(question.text, own))
            best = max((signs["answers"] for signs in found.values()), default=-MOST_ODDS)
            self.lists.append(list_signs(best, matches, asked, self.holds))
        return super()._list(question, hits)


Signs = Sequence[Mapping[str, float]]
Scoped = tuple[str, frozenset[str] | None]
"""A question, and the papers that it is asked over where these are not all."""


def examples(papers: Sequence[Paper], *asked: Sequence[Scoped]) -> list[tuple[Signs, Signs]]:
    """For each group of questions: the signs for one point and those for a list of nothing, of each that is taken for a list."""
    with TemporaryDirectory() as home:
        with open_library(home, settings=own_library(Path(home), bundled=False)) as chat:
            chat.add(papers)
            return [_signs(chat.assistant, questions) for questions in asked]


def _signs(assistant: LibraryAssistant, questions: Sequence[Scoped]) -> tuple[Signs, Signs]:
    writer = assistant.writer
    listening = RecordingWriter(writer.ranker, writer.search, writer.holds, writer.reranker)
    recording = replace(assistant, writer=listening)
    for text, scope in questions:
        if assistant.planner.plan(text).kind == "list":
            recording.ask(text, options=AskOptions(scope=scope))
    return listening.points, listening.lists


def everywhere(questions: Sequence[str]) -> list[Scoped]:
    return [(text, None) for text in questions]


@dataclass(frozen=True, slots=True)
class Topic:
    """A short topic, what a paper that has anything to do with it would say, and other names of it."""

    name: str
    mention: str
    others: str = ""

    def of(self, papers: Sequence[Paper]) -> str:
        """`named` where a title has it, `otherwise` where a title has another name of it and no paper this one, `lacking` where no paper has to do
        with it; else empty."""
        titles, texts = " | ".join(paper.title for paper in papers), " | ".join(paper.abstract for paper in papers)
        named = rf"\b{re.escape(self.name.removesuffix('s'))}"
        if _has(named, titles):
            return "named"
        if self.others and _has(self.others, titles) and not _has(named, texts):
            return "otherwise"
        return "" if _has(self.mention, f"{titles} | {texts}") else "lacking"


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def topics() -> list[Topic]:
    """Those of `material/topics.tsv`."""
    lines = (MATERIAL / "topics.tsv").read_text(encoding="utf-8").splitlines()
    return [Topic(*line.split("\t")) for line in lines if not line.startswith("#")]


def asked_over(papers: Sequence[Paper], most: int = TOPICS) -> dict[str, list[Scoped]]:
    """Questions for topics by how the papers have them, at most so many of each sort."""
    scope, found = frozenset(paper.id for paper in papers), defaultdict[str, list[Scoped]](list)
    order = sorted(topics(), key=lambda topic: zlib.crc32(f"{papers[0].id} {topic.name}".encode()))
    for place, topic in enumerate(order):
        sort = topic.of(papers)
        if sort and len(found[sort]) < most:
            found[sort].append((FORMS[place % len(FORMS)].format(topic.name), scope))
    return found


def asked_over_parts(papers: Sequence[Paper]) -> dict[str, list[Scoped]]:
    """The same over one part of the papers after another."""
    found = defaultdict[str, list[Scoped]](list)
    for start in range(0, len(papers), PART):
        for sort, questions in asked_over(papers[start : start + PART]).items():
            found[sort] += questions
    return found


def listings(questions: Path, papers: Path) -> tuple[list[Paper], list[str]]:
    """The papers and the questions for papers over them."""
    texts = [Paper(row["id"], row["title"], row.get("abstract") or " ".join(row["sentences"])) for row in rows_of(papers)]
    return texts, [row["question"] for row in rows_of(questions)]


def points(path: Path) -> tuple[list[Paper], list[str]]:
    """The abstracts of a file in the form of `eval.bench.reading`, and its questions that they answer."""
    papers, asked = reading.read(path)
    return papers, [one.question for one in asked if one.gold]


def fitted(told: Sequence[Example], threshold: float) -> Model:
    """Logistic regression; both kinds of question count the same, and so do the sets of each kind."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    names = sorted(told[0].found)
    table = np.array([[one.found[name] for name in names] for one in told])
    sets = Counter((one.so, one.source) for one in told)
    kinds = Counter(so for so, _ in sets)
    shares = np.array([len(told) / (2 * kinds[one.so] * sets[one.so, one.source]) for one in told])
    fit = LogisticRegression(C=STRENGTH, max_iter=3000).fit(table, [one.so for one in told], sample_weight=shares)
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


def learn_one_point(reading_set: Path, lists: Sequence[Path], dev: Path, threshold: float, write: bool) -> None:
    own, unseen = listings(MATERIAL / "lists.jsonl.gz", MATERIAL / "lists_papers.jsonl.gz"), listings(*lists)
    (calibrating, asked), (held, held_asked) = calibration(), held_out(reading_set)
    told = _told(_points(*own), False, "lists")
    told += _told(_points(held, [text for text, _, silent, _ in held_asked if not silent]), True, "points, held out")
    told += _told(_points(calibrating, [text for text, _, silent, _ in asked if not silent]), True, "points, calibration")
    seen = _told(_points(*unseen), False, "lists, reading set") + _told(_points(*points(dev)), True, "points, dev")
    learn("one_point", told, seen, threshold, write)


def _points(papers: Sequence[Paper], questions: Sequence[str]) -> Signs:
    return examples(papers, everywhere(questions))[0][0]


def learn_nothing_listed(lists: Sequence[Path], threshold: float, write: bool) -> None:
    papers, asked = listings(MATERIAL / "lists.jsonl.gz", MATERIAL / "lists_papers.jsonl.gz")
    calibrating, bundled = calibration()[0], bundled_papers()
    elsewhere, here = (frozenset(paper.id for paper in some) for some in (calibrating, bundled))
    parts, over_calibrating, over_bundled = (
        asked_over_parts(papers),
        asked_over_parts(calibrating),
        asked_over(bundled, len(bundled)),
    )
    unseen, unseen_asked = listings(*lists)
    groups: dict[str, Sequence[Scoped]] = {
        "lists": [(text, frozenset(paper.id for paper in papers)) for text in asked[::EACH]],
        "lists elsewhere": [(text, elsewhere) for text in asked[1 :: 2 * EACH]] + [(text, here) for text in asked[2 :: 2 * EACH]],
        "elsewhere, reading set": [(text, here) for text in unseen_asked],
        **{f"topics, {sort}": parts[sort] + over_calibrating[sort] for sort in SORTS},
        **{f"bundled topics, {sort}": over_bundled[sort] for sort in SORTS},
    }
    found = examples([*papers, *calibrating, *bundled], *groups.values())
    told = [
        one
        for name, (_, signs) in zip(groups, found, strict=True)
        for one in _told(signs, "elsewhere" in name or "lacking" in name, name)
    ]
    told += _told(examples(unseen, everywhere(unseen_asked))[0][1], False, "lists, reading set")
    seen = [one for one in told if _is_left_out(one.source)]
    told = [one for one in told if not _is_left_out(one.source)]
    learn("nothing_listed", told, seen, threshold, write)


def _is_left_out(source: str) -> bool:
    """Whether a set is only measured on."""
    return source.endswith("reading set") or source.startswith("bundled")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reading", type=Path, required=True, help="the questions that the reader was trained on, whole")
    parser.add_argument("--lists", type=Path, nargs=2, required=True, help="questions for papers, and their papers")
    parser.add_argument("--dev", type=Path, required=True, help="questions on one point, to measure on")
    parser.add_argument("--only", choices=("one_point", "nothing_listed"), help="fit this one alone")
    parser.add_argument("--thresholds", type=float, nargs=2, default=(0.8, 0.7), help="for one point, and for a list of nothing")
    parser.add_argument("--write", action="store_true", help="write the weights")
    wanted = parser.parse_args(arguments)
    if wanted.only != "nothing_listed":
        learn_one_point(wanted.reading, wanted.lists, wanted.dev, wanted.thresholds[0], wanted.write)
    if wanted.only != "one_point":
        learn_nothing_listed(wanted.lists, wanted.thresholds[1], wanted.write)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
