"""Figures whose digits are written in another way, as those that `rag.text.quantities` reads: `1 234 567`, `2½`, `10⁴`, `€2.5m`, `3:30 p.m.`, `6'2"`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_SPACES = re.compile("(?<=\\d)[\u00a0\u2009\u202f'’](?=\\d{3}(?!\\d))")
"""What stands between groups of three digits and nowhere else."""
_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3}){2,6}(?![\d.,]\d|\d)")
_TWO_GROUPS = re.compile(
    r"(?i)\b(?:has|have|had|of|the|was|are|were|with|than|over|about|some|all|nearly|almost|to) \d{1,3} \d{3}(?= [a-z]{2})"
)
"""`has 45 300 inhabitants`; behind a name, the second may be a figure of its own."""
_BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d)")
_DOTS = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3}){2,6}(?![\d.,]\d|\d)")
_INDIAN = re.compile(r"(?<![\d.,])\d{1,2}(?:,\d{2}){1,4},\d{3}(?![\d,])")
_HALVES = re.compile("(?<![\\d/⁄])(?P<whole>\\d{1,6} ?)?(?P<part>[¼-¾⅐-⅞])")
_RAISED = re.compile(r"(?<![\d.])(?P<base>2|10)(?P<power>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})(?![⁰¹²³⁴⁵⁶⁷⁸⁹])")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_MONEY = re.compile(r"(?<=[$€£¥₹])(?P<figure> ?\d{1,9}(?:[.,]\d{1,3})?) ?m(?![A-Za-z\d])")
_SLASHED = re.compile(
    r"(?<![\d./-])(?P<part>\d{1,6})/(?P<whole>\d{1,6})(?= (?:of|\(\d)|(?! \w{0,20}(?:bit|split|core|layer|thread|page))\s[a-z]{3,20}s\b)(?![\d/])"
)
"""`4/5 of the budget`, `7/10 voters`; not `20/80 split`."""
_CLOCK = re.compile(r"(?i)(?<![\d:.])(?P<hour>1[0-2]|0?[1-9])(?::(?P<minute>[0-5]\d))? ?(?P<half>[ap])(?:\.m\.|m\b)")
_HOURS = re.compile(r"(?i)(?<![\d:])(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d) ?(?:h|hrs?|hours)\b")
_HOURS_RUN = re.compile(r"(?<![\w.])(?P<hours>\d{1,3})h(?P<minutes>[0-5]\d)(?![\w.])")
_FEET = re.compile(r"(?<![\d.])(?P<feet>\d{1,3}) ?(?:ft|feet|foot|['′’]) ?(?P<inches>\d{1,2}) ?(?:in(?:ch(?:es)?)?\b|[\"″”])")
_MINUS = re.compile(r"(?i)\bminus (?=\d)")
_DEGREES = re.compile(r"(?<=\d)(?: ?°|º| °) ?(?=[CF]\b)")


def _whole_and_part(match: re.Match[str]) -> str:
    """`2½` as `2.5`; `½` alone as `0.5`."""
    figure = float(match["whole"] or 0) + unicodedata.numeric(match["part"])
    return f"{figure:.6g}"


def _of(match: re.Match[str]) -> str:
    """`4/5` as `4 of 5`, where it is less than one."""
    return f"{match['part']} out of {match['whole']}" if int(match["part"]) < int(match["whole"]) else match[0]


def _from_noon(match: re.Match[str]) -> str:
    """`3:30 p.m.` as `15:30`."""
    hour = int(match["hour"]) % 12 + (12 if match["half"].lower() == "p" else 0)
    return f"{hour}:{match['minute'] or '00'}"


def _without(separators: str) -> Callable[[re.Match[str]], str]:
    table = str.maketrans("", "", separators)
    return lambda match: match[0].translate(table)


_REWRITTEN: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (_SPACES, ""),
    (_GROUPS, _without(" ")),
    (_TWO_GROUPS, lambda match: _BETWEEN_DIGITS.sub("", match[0])),
    (_DOTS, _without(".")),
    (_INDIAN, _without(",")),
    (_HALVES, _whole_and_part),
    (_RAISED, lambda match: f"{match['base']}^{match['power'].translate(SUPERSCRIPTS)}"),
    (_MONEY, r"\g<figure> million"),
    (_SLASHED, _of),
    (_HOURS, r"\g<hours> h \g<minutes> min"),
    (_HOURS_RUN, r"\g<hours> h \g<minutes> min"),
    (_CLOCK, _from_noon),
    (_FEET, r"\g<feet> feet \g<inches> inches"),
    (_MINUS, "-"),
    (_DEGREES, " °"),
)


def plain_digits(text: str) -> str:
    """The text with such figures in the one form that is read."""
    for pattern, written in _REWRITTEN:
        text = pattern.sub(written, text)
    return text
