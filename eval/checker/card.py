"""The card that is shown with every grounding score: which checker, and how often it agreed with people on which sets.

`paperchat eval calibrate … --card eval/data/checker_card.json` makes it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from eval.stats.detection import Found
from rag.errors import ImportFailed

CHECKER = "checker"


@dataclass(frozen=True, slots=True)
class Quality:
    """One way of scoring on one set: `unsupported` holds precision, recall and F1 of the claims that are not supported; `interval` are the
    95 % bounds of the balanced accuracy (bootstrap over whole documents)."""

    threshold: float
    balanced_accuracy: float | None
    unsupported: Found
    auroc: float | None
    calibration_error: float | None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What one set showed: the file, its size, the quality by way of scoring, verdicts by label, milliseconds a claim, the kind of text.

    `ms` is the time with the vectors of claim and evidence known, `ms_new` with the claim still to be encoded (medians).
    """

    name: str
    sha256: str
    n: int
    ways: dict[str, Quality]
    confusion: dict[str, dict[str, int]]
    ms: float
    ms_new: float
    rationale_f1: float | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Caught:
    """Sentences that misstate the bundled papers: the share not called supported; true paraphrases: the shares flagged and doubted."""

    n: int
    caught: float
    paraphrases: int
    flagged: float
    partly: float


@dataclass(frozen=True, slots=True)
class Card:
    """What is kept beside a grounding score: which checker, thresholds from which file, and how it did on which others."""

    checker: str
    train: dict[str, str | int] | None
    thresholds: dict[str, float]
    sets: tuple[Calibrated, ...]
    inventions: Caught | None = None

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def load_card(path: Path | None = None) -> Card:
    """The card that comes with Paperchat, or the one in a file. Raises ImportFailed if there is none that can be read."""
    found = path or Path(str(resources.files("eval") / "data" / "checker_card.json"))
    try:
        return _card(json.loads(found.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ImportFailed(
            f"{found} is no card of the checker ({error}): make it with python -m eval.checker.calibrate --card."
        ) from error


def card_line(card: Card, checker: str) -> str:
    """The card in one line for people, by kind of text, or that it is of another checker than this one (by its name)."""
    if card.checker != checker:
        return f"checker: not calibrated for this version ({checker}; the card is of {card.checker})"
    shown = ", ".join(said for one in card.sets if CHECKER in one.ways and (said := _shown(one)))
    return f"checker: balanced accuracy {shown}" if shown else "checker: not calibrated on any set"


def _shown(one: Calibrated) -> str:
    quality = one.ways[CHECKER]
    if quality.balanced_accuracy is None:
        return ""
    name = one.name.removesuffix(".gz").removesuffix(".jsonl")
    bounds = f"{quality.interval[0]:.2f}–{quality.interval[1]:.2f}, " if quality.interval else ""
    on = f"{one.kind} ({bounds}{name})" if one.kind else f"{name}{f' ({bounds[:-2]})' if bounds else ''}"
    return f"{quality.balanced_accuracy:.2f} on {on}"


def _card(record: dict[str, Any]) -> Card:
    sets = tuple(_calibrated(dict(one)) for one in record.pop("sets"))
    inventions = record.pop("inventions", None)
    return Card(**record, sets=sets, inventions=Caught(**inventions) if inventions else None)


def _calibrated(one: dict[str, Any]) -> Calibrated:
    ways = {way: _quality(dict(own)) for way, own in one.pop("ways").items()}
    return Calibrated(**one, ways=ways)


def _quality(own: dict[str, Any]) -> Quality:
    bounds = own.pop("interval", None)
    return Quality(**{**own, "unsupported": Found(**own["unsupported"])}, interval=tuple(bounds) if bounds else None)
