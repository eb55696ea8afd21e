"""Things that a number names, in figures, words or Roman: `phase III`, `type 2`, `the 19th century`, `second place`, `World War II`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from rag.text.numerals import ORDINALS, SPELLED

_ROMAN = {"I": 1, "V": 5, "X": 10}
_WORDS = {word: int(value) for word, value in SPELLED.items() if 0 < value <= 12}
_NUMBER = rf"(?:\d{{1,3}}|[IVX]{{1,6}}|(?i:{'|'.join(_WORDS)}))"
_NAMED = re.compile(
    rf"\b(?P<thing>(?i:phase|stage|grade|type|class|level|category|tier|chapter|version|generation|world war|quarter|round))s?[ -](?P<numbers>{_NUMBER}(?:[a-d]\b)?(?:(?: ?[-–/,] ?|,? (?:and|or|to) ){_NUMBER}(?:[a-d]\b)?){{0,5}})(?![\w%])(?![.,]\d)"
)
_RELEASE = re.compile(r"(?i)\b(?:version ?|release ?|v\.? ?)(?P<dotted>\d{1,3}(?:\.\d{1,4}){1,3})(?![\w.]*\d)")
_BETWEEN = re.compile(r"[-–/,]|and|or|to|[a-d]\b")
_ORDINAL = rf"(?:\d{{1,3}}(?:st|nd|rd|th)|[IVX]{{2,6}}(?:th)?|(?i:(?:twenty|thirty)[- ])?(?i:{'|'.join(ORDINALS)}))"
_RANKED = re.compile(
    rf"\b(?P<numbers>{_ORDINAL}(?:(?: ?[-–/,] ?|,? (?:and|or|to) ){_ORDINAL}){{0,5}})[ -](?P<thing>(?i:century|centuries|place|edition|quarter|generation|trimester|percentile|millennium|floor|anniversary|world war|round|layers?|doses?|cycles?|iterations?|epochs?|chapters?|amendments?|harmonics?|deciles?|quartiles?|quintiles?|waves?))\b"
)
_ORDINALS = re.compile(_ORDINAL)
_BY_INITIALS = re.compile(r"\bWW[ -]?(?P<number>[12]|II?)\b")
"""`WW1`, `WWII`."""
_TENS = {"twenty": 20, "thirty": 30}
_CENTURIES = "centuries"


_RANKED_FROM = re.compile(
    r"(?i)\b(?P<thing>phase|stage|grade|type|class|level|category|tier|chapter|version|generation)s? ?(?:[<>≤≥]|(?:[ -]\w{1,6}){1,2} (?:or|and) (?:higher|greater|above|over|more|worse|later|lower|less|below|under|earlier))"
)
"""`grade ≥ 2`, `stage II or higher`: more numbers than are told."""
_DENIED = re.compile(r"(?i)\b(?:not|no|never|neither|without|cannot|except|other than)\b|n[’']t\b")


def other_number(claim: str, sources: Sequence[str]) -> tuple[str, str] | None:
    """A thing of the claim by its number, and how a source numbers such a thing, where none has the claim's number."""
    own = list(_numbered(claim))
    if not own or _DENIED.search(claim):
        return None
    given: defaultdict[str, list[tuple[int | str, str]]] = defaultdict(list)
    for source in sources:
        for thing, number, text in _numbered(source):
            given[thing].append((number, text))
    open_ended = {found["thing"].lower() for text in (claim, *sources) for found in _RANKED_FROM.finditer(text)}
    for thing, number, text in own:
        if thing not in open_ended and given[thing] and number not in [other for other, _ in given[thing]]:
            return text, given[thing][0][1]
    return None


def _numbered(text: str) -> Iterator[tuple[str, int | str, str]]:
    """Thing, number and words of each."""
    for match in _NAMED.finditer(text):
        ends = [_value(part) for part in _BETWEEN.split(match["numbers"]) if part.strip()]
        yield from ((_singular(match["thing"]), number, match[0]) for number in _filled(ends, match["numbers"]))
    yield from (("release", match["dotted"], match[0]) for match in _RELEASE.finditer(text))
    yield from (("world war", _value(match["number"]), match[0]) for match in _BY_INITIALS.finditer(text))
    for match in _RANKED.finditer(text):
        ends = [_place(part) for part in _ORDINALS.findall(match["numbers"])]
        yield from ((_singular(match["thing"]), number, match[0]) for number in _filled(ends, match["numbers"]))


def _singular(thing: str) -> str:
    return "century" if thing.lower() == _CENTURIES else thing.lower().removesuffix("s")


def _filled(ends: Sequence[int], written: str) -> Sequence[int]:
    """`I–III` as 1, 2, 3; a list as it is."""
    through = len(ends) == 2 and ends[0] < ends[1] and re.search("[-–]|to", written)
    return range(ends[0], ends[1] + 1) if through else ends


def _value(written: str) -> int:
    """A figure, a word or a Roman number."""
    bare = written.strip()
    if bare.isdigit():
        return int(bare)
    return _WORDS.get(bare.lower()) or _roman(bare)


def _place(written: str) -> int:
    """An ordinal: `22nd`, `twenty-second`, `XIX`."""
    digits = re.match(r"\d+", written)
    if digits:
        return int(digits[0])
    tens, _, rest = written.lower().replace("-", " ").rpartition(" ")
    return ORDINALS[rest] + _TENS.get(tens, 0) if rest in ORDINALS else _roman(written)


def _roman(written: str) -> int:
    """`XIX` as 19: a smaller numeral before a larger one is taken away."""
    values = [_ROMAN[letter] for letter in written.removesuffix("th") if letter in _ROMAN]
    return sum(-value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True))
