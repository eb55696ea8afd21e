"""Figures in longer or foreign forms, rewritten as those that `rag.text.quantities` reads: ISO dates, ranges, decimal commas, `all but 4 of the 59`, `half an hour`."""

from __future__ import annotations

import re

from rag.text.dates import MONTHS
from rag.text.digit_forms import plain_digits
from rag.text.numerals import DENOMINATORS, ORDINALS, SCALE_WORDS, SPELLED
from rag.text.units import UNITS

_UNIT = "|".join(re.escape(form) for form in sorted(UNITS, key=len, reverse=True) if form.isascii() and form.isalpha())
_DECIMAL_COMMA = re.compile(
    rf"(?<![\d.,])(?P<whole>\d{{1,3}}),(?P<part>\d{{1,2}})(?= ?(?:%|°|€|(?:Prozent|Millionen|Milliarden|Mio|Mrd|Euro|{_UNIT})\b))"
)
_ISO_DATE = re.compile(r"(?<!\d)(?P<year>(?:1[89]|20)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3]\d)(?!\d)")
_SHORT_YEARS = re.compile(r"(?<!\d)(?P<century>1[89]|20)(?P<first>\d\d)[-–/](?P<last>\d\d)(?!\d)")
_RANGE = re.compile(
    r"(?<=\d)(?P<unit>[x×%kKMBT]|°C|°F)?(?: ?[–—] ?|-)(?=\d{1,9}(?:\.\d{1,9})?(?:[x×%kKMBT]|°C|°F| ?%)(?![A-Za-z\d]))"
)
"""What joins two figures of which at least the second has a unit or a scale: `2.8x-4x`, `2B-10B`, `25-30%`."""
_NUMBER = rf"(?:\d{{1,9}}|(?:{'|'.join(SPELLED)}))"
_ALL_BUT = re.compile(rf"(?i)\ball (?:but|except) (?P<left>{_NUMBER})\b(?: of (?:the |these |those )?(?P<whole>{_NUMBER})\b)?")
_EXCEPT = re.compile(rf"(?i)\ball (?P<things>(?!but\b)[a-z]{{1,30}}) (?:but|except|save) (?:for )?{_NUMBER}\b")
_PART_OF = re.compile(
    rf"(?i)(?<![\w.])(?:(?P<parts>{'|'.join(SPELLED)}|an?) )?(?P<part>half|{'|'.join(DENOMINATORS)})s?(?: of)? an? "
    rf"(?P<whole>second|minute|hour|day|week|month|year|decade|century|{'|'.join(SCALE_WORDS)}|dozen)(?![\w-])"
)
"""`half an hour`, `three quarters of a million`, `half a dozen`."""
_MANY_AND_A_HALF = re.compile(rf"(?i)\b(?P<whole>{'|'.join(SPELLED)}) and a half (?P<scale>{'|'.join(SCALE_WORDS)})\b")
_HUNDRED_AND = re.compile(
    rf"(?i)\b(hundred|thousand) and (?=(?:{'|'.join(SPELLED)})\b(?![ -](?:{'|'.join([*SPELLED, *SCALE_WORDS])})\b)|(?:{'|'.join(word for word, value in SPELLED.items() if value >= 20)})[ -](?:{'|'.join(SPELLED)})\b(?! (?:{'|'.join(SCALE_WORDS)})\b))"
)
_TENS_FIRST = re.compile(
    rf"(?i)\b(?P<tens>{'|'.join(word for word, value in SPELLED.items() if value >= 20)})-(?P<first>{'|'.join(word for word, place in ORDINALS.items() if place < 10)})\b"
)
MOST_ORDERS = 30
"""Orders of magnitude that are counted. Chosen."""
_MAGNITUDE = re.compile(rf"(?i)\b(?P<orders>an?|{_NUMBER}) orders? of magnitude\b")
_MORE_THAN_ONE = re.compile(
    r"(?i)\bmore than one(?= [a-z])(?! (?:in|of|out|and|third|half|quarter|hundred|thousand|million|billion|trillion)\b)"
)
_ONCE = re.compile(r"(?i)\bonce(?= (?:an? (?:second|minute|hour|day|week|month|year)|per|daily|weekly|monthly|yearly|every)\b)")
_EVERY_ONE = re.compile(r"(?i)\b(?:every|each)(?: single)? one of (?:the |all )?(?=[\w\d])")
_UNIT_AND_A_HALF = re.compile(r"(?i)\b(?:an?|one) (?P<unit>second|minute|hour|day|week|month|year|decade) and a half\b")
_TWO_AND_A_HALF = re.compile(rf"(?i)\b(?P<whole>{'|'.join(SPELLED)}) and a half\b")
_LIST_NUMBER = re.compile(r"\A\s{0,20}\(?\d{1,2}[.)]\s(?=\s{0,20}\S)")
_ONE_AND_THE_OTHER = re.compile(r"(?i)\bone(?= [a-z]{1,30}\b[^.]{1,120}\bthe others?\b)")


