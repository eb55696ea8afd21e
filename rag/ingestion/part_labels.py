"""Finds the labels of an abstract's parts, `METHODS` or `Results:`, and takes them out of its text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.ingestion.markup import LABEL_ENDS, LABEL_OPENS
from rag.types import Part, Span

_Mark = tuple[int, int, str]
"""Where a label starts and where its text begins, and its name."""
_LABELS = (
    "background|backgrounds|context|introduction|rationale|motivation|problem|objectives?|aims?|purpose|goals?|hypothesis|question|"
    "research questions?|study objectives?|methods?|methodology|approach|design|study design|setting|settings|participants|patients|"
    "subjects|sample|samples|population|animals|materials?|interventions?|procedures?|measures?|measurements?|outcomes?|outcome measures?|"
    "main outcome measure(?:ment)?s?|main outcomes?|main outcomes measures?|exposures?|main exposures?|main results|primary outcomes?|data sources?|data extraction|data collection|data synthesis|data|study selection|"
    "search methods|search strategy|selection criteria|eligibility criteria|review methods|results?|findings|key findings|evaluation|"
    "discussion|conclusions?|interpretation|implications?|practical implications|research limitations|limitations?|significance|"
    "significance statement|importance|relevance|originality|value|originality/value|recommendations?|summary|observations?|evidence|"
    "evidence acquisition|evidence synthesis|trial registration|registration|systematic review registration|funding|availability|"
    "availability and implementation|contact|supplementary information|key words|case presentation|case report|diagnosis|"
    "level of evidence|perspective|statement of contribution|ethics and dissemination|lay summary|design/methodology/approach|scope|"
    "experimental approach|experimental design|research design|key results|principal findings|recent findings|recent advances|critical issues|"
    "future directions|purpose of review|general significance|analys[ei]s|statistical analys[ei]s|statistics|clinical trial registration|areas covered|expert opinion|inclusion criteria|innovation|impact|comment|unlabelled"
)
_LONGEST_FIRST = "|".join(sorted(_LABELS.split("|"), key=len, reverse=True))
_LABEL = rf"(?:{_LONGEST_FIRST})(?:(?:,? and|,? &|,|/) ?(?:{_LONGEST_FIRST})){{0,6}}"
_START = r"(?:(?<=\A)|(?<=[.!?] )|(?<=[.!?][)\]”\"] ))"
_PLAIN_LABEL = re.compile(
    rf"(?:{_START}|(?<=[.!?])|(?<=[)\]”\"] )(?=(?-i:[A-Z]{{3}})))(?P<name>{_LABEL}) ?: ",
    re.IGNORECASE,
)
_NOT_SHOUTED = r"(?!(?:[A-Z]{2,} ){2})"
_TITLED_LABEL = re.compile(rf"{_START}(?P<name>{_LABEL}) (?-i:(?=[A-Z0-9]){_NOT_SHOUTED})", re.IGNORECASE)
"""Several labels with a capital need no colon: `Methods We weighed …`."""
_CAPITAL_LABEL = re.compile(
    rf"{_START}(?P<name>{_LABEL.upper()}) (?:[-–—] )?{_NOT_SHOUTED}(?!(?:is|are|was|were|has|have|had|may|can|will|of|for|and|or|from)\b)(?=[^\s:])"
)
"""In capitals neither: `METHODS We weighed …`, `RESULTS miR-375 rose`; but `DATA was lost` is a sentence."""
_CAPITAL_LABEL_WITHOUT_STOP = re.compile(rf"(?<=[)\]”\"0-9%] )(?P<name>{_LABEL.upper()}) (?=[A-Z](?:[a-z]| ))")
"""Where the sentence before lacks its full stop: `(P = .02) CONCLUSION Among …`."""
_IN_CAPITALS = r"[A-Z]{2,20}+(?:\(S\))?"
_CAPITAL_WORDS = re.compile(
    rf"{_START}(?P<name>{_IN_CAPITALS}(?:(?:,? & ?|, ?|/ ?| ){_IN_CAPITALS}){{1,8}}) (?:[-–—] )?(?=[A-Z](?:[a-z]| )|[0-9])"
)
_LAST_WORD = re.compile(
    rf"(?:{'|'.join(sorted({label.rpartition(' ')[2] for label in _LABELS.split('|')}))})(?:\(s\))?", re.IGNORECASE
)
_GOES_ON = frozenset(("OF", "FOR", "WITH", "TO"))
_ABBREVIATION = re.compile(r"\(([A-Z]{2,20})\)")
_UNLABELLED = "UNLABELLED"
"""PubMed's label of a part that has none."""
_FEWEST_CAPITAL, _FEWEST_TITLED, _WORDS = 2, 3, 3
"""Labels without a colon that an abstract has at least, unless a known one in capitals has several words and a sentence of three words behind it; single words may belong to their sentence."""
MARKED = re.compile(rf"{LABEL_OPENS}([^{LABEL_OPENS}{LABEL_ENDS}]*){LABEL_ENDS}[ .:]*")
"""A label that the export sets apart, between the marks of `markup`."""


