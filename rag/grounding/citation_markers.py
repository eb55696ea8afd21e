"""Citation markers as systems write them: found, read as the numbers of sources, and taken out of the text.

`[1]`, `[1][2]`, `[1, 2]`, `[1-3]`, `(1)`, `[^1]`, `¹⁻³`, `【1†source】`, `[doc1]`, `[cite: 1]`, `[Document 1, p. 4; Document 2]`, `(source 1)`,
`(siehe Quelle 1)`, `(see [1], p. 4)`, Cohere's `<co: 0>…</co: 0>`, a source's own key, Markdown links and author-year, before or behind the full stop.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.grounding.answer_sentences import answer_sentences
from rag.grounding.brackets import cites_nothing
from rag.grounding.marker_forms import NO_WORDS, written_alike
from rag.text.words import FUNCTION_WORDS, fold

LONGEST_RANGE = 20
"""Numbers that a range such as `[1–20]` may stand for. Chosen."""
OPENING = 160
"""Characters of a source without title and key in which its author and year are looked for. Chosen."""
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒‚", "0123456789-,,")
_WORD = r"(?:[Ss]ources?|[Pp]assages?|[Dd]oc(?:ument)?s?|[Cc]ontexts?|[Cc]it(?:e|ations?)|[Rr]ef(?:erence)?s?\.?|Quellen?|Dokumente?|Fundstellen?|Abschnitte?)"
"""What a numbered source is called, in English and German."""
_SEE = r"(?:see(?: also)?|cf\.?|compare|from|in|e\.g\.,?|siehe(?: auch)?|s\.|vgl\.?|nach|aus)"
_PLACE = r"(?:(?i:p|pp|fig|figs|tab|sec|eq|ch|abb|kap|lines?|pages?|figures?|tables?|sections?|chapters?)\.?|S\.|Seiten?|Abbildung|Tabelle|Abschnitt)\s?\d{1,4}(?:[–-]\d{1,4})?(?:\s?ff?\.)?"
"""A place in a source, which is no figure that a claim is about."""
_AT_PLACE = rf"(?:[,:]? {_PLACE})?+"
_NUMBER = rf"\^?\d{{1,3}}(?:\s?[–-]\s?\^?\d{{1,3}})?{_AT_PLACE}"
_BETWEEN = r"(?:\s?[,;]\s?(?:and |& )?| and | & | und )"
_NUMBERS = rf"{_NUMBER}(?:{_BETWEEN}{_NUMBER}){{0,20}}"
_NAMED_NUMBER = rf"{_WORD}(?:\s?[ :#_]\s?)?{_NUMBER}"
_NAMED_NUMBERS = rf"{_NAMED_NUMBER}(?:{_BETWEEN}(?:{_WORD}(?:\s?[ :#_]\s?)?)?{_NUMBER}){{0,20}}"
_MARKER = re.compile(
    rf"(?P<picture>!)?\[(?P<label>[^\[\]\n]{{1,200}})\]\((?P<link>[^()\s]{{1,500}})\)"
    rf"|\[(?P<square>{_NUMBERS}|{_NAMED_NUMBERS})†?\]"
    rf"|\((?i:{_SEE} )?(?P<worded>{_NAMED_NUMBERS})\)"
    rf"|【(?P<lens>\d{{1,3}})(?::(?P<result>\d{{1,3}}))?(?:†(?P<file>[^】\n]{{1,80}}))?[^】\n]{{0,40}}】|(?<!\w)\((?P<round>{_NUMBERS})\)"
    r"|(?<![⁻⁺])(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}(?:[⁻–˒‚,]\s?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}){0,20})"
    r"|\((?P<names>[^()\n]{2,120}?\b(?:19|20)\d\d[a-z]?[^()\n]{0,120})\)"
    r"|(?P<who>\b[A-Z][\w'’-]{1,40}(?: et al\.?| and (?:colleagues|co-?workers)| (?:and|&) [A-Z][\w'’-]{1,40})?) [(\[](?P<when>(?:19|20)\d\d)[a-z]?[)\]]"
    r"|\[(?P<key>[^\[\]\n]{1,100})\]"
)
_BASE = re.compile(r"(?<![\w.])(?:[^\W\d_]{1,2}|\d{1,3}(?:\.\d{1,3})?)$|[)\]}]$")
"""What may be raised to a power: one or two letters, a short number, a bracket."""
_YEAR = re.compile(r"\b((?:19|20)\d\d)[a-z]?\b")
_NAME = re.compile(r"[^\W\d_][\w'’-]+")
_FOOTNOTE = re.compile(r"(?m)^\s{0,3}(?:\[\d{1,3}\]:|\[\^\d{1,3}\]:?|\d{1,3}\.?\s*:)\s+\S.*$")
_LISTED = re.compile(r"(?m)^\s{0,3}\[\d{1,3}\]\s+\S.*$")
"""A line of a list of references, where other lines cite; else a sentence whose marker stands before it."""
_STOP_THEN_MARKERS = re.compile(r"([.!?][\"”’»“)*_]{0,4}) {0,2}((?:\x00\d+\x01 ?)++)(?!(?:and |or )?[a-z]{2,}\b)")
"""Where a plain word in lower case follows, the markers are the subject of the next sentence: `[3] also reports`."""
_ASIDE = re.compile(
    rf"(?i)[\[(](?:{_SEE} )?(?:{_PLACE} (?:in|of|von|aus) )?(?:\x00\d{{1,6}}\x01[\s,;&]{{0,3}}){{1,20}}(?:,? ?{_PLACE})?(?: for (?:more |further )?(?:details|information))?[\])]"
    rf"|,? (?:see|cf\.?|siehe|vgl\.?) (?:{_PLACE} (?:in|of|von|aus) )?(?:\x00\d{{1,6}}\x01[\s,;&]{{0,3}}){{1,20}}(?=[.;,!?)]|$)"
)
"""Markers with the words that only lead to them: `(see [3], p. 4)`, `, cf. Fig. 2 in [1].`"""
_NO_NUMBER = re.compile(rf"[,:]? {_PLACE}|{_WORD}|[\^:#_]")
"""What stands in a marker beside the numbers."""
_ET_AL = re.compile(r"\bet al(?=\x00)")
_EMPTY = re.compile(r"\((?:[\s,;&]{0,4}\x00\d{1,6}\x01){1,40}[\s,;&]{0,4}\)")
"""Markers alone in brackets; the brackets of `run()` stay."""
_HELD = re.compile(r"\x00(\d+)\x01")
_PLACES = re.compile(r"\x00\d+\x01")
_COMMAS_LEFT = re.compile(r",(?:,|(?=[.;:!?]))")
"""What stood between markers: `[1], [2].`"""
_BEFORE_STOP = re.compile(r"(?<!\s)\s++([.,;:!?。，；：！？])")


@dataclass(frozen=True, slots=True)
class Source:
    """A text that an answer may rest on. `key` is what a link or an author-year citation may call it by, empty if nothing is known; `other_keys` are what else a marker may."""

    text: str
    title: str = ""
    key: str = ""
    other_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence, or a part of one, without its markers, and the numbers of the sources it cites, in order."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """The sentences of an answer, each once, with each marker held as `\\x00place\\x01`, and the numbers of sources that each place stands for."""

    sentences: tuple[str, ...]
    numbers: tuple[tuple[int, ...], ...]

    def cited(self, sentence: str) -> Cited:
        """The sentence without its markers, and what they cite."""
        own = [number for place in _HELD.findall(sentence) for number in self.numbers[int(place)]]
        text = " ".join(_HELD.sub(" ", _EMPTY.sub(" ", _ET_AL.sub("et al.", sentence))).split())
        return Cited(_COMMAS_LEFT.sub("", _BEFORE_STOP.sub(r"\1", text)).rstrip(" ,"), tuple(dict.fromkeys(own)))


def hold_markers(answer: str, sources: Sequence[Source]) -> Held:
    """Finds the markers of an answer and cuts it into sentences."""
    found: list[tuple[int, ...]] = []

    def hold(match: re.Match[str]) -> str:
        numbers = _numbers(match, sources)
        if numbers is None:
            return "" if match["picture"] else match["label"] or match[0]
        found.append(numbers)
        return f"{_shown(match)}\x00{len(found) - 1}\x01"

    text = _MARKER.sub(hold, _without_references(_FOOTNOTE.sub("", written_alike(answer))))
    text = _ASIDE.sub(lambda aside: "".join(_PLACES.findall(aside[0])), text)
    return Held(tuple(said for line in text.split("\n") for said in answer_sentences(_markers_inside(line))), tuple(found))


def _shown(match: re.Match[str]) -> str:
    """What of a marker is a word of the sentence: an author's name, the text of a link."""
    if match["link"]:
        return "" if NO_WORDS.fullmatch(match["label"]) else match["label"]
    return (match["who"] or "").rstrip(".")


