"""Whether a claim's numbers are those of its sources.

Strict where a figure would mislead, lenient where only its dress differs: a figure rounded to fewer digits, the same quantity in
another unit, a bound that a figure of the source meets.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from rag.text.numerals import ORDINALS
from rag.text.quantities import Quantity, plain_numbers, quantities
from rag.text.units import SCALES
from rag.text.words import fold, words

_TIME_ALONE = re.compile(r"\bwithin (?P<unit>seconds|minutes|hours|days|weeks|months|years)\b")
_CLAIM_SAYS = "the claim says"
MOST = 64
"""Numbers of a claim, and shares of a source, that are compared with each other: no sentence that reports anything has more."""
TELLING = 100
"""From this figure on it is hardly there by chance: the source's same figure is meant, though it counts people where the claim counts cases."""
MOST_DIGITS = 30
"""Digits behind the point that are told apart. Chosen."""
CONVERTED = 0.015
"""How far figures may be apart that were converted from one unit to another and rounded."""
_LOOSE = re.compile(r"(\d+(?:\.\d+)?)(?:([kKMBT])(?![A-Za-z]))?")
_STANDS_FOR = {"binary": 2.0, "both": 2.0, "dual": 2.0, "pair": 2.0, "couple": 2.0, "single": 1.0, "sole": 1.0}
_POINTS = "point"
_CHANGE = "gap|difference|improvement|increase|decrease|reduction|gain|loss|drop|rise|margin|boost|decline"
_CHANGED_BY = re.compile(
    rf"(?i)\b(?:by|gains|gained|gaining|loses|lost|drops|dropped|(?:{_CHANGE})s? of) (?:(?:about|around|nearly|almost|roughly|some|over|up to|more than|an?) )*[~≈]?$"
)
_CHANGED = re.compile(rf"(?i) ?(?:absolute |relative )?(?:points?|higher|lower|more|less|fewer|better|worse|{_CHANGE})\b")
"""Behind the number: `3 % higher`."""


def numbers_fault(claim: str, sources: Sequence[str]) -> str:
    """What is wrong with the claim's numbers, compared with all the sources, in words; empty if nothing is."""
    wanted = quantities(claim)
    if not wanted:
        return _other_time(claim, sources)
    given = [quantity for source in sources for quantity in quantities(source)]
    given += [quantity for source in sources for quantity in _implied(source)]
    loose = {figure for source in sources for figure in _figures(source)}
    for quantity in wanted[:MOST]:
        fault = "" if _difference(quantity, given, plain_numbers(claim)) else _fault(quantity, given, loose)
        if fault:
            return fault
    return _other_time(claim, sources)


def _figures(source: str) -> Iterator[float]:
    """All figures of a source, those within names (`RoTS-7B`) and ordinals (`nineteenth`) too."""
    for found in _LOOSE.finditer(plain_numbers(source).replace(",", "")):
        yield float(found[1])
        yield float(found[1]) * SCALES.get(found[2] or "", 1.0)
    yield from (float(ORDINALS[word]) for word in words(source) if word in ORDINALS)


def _implied(source: str) -> Iterator[Quantity]:
    """The numbers that single words stand for: `binary`, `both`."""
    for word in words(source):
        if word in _STANDS_FOR:
            number = _STANDS_FOR[word]
            yield Quantity(word, number, number, 0, "", "exact", True, ())


def _other_time(claim: str, sources: Sequence[str]) -> str:
    """`within minutes` where the sources say `within seconds`."""
    own, theirs = (list(dict.fromkeys(_TIME_ALONE.findall(fold(text)))) for text in (claim, " ".join(sources)))
    other = next((unit for unit in own if unit not in theirs), None)
    return f"{_CLAIM_SAYS} “{other}” where the source says “{theirs[0]}”" if other and theirs else ""


def _difference(quantity: Quantity, given: Sequence[Quantity], claim: str) -> bool:
    """Whether the claim is about a change and its percentage lies between two of the sources': `by 3 points`, from 69 to 72 %."""
    shares = [other.value for other in given if other.dimension == "%"][:MOST]
    between = quantity.dimension == "%" and any(
        _close(abs(one - two), quantity.value) for one in shares for two in shares if one != two
    )
    return between and _speaks_of_change(quantity, claim)


def _speaks_of_change(quantity: Quantity, claim: str) -> bool:
    before, _, after = claim.partition(quantity.text)
    return _POINTS in quantity.text or bool(_CHANGED_BY.search(before) or _CHANGED.match(after))


