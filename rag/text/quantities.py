"""Numbers and their units in a text: `12\\%` is `12 percent`, `1,000` is `1000`, `twice` is `2x`. Digits inside names (`CIFAR-10`, `3D`) are none."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from rag.text.figure_forms import read_alike
from rag.text.latex import plain_figures
from rag.text.numerals import FRACTIONS, MULTIPLES, SCALE_WORDS, SPELLED
from rag.text.units import SCALES, UNITS, ZERO
from rag.text.words import FUNCTION_WORDS, WORD, fold, stem

Bound = Literal["exact", "about", "over", "under", "up to"]

_HEDGES: tuple[tuple[Bound, str], ...] = (
    ("up to", "up to"),
    ("under", "less than|fewer than|under|below|at most|no more than|not more than|within|<|≤"),
    ("over", "more than|greater than|over|above|at least|no less than|not less than|exceed(?:s|ed|ing)?|>|≥"),
    ("about", "about|around|roughly|nearly|almost|approximately|approx\\.?|some|circa|close to|~|≈|∼"),
)
_HEDGE = [(bound, re.compile(rf"(?:(?<!\w)|(?<=\W))(?:{forms})\s*(?:a |an |the )?$", re.IGNORECASE)) for bound, forms in _HEDGES]
_TAIL = re.compile(r"^ ?(?:or|and) (?P<over>more|above|over|older)|^ ?or (?P<under>less|fewer|below|younger)", re.IGNORECASE)

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:e[-−+]?\d+)?"
_UNIT = "|".join(re.escape(form).replace(r"\-", "[- ]") for form in sorted(UNITS, key=len, reverse=True))
_WORDS = "|".join([*SPELLED, *MULTIPLES, *FRACTIONS, "dozen", *SCALE_WORDS])
_NUMBER = re.compile(
    rf"(?<![\w.])(?<![A-Za-z][-–])(?P<digits>{_DIGITS})(?:\^(?P<power>[-−]?\d+))?"
    r"(?:(?P<scale>k|K|M|B|bn|T)(?![A-Za-z0-9])|(?:st|nd|rd|th)\b|(?<=\d0)s\b)?"
    rf"|(?<![\w.])(?P<word>(?i:(?:{_WORDS})(?:[ -](?:{_WORDS}))*))(?:\b|(?=fold))"
    r"|(?:(?<=than )|(?<=under )|(?<=within )|(?<=over ))(?P<one>an?)(?= (?:second|minute|hour|day|week|month|year|decade)\b)"
)
_UNIT_AFTER = re.compile(rf"(?: |-|)(?P<unit>{_UNIT})(?![A-Za-z0-9])")
_SCALE_AFTER = re.compile(rf"[ -](?P<scale>{'|'.join(SCALE_WORDS)}|bn)s?\b", re.IGNORECASE)
_OF = re.compile(rf" (?:out )?of (?:the )?(?P<whole>{_DIGITS}|{_WORDS})\b", re.IGNORECASE)
"""Behind the number in `three of four`."""
_RATIO = re.compile(
    rf"(?<![\w.,])(?P<part>{_DIGITS}|(?i:{_WORDS}))(?: in| out of| of| of the| per| of every| in every) (?P<whole>(?>{_DIGITS}|(?i:{_WORDS})))"
    r"(?![\w.,]{0,40}[\d%])(?! ?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|kg|ml|mg)\b)(?!\w)"
)
"""`1 in 2,000`, `three out of four`, `5 per 1,000`: a share."""
_AND_PART = re.compile(r"(?:, | and |, and | )")
_YEARS = range(1800, 2101)
_FACTOR = re.compile(r"\bfactors? of (?:about |around |roughly |up to )?$", re.IGNORECASE)
_COUNTED = re.compile(r"(?:[ -]{1,8}+[A-Za-z][A-Za-z'’]{1,40}+){1,4}")
_LABEL = re.compile(
    r"(?i)(?:\b(?:type|phase|stage|class|grade|level|figure|table|section|part|version|factor|several|few|many)[ -]|[+(])$"
)
"""What stands before a number that names a thing or is no certain number: `type 1`, `several hundred`."""
_GOES_ON = re.compile(r" ?(?:-|–|—|to) ?\d")
"""Behind the first figure of a range."""
_RANGE = re.compile(r" ?(?:-|–|—|to|and|or|,|, and) ?", re.IGNORECASE)
_MARKERS = re.compile(r"\[\d+(?:\s*[,;–-]\s*\d+)*\]")


_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWER = re.compile(
    r"(?P<figure>(?<![\d.])\d{1,15}(?:\.\d{1,15})?) ?[x×·*] ?10(?:\^(?P<power>[-−]?\d{1,3})|(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))(?!\d)"
)
_MINUS = re.compile(r"(?:^|[\s(])[-−]$")

_OWN_LENGTH = 3
"""Characters from which a figure that letters follow is a number (`1024px`), not part of a name (`3DGS`)."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a text gives it: `value` in the dimension's base unit, `raw` as written, the stems of what it counts."""

    text: str
    raw: float
    value: float
    digits: int
    dimension: str
    bound: Bound
    spelled: bool
    counted: tuple[str, ...]


