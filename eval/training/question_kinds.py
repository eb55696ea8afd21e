"""Fits the model of a question's kind: `python -m eval.training.question_kinds FOLDER` writes its weights and prints the figures of its card.

FOLDER holds `kinds.jsonl` (messages with their kind), `lists.jsonl` (questions for lists) and `train.jsonl` (questions on one point).
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.console import tell
from rag.library.encoder import OnnxEncoder
from rag.protocols import Encoder
from rag.query.catalogue import PaperList
from rag.query.kinds import SURE, signs
from rag.query.metadata_questions import understand_catalogue
from rag.query.plan import QueryPlan
from rag.query.question import understand

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

WEIGHTS = Path(__file__).resolve().parents[2] / "rag" / "data" / "question_kinds.json"
PAPERS, POINTS = 800, 400
"""Papers from which a question is drawn, and how many are used: questions on one point beside the messages, among which lists are more frequent than people ask for them."""
STRENGTH = 2.0
"""How freely weights may grow (the inverse of the L2 penalty); 1 and 4 are as good on the folds."""
FOLDS = 10
DIGITS = 4
COARSE = {"summary_paper": "summary", "summary_topic": "summary", "collection": "records", "metadata": "records"}
RULED = {"fact": "point", "method": "point"}


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody typed, and its kind."""

    text: str
    kind: str


def messages(folder: Path) -> list[Message]:
    """All that is learned from, in an order that stays."""
    kinds = [Message(line["q"], line["kind"]) for line in _lines(folder / "kinds.jsonl")]
    lists = [Message(line["question"], "list") for line in _lines(folder / "lists.jsonl")]
    chosen = random.Random(0)
    papers = chosen.sample(list(_lines(folder / "train.jsonl")), PAPERS)
    points = [chosen.choice(paper["answerable"] + paper["unanswerable"])["question"] for paper in papers][:POINTS]
    return [*kinds, *lists, *(Message(question, "point") for question in points)]


def planned(text: str) -> QueryPlan:
    """The plan by rules alone, over no collection."""
    plan = understand(text)
    return replace(plan, filters=understand_catalogue(plan.text, PaperList(())))


def rows(plans: Iterable[QueryPlan], encoder: Encoder) -> Numbers:
    """A row a question: the vector of the encoder, then the signs."""
    import numpy as np

    return np.array([[*encoder.encode([plan.text])[0].tolist(), *signs(plan)] for plan in plans])


def by_rule(plan: QueryPlan) -> str:
    if plan.asks_records:
        return "records"
    return "smalltalk" if plan.is_empty else RULED.get(plan.kind, plan.kind)


def combined(rule: str, kinds: Sequence[str], found: Sequence[float]) -> str:
    """As `KindModel` decides."""
    share = dict(zip(kinds, found, strict=True))
    summed = share["summary_paper"] + share["summary_topic"]
    if rule in ("list", "summary"):
        return "point" if share["point"] >= SURE else rule
    if rule == "point":
        return "list" if share["list"] >= SURE else "summary" if summed >= SURE else rule
    return rule


def main(arguments: Sequence[str] | None = None) -> int:
    """Fits, writes, and prints recall and precision by kind on held-out folds."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold

    (folder,) = map(Path, arguments if arguments is not None else sys.argv[1:])
    encoder, known = OnnxEncoder(), messages(folder)
    plans = [planned(each.text) for each in known]
    found, truth = rows(plans, encoder), np.array([each.kind for each in known])
    held = np.zeros((len(known), len(set(truth))))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(found, truth):
        fitted = LogisticRegression(C=STRENGTH, max_iter=1000).fit(found[train], truth[train])
        held[test] = fitted.predict_proba(found[test])
    fitted = LogisticRegression(C=STRENGTH, max_iter=1000).fit(found, truth)
    kinds = [str(kind) for kind in fitted.classes_]
    tell(_card(plans, [COARSE.get(each.kind, each.kind) for each in known], kinds, held.tolist()))
    kept = {"encoder": encoder.name, "kinds": kinds, "bias": _rounded(fitted.intercept_), "weights": _rounded(fitted.coef_)}
    WEIGHTS.write_text(json.dumps(kept) + "\n", encoding="utf-8")
    return 0


def _card(plans: Sequence[QueryPlan], truth: Sequence[str], kinds: Sequence[str], held: Sequence[Sequence[float]]) -> str:
    rule = [by_rule(plan) for plan in plans]
    model = [COARSE.get(kinds[own.index(max(own))], kinds[own.index(max(own))]) for own in held]
    both = [combined(one, kinds, own) for one, own in zip(rule, held, strict=True)]
    lines = ["| kind | n | rules | model | both |", "|---|---|---|---|---|"]
    for kind in sorted(set(truth)):
        cells = " | ".join(_figures(kind, truth, said) for said in (rule, model, both))
        lines.append(f"| {kind} | {truth.count(kind)} | {cells} |")
    return "\n".join(lines)


def _figures(kind: str, truth: Sequence[str], said: Sequence[str]) -> str:
    """Recall and precision."""
    right = sum(one == other == kind for one, other in zip(truth, said, strict=True))
    return f"{right / truth.count(kind):.2f}, {right / max(1, said.count(kind)):.2f}"


def _rounded(values: Numbers) -> list[object]:
    import numpy as np

    return [list(row) if isinstance(row, list) else row for row in np.round(values, DIGITS).tolist()]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


if __name__ == "__main__":
    sys.exit(main())
