"""Numbers and their units in a text: `12\\%` is `12 percent`, `1,000` is `1000`, `twice` is `2x`. Digits inside names (`CIFAR-10`, `3D`) are none."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rag.text.digit_forms import SUPERSCRIPTS
from rag.text.figure_forms import read_alike
from rag.text.latex import plain_figures
from rag.text.numerals import FRACTIONS, MULTIPLES, SCALE_WORDS
from rag.text.quantity import BEFORE, BEHIND, LEFT_OF_IT, TAIL, Quantity, bound_of, change_of, number, spelled_number
from rag.text.shares import DIGITS, LABEL, LABEL_LENGTH, WORDS, Placed, shares
from rag.text.units import SCALES, UNITS, ZERO
from rag.text.words import FUNCTION_WORDS, WORD, fold, stem

_ENDS_OF_ORDINALS = ("t", "d", "h")
"""Last letters of `1st`, `2nd` and `4th`, behind which no unit follows: `the 19th century`."""
SHORT_SCALES = {"bn": 1e9, "tn": 1e12, "mn": 1e6, "mln": 1e6, "mio": 1e6, "mrd": 1e9, "lakh": 1e5, "crore": 1e7}
_UNIT = "|".join(re.escape(form).replace(r"\-", "[- ]") for form in sorted(UNITS, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?<![\w.])(?<![A-Za-z][-–])(?P<digits>{DIGITS})(?:\^(?P<power>[-−]?\d+))?"
    r"(?:(?P<scale>k|K|M|B|bn|T)(?![A-Za-z0-9])|(?:st|nd|rd|th)\b|(?<=\d0)s\b)?"
    rf"|(?<![\w.])(?P<word>(?i:(?:{WORDS})(?:[ -](?:{WORDS}))*))(?:\b|(?=fold))"
    r"|(?:(?<=than )|(?<=under )|(?<=within )|(?<=over )|(?<=takes )|(?<=took )|(?<=lasts )|(?<=lasted )|(?<=for )|(?<=about ))(?P<one>an?)(?= (?:second|minute|hour|day|week|month|year|decade|century|fortnight)\b)"
)
_UNIT_AFTER = re.compile(rf"(?: |-|)(?P<unit>{_UNIT})(?![A-Za-z0-9])")
_SCALE_AFTER = re.compile(rf"[ -](?P<scale>{'|'.join([*SCALE_WORDS, *SHORT_SCALES])})s?\b", re.IGNORECASE)
_OF = re.compile(rf" (?:out )?of (?:the )?(?P<whole>{DIGITS}|{WORDS})\b", re.IGNORECASE)
"""Behind the number in `three of four`."""
_AND_PART = re.compile(r"(?:, | and |, and | )")
_FACTOR = re.compile(r"\bfactors? of (?:about |around |roughly |up to )?$", re.IGNORECASE)
_COUNTED = re.compile(r"(?:[ -]{1,8}+[A-Za-z][A-Za-z'’]{1,40}+){1,4}")
_GOES_ON = re.compile(r" ?(?:-|–|—|to) ?\d")
"""Behind the first figure of a range."""
_RANGE = re.compile(r" ?(?:-|–|—|to|and|or|,|, and) ?", re.IGNORECASE)
_MARKERS = re.compile(
    r"(?i)(?P<cue>(?:\b(?:interval|range|between|within|CI|(?:lies?|lying|values?|numbers?|integers?|scores?|rang(?:es?|ing)|is|are|drawn|sampled|scaled|rescaled|clipped|mapped|normali[sz]ed|uniformly) (?:in|from|to|over))|∈|=) ?)?"
    r"\[(?P<numbers>\d+(?P<more>\s*[,;–-]\s*\d+)*)\]"
)
"""A marker, or behind such a word an interval."""


_POWER = re.compile(
    r"(?P<figure>(?<![\d.])\d{1,15}(?:\.\d{1,15})?) ?[x×·*] ?10(?:\^(?P<power>[-−]?\d{1,3})|(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))(?!\d)"
)
_MINUS = re.compile(r"(?:^|[\s(])[-−]$")

_OWN_LENGTH = 3
"""Characters from which a figure that letters follow is a number (`1024px`), not part of a name (`3DGS`)."""


@lru_cache(maxsize=65536)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text in order, citation markers aside."""
    plain = plain_numbers(text)
    own = shares(plain)
    ratios = {(start, end) for start, end, _ in own}
    placed = _with_shares(plain, own)
    found, places = [quantity for _, _, quantity in placed], [(start, end) for start, end, _ in placed]
    for at in range(len(found) - 2, -1, -1):
        between = plain[places[at][1] : places[at + 1][0]]
        one, other = found[at], found[at + 1]
        shared = not one.dimension and other.dimension and not _is_its_share(one, other)
        if shared and places[at + 1] not in ratios and _RANGE.fullmatch(between):
            found[at] = _in_unit(found[at], found[at + 1])
    return _summed(found, places, plain)


def _is_its_share(one: Quantity, other: Quantity) -> bool:
    """Whether the second says the first once more: `0.9 or 90 percent`."""
    return other.dimension == "%" and one.digits > 0 and math.isclose(100 * one.raw, other.raw)


