"""Whether a claim's numbers are those of its sources.

Strict where a figure would mislead, lenient where only its dress differs: a figure rounded to fewer digits, the same quantity in
another unit, a bound that a figure of the source meets.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.grounding.equal_figures import TELLING, close, opposed, same_figure
from rag.grounding.numbered import other_number
from rag.text.dates import other_date
from rag.text.numerals import ORDINALS, SPELLED
from rag.text.quantities import plain_numbers, quantities
from rag.text.quantity import Quantity
from rag.text.units import SCALES
from rag.text.words import fold, words

_TIME_ALONE = re.compile(r"\bwithin (?P<unit>seconds|minutes|hours|days|weeks|months|years)\b")
_CLAIM_SAYS = "the claim says"
MOST = 64
"""Numbers of a claim, and shares of a source, that are compared with each other: no sentence that reports anything has more."""
_LOOSE = re.compile(r"(\d+(?:\.\d+)?)(?:([kKMBT])(?![A-Za-z]))?")
_DECADES = {f"{word.removesuffix('y')}ies": 1900 + value for word, value in SPELLED.items() if word.endswith("ty")}
_STANDS_FOR = {"binary": 2.0, "both": 2.0, "dual": 2.0, "pair": 2.0, "couple": 2.0, "single": 1.0, "sole": 1.0}
_CHANGE = "gap|difference|improvement|increase|decrease|reduction|gain|loss|drop|rise|margin|boost|decline"
_CHANGED_BY = re.compile(
    rf"(?i)\b(?:by|gains|gained|gaining|loses|lost|drops|dropped|(?:{_CHANGE})s? of) (?:(?:about|around|nearly|almost|roughly|some|over|up to|more than|an?) )*[~≈]?$"
)
_PLUS_MINUS = re.compile(r"(?P<middle>\d{1,9}(?:\.\d{1,9})?) ?(?P<unit>%)? ?(?:±|\+/-|\+-) ?(?P<off>\d{1,9}(?:\.\d{1,9})?)")
_VAGUE = re.compile(r"(?i)\b(?:several|a few|many|some) (?:(?:dozen|hundred|thousand|million|billion)s?\b ?){1,3}")
_CHANGED = re.compile(rf"(?i) ?(?:absolute |relative )?(?:points?|higher|lower|more|less|fewer|better|worse|{_CHANGE})\b")
"""Behind the number: `3 % higher`."""


def numbers_fault(claim: str, sources: Sequence[str]) -> str:
    """What is wrong with the claim's numbers, compared with all the sources, in words; empty if nothing is."""
    claim, dated = other_date(_VAGUE.sub(" ", claim), sources)
    contrast = dated or other_number(claim, sources)
    if contrast:
        return f"{_CLAIM_SAYS} “{contrast[0]}” where the source says “{contrast[1]}”"
    wanted = quantities(claim)
    if not wanted:
        return _other_time(claim, sources)
    given = [quantity for source in sources for quantity in quantities(source)]
    given += [quantity for source in sources for quantity in _implied(source)]
    steps = [step for source in sources for step in _steps(quantities(source))]
    loose = {figure for source in sources for figure in _figures(source)}
    for quantity in wanted[:MOST]:
        stepped = _difference(quantity, given, plain_numbers(claim)) or _same_step(quantity, steps)
        fault = "" if stepped else _fault(quantity, given, loose)
        if fault:
            return fault
    return _other_time(claim, sources)


def _figures(source: str) -> Iterator[float]:
    """All figures of a source, those within names (`RoTS-7B`), ordinals (`nineteenth`) and decades (`the nineties`) too."""
    for found in _LOOSE.finditer(plain_numbers(source).replace(",", "")):
        yield float(found[1])
        yield float(found[1]) * SCALES.get(found[2] or "", 1.0)
    yield from (float(ORDINALS[word]) for word in words(source) if word in ORDINALS)
    yield from (_DECADES[word] for word in words(source) if word in _DECADES)


