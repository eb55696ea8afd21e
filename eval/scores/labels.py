"""What people read for each measure: its group, its label and its unit; and how a figure is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from eval.scores.registry import DIRECTIONS, Better
from eval.stats.bootstrap import Interval

Unit = Literal["%", "0–1", ""]
GROUPS = ("Grounding", "Citations", "Answers", "Refusals", "Search", "Length and cost", "Other")


@dataclass(frozen=True, slots=True)
class Label:
    """`unit` is % for a share, 0–1 for a measure of a ranking, and empty for a count."""

    group: str
    text: str
    unit: Unit
    better: Better


_LABELS: dict[str, tuple[str, str, Unit]] = {
    "errors": ("Other", "asking failed", "%"),
    "supported": ("Grounding", "sentences supported", "%"),
    "partly": ("Grounding", "sentences partly supported", "%"),
    "unsupported": ("Grounding", "sentences unsupported", "%"),
    "not_checkable": ("Grounding", "sentences not checkable", "%"),
    "uncited": ("Grounding", "sentences that cite nothing", "%"),
    "from_records": ("Grounding", "sentences from the collection's records", "%"),
    "citation_recall": ("Citations", "citation recall (ALCE)", "%"),
    "citation_precision": ("Citations", "citation precision (ALCE)", "%"),
    "right_paper": ("Citations", "cites a gold paper", "%"),
    "right_sentence": ("Citations", "cites a gold sentence", "%"),
    "quote_verbatim": ("Citations", "quotes verbatim", "%"),
    "word_for_word": ("Citations", "sentences word for word as cited", "%"),
    "marker_exists": ("Citations", "markers that stand for a citation", "%"),
    "hit@5": ("Search", "a gold paper among the first 5 hits", "%"),
    "all_hits@5": ("Search", "all gold papers among the first 5 hits", "%"),
    "gold_sentence@1": ("Answers", "first sentence cited is gold", "%"),
    "gold_sentence@3": ("Answers", "gold among the first 3 cited", "%"),
    "key@1": ("Answers", "keys in the first sentence", "%"),
    "key@2": ("Answers", "keys in the first 2 sentences", "%"),
    "key@3": ("Answers", "keys in the first 3 sentences", "%"),
    "key_anywhere": ("Answers", "keys anywhere in the answer", "%"),
    "list_precision": ("Answers", "list precision", "%"),
    "list_recall": ("Answers", "list recall", "%"),
    "list_f1": ("Answers", "list F1", "%"),
    "papers_cited": ("Answers", "gold papers cited", "%"),
    "refusal": ("Refusals", "refused, as is right", "%"),
    "false_refusal": ("Refusals", "refused, though answerable", "%"),
    "repeated": ("Length and cost", "sentences said before", "%"),
    "overlap": ("Length and cost", "words shared by neighbouring sentences", "%"),
    "sentences": ("Length and cost", "sentences an answer", ""),
    "words": ("Length and cost", "words an answer", ""),
    "prompt_tokens": ("Length and cost", "prompt tokens", ""),
    "completion_tokens": ("Length and cost", "completion tokens", ""),
    "price": ("Length and cost", "price", ""),
    "context_precision": ("Search", "context precision", "0–1"),
    "context_recall": ("Search", "context recall", "%"),
    "completeness": ("Answers", "points of the reference said", "%"),
    "noise_sensitivity": ("Grounding", "claims from sources beside the point", "%"),
}
GLANCE = ("supported", "unsupported", "quote_verbatim", "gold_sentence@3", "key_anywhere", "refusal", "false_refusal")
"""What is shown first."""


def label(name: str) -> Label:
    """A measure that is not known keeps its own name, as a run of another version may have it."""
    better = DIRECTIONS.get(name, "")
    if name in _LABELS:
        return Label(*_LABELS[name], better)
    parts = name.split(".")
    if len(parts) == 3 and parts[0] in ("papers", "sentences"):
        share: Unit = "%" if parts[2].startswith("recall") else "0–1"
        return Label(
            "Search", f"{parts[0]} by {parts[1]}: {parts[2].replace('mrr', 'MRR').replace('ndcg', 'nDCG')}", share, better
        )
    return Label("Other", name, "", better)


def figure(value: float | None, unit: Unit) -> str:
    """As people write it; a dash where there is none."""
    if value is None:
        return "–"
    if unit == "%":
        return f"{100 * value:.1f} %"
    return f"{value:.3f}" if unit == "0–1" else f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def bounds(interval: Interval | None, unit: Unit) -> str:
    """`93.1–97.4 %`; empty where there is no interval."""
    if interval is None:
        return ""
    return f"{figure(interval.low, unit).removesuffix(' %')}–{figure(interval.high, unit)}"
