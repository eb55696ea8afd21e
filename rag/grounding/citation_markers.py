"""Citation markers as systems write them: found, read as the numbers of sources, and taken out of the text.

`[1]`, `[1][2]`, `[1, 2]`, `[1-3]`, `(1)`, `[^1]`, `¹`, `【1†source】`, `(source 1)`, `(siehe Quelle 1)`, `(see [1], p. 4)`, Markdown links and
author-year, before or behind the full stop.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text.sentences import sentences
from rag.text.words import fold

LONGEST_RANGE = 20
"""Numbers that a range such as `[1–20]` may stand for. Chosen."""
OPENING = 160
"""Characters of a source without title and key in which its author and year are looked for. Chosen."""
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NUMBERS = r"\d{1,3}(?:(?:\s?[,;–-]\s?|,? and )(?:and )?\^?\d{1,3}){0,20}"
_WORD = r"(?:[Ss]ources?|[Pp]assages?|[Dd]oc(?:ument)?s?|[Cc]ontexts?|[Cc]itations?|[Rr]ef(?:erence)?s?\.?|Quellen?|Dokumente?|Fundstellen?|Abschnitte?)"
"""What a numbered source is called, in English and German."""
_SEE = r"(?:see(?: also)?|cf\.?|compare|from|in|e\.g\.,?|siehe(?: auch)?|s\.|vgl\.?|nach|aus)"
_PLACE = r"(?:(?:p|pp|S|fig|figs|tab|sec|eq|ch|abb|kap)\.|pages?|figures?|tables?|sections?|Seiten?|Abbildung|Tabelle|Abschnitt)\s?\d{1,4}(?:[–-]\d{1,4})?(?:\s?ff?\.)?"
"""A place in a source, which is no figure that a claim is about."""
_MARKER = re.compile(
    rf"\[(?P<label>[^\[\]\n]{{1,200}})\]\((?P<link>[^()\s]{{1,500}})\)"
    rf"|\[(?:{_WORD}[ :#]\s?)?\^?(?P<square>{_NUMBERS})†?\]"
    rf"|\((?i:{_SEE} )?{_WORD}[ :#]\s?(?P<worded>{_NUMBERS})(?:, {_PLACE})?\)"
    rf"|【(?P<lens>\d{{1,3}})[^】\n]{{0,40}}】|(?<!\w)\((?P<round>{_NUMBERS})\)|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}})"
    r"|\((?P<names>[^()\n]{2,120}?\b(?:19|20)\d\d[a-z]?[^()\n]{0,120})\)"
    r"|(?P<who>\b[A-Z][\w'’-]{1,40}(?: et al\.?| (?:and|&) [A-Z][\w'’-]{1,40})?) \((?P<when>(?:19|20)\d\d)[a-z]?\)"
    r"|\[(?P<key>[^\[\]\n]{1,100})\]"
)
_WRITTEN_OTHERWISE = (
    (re.compile(r"(?i)<(?:sup|cite)>\s?\[?(\d{1,3}(?:\s?,\s?\d{1,3}){0,20})\]?\s?</(?:sup|cite)>"), r"[\1]"),
    (re.compile(r"\\\[(\^?\d[^\[\]\\\n]{0,60})\\\]"), r"[\1]"),
    (re.compile(r"\[\[(\d{1,3})\]\](?=\()"), r"[\1]"),
)
"""Raised by HTML, escaped, or a link whose text is a marker."""
_BASE = re.compile(r"(?<![\w.])(?:[^\W\d_]{1,2}|\d{1,3}(?:\.\d{1,3})?)$|[)\]}]$")
"""What may be raised to a power: one or two letters, a short number, a bracket."""
_YEAR = re.compile(r"\b((?:19|20)\d\d)[a-z]?\b")
_NAME = re.compile(r"[^\W\d_][\w'’-]+")
_FOOTNOTE = re.compile(r"(?m)^\s{0,3}(?:\[\d{1,3}\]:|\[\^\d{1,3}\]:?|\d{1,3}\.?\s*:)\s+\S.*$")
_LISTED = re.compile(r"(?m)^\s{0,3}\[\d{1,3}\]\s+\S.*$")
"""A line of a list of references, where other lines cite; else a sentence whose marker stands before it."""
_STOP_THEN_MARKERS = re.compile(r"([.!?]) {0,2}((?:\x00\d+\x01 ?)+)")
_NO_WORDS = re.compile(r"(?i)\A(?:[\^ ]{0,4}\d{1,3} {0,4}|(?:source|link|ref|citation|here)s?(?: \d{1,3})?)\Z")
"""What a link is called that only cites."""
_ASIDE = re.compile(
    rf"(?i)[\[(](?:{_SEE} )?(?:{_PLACE} (?:in|of|von|aus) )?(?:\x00\d{{1,6}}\x01[\s,;&]{{0,3}}){{1,20}}(?:,? ?{_PLACE})?[\])]"
    rf"|,? (?:see|cf\.?|siehe|vgl\.?) (?:{_PLACE} (?:in|of|von|aus) )?(?:\x00\d{{1,6}}\x01[\s,;&]{{0,3}}){{1,20}}(?=[.;,!?)]|$)"
)
"""Markers with the words that only lead to them: `(see [3], p. 4)`, `, cf. Fig. 2 in [1].`"""
_EMPTY = re.compile(r"\(\s*\)")
_HELD = re.compile(r"\x00(\d+)\x01")
_PLACES = re.compile(r"\x00\d+\x01")
_BEFORE_STOP = re.compile(r"(?<!\s)\s++([.,;:!?。，；：！？])")


@dataclass(frozen=True, slots=True)
class Source:
    """A text that an answer may rest on. `key` is what a link or an author-year citation may call it by; empty if nothing is known."""

    text: str
    title: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence, or a part of one, without its markers, and the numbers of the sources it cites, in order."""

    text: str
    numbers: tuple[int, ...]


