"""Shares in words and as ratios, as percentages: `1 in 2,000`, `two thirds`, `every eighth`, `one woman in five`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.text.numerals import DENOMINATORS, FRACTIONS, MULTIPLES, ORDINALS, SCALE_WORDS, SPELLED
from rag.text.quantity import BEFORE, BEHIND, LEFT_OF_IT, Quantity, bound_of, change_of, number

DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:[eE][-−+]?\d+)?"
WORDS = "|".join([*SPELLED, *MULTIPLES, *FRACTIONS, "dozen", *SCALE_WORDS])
LABEL = re.compile(
    r"(?i)(?:\b(?:type|phase|stage|class|grade|level|figure|table|section|part|version|factor|several|few|many)[ -]|[+(])$"
)
"""What stands before a number that names a thing or is no certain number: `type 1`, `several hundred`."""
LABEL_LENGTH = 12
"""Characters before a number in which such a word is looked for: those of the longest, and a blank."""
_RATIO = re.compile(
    rf"(?<![\w.,-])(?P<part>{DIGITS}|(?i:(?:{WORDS})(?:-(?:{WORDS}))?))(?: in| out of| of| of the| per| of every| in every| out of every) (?P<whole>(?>{DIGITS}|(?i:{WORDS})))"
    r"(?![\w.,]{0,40}[\d%])(?! ?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|kg|ml|mg)\b)(?!\w)"
)
"""`1 in 2,000`, `three out of four`, `5 per 1,000`: a share."""
_DENOMINATOR = "|".join(DENOMINATORS)
_FRACTION = re.compile(
    rf"(?i)(?<![\w.,])(?:(?P<parts>{'|'.join(SPELLED)})[ -](?P<several>{_DENOMINATOR})s"
    rf"|(?P<one>one|an?)[ -](?P<single>{_DENOMINATOR})(?= of (?!an?\b)|[.,;)]|$| (?:fewer|less|more|faster|lower|higher|smaller|larger|shorter)\b))(?!\w)(?! of an?\b)"
)
"""`two thirds`, `a tenth of the budget`; not `a third model`."""
_ORDINAL = "|".join(word for word, place in ORDINALS.items() if place > 2)
_EVERY = re.compile(
    rf"(?i)(?<![\w.,])every (?:(?P<word>{_ORDINAL})|(?P<figure>\d{{1,3}})(?:st|nd|rd|th))(?= [a-z])"
    r"(?! (?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|times?|night|morning|(?:mon|tues|wednes|thurs|fri|satur|sun)day|step|epoch|iteration)\b)"
)
_ONE_OF = re.compile(
    rf"(?i)(?<![\w.,])one (?!in\b|of\b|out\b)[a-z]{{2,20}} (?:in|out of) (?:every )?(?P<whole>{'|'.join(SPELLED)}|\d{{1,6}})"
    r"(?=[.,;)]|$| (?:is|was|has|had|will|would|does|did|could|can|may|[a-z]{2,20}ed)\b)"
)
"""`one woman in five is`; not `one model in two sizes`."""
_YEARS = range(1800, 2101)

Placed = tuple[int, int, Quantity]
"""Where a share begins and ends, and itself."""


def shares(text: str) -> list[Placed]:
    """The shares of a text in plain numbers, in order."""
    found = sorted([*_ratios(text), *_fractions(text), *_every(text), *_ones(text)], key=lambda placed: placed[:2])
    kept: list[Placed] = []
    for placed in found:
        if not kept or placed[0] >= kept[-1][1]:
            kept.append(placed)
    return kept


def _ratios(text: str) -> Iterator[Placed]:
    for match in _RATIO.finditer(text):
        if LABEL.search(text[max(0, match.start() - LABEL_LENGTH) : match.start()]) or match["part"].lower() in FRACTIONS:
            continue
        part, whole = number(match["part"]), number(match["whole"])
        dated = whole in _YEARS and "," not in match["whole"] and " in " in match.group()
        if not dated and 0 < part < whole:
            yield _placed(match, 100 * part / whole, text)


def _fractions(text: str) -> Iterator[Placed]:
    for match in _FRACTION.finditer(text):
        parts = SPELLED[match["parts"].lower()] if match["parts"] else 1.0
        whole = DENOMINATORS[(match["several"] or match["single"]).lower()]
        if 0 < parts < whole:
            yield _placed(match, 100 * parts / whole, text, is_change=True)


def _every(text: str) -> Iterator[Placed]:
    for match in _EVERY.finditer(text):
        whole = float(match["figure"] or ORDINALS[match["word"].lower()])
        if whole > 1:
            yield _placed(match, 100 / whole, text)


def _ones(text: str) -> Iterator[Placed]:
    for match in _ONE_OF.finditer(text):
        if number(match["whole"]) > 1:
            yield _placed(match, 100 / number(match["whole"]), text)


def _placed(match: re.Match[str], share: float, text: str, is_change: bool = False) -> Placed:
    before, after = text[max(0, match.start() - BEFORE) : match.start()], text[match.end() : match.end() + BEHIND]
    kind, hedge = bound_of(before, "")
    left = share / 100 if is_change and LEFT_OF_IT.match(after) else None
    factor = left or (change_of("%", share, before, after) if is_change else None)
    return match.start(), match.end(), Quantity(match.group(), share, share, 0, "%", kind, True, (), factor, hedge)