def _fault(claim: Quantity, given: Sequence[Quantity], loose: set[float]) -> str:
    # Where the sources give this very bound, the claim's is one of theirs: no other figure meets it.
    bounded = any(_comparable(claim, other) and other.bound == claim.bound != "about" for other in given)
    same = [other for other in given if _same_figure(claim, other) or (not bounded and _bound_met(claim, other))]
    counts = [other for other in given if _same_thing(claim, other)]
    kin = [other for other in given if other.dimension == claim.dimension != ""]
    if same:
        agrees = (
            not counts
            or abs(claim.raw) >= TELLING
            or any(not other.counted or set(claim.counted) & set(other.counted) for other in same)
        )
        return "" if agrees or claim.dimension else _contrast(claim, counts[0])
    if counts:
        return _contrast(claim, counts[0])
    only = kin[0] if len({other.value for other in kin}) == 1 and claim.dimension != "%" else None
    if only is not None:  # the source gives one figure of this kind, and it is another one
        return _contrast(claim, only)
    if not claim.spelled and claim.dimension != "space":
        written = next((other for other in given if other.raw == claim.raw and other.dimension), None)
        if written is not None and claim.dimension:
            return _contrast(claim, written)
        return "" if not claim.dimension and claim.raw in loose else f"“{claim.text}” is not in the cited sentence"
    return _contrast(claim, kin[0]) if kin else ""


def _contrast(claim: Quantity, other: Quantity) -> str:
    return f"{_CLAIM_SAYS} “{claim.text}” where the source says “{other.text}”"


def contrasts(fault: str) -> bool:
    """Whether a fault names another figure for the same thing, rather than one that is missing."""
    return fault.startswith(_CLAIM_SAYS)


def _same_thing(claim: Quantity, other: Quantity) -> bool:
    """Whether both count the same: `five datasets`, `3 datasets`."""
    return bool(claim.counted and other.counted) and claim.counted[:2] == other.counted[: len(claim.counted[:2])]


def _same_figure(claim: Quantity, other: Quantity) -> bool:
    """Whether the source's quantity is the claim's, in another dress or rounded at most."""
    if claim.dimension and other.dimension and claim.dimension != other.dimension:
        return False
    if claim.dimension != other.dimension:
        return _close(claim.raw, other.raw) or _as_share(claim, other)
    alike = _close(claim.value, other.value) or _rounded(claim, other) or _converted(claim, other)
    return alike or _hedged(claim, other)


def _comparable(claim: Quantity, other: Quantity) -> bool:
    return claim.dimension == other.dimension and (bool(claim.dimension) or _same_thing(claim, other))


def _bound_met(claim: Quantity, other: Quantity) -> bool:
    """A bound is met by a figure, not by another bound; what is reached `up to` a figure is that figure and no smaller one."""
    if not _comparable(claim, other):
        return False
    ratio = other.value / claim.value if claim.value else math.inf
    if claim.bound == "about":
        return 0.9 <= ratio <= 1.1
    figure = other.bound in ("exact", "about")
    return figure and ((claim.bound == "over" and ratio > 1) or (claim.bound == "under" and ratio < 1))


def _close(one: float, other: float) -> bool:
    return math.isfinite(one) and math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-12)


def _hedged(claim: Quantity, other: Quantity) -> bool:
    """Whether the claim's large figure, which it hedges, is the source's at its last digit that is not 0: `nearly 4,000` for 3,985."""
    finite = math.isfinite(other.raw) and math.isfinite(claim.raw) and claim.digits < MOST_DIGITS
    if claim.bound in ("exact", "up to") or abs(claim.raw) < TELLING or claim.spelled or not finite:
        return False
    place = _last_place(claim)
    steps = other.raw / place
    cut = {"over": math.floor, "under": math.ceil}.get(claim.bound, round)(steps)
    return _close(cut * place, claim.raw)


def _last_place(claim: Quantity) -> float:
    """The worth of the last digit of a figure that is not 0."""
    place = float(10.0**-claim.digits)
    while _close(claim.raw / (10 * place), round(claim.raw / (10 * place))):
        place *= 10
    return place


def _rounded(claim: Quantity, other: Quantity) -> bool:
    """Whether the claim's figure is the source's, rounded to the claim's digits, of which it has two or more."""
    factor = claim.value / claim.raw if claim.raw else 1.0
    own = other.value / factor
    told = abs(claim.raw) * 10.0 ** min(claim.digits, MOST_DIGITS)
    return not claim.spelled and told >= 10 and math.isfinite(own) and _close(round(own, claim.digits), claim.raw)


def _converted(claim: Quantity, other: Quantity) -> bool:
    """Whether two figures in different units are the same but for rounding: `350 °F` and `175 °C`, `a third` and `33 %`."""
    if claim.spelled != other.spelled and claim.dimension == "%":
        return math.isclose(claim.value, other.value, rel_tol=CONVERTED)
    one, two = (_factor(quantity) for quantity in (claim, other))
    measured = claim.dimension not in ("", "%", "x", "month", "space")
    return measured and not _close(one, two) and math.isclose(claim.value, other.value, rel_tol=CONVERTED)


def _factor(quantity: Quantity) -> float:
    return quantity.value / quantity.raw if quantity.raw else 0.0


def _as_share(claim: Quantity, other: Quantity) -> bool:
    """`12 %` is `0.12`."""
    return (claim.dimension == "%" and _close(claim.value, 100 * other.raw)) or (
        other.dimension == "%" and _close(other.value, 100 * claim.raw)
    )
