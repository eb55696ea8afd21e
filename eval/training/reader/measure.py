"""All figures of a reader, as JSON: ``python -m eval.training.reader.measure --data DIR --tokenizer FILE --model FILE``.

``--model`` is a training state (``.pt``) or an exported ``.onnx``.  Thresholds
are fitted on the held-out part of the training data and then used on dev.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.stats.detection import auroc
from eval.training.material import MATERIAL
from eval.training.reader.cases import own_cases, public_cases, scifact_cases, summary_cases, wice_cases
from eval.training.reader.claims import Claim, whether_claims
from eval.training.reader.passages import JOINT, overlap
from eval.training.reader.reading_set import Paper, read_papers, split_papers
from eval.training.reader.scorers import Array, Scorer, onnx_scorer, torch_scorer
from rag.answering.whether import CLEAR

WIDTHS = (1, 2, 4)
"""How many of the best evidence sentences are read together, one reading each."""
SHORTLIST = 12
"""Evidence sentences read one by one; of longer evidence those nearest in words."""


def area(values: Array, labels: NDArray[np.bool_]) -> float:
    """Area under the ROC curve, to four places; 0 if there is only one kind."""
    return round(auroc(labels.tolist(), values.tolist()) or 0.0, 4)


def balanced(values: Array, labels: NDArray[np.bool_], threshold: float) -> float:
    """Balanced accuracy of ``value > threshold``."""
    found = values > threshold
    return round(float((found[labels].mean() + (~found[~labels]).mean()) / 2), 4)


def best_threshold(values: Array, labels: NDArray[np.bool_]) -> float:
    """The threshold of the best balanced accuracy, the middle where several are as good."""
    steps = np.quantile(values, np.linspace(0.02, 0.98, 193))
    got = np.array([balanced(values, labels, float(t)) for t in steps])
    smooth = np.convolve(np.pad(got, 4, mode="edge"), np.ones(9) / 9, "valid")
    return float(steps[int(smooth.argmax())])


def log_odds(scores: Array) -> float:
    """Log-odds that some sentence answers, the null's score being 0."""
    top = float(scores.max())
    return top + float(np.log(np.exp(scores - top).sum()))


def questions(score: Scorer, papers: Sequence[Paper]) -> dict[str, Array]:
    """Odds and ranks of every question, its own abstract given."""
    asked: list[tuple[str, str, Paper, list[int]]] = []
    for paper in papers:
        for row in paper.pairs:
            asked.append(("twin yes", row["answerable"], paper, row["sentences"]))
            asked.append(("twin no", row["unanswerable"], paper, []))
        for row in paper.answerable:
            asked.append(("item yes", row["question"], paper, row["sentences"]))
        for row in paper.unanswerable:
            asked.append(("item no", row["question"], paper, []))
    scores = score.passages([(question, paper.title, paper.sentences) for _, question, paper, _ in asked])
    out: dict[str, list[list[float]]] = {}
    for (kind, _, _, gold), own in zip(asked, scores, strict=True):
        order = np.argsort(-own)
        first = float(int(order[0]) in gold)
        three = float(bool({int(i) for i in order[:3]} & set(gold)))
        best = float(own.max())
        out.setdefault(kind, []).append([log_odds(own), first, three, best])
    return {kind: np.array(rows) for kind, rows in out.items()}


def question_figures(found: dict[str, Array], refusal: float) -> dict[str, float]:
    """Ranking and refusing; ``refusal`` is the odds below which a question is refused."""
    figures: dict[str, float] = {}
    for name, key in (("twin", "pairs"), ("item", "items")):
        yes, no = found[name + " yes"], found[name + " no"]
        labels = np.r_[np.ones(len(yes), bool), np.zeros(len(no), bool)]
        odds = np.r_[yes[:, 0], no[:, 0]]
        figures[key + "_gold_first"] = round(float(yes[:, 1].mean()), 4)
        figures[key + "_among_three"] = round(float(yes[:, 2].mean()), 4)
        figures[key + "_auroc"] = area(odds, labels)
        cut = float(np.quantile(yes[:, 0], 0.05))
        figures[key + "_refused_at_5_false"] = round(float((no[:, 0] < cut).mean()), 4)
        figures[key + "_false_at_threshold"] = round(float((yes[:, 0] < refusal).mean()), 4)
        figures[key + "_refused_at_threshold"] = round(float((no[:, 0] < refusal).mean()), 4)
    yes, no = found["twin yes"][:, 0], found["twin no"][:, 0]
    figures["twin_order"] = round(float((yes > no).mean()), 4)
    return figures