def _without_references(text: str) -> str:
    """Without the lines that begin with a number in brackets, where the lines around them cite: `[1] Smith, Bees, 2020.`"""
    rest = _LISTED.sub("", text)
    return rest if any(match["square"] for match in _MARKER.finditer(rest)) else text


def _markers_inside(line: str) -> str:
    """The line with each marker behind a full stop moved before it; where the line begins with one, they stand before their sentences."""
    return line if _HELD.match(line.lstrip()) else _STOP_THEN_MARKERS.sub(r" \2\1 ", line)


def _numbers(match: re.Match[str], sources: Sequence[Source]) -> tuple[int, ...] | None:
    """The sources that a marker names; None if it is no marker but text in brackets."""
    if match["link"]:
        return None if match["picture"] else _linked(match["label"], match["link"], sources)
    if match["names"]:
        return _named(match["names"], sources) or None
    if match["who"]:
        return _named(f"{match['who']} {match['when']}", sources) or None
    if match["key"] or match["square"]:
        keyed = _keyed(match["key"] or match["square"], sources)
        if keyed or match["key"]:
            return keyed or _named(match["key"], sources) or None
    if match["square"] and cites_nothing(match.string, match.start(), match.end()):
        return None
    if match["lens"]:
        return _in_lenses(match, sources)
    plain = match["square"] or match["raised"] or match["round"] or match["worded"]
    numbers = _range(plain.translate(_SUPERSCRIPT))
    known = all(1 <= number <= len(sources) for number in numbers) and not (match["raised"] and _is_power(match))
    return numbers if known or match["square"] else None


