"""Dates in a text, in words or figures: `12 March 2019`, `March 12–14`, `Sept. 2020`, `2019-03-12`, `04.05.2023`, `05/04/2023`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MONTHS = "january february march april may june july august september october november december".split()
_MONTH = r"(?P<{0}>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?)\.?"
_DAY = r"(?P<{0}>[0-3]?\d)(?:st|nd|rd|th)?"
_TO = r" ?(?:-|–|—|to|and|or|until|through) ?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_DAY_FIRST = re.compile(
    rf"(?<![\w.,/-])(?:{_DAY.format('first')}{_TO})?{_DAY.format('day')} (?:of )?{_MONTH.format('month')}(?:,? (?P<year>{_YEAR}))?(?!\w)"
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?:{_MONTH.format('from')}{_TO})?{_MONTH.format('month')}(?: {_DAY.format('day')}(?:{_TO}{_DAY.format('last')})?(?!\d))?(?:(?:,| of)? (?P<year>{_YEAR}))?(?![\w%])"
)
_ISO = re.compile(rf"(?<![\d-])(?P<year>{_YEAR})-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3]\d)(?![\d-])")
_FIGURES = re.compile(rf"(?<![\d./-])(?P<one>[0-3]?\d)(?P<between>[./-])(?P<two>[0-3]?\d)(?P=between)(?P<year>{_YEAR})(?![\d/-])")
_MONTH_AND_YEAR = re.compile(rf"(?<![\d./-])(?P<month>0?[1-9]|1[0-2])/(?P<year>{_YEAR})(?![\d/])")
MOST_DAYS = 31
"""Days of the longest month."""


@dataclass(frozen=True, slots=True)
class Date:
    """Which days and months a date may mean, and its year; None where it does not say."""

    text: str
    start: int
    end: int
    months: frozenset[int]
    days: frozenset[int] | None
    year: int | None

    def fits(self, other: Date) -> bool:
        """Whether both may be the same day, as far as each of them says."""
        days = self.days is None or other.days is None or bool(self.days & other.days)
        years = self.year is None or other.year is None or self.year == other.year
        return days and years and bool(self.months & other.months)

    def nearly(self, other: Date) -> bool:
        """Whether they differ in one of day, month and year, so that one may stand for the other."""
        same = (
            bool(self.months & other.months),
            self.days is not None and self.days == other.days,
            self.year is not None and self.year == other.year,
        )
        return sum(same) >= (2 if self.days is not None else 1)

    def told_by(self, others: Sequence[Date]) -> bool:
        """Whether all that it says stands in others that fit."""
        days = self.days is None or any(other.days is not None for other in others)
        return bool(others) and days and (self.year is None or any(other.year is not None for other in others))


def dates(text: str) -> list[Date]:
    """The dates of a text that name a month, in order."""
    found = sorted([*_in_figures(text), *_in_words(text)], key=lambda date: (date.start, -date.end))
    kept: list[Date] = []
    for date in found:
        if not kept or date.start >= kept[-1].end:
            kept.append(date)
    return kept


def other_date(claim: str, sources: Sequence[str]) -> tuple[str, tuple[str, str] | None]:
    """The claim without the dates that the sources have, and a date of the claim with the source's that is another one."""
    own = dates(claim)
    given = [date for source in sources for date in dates(source)] if own else []
    for date in own if given else ():
        akin = [other for other in given if date.nearly(other)]
        if akin and not any(date.fits(other) for other in given):
            return claim, (date.text, akin[0].text)
    for date in reversed(own if given else []):
        if date.told_by([other for other in given if date.fits(other)]):
            claim = f"{claim[: date.start]} {claim[date.end :]}"
    return claim, None


def _in_words(text: str) -> Iterator[Date]:
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = _month(match["month"])
            if not month or not (parts["day"] or parts["year"]):
                continue
            before = _month(parts.get("from") or "") or month
            ends = [int(parts[name]) for name in ("first", "day", "last") if parts.get(name)]
            days = frozenset(range(min(ends), min(max(ends), MOST_DAYS) + 1)) if ends and before == month else None
            year = int(match["year"]) if match["year"] else None
            yield Date(match[0].strip(), match.start(), match.end(), _through(before, month), days, year)


def _through(first: int, last: int) -> frozenset[int]:
    """The months from one to another: 11, 12, 1 for November to January."""
    return frozenset((first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1))


def _month(written: str) -> int:
    """1 to 12; 0 where it is no name of a month or a short form of one."""
    name = written.lower()
    short = name[:3] if name in (name[:3], "sept") else ""
    return next((at for at, month in enumerate(MONTHS, 1) if month == name or month[:3] == short), 0)


def _in_figures(text: str) -> Iterator[Date]:
    for match in [*_ISO.finditer(text), *_MONTH_AND_YEAR.finditer(text)]:
        day = match.groupdict().get("day")
        yield Date(
            match[0],
            match.start(),
            match.end(),
            frozenset({int(match["month"])}),
            frozenset({int(day)}) if day else None,
            int(match["year"]),
        )
    for match in _FIGURES.finditer(text):
        one, two = int(match["one"]), int(match["two"])
        ways = [(day, month) for day, month in ((one, two), (two, one)) if 1 <= month <= 12 and 1 <= day <= MOST_DAYS]
        ways = ways[:1] if match["between"] == "." else ways
        if ways:
            months, days = frozenset(month for _, month in ways), frozenset(day for day, _ in ways)
            yield Date(match[0], match.start(), match.end(), months, days, int(match["year"]))