def _with_shares(plain: str, own: Sequence[Placed]) -> list[Placed]:
    """The shares of a text and its other numbers, in order."""
    placed = [*own]
    taken = [(start, end) for start, end, _ in own]
    last, at = 0, 0
    for match in _NUMBER.finditer(plain):
        while at < len(taken) and taken[at][1] <= match.start():
            at += 1
        if match.start() < last or (at < len(taken) and taken[at][0] < match.end()):
            continue
        quantity, end = _quantity(match, plain)
        if _counts(quantity, match, plain, end):
            placed.append((match.start(), end, quantity))
            last = end
    return sorted(placed, key=lambda one: one[0])


def _counts(quantity: Quantity, match: re.Match[str], plain: str, end: int) -> bool:
    """Whether it is a number of its own, not the name of a thing: `type 1`, `3DGS`."""
    if quantity.dimension:
        return True
    labelled = LABEL.search(plain[max(0, match.start() - LABEL_LENGTH) : match.start()])
    if labelled and abs(quantity.raw) < 1000 and not _GOES_ON.match(plain, end):
        return False
    return not plain[end : end + 1].isalpha() or len(match.group()) >= _OWN_LENGTH


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


@lru_cache(maxsize=4096)
def plain_numbers(text: str) -> str:
    """The text without LaTeX and without citation markers; `3 x 4` are two numbers, `1.2 × 10^6` is one."""
    bare = plain_figures(_MARKERS.sub(_interval, text)).replace("−", "-").replace("\u00a0", " ").replace("\u202f", " ")
    return re.sub(r"(?<=\d) ?[x×] ?(?=\d)", " and ", _POWER.sub(_power, read_alike(bare)))


def _interval(match: re.Match[str]) -> str:
    """An interval as a range; nothing of a marker."""
    ends = re.split(r"\s*[,;–-]\s*", match["numbers"])
    interval = len(ends) == 2 and int(ends[0]) < int(ends[1]) and (match["cue"] or ends[0] == "0")
    return f"{match['cue'] or ' '}{ends[0]} to {ends[1]}" if interval else f"{match['cue'] or ''} "


def _power(match: re.Match[str]) -> str:
    """`1.2 × 10^6` as `1.2e6`, the form that is read."""
    raised = (match["raised"] or match["power"]).translate(SUPERSCRIPTS).replace("−", "-")
    return f"{match['figure']}e{raised}"


def _quantity(match: re.Match[str], text: str) -> tuple[Quantity, int]:
    """The quantity whose number is matched, and where it ends with its unit."""
    end, before = match.end(), text[max(0, match.start() - BEFORE) : match.start()]
    if match["digits"]:
        raw, digits = _figure(match)
    else:
        raw, digits = spelled_number(match["word"] or "one"), 0
    scale = _SCALE_AFTER.match(text, end) if match["digits"] and not match["scale"] else None
    if scale is not None:
        size = SHORT_SCALES.get(scale["scale"].lower()) or SCALE_WORDS[scale["scale"].lower()]
        raw, digits, end = raw * size, digits - round(math.log10(size)), scale.end()
    unit = None if match["digits"] and text[end - 1 : end] in _ENDS_OF_ORDINALS else _UNIT_AFTER.match(text, end)
    form = unit["unit"].replace(" ", "-") if unit is not None else ""
    dimension, factor = UNITS[form] if form else _own_unit(match, before)
    raw = -raw if dimension == "temperature" and _MINUS.search(before) else raw
    end = unit.end() if unit is not None else end
    after, value = text[end : end + BEHIND], (raw - ZERO.get(form, 0.0)) * factor
    bound, hedge = bound_of(before, after)
    written = text[match.start() : end].strip()
    counted = () if dimension else _counted(text, end)
    changed = change_of(dimension, value, before, after, _halves(match["word"], after))
    own = Quantity(written, raw, value, digits, dimension, bound, not match["digits"], counted, changed, hedge)
    return (replace(own, factor=None) if own.is_points else own), end


def _halves(word: str | None, after: str) -> bool:
    """Whether `half` is what is left of something: `halved`, `half as many`."""
    said = (word or "").lower()
    left = after.startswith(" as ") or LEFT_OF_IT.match(after) is not None
    return said.startswith("halv") or (said == "half" and left)


def _figure(match: re.Match[str]) -> tuple[float, int]:
    """Value, and how many digits stand behind the point (below zero where a scale letter moves it)."""
    written = match["digits"].replace(",", "").replace("−", "-")
    raw = float(written)
    decimals = len(written.lower().split("e")[0].partition(".")[2])
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


def _own_unit(match: re.Match[str], before: str) -> tuple[str, float]:
    if _FACTOR.search(before):
        return "x", 1.0
    word = (match["word"] or "").lower()
    if word in MULTIPLES:
        return "x", 1.0
    return ("%", 100.0) if word in FRACTIONS else ("", 1.0)


def _counted(text: str, end: int) -> tuple[str, ...]:
    whole = _OF.match(text, end)
    if whole is not None:
        written = whole["whole"].lower()
        return ("of", f"{number(written):g}")
    tail = TAIL.match(text[end : end + 20])
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