def _keyed(text: str, sources: Sequence[Source]) -> tuple[int, ...]:
    """The sources whose keys are listed: `doc_12, policy.md`; none where one of them is no key."""
    numbered = [*reversed([*enumerate(sources, 1)])]
    keys = {key: number for number, source in numbered for key in source.other_keys}
    keys |= {source.key: number for number, source in numbered if source.key}
    found = [keys.get(part.strip(), 0) for part in (text, *re.split("[,;]", text))]
    return tuple(found[:1] if found[0] else dict.fromkeys(found[1:]) if all(found[1:]) else ())


def _in_lenses(match: re.Match[str], sources: Sequence[Source]) -> tuple[int, ...]:
    """`【4:0†terms.pdf】` is the file of that name or else the first result, `【3†source】` the third source."""
    named = [
        number for number, source in enumerate(sources, 1) if match["file"] in (source.key, source.title, *source.other_keys)
    ]
    if match["file"] and len(named) == 1:
        return tuple(named)
    return (int(match["result"]) + 1 if match["result"] else int(match["lens"]),)


def _is_power(match: re.Match[str]) -> bool:
    """Whether raised digits belong to a number, a unit or a variable: `10³`, `5 km²`, `R²`."""
    before = _BASE.search(match.string, max(0, match.start() - 12), match.start())
    if before is None or (len(before[0]) == 2 and before[0] in FUNCTION_WORDS):
        return False
    return not (before[0].isupper() and len(before[0]) > 1)


def _range(text: str) -> tuple[int, ...]:
    """`1, 3-5` as 1, 3, 4, 5; `Document 1, p. 4` as 1."""
    numbers: list[int] = []
    for part in re.split(r"[,;]|and|und|&", _NO_NUMBER.sub("", text)):
        ends = [int(end) for end in re.split(r"[–-]", part) if end.strip()]
        last = min(ends[-1], ends[0] + LONGEST_RANGE) if ends else 0
        numbers.extend(range(ends[0], last + 1) if len(ends) > 1 and ends[0] < last else ends)
    return tuple(dict.fromkeys(numbers))


def _linked(label: str, link: str, sources: Sequence[Source]) -> tuple[int, ...] | None:
    address = link.rstrip("/")
    for number, source in enumerate(sources, 1):
        if source.key and source.key.rstrip("/") == address:
            return (number,)
    bare = label.strip("^ ")
    return (int(bare),) if bare.isdigit() and 1 <= int(bare) <= len(sources) else None


def _named(text: str, sources: Sequence[Source]) -> tuple[int, ...]:
    """The sources whose key or title holds the year and the first surname of each part: `(Smith et al., 2020; Wu, 2021)`."""
    found = []
    for part in text.split(";"):
        year, name = _YEAR.search(part), _NAME.search(part)
        if year is None or name is None:
            continue
        for number, source in enumerate(sources, 1):
            known = fold(f"{source.key} {source.title}" if source.key or source.title else source.text[:OPENING])
            if year[1] in known and fold(name[0]) in known:
                found.append(number)
    return tuple(dict.fromkeys(found))
