"""A number with its unit as a text gives it, and the words before and behind it that make it a bound or a change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.text.numerals import FRACTIONS, MULTIPLES, SCALE_WORDS, SPELLED

Bound = Literal["exact", "about", "over", "under", "up to"]

_HEDGES: tuple[tuple[Bound, str], ...] = (
    ("up to", "up to|maximum of|not exceeding|capped at"),
    (
        "under",
        "(?<!no )(?<!not )(?<!never )(?:less|fewer|lower|smaller|shorter) than|under|below|at (?:the )?most|(?:no|not|never) (?:more|longer|larger|greater) than|within|<=?|≤",
    ),
    (
        "over",
        "(?:more|greater|higher|larger|longer) than|over|above|at (?:the )?least|(?:no|not|never) (?:less|fewer) than|exceed(?:s|ed|ing)?|minimum of|upwards of|in excess of|>=?|≥",
    ),
    ("about", "about|around|roughly|nearly|almost|approximately|approx\\.?|some|circa|close to|~|≈|∼"),
)
_HEDGE = [
    (bound, re.compile(rf"(?:(?<!\w)|(?<=\W))(?P<hedge>{forms})\s*(?:a |an |the )?$", re.IGNORECASE)) for bound, forms in _HEDGES
]
TAIL = re.compile(
    r"^ ?(?:or|and) (?P<over>more|above|over|older|higher)|^ ?or (?P<under>less|fewer|below|younger|lower)", re.IGNORECASE
)
_PLACES = frozenset("over under within above below".split())
"""Bounds that may as well be places and times: `over three years`, `under four conditions`."""
BEFORE, BEHIND = 80, 40
"""Characters around a number in which stands what makes it a bound or a change. Chosen."""
HEDGE_LENGTH = 24
"""Characters before a number in which a bound stands."""
_CHANGE_LENGTH = 60
"""Characters before a number in which a verb of change stands. Chosen."""
_UP = "increase|increases|increased|increasing|improve|improves|improved|improving|improvement|rise|rises|rose|risen|rising|grow|grows|grew|grown|growing|growth|gain|gains|gained|boost|boosts|boosted|jump|jumped|climb|climbed|speedup|speed-up|acceleration|accelerates|accelerated|up"
_DOWN = "reduce|reduces|reduced|reducing|reduction|decrease|decreases|decreased|decreasing|decline|declines|declined|fall|falls|fell|fallen|falling|drop|drops|dropped|dropping|cut|cuts|cutting|lower|lowers|lowered|lowering|shrink|shrinks|shrank|save|saves|saved|saving|savings|down"
_BY = r"(?:[^.;,\d]{0,40}? (?:by|of))? (?:(?:about|around|nearly|almost|roughly|some|over|up to|more than|an?|at least) ?){0,3}[~≈]?$"
_ROSE = re.compile(rf"(?i)\b(?:{_UP}){_BY}")
_FELL = re.compile(rf"(?i)\b(?:{_DOWN}){_BY}")
_MORE = re.compile(
    r"(?i) ?-?(?:faster|higher|more|greater|larger|bigger|longer|better|quicker|heavier|wider|taller|(?:[a-z]{3,12} )?(?:increase|improvement|gain|speed-?up|growth|rise|boost|jump))\b"
)
_LESS = re.compile(
    r"(?i) ?-?(?:fewer|less|lower|smaller|shorter|cheaper|lighter|(?:[a-z]{3,12} )?(?:reduction|decrease|decline|drop|savings?|cut|fall))\b"
)
LEFT_OF_IT = re.compile(
    r"(?i) (?:of )?(?:the |its |their |our )?(?:[a-z-]{2,20} ){0,2}(?:memory|FLOPs?|compute|computation|costs?|parameters|energy|latency|storage|bandwidth|runtime|footprint|price|"
    r"(?:training|inference|computing|running|compute) time)\b"
)
"""Behind `a fifth` or `half`: what a cost is cut to."""
_OF_BEFORE = re.compile(r"(?i) of (?:the |its |their )?(?:baseline|original|initial|previous|former|earlier|starting)\b")
"""Behind a percentage: what is left of what was."""
_HOW_OFTEN = re.compile(r"(?i) (?:an?|per|daily|weekly|monthly|yearly|every|each|in|during)\b")
"""Behind `twice` or `three times`, which then is no change."""
_INCLUSIVE = re.compile(r"least|most|minimum|maximum|up to|^(?:no|not|never) |[=≤≥]|^ ?or ")
"""In a bound that the figure itself meets."""
_RELATIVE = re.compile(r"(?i)\brelative\b")
_ABSOLUTE = re.compile(r"(?i)\babsolute\b")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a text gives it: `value` in the dimension's base unit, `raw` as written, the stems of what it counts.

    `factor` is what a change multiplies by (`20 % faster` 1.2, `3x fewer` 1/3), None where it is no change; `hedge` the word that makes a bound.
    """

    text: str
    raw: float
    value: float
    digits: int
    dimension: str
    bound: Bound
    spelled: bool
    counted: tuple[str, ...]
    factor: float | None = None
    hedge: str = ""

    @property
    def is_points(self) -> bool:
        """Whether it is a difference of percentages: `3 percentage points`, `3 points`."""
        if self.dimension == "%":
            return "point" in self.text or self.text.endswith("pp")
        return not self.dimension and self.counted[:1] == ("point",)

    @property
    def is_bound(self) -> bool:
        """Whether it says for certain that the figure is the most or the least: `at least 3`, but not `over 3 years`."""
        return self.bound in ("over", "under", "up to") and self.hedge not in _PLACES

    @property
    def least(self) -> float | None:
        """The smallest whole number that meets a bound of things counted (the largest, for one from above); None if it is no such bound."""
        if not self.is_bound or self.dimension or self.digits > 0 or self.bound == "up to":
            return None
        step = 0 if _INCLUSIVE.search(self.hedge) else 1
        return self.raw + (step if self.bound == "over" else -step)