def support(score: Scorer, cases: Sequence[tuple[str, Sequence[str], str]]) -> dict[str, Array]:
    """Support of each (claim, evidence sentences, title) as log-odds, by several readings.

    The sentences are read one by one; then the best 2 and 4 of them together, in
    their order.  ``best`` is the best single sentence, ``all`` the mean of the
    best single one and of the wider readings.
    """

    def odds(values: Array) -> Array:
        rest = np.logaddexp(values[:, 2], values[:, 3])
        result: Array = values[:, 1] - rest
        return result

    pairs: list[tuple[str, str]] = []
    spans: list[tuple[int, list[int]]] = []
    for claim, evidence, title in cases:
        rows = list(range(len(evidence)))
        if len(rows) > SHORTLIST:
            rows.sort(key=lambda i: -overlap(claim, evidence[i]))
            rows = sorted(rows[:SHORTLIST])
        spans.append((len(pairs), rows))
        head = title + JOINT if title else ""
        pairs.extend((claim, head + evidence[i]) for i in rows)
    scores = score(pairs)
    single = odds(scores)
    margins = np.maximum(scores[:, 1], scores[:, 3]) - scores[:, 2]
    wide: dict[int, list[tuple[str, str]]] = {w: [] for w in WIDTHS[1:]}
    for (claim, evidence, title), (at, rows) in zip(cases, spans, strict=True):
        order = np.argsort(-(margins[at : at + len(rows)]))
        head = title + JOINT if title else ""
        for width, texts in wide.items():
            kept = sorted(rows[int(i)] for i in order[:width])
            texts.append((claim, head + " ".join(evidence[i] for i in kept)))
    out = {"best": np.array([single[at : at + len(rows)].max() for at, rows in spans])}
    for width, texts in wide.items():
        out[f"{width} together"] = odds(score(texts))
    out["all"] = np.mean(list(out.values()), axis=0)
    return out


def rationale_scores(score: Scorer, cases: Sequence[tuple[str, Sequence[str], str]]) -> list[Array]:
    """For each sentence how surely it decides the claim, one way or the other."""
    pairs = [(c, (t + JOINT if t else "") + s) for c, evidence, t in cases for s in evidence]
    scores = score(pairs)
    values = np.logaddexp(scores[:, 1], scores[:, 3]) - scores[:, 2]
    out, at = [], 0
    for _, evidence, _ in cases:
        out.append(values[at : at + len(evidence)])
        at += len(evidence)
    return out


def rationale_f1(values: Sequence[Array], gold: Sequence[set[int]], threshold: float, most: int = 3) -> float:
    """Sentence F1 over abstracts that have a rationale: at most ``most`` above the threshold."""
    right = found = wanted = 0
    for scores, true in zip(values, gold, strict=True):
        if not true:
            continue
        order = np.argsort(-scores)[:most]
        picked = {int(i) for n, i in enumerate(order) if n == 0 or scores[i] > threshold}
        right += len(picked & true)
        found += len(picked)
        wanted += len(true)
    return round(2 * right / max(1, found + wanted), 4)


def glance(score: Scorer, data: Path, part: int) -> dict[str, Any]:
    """A few figures on each part-th dev paper, thresholds from the same: for the curve."""
    dev = read_papers(data / "reading" / "dev.jsonl")[::part]
    found = questions(score, dev)
    figures: dict[str, Any] = question_figures(found, 0.0)
    cases, verdicts = own_cases(dev)
    labels = np.array(verdicts)
    for key, values in support(score, cases).items():
        figures[f"claims {key} auroc"] = area(values, labels)
        figures[f"claims {key} own cut"] = balanced(values, labels, best_threshold(values, labels))
    return {"figures": figures}


class Sheet:
    """Collects figures and thresholds."""

    def __init__(self) -> None:
        self.figures: dict[str, Any] = {}
        self.thresholds: dict[str, Any] = {}

    def judge(
        self,
        name: str,
        fitted: tuple[dict[str, Array], Sequence[bool]],
        used: tuple[dict[str, Array], Sequence[bool]],
    ) -> None:
        """Balanced accuracy of each reading, its threshold from the fitted part."""
        fit_labels, labels = np.array(fitted[1]), np.array(used[1])
        for key, values in used[0].items():
            cut = best_threshold(fitted[0][key], fit_labels)
            own = best_threshold(values, labels)
            self.thresholds[f"{name} {key}"] = round(cut, 3)
            self.figures[f"{name} {key}"] = balanced(values, labels, cut)
            self.figures[f"{name} {key} fitted"] = balanced(fitted[0][key], fit_labels, cut)
            self.figures[f"{name} {key} auroc"] = area(values, labels)
            self.figures[f"{name} {key} own cut"] = balanced(values, labels, own)


def measure_reading(score: Scorer, data: Path, part: int, sheet: Sheet) -> None:
    """The reading set: questions, and claims with and without the paper's title."""
    _, held = split_papers(read_papers(data / "reading" / "train.jsonl"))
    dev = read_papers(data / "reading" / "dev.jsonl")[::part]
    fitted = questions(score, held[::2])
    yes = np.r_[fitted["twin yes"][:, 0], fitted["item yes"][:, 0]]
    refusal = float(np.quantile(yes, 0.05))
    sheet.thresholds["refusal_log_odds"] = refusal
    sheet.figures.update(question_figures(questions(score, dev), refusal))
    for name, titled in (("claims", True), ("claims without title", False)):
        values = []
        for papers in (held, dev):
            cases, labels = own_cases(papers)
            found = support(score, [(c, e, t if titled else "") for c, e, t in cases])
            values.append((found, labels))
        sheet.judge(name, *values)