def in_parts(text: str) -> tuple[str, tuple[Part, ...]]:
    """The text without its labels, and its labelled parts."""
    marks = _marks(text)
    if not marks:
        return text, ()
    pieces, parts, size = [text[: marks[0][0]].strip()], [], len(text[: marks[0][0]].strip())
    for place, (_, end, name) in enumerate(marks):
        following = marks[place + 1][0] if place + 1 < len(marks) else len(text)
        piece = text[end:following].strip()
        if not piece:
            continue
        start = size + 1 if size else 0
        size = start + len(piece)
        pieces.append(piece)
        called = name.strip(" :.")
        if called and called.casefold() not in ("unlabelled", "unassigned", "abstract"):
            parts.append(Part(called.capitalize(), Span(start, size)))
    return " ".join(piece for piece in pieces if piece), tuple(parts)


def _marks(text: str) -> list[_Mark]:
    """The labels by the surest sign that the text has: set apart by the export, then a colon or capitals, then a capital each."""
    if marked := [(found.start(), found.end(), found[1]) for found in MARKED.finditer(text)]:
        return marked
    plain, capital = _named(_PLAIN_LABEL, text), _unless_abbreviations(_named(_CAPITAL_LABEL, text), text)
    known = [*plain, *capital, *_unless_abbreviations(_named(_CAPITAL_LABEL_WITHOUT_STOP, text), text)]
    if len({name for *_, name in known}) >= _FEWEST_CAPITAL:
        unknown = [mark for mark in _named(_CAPITAL_WORDS, text) if _heads_part(mark[2])]
        return _apart([*known, *unknown])
    if plain or any(
        name == _UNLABELLED or (" " in name and len(text[end:].split(maxsplit=_WORDS - 1)) == _WORDS) for _, end, name in capital
    ):
        return _apart(known)
    titled = [mark for mark in _named(_TITLED_LABEL, text) if mark[2] == mark[2].capitalize()]
    return titled if len({name for *_, name in titled}) >= _FEWEST_TITLED else []


def _heads_part(name: str) -> bool:
    """Whether several words in capitals end as a label does, or go on with `of …`: `METHODS OF STUDY SELECTION`, `WIDER IMPLICATIONS OF THE FINDINGS`."""
    words = name.split(" ")
    return any(
        _LAST_WORD.fullmatch(word.rpartition("/")[2]) and (after is None or after in _GOES_ON)
        for word, after in zip(words, [*words[1:], None], strict=True)
    )


def _named(pattern: re.Pattern[str], text: str) -> list[_Mark]:
    return [(found.start(), found.end(), found["name"]) for found in pattern.finditer(text)]


def _unless_abbreviations(marks: Iterable[_Mark], text: str) -> list[_Mark]:
    """Without the names that the text itself introduces: `… Policy Evolution (SCOPE). SCOPE utilizes …`."""
    introduced = set(_ABBREVIATION.findall(text))
    return [mark for mark in marks if mark[2] not in introduced]


def _apart(marks: Iterable[_Mark]) -> list[_Mark]:
    """In order, the longest of those that begin together."""
    return sorted({start: (start, end, name) for start, end, name in sorted(marks)}.values())