def bound_of(before: str, after: str) -> tuple[Bound, str]:
    """What the words around a number make of it, and the word that does."""
    before = before[-HEDGE_LENGTH:]
    for kind, pattern in _HEDGE:
        found = pattern.search(before)
        if found:
            return kind, found["hedge"].lower()
    tail = TAIL.match(after)
    return ("exact", "") if tail is None else ("over" if tail["over"] else "under", tail[0])


def change_of(dimension: str, value: float, before: str, after: str, halved: bool = False) -> float | None:
    """What a change by this figure, in times or percent, multiplies by; None where the words around it speak of no change."""
    before = before[-_CHANGE_LENGTH:]
    often = dimension == "x" and _HOW_OFTEN.match(after)
    if dimension not in ("x", "%") or value <= 0 or often or _ABSOLUTE.search(before[-20:] + after[:20]):
        return None
    up, down = bool(_ROSE.search(before) or _MORE.match(after)), bool(_FELL.search(before) or _LESS.match(after))
    if dimension == "x":
        return 1 / value if down and value > 1 else value
    if halved or _OF_BEFORE.match(after):
        return value / 100
    up = up or (not down and bool(_RELATIVE.search(before[-40:] + after[:20])))
    if up == down or (down and value >= 100):
        return None
    return 1 + value / 100 if up else 1 - value / 100


def spelled_number(phrase: str) -> float:
    """What number words stand for: `two hundred fifty`, `twice`, `half`."""
    total, current = 0.0, 0.0
    for word in re.split(r"[ -]", phrase.lower()):
        if word in SCALE_WORDS:
            current = (current or 1.0) * SCALE_WORDS[word]
            total, current = (total + current, 0.0) if SCALE_WORDS[word] > 100 else (total, current)
        elif word == "dozen":
            current = (current or 1.0) * 12
        else:
            current += SPELLED.get(word, MULTIPLES.get(word, FRACTIONS.get(word, 0.0)))
    return total + current


def number(written: str) -> float:
    """A figure or a number word: `2,000`, `five`, `million`."""
    return float(written.replace(",", "")) if written[-1].isdigit() else spelled_number(written)