def measure_whether(score: Scorer, data: Path, sheet: Sheet) -> None:
    """Yes/no questions: how often yes or no is said where the gold sentence answers, how often wrongly, and how often it answers another one."""
    sets = {"dev": data / "reading" / "dev.jsonl", "unseen": MATERIAL / "unseen.jsonl.gz"}
    for name, path in sets.items():
        asked = whether_claims(read_papers(path), MATERIAL / "whether.jsonl.gz")
        shares = [np.exp(one - np.logaddexp.reduce(one, axis=1, keepdims=True)) for one in _stances(score, asked)]
        sure = np.minimum(*shares) >= CLEAR
        said = np.where(sure[:, 0], 0, np.where(sure[:, 2], 2, 1))
        gold = np.array([int(np.argmax(claim.target)) for claim in asked])
        silent = np.array([claim.target == (0.0, 1.0, 0.0) for claim in asked])
        sheet.figures[f"whether {name} questions"] = int((~silent).sum())
        sheet.figures[f"whether {name} said"] = int((said != 1)[~silent].sum())
        sheet.figures[f"whether {name} said wrongly"] = int(((said != 1) & (said != gold))[~silent].sum())
        sheet.figures[f"whether {name} unanswered"] = int(silent.sum())
        sheet.figures[f"whether {name} unanswered said"] = int((said != 1)[silent].sum())


def _stances(score: Scorer, asked: Sequence[Claim]) -> tuple[Array, Array]:
    """Logits that the first gold sentence affirms, says nothing, denies: under the title, and alone."""
    titled = score([(claim.text, f"{claim.title}{JOINT}{claim.evidence[0]}") for claim in asked])
    return titled[:, 1:], score([(claim.text, claim.evidence[0]) for claim in asked])[:, 1:]


def measure_public(score: Scorer, data: Path, part: int, sheet: Sheet) -> None:
    """SciFact dev, WiCE dev and SummEdits news dev."""
    folder = data / "scifact"
    fit = scifact_cases(folder, "claims_train.jsonl", lambda i: i % 10 == 0)
    use = scifact_cases(folder, "claims_dev.jsonl", lambda i: i % part == 0)
    sheet.judge("scifact", (support(score, fit[0]), fit[1]), (support(score, use[0]), use[1]))
    fit_scores, use_scores = rationale_scores(score, fit[0]), rationale_scores(score, use[0])
    cuts = np.linspace(-4, 4, 33)
    got = [rationale_f1(fit_scores, fit[2], float(t)) for t in cuts]
    cut = float(cuts[int(np.argmax(got))])
    sheet.thresholds["rationale"] = cut
    sheet.figures["scifact rationale f1"] = rationale_f1(use_scores, use[2], cut)
    cases, labels = public_cases(data / "grounding" / "train.jsonl.gz", 200)
    public = (support(score, cases), labels)
    cases, labels = wice_cases(data / "grounding" / "wice_dev.jsonl")
    sheet.judge("wice", public, (support(score, cases[::part]), labels[::part]))
    cases, labels = summary_cases(data / "grounding" / "summedits_news_dev.jsonl")
    cases, labels = cases[:: 2 * part], labels[:: 2 * part]
    sheet.judge("summedits (every second)", public, (support(score, cases), labels))


def main() -> None:
    """Measure one model and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, help="float encoder, for a training state")
    parser.add_argument("--weights", default="mean", choices=("mean", "model"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--part", type=int, default=1, help="keep every n-th dev paper")
    parser.add_argument("--glance", action="store_true", help="few figures, no fitting")
    parser.add_argument("--sets", nargs="*", default=["reading", "public"])
    args = parser.parse_args()
    if args.model.suffix == ".onnx":
        score = onnx_scorer(args.model, args.tokenizer, args.threads)
    else:
        score = torch_scorer(args.model, args.encoder, args.tokenizer, args.threads, args.weights)
    if args.glance:
        print(json.dumps(glance(score, args.data, args.part), indent=1))
    else:
        sheet, begun = Sheet(), time.time()
        if "reading" in args.sets:
            measure_reading(score, args.data, args.part, sheet)
            measure_whether(score, args.data, sheet)
        if "public" in args.sets:
            measure_public(score, args.data, args.part, sheet)
        sheet.figures["seconds"] = round(time.time() - begun, 1)
        print(json.dumps({"figures": sheet.figures, "thresholds": sheet.thresholds}, indent=1))


if __name__ == "__main__":
    main()