@lru_cache(maxsize=65536)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text in order, citation markers aside."""
    plain = plain_numbers(text)
    found: list[Quantity] = []
    places: list[tuple[int, int]] = []
    shares: set[str] = set()
    ratios = {match.start(): match for match in _RATIO.finditer(plain)}
    for match in _NUMBER.finditer(plain):
        if not places or match.start() >= places[-1][1]:
            ratio = ratios.get(match.start())
            share = _share(ratio, plain) if ratio else None
            if ratio and share:
                found.append(share)
                shares.add(share.text)
                places.append((ratio.start(), ratio.end()))
                continue
            quantity, end = _quantity(match, plain)
            if (
                _LABEL.search(plain[max(0, match.start() - 12) : match.start()])
                and abs(quantity.raw) < 1000
                and not quantity.dimension
                and not _GOES_ON.match(plain, end)
            ):
                continue
            if quantity.dimension or not plain[end : end + 1].isalpha() or len(match.group()) >= _OWN_LENGTH:
                found.append(quantity)
                places.append((match.start(), end))
    for at in range(len(found) - 2, -1, -1):
        between = plain[places[at][1] : places[at + 1][0]]
        joined = _RANGE.fullmatch(between) and found[at + 1].text not in shares
        if not found[at].dimension and found[at + 1].dimension and joined:
            found[at] = _in_unit(found[at], found[at + 1])
    return _summed(found, places, plain)


def _summed(found: Sequence[Quantity], places: Sequence[tuple[int, int]], text: str) -> tuple[Quantity, ...]:
    """The quantities with `two hours and five minutes` as one."""
    kept: list[Quantity] = []
    for at, own in enumerate(found):
        before = kept[-1] if kept else None
        between = text[places[at - 1][1] : places[at][0]] if at else ""
        if before and _measured(before, own) and _AND_PART.fullmatch(between) and 0 < own.value < before.value / before.raw:
            value = before.value + own.value
            raw = value * before.raw / before.value
            kept[-1] = replace(before, text=text[places[at - 1][0] : places[at][1]].strip(), raw=raw, value=value, digits=6)
        else:
            kept.append(own)
    return tuple(kept)


def _measured(one: Quantity, other: Quantity) -> bool:
    """Whether both are of one dimension that has larger and smaller units."""
    return one.dimension == other.dimension and one.dimension in ("time", "month", "length", "mass") and one.raw > 0


def _share(match: re.Match[str], text: str) -> Quantity | None:
    """A ratio as a percentage; None if it is none, such as `5 in 2020`."""
    if _LABEL.search(text[max(0, match.start() - 12) : match.start()]):
        return None
    if match["part"].lower() in FRACTIONS:
        return None
    part, whole = _number(match["part"]), _number(match["whole"])
    dated = whole in _YEARS and "," not in match["whole"] and " in " in match.group()
    if dated or not 0 < part < whole:
        return None
    share = 100 * part / whole
    bound = _bound(text[max(0, match.start() - 24) : match.start()], "")
    return Quantity(match.group(), share, share, 0, "%", bound, True, ())


def _number(written: str) -> float:
    """A figure or a number word: `2,000`, `five`, `million`."""
    return float(written.replace(",", "")) if written[-1].isdigit() else _spelled(written)


@lru_cache(maxsize=4096)
def plain_numbers(text: str) -> str:
    """The text without LaTeX and without citation markers; `3 x 4` are two numbers, `1.2 × 10^6` is one."""
    bare = plain_figures(_MARKERS.sub(" ", text)).replace("−", "-").replace("\u00a0", " ").replace("\u202f", " ")
    return re.sub(r"(?<=\d) ?[x×] ?(?=\d)", " and ", _POWER.sub(_power, read_alike(bare)))


def _power(match: re.Match[str]) -> str:
    """`1.2 × 10^6` as `1.2e6`, the form that is read."""
    raised = (match["raised"] or match["power"]).translate(_SUPERSCRIPTS).replace("−", "-")
    return f"{match['figure']}e{raised}"


def _quantity(match: re.Match[str], text: str) -> tuple[Quantity, int]:
    """The quantity whose number is matched, and where it ends with its unit."""
    end, before = match.end(), text[max(0, match.start() - 24) : match.start()]
    if match["digits"]:
        raw, digits = _figure(match)
    else:
        raw, digits = _spelled(match["word"] or "one"), 0
    scale = _SCALE_AFTER.match(text, end) if match["digits"] and not match["scale"] else None
    if scale is not None:
        size = SCALE_WORDS.get(scale["scale"].lower(), 1e9)
        raw, digits, end = raw * size, digits - round(math.log10(size)), scale.end()
    unit = _UNIT_AFTER.match(text, end)
    form = unit["unit"].replace(" ", "-") if unit is not None else ""
    dimension, factor = UNITS[form] if form else _own_unit(match, before)
    raw = -raw if dimension == "temperature" and _MINUS.search(before) else raw
    end = unit.end() if unit is not None else end
    bound, spelled = _bound(before, text[end:]), not match["digits"]
    counted = () if dimension else _counted(text, end)
    return Quantity(
        text[match.start() : end].strip(), raw, (raw - ZERO.get(form, 0.0)) * factor, digits, dimension, bound, spelled, counted
    ), end


def _figure(match: re.Match[str]) -> tuple[float, int]:
    """Value, and how many digits stand behind the point (below zero where a scale letter moves it)."""
    written = match["digits"].replace(",", "").replace("−", "-")
    raw = float(written)
    decimals = len(written.split("e")[0].partition(".")[2])
    if match["power"]:
        power = float(match["power"].replace("−", "-"))
        return _raised(raw, power), 0
    scale = SCALES.get(match["scale"] or "", 1.0)
    return raw * scale, decimals - round(math.log10(scale))


def _raised(base: float, power: float) -> float:
    try:
        return float(base**power)
    except (OverflowError, ZeroDivisionError):
        return math.inf


def _spelled(phrase: str) -> float:
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


def _own_unit(match: re.Match[str], before: str) -> tuple[str, float]:
    if _FACTOR.search(before):
        return "x", 1.0
    word = (match["word"] or "").lower()
    if word in MULTIPLES:
        return "x", 1.0
    return ("%", 100.0) if word in FRACTIONS else ("", 1.0)


def _bound(before: str, after: str) -> Bound:
    for bound, pattern in _HEDGE:
        if pattern.search(before):
            return bound
    tail = _TAIL.match(after)
    return "exact" if tail is None else "over" if tail["over"] else "under"


def _counted(text: str, end: int) -> tuple[str, ...]:
    whole = _OF.match(text, end)
    if whole is not None:
        written = whole["whole"].lower()
        return ("of", f"{float(written.replace(',', '')) if written[-1].isdigit() else _spelled(written):g}")
    tail = _TAIL.match(text[end:])
    found = _COUNTED.match(text, end + tail.end() if tail else end)
    if found is None:
        return ()
    kept: list[str] = []
    for word in WORD.findall(found.group()):
        if fold(word) in FUNCTION_WORDS:
            break
        kept.append(stem(fold(word)))
    return tuple(kept)


def _in_unit(bare: Quantity, dressed: Quantity) -> Quantity:
    factor = dressed.value / dressed.raw if dressed.raw else 1.0
    return Quantity(bare.text, bare.raw, bare.raw * factor, bare.digits, dressed.dimension, bare.bound, bare.spelled, ())
