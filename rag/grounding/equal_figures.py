"""When two figures say the same: in another unit, rounded, as a share, as a change the other way put, as a bound that the other meets."""

from __future__ import annotations

import math

from rag.text.quantity import Quantity

TELLING = 100
"""From this figure on it is hardly there by chance: the source's same figure is meant, though it counts people where the claim counts cases."""
MOST_DIGITS = 30
"""Digits behind the point that are told apart. Chosen."""
CONVERTED = 0.015
"""How far figures may be apart that were converted from one unit to another and rounded."""
IN_WORDS = 0.055
"""The same for fractions in words, which are said of 35 % as of 33 %."""
MONTH = 365.25 / 12 * 86400
"""Seconds."""
ABOUT_A_MONTH = 0.1
"""How far days or weeks and months may be apart: `12 weeks` and `three months`."""
HALF_AN_ORDER = 0.3
"""Powers of ten by which `an order of magnitude` may be off: 5 to 20 times."""


def same_figure(claim: Quantity, other: Quantity) -> bool:
    """Whether the source's quantity is the claim's, in another dress or rounded at most."""
    if _same_change(claim, other):
        return True
    if claim.dimension and other.dimension and claim.dimension != other.dimension:
        return _same_months(claim, other)
    if _points_for_percent(claim, other):
        return False
    if claim.dimension != other.dimension:
        return close(claim.raw, other.raw) or _as_share(claim, other)
    if claim.bound == other.bound and claim.least is not None and claim.least == other.least:
        return True
    alike = close(claim.value, other.value) or _rounded(claim, other) or _converted(claim, other)
    return alike or _hedged(claim, other) or _grouped(claim, other) or _same_magnitude(claim, other)


def close(one: float, other: float) -> bool:
    return math.isfinite(one) and math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-12)


def _hedged(claim: Quantity, other: Quantity) -> bool:
    """Whether the claim's large figure, which it hedges, is the source's at its last digit that is not 0: `nearly 4,000` for 3,985."""
    finite = math.isfinite(other.raw) and math.isfinite(claim.raw) and claim.digits < MOST_DIGITS
    if claim.bound in ("exact", "up to") or abs(claim.raw) < TELLING or claim.spelled or not finite:
        return False
    place = _last_place(claim)
    steps = other.raw / place
    cut = {"over": math.floor, "under": math.ceil}.get(claim.bound, round)(steps)
    return close(cut * place, claim.raw)


def _last_place(claim: Quantity) -> float:
    """The worth of the last digit of a figure that is not 0."""
    place = float(10.0**-claim.digits)
    while close(claim.raw / (10 * place), round(claim.raw / (10 * place))):
        place *= 10
    return place


def _rounded(claim: Quantity, other: Quantity) -> bool:
    """Whether the claim's figure is the source's, rounded to the claim's digits, of which it has two or more."""
    factor = claim.value / claim.raw if claim.raw else 1.0
    own = other.value / factor
    told = abs(claim.raw) * 10.0 ** min(claim.digits, MOST_DIGITS)
    return not claim.spelled and told >= 10 and math.isfinite(own) and close(round(own, claim.digits), claim.raw)


def _converted(claim: Quantity, other: Quantity) -> bool:
    """Whether two figures in different units are the same but for rounding: `350 °F` and `175 °C`, `a sixth` and `17 %`."""
    if claim.dimension == "%" and (claim.spelled or other.spelled):
        whole = any(
            one.spelled and not two.digits and round(one.value) == two.value >= 10
            for one, two in ((claim, other), (other, claim))
        )
        off = IN_WORDS if any(_is_fraction(one) for one in (claim, other)) else CONVERTED
        return whole or math.isclose(claim.value, other.value, rel_tol=off)
    one, two = (_factor(quantity) for quantity in (claim, other))
    measured = claim.dimension not in ("", "%", "x", "month", "space")
    return measured and not close(one, two) and math.isclose(claim.value, other.value, rel_tol=CONVERTED)


def _is_fraction(quantity: Quantity) -> bool:
    """Whether it is a fraction in words, such as `a third` or `half`, rather than a ratio."""
    return quantity.spelled and not any(joined in quantity.text for joined in (" in ", " of ", " per "))


def _factor(quantity: Quantity) -> float:
    return quantity.value / quantity.raw if quantity.raw else 0.0


def _as_share(claim: Quantity, other: Quantity) -> bool:
    """`12 %` is `0.12`."""
    return (claim.dimension == "%" and close(claim.value, 100 * other.raw)) or (
        other.dimension == "%" and close(other.value, 100 * claim.raw)
    )


def _same_change(claim: Quantity, other: Quantity) -> bool:
    """`20 % faster` is `1.2x`, `half as many` is `2x fewer`, `twice as fast` is `half the time`."""
    if claim.factor is None or other.factor is None:
        return False
    if claim.dimension == other.dimension:  # `60 % lower` is `40 % of the baseline`
        return claim.dimension == "%" and close(claim.value + other.value, 100) and close(claim.factor, other.factor)
    decimals = min(claim.digits + (2 if claim.dimension == "%" else 0), MOST_DIGITS)
    either_way = (other.factor, 1 / other.factor if other.factor > 0 else 0.0)
    return any(
        math.isclose(claim.factor, factor, rel_tol=CONVERTED) or (decimals > 0 and close(round(factor, decimals), claim.factor))
        for factor in either_way
    )


def _points_for_percent(claim: Quantity, other: Quantity) -> bool:
    """A change of 5 % is none of 5 percentage points."""
    return (claim.is_points and other.factor is not None) or (other.is_points and claim.factor is not None)


def _same_months(claim: Quantity, other: Quantity) -> bool:
    """`12 weeks` and `three months`; days at least, as a month is no exact time."""
    if {claim.dimension, other.dimension} != {"time", "month"}:
        return False
    one, two = (quantity.value * (MONTH if quantity.dimension == "month" else 1.0) for quantity in (claim, other))
    return min(one, two) > MONTH / 2 and math.isclose(one, two, rel_tol=ABOUT_A_MONTH)


def _grouped(claim: Quantity, other: Quantity) -> bool:
    """`45.300` for 45,300, as in most of Europe: three digits behind the point of a number of things."""
    if claim.dimension or 3 not in (claim.digits, other.digits):
        return False
    return any(
        one.digits == 3 and two.digits <= 0 and 1 <= one.raw < 1000 and close(1000 * one.raw, two.raw)
        for one, two in ((claim, other), (other, claim))
    )


def _same_magnitude(claim: Quantity, other: Quantity) -> bool:
    if not any("magnitudes" in quantity.text for quantity in (claim, other)) or claim.dimension != "x":
        return False
    return min(claim.value, other.value) > 0 and abs(math.log10(claim.value / other.value)) <= HALF_AN_ORDER


def opposed(claim: Quantity, other: Quantity) -> bool:
    """Whether one is the most and the other the least: `at least 3`, `fewer than 3`."""
    if not (claim.is_bound and other.is_bound):
        return False
    return (claim.bound == "over") != (other.bound == "over")