def cited_sentences(answer: str, sources: Sequence[Source]) -> list[Cited]:
    """The sentences of an answer, each once; a marker behind the full stop belongs to the sentence before it.

    A list of footnotes or references at the end is no sentence.
    """
    held = hold_markers(answer, sources)
    return [held.cited(sentence) for sentence in held.sentences]


@dataclass(frozen=True, slots=True)
class Held:
    """The sentences of an answer with each marker held as `\\x00place\\x01`, and the numbers of sources that each place stands for."""

    sentences: tuple[str, ...]
    numbers: tuple[tuple[int, ...], ...]

    def cited(self, sentence: str) -> Cited:
        """The sentence without its markers, and what they cite."""
        own = [number for place in _HELD.findall(sentence) for number in self.numbers[int(place)]]
        text = " ".join(_EMPTY.sub(" ", _HELD.sub(" ", sentence)).split())
        return Cited(_BEFORE_STOP.sub(r"\1", text).rstrip(" ,"), tuple(dict.fromkeys(own)))


def hold_markers(answer: str, sources: Sequence[Source]) -> Held:
    """Finds the markers of an answer and cuts it into sentences."""
    found: list[tuple[int, ...]] = []

    def hold(match: re.Match[str]) -> str:
        numbers = _numbers(match, sources)
        if numbers is None:
            return match[0]
        found.append(numbers)
        shown = (match["who"] or "").rstrip(".") or (
            match["label"] if match["link"] and not _NO_WORDS.fullmatch(match["label"]) else ""
        )
        return f"{shown}\x00{len(found) - 1}\x01"

    clean = answer.replace("\x00", " ").replace("\x01", " ")
    for pattern, written in _WRITTEN_OTHERWISE:
        clean = pattern.sub(written, clean)
    text = _MARKER.sub(hold, _without_references(_FOOTNOTE.sub("", clean)))
    text = _ASIDE.sub(lambda aside: "".join(_PLACES.findall(aside[0])), text)
    said = [span.of(line) for line in map(_markers_inside, text.split("\n")) for span in sentences(line)]
    return Held(tuple(said), tuple(found))


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
        return _linked(match["label"], match["link"], sources)
    if match["names"]:
        return _named(match["names"], sources) or None
    if match["who"]:
        return _named(f"{match['who']} {match['when']}", sources) or None
    if match["key"]:
        return tuple(number for number, source in enumerate(sources, 1) if source.key == match["key"]) or None
    plain = match["square"] or match["lens"] or match["raised"] or match["round"] or match["worded"]
    numbers = _range(plain.translate(_SUPERSCRIPT))
    known = all(1 <= number <= len(sources) for number in numbers) and not (match["raised"] and _is_power(match))
    return numbers if known or match["square"] or match["lens"] else None


def _is_power(match: re.Match[str]) -> bool:
    """Whether raised digits belong to a number, a unit or a variable: `10³`, `5 km²`, `R²`."""
    before = _BASE.search(match.string, max(0, match.start() - 12), match.start())
    return before is not None and not (before[0].isupper() and len(before[0]) > 1)


def _range(text: str) -> tuple[int, ...]:
    """`1, 3-5` as 1, 3, 4, 5."""
    numbers: list[int] = []
    for part in re.split(r"[,;]|and", text.replace("^", "")):
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