def _implied(source: str) -> Iterator[Quantity]:
    """The numbers that single words stand for: `binary`, `both`; and the ends of `3.2 ± 0.4`."""
    for word in words(source):
        if word in _STANDS_FOR:
            number = _STANDS_FOR[word]
            yield Quantity(word, number, number, 0, "", "exact", True, ())
    for found in _PLUS_MINUS.finditer(plain_numbers(source)):
        middle, off = float(found["middle"]), float(found["off"])
        for end in (middle - off, middle + off):
            yield Quantity(found[0], end, end, 6, "%" if found["unit"] else "", "exact", False, ())


def _steps(given: Sequence[Quantity]) -> Iterator[float]:
    """What figures next to each other of one kind grow by: 1.2 for `from 50 to 60`."""
    for one, two in pairwise(given):
        if one.dimension == two.dimension and one.value > 0 and two.value > 0:
            yield two.value / one.value


def _same_step(claim: Quantity, steps: Sequence[float]) -> bool:
    """Whether the claim tells a change, in percent or times, that the source tells by its two ends: `7.1 % higher`, from 70 to 75 %."""
    if claim.factor is None or claim.is_points:
        return False
    off = 0.5 * 10.0 ** -(claim.digits + (2 if claim.dimension == "%" else 0))
    return any(abs(claim.factor - step) <= off for step in steps[:MOST])


def _other_time(claim: str, sources: Sequence[str]) -> str:
    """`within minutes` where the sources say `within seconds`."""
    own, theirs = (list(dict.fromkeys(_TIME_ALONE.findall(fold(text)))) for text in (claim, " ".join(sources)))
    other = next((unit for unit in own if unit not in theirs), None)
    return f"{_CLAIM_SAYS} “{other}” where the source says “{theirs[0]}”" if other and theirs else ""


def _difference(quantity: Quantity, given: Sequence[Quantity], claim: str) -> bool:
    """Whether the claim is about a change and its percentage lies between two of the sources': `by 3 points`, from 69 to 72 %."""
    shares = [other.value for other in given if other.dimension == "%"][:MOST]
    between = quantity.dimension == "%" and any(
        close(abs(one - two), quantity.value) for one in shares for two in shares if one != two
    )
    return between and _speaks_of_change(quantity, claim)


def _speaks_of_change(quantity: Quantity, claim: str) -> bool:
    before, _, after = claim.partition(quantity.text)
    return quantity.is_points or bool(_CHANGED_BY.search(before) or _CHANGED.match(after))


def _fault(claim: Quantity, given: Sequence[Quantity], loose: set[float]) -> str:
    # Where the sources give this very bound, the claim's is one of theirs: no other figure meets it.
    bounded = any(_comparable(claim, other) and other.bound == claim.bound != "about" for other in given)
    same = [other for other in given if same_figure(claim, other) or (not bounded and _bound_met(claim, other))]
    against = [other for other in same if opposed(claim, other)]
    if against and len(against) == len(same):
        return _contrast(claim, against[0])
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
    changes = [other for other in given if other.factor is not None]
    if claim.factor is not None and len({other.value for other in changes}) == 1 and not kin:
        return _contrast(claim, changes[0])
    if not claim.spelled and claim.dimension != "space":
        written = next((other for other in given if other.raw == claim.raw and other.dimension), None)
        if written is not None and claim.dimension:
            return _contrast(claim, written)
        return "" if not claim.dimension and claim.raw in loose else f"“{claim.text}” is not in the cited sentence"
    return _contrast(claim, kin[0]) if kin else ""


def _contrast(claim: Quantity, other: Quantity) -> str:
    own, theirs = ((f"{one.hedge} {one.text}" if opposed(claim, other) else one.text).strip() for one in (claim, other))
    return f"{_CLAIM_SAYS} “{own}” where the source says “{theirs}”"


def contrasts(fault: str) -> bool:
    """Whether a fault names another figure for the same thing, rather than one that is missing."""
    return fault.startswith(_CLAIM_SAYS)


def _same_thing(claim: Quantity, other: Quantity) -> bool:
    """Whether both count the same: `five datasets`, `3 datasets`."""
    return bool(claim.counted and other.counted) and claim.counted[:2] == other.counted[: len(claim.counted[:2])]


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
