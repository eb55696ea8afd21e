"""Fits the model of a question's kind: `python -m eval.training.question_kinds FOLDER` writes its weights and prints the figures of its card.

FOLDER holds the reading set's `kinds.jsonl` (messages with their kind), `lists.jsonl` (questions for lists) and `train.jsonl` (questions on one
point); what is in `eval/training/material` comes beside it. `--without-lists` keeps the reading set's lists for a test and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.console import tell
from eval.training.material import MATERIAL, rows_of
from rag.library.encoder import OnnxEncoder
from rag.protocols import Encoder
from rag.query.catalogue import PaperList
from rag.query.kinds import SURE, SURELY_LISTED, signs
from rag.query.metadata_questions import understand_catalogue
from rag.query.plan import QueryPlan
from rag.query.question import understand

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

WEIGHTS = Path(__file__).resolve().parents[2] / "rag" / "data" / "question_kinds.json"
POINTS = 1_900
"""Papers of which one question on one point is taken beside the messages, among which lists are more frequent than people ask for them."""
STRENGTH = 0.5
"""How freely weights may grow (the inverse of the L2 penalty); 0.3 and 1 are as good on questions that were left out."""
FOLDS = 10
DIGITS = 4
COARSE = {"summary_paper": "summary", "summary_topic": "summary", "collection": "records", "metadata": "records"}
RULED = {"fact": "point", "method": "point"}


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody typed, and its kind."""

    text: str
    kind: str


def messages(folder: Path, lists: bool = True) -> list[Message]:
    """All that is learned from, in an order that stays; without the reading set's `lists` on demand."""
    kinds = [
        Message(row["q"], row["kind"]) for path in (folder / "kinds.jsonl", MATERIAL / "kinds.jsonl.gz") for row in rows_of(path)
    ]
    listed = [row for path in (folder / "lists.jsonl", MATERIAL / "lists.jsonl.gz")[0 if lists else 1 :] for row in rows_of(path)]
    papers = [row for path in (folder / "train.jsonl", MATERIAL / "reading.jsonl.gz") for row in rows_of(path)]
    chosen = random.Random(0)
    points = [chosen.choice(_asked(paper)) for paper in chosen.sample(papers, POINTS)]
    return [*kinds, *(Message(row["question"], "list") for row in listed), *(Message(text, "point") for text in points)]


def _asked(paper: dict[str, Any]) -> list[str]:
    """The questions on one paper."""
    return [*_answerable(paper), *(row["question"] for row in paper["unanswerable"])]


def _answerable(paper: dict[str, Any]) -> list[str]:
    return [*(row["question"] for row in paper["answerable"]), *(row["answerable"] for row in paper["pairs"])]


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
        return "list" if share["list"] >= SURELY_LISTED else "summary" if summed >= SURE else rule
    return rule


def main(arguments: Sequence[str] | None = None) -> int:
    """Fits, writes, and prints recall and precision by kind on held-out folds."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--without-lists", action="store_true")
    wanted = parser.parse_args(arguments)
    encoder, known = OnnxEncoder(), messages(wanted.folder, not wanted.without_lists)
    plans = [planned(each.text) for each in known]
    found, truth = rows(plans, encoder), np.array([each.kind for each in known])
    held = np.zeros((len(known), len(set(truth))))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(found, truth):
        fitted = LogisticRegression(C=STRENGTH, max_iter=1000).fit(found[train], truth[train])
        held[test] = fitted.predict_proba(found[test])
    fitted = LogisticRegression(C=STRENGTH, max_iter=1000).fit(found, truth)
    kinds = [str(kind) for kind in fitted.classes_]
    tell(_card(plans, [COARSE.get(each.kind, each.kind) for each in known], kinds, held.tolist()))
    if wanted.without_lists:
        asked = [planned(row["question"]) for row in rows_of(wanted.folder / "lists.jsonl")]
        told = fitted.predict_proba(rows(asked, encoder)).tolist()
        said = [combined(by_rule(plan), kinds, own) for plan, own in zip(asked, told, strict=True)]
        tell(f"lists that were left out: {said.count('list')} of {len(said)} found")
        asked = [planned(text) for paper in rows_of(MATERIAL / "calibration.jsonl.gz") for text in _answerable(paper)]
        told = fitted.predict_proba(rows(asked, encoder)).tolist()
        said = [combined(by_rule(plan), kinds, own) for plan, own in zip(asked, told, strict=True)]
        tell(
            f"questions on one point that were left out: {said.count('list')} of {len(said)} taken for lists, {len(said) - said.count('point')} for something else"
        )
        return 0
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


if __name__ == "__main__":
    sys.exit(main())