def read_alike(text: str) -> str:
    """The text with such figures in the one form that is read."""
    text = _LIST_NUMBER.sub("", text)
    text = plain_digits(text)
    text = _DECIMAL_COMMA.sub(r"\g<whole>.\g<part>", text)
    text = _ISO_DATE.sub(lambda date: f"{int(date['day'])} {MONTHS[int(date['month']) - 1].title()} {date['year']}", text)
    text = _SHORT_YEARS.sub(_years, text)
    text = _RANGE.sub(lambda range_: f"{range_['unit'] or ''} to ", text)
    text = _EVERY_ONE.sub("all ", _ALL_BUT.sub(_rest, _EXCEPT.sub(r"most \g<things>", text)))
    text = _MAGNITUDE.sub(_magnitude, _PART_OF.sub(_part, text))
    text = _MORE_THAN_ONE.sub("at least two", _ONCE.sub("one times", text))
    text = _HUNDRED_AND.sub(r"\1 ", _TENS_FIRST.sub(_ordinal, text))
    text = _MANY_AND_A_HALF.sub(lambda many: f"{SPELLED[many['whole'].lower()] + 0.5:g} {many['scale']}", text)
    text = _UNIT_AND_A_HALF.sub(r"1.5 \g<unit>s", text)
    text = _ONE_AND_THE_OTHER.sub("a", text)
    return _TWO_AND_A_HALF.sub(lambda number: f"{SPELLED[number['whole'].lower()]:g}.5", text)


def _years(match: re.Match[str]) -> str:
    """`2018–19` as `2018 to 2019`; what does not go on is none: `2018/03`."""
    first, last = int(match["first"]), int(match["last"])
    return f"{match['century']}{match['first']} to {match['century']}{match['last']}" if first < last else match[0]


def _rest(match: re.Match[str]) -> str:
    """`all but 4 of the 59` as `55 of the 59`; where the whole is not given, the figure goes."""
    if not match["whole"]:
        return "most"
    return f"{_number(match['whole']) - _number(match['left']):g} of the {match['whole']}"


def _part(match: re.Match[str]) -> str:
    """`half an hour` as `0.5 hours`, `three quarters of a million` as `0.75 million`, `half a dozen` as `6`."""
    part = match["part"].lower()
    several = SPELLED.get((match["parts"] or "one").lower(), 1.0)
    share = several / (2.0 if part == "half" else DENOMINATORS[part])
    whole = match["whole"].lower()
    if whole == "dozen":
        return f"{12 * share:g}"
    return f"{share:.4g} {whole}" if whole in SCALE_WORDS else f"{share:.4g} {'centuries' if whole == 'century' else whole + 's'}"


def _magnitude(match: re.Match[str]) -> str:
    """`two orders of magnitude` as `100 magnitudes`, a unit of its own."""
    orders = match["orders"].lower()
    return f"{10.0 ** (1 if orders in ('a', 'an') else min(_number(orders), MOST_ORDERS)):g} magnitudes"


def _ordinal(match: re.Match[str]) -> str:
    """`twenty-second` as `22nd`."""
    place = int(SPELLED[match["tens"].lower()]) + ORDINALS[match["first"].lower()]
    return f"{place}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th') }"


def _number(written: str) -> float:
    return float(written) if written.isdigit() else SPELLED[written.lower()]
