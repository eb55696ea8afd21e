"""What people read for each measure: its group, its label and its unit; and how a figure is written."""

from __future__ import annotations

from dataclasses import dataclass

from eval.scores.measures import GLANCE
from eval.scores.registry import GROUPS, REGISTERED, Better, Unit
from eval.stats.bootstrap import Interval

__all__ = ["GLANCE", "GROUPS", "Label", "Unit", "bounds", "figure", "label"]


@dataclass(frozen=True, slots=True)
class Label:
    """What people read for a measure."""

    group: str
    text: str
    unit: Unit
    better: Better


def label(name: str) -> Label:
    """A measure that is not known keeps its own name, as a run of another version may have it."""
    one = REGISTERED.get(name)
    return Label(one.group, one.text, one.unit, one.better) if one else Label("Other", name, "", "")


def figure(value: float | None, unit: Unit) -> str:
    """As people write it; a dash if there is none."""
    if value is None:
        return "–"
    if unit == "%":
        return f"{100 * value:.1f} %"
    return f"{value:.3f}" if unit == "0–1" else f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def bounds(interval: Interval | None, unit: Unit) -> str:
    """`93.1–97.4 %`; empty if there is no interval."""
    if interval is None:
        return ""
    return f"{figure(interval.low, unit).removesuffix(' %')}–{figure(interval.high, unit)}"
