"""Puts the lines of a page back into paragraphs: drops what is the site's, and joins what was wrapped."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise

from rag.ingestion.boilerplate import is_boilerplate, is_header, is_link, may_end_title, without_submitters
from rag.ingestion.cleaning import clean
from rag.ingestion.outcomes import Unreadable
from rag.ingestion.prose import continues, ended, kind, reads_as_sentence, share_of_capitals, starts_low, stopped
from rag.text.english import frequencies
from rag.text.words import fold

_HEAD_LINES = 200
"""Lines in which a page's own heading and its spacing are looked for. This and the numbers below are chosen."""
_WIDEST_WRAP = 160
"""Characters of the longest line that an editor wrapped."""
_NARROWEST_TITLE_WRAP = 60
"""Characters from which a line of a title may have been wrapped."""
_NOT_OVERLONG = 0.98
"""Share of lines that keep to the width: in a long text a few are wider, for a word that no line holds."""
_MOST_TITLE_LINES = 4
"""Lines of a wrapped title."""
_TITLE_CAPITALS = 0.7
"""Share of capitalised words from which a line is in title case."""
_SOME_CAPITALS = 0.4
"""The same for a line that is also shorter than those below it."""
_CONTRAST = 0.25
"""How much larger that share must be than in the text below."""
_LONGEST_BLOCK = 1_000_000
"""Characters held at once."""
_LAST_LETTERS = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,30})-$")
_FIRST_LETTERS = re.compile(r"[^\W\d_]{1,30}")
_WRITTEN_APART = 0.08
"""How often, as a share of the rarer part, a word must stand in print to be one that was broken. Chosen."""

Numbered = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: the number of its first line, how many lines it had, whether a blank or dropped line stands before it.

    `unreadable` is empty, or says why the line could not be read; then there is no text.
    """

    line: int
    text: str
    lines: int = 1
    apart: bool = True
    unreadable: str = ""


def paragraphs(lines: Iterable[str]) -> Iterator[Paragraph]:
    """The paragraphs of a page in order, cleaned and joined, without menus, dates, counts and buttons.

    No more is held than the page's head and one block of lines without a blank between them.
    """
    block: list[Numbered] = []
    size = 0
    for number, raw in without_submitters(_laid_out(lines)):
        text = clean(raw)
        if text and not _is_the_sites(text, block) and size <= _LONGEST_BLOCK:
            block.append((number, text))
            size += len(text)
            continue
        yield from _joined(block)
        kept = bool(text) and not _is_the_sites(text, [])
        if isinstance(raw, Unreadable):
            yield Paragraph(number, "", apart=not block, unreadable=raw.reason)
        block, size = ([(number, text)], len(text)) if kept else ([], 0)
    yield from _joined(block)


def _is_the_sites(text: str, block: Sequence[Numbered]) -> bool:
    """Whether a line is none of a paper's; a wrapped abstract may break so that a line of it looks like a button or a link."""
    before = block[-1][1] if block else ""
    if is_link(text):
        return not before or ended(before) or (len(block) == 1 and kind(before) == "title" and not continues(before, text))
    wraps_title = len(before) >= _NARROWEST_TITLE_WRAP and not ended(before) and may_end_title(text)
    return is_boilerplate(text) and not wraps_title and not (len(block) > 1 and continues(before, text))


def _laid_out(lines: Iterable[str]) -> Iterator[Numbered]:
    """The lines with their numbers from 1; those above the page's heading are blank, and double spacing is made single."""
    numbered = enumerate(lines, start=1)
    head = list(islice(numbered, _HEAD_LINES))
    headings = [place for place, (_, line) in enumerate(head) if is_header(clean(line))]
    prose = next((place for place, (_, line) in enumerate(head) if kind(clean(line)) == "prose"), len(head))
    below = max((place for place in headings if place < prose), default=-1) + 1
    kept = [(number, line if place >= below or isinstance(line, Unreadable) else "") for place, (number, line) in enumerate(head)]
    everything = chain(kept, numbered)
    return _single_spaced(everything) if _is_double_spaced([line for _, line in head[below:]]) else everything


def _is_double_spaced(head: Sequence[str]) -> bool:
    """Whether wrapped text has a blank line after every line: none stand together, and many go on with the sentence before."""
    texts = [clean(line) for line in head]
    written = [text for text in texts if text]
    if len(written) < 5 or any(one and two for one, two in pairwise(texts)) or max(map(len, written)) > _WIDEST_WRAP:
        return False
    return sum(starts_low(two) and not ended(one) for one, two in pairwise(written)) >= len(written) / 4


def _single_spaced(numbered: Iterable[Numbered]) -> Iterator[Numbered]:
    after_text = False
    for number, line in numbered:
        blank = not isinstance(line, Unreadable) and not clean(line)
        if not (blank and after_text):
            yield number, line
        after_text = not blank


def _joined(block: Sequence[Numbered]) -> Iterator[Paragraph]:
    """The paragraphs of lines that stand together."""
    texts = [text for _, text in block]
    width = _wrap_width(texts)
    start = 0
    for after in range(1, len(texts) + 1):
        if after == len(texts) or not _goes_on(texts, start, after, width):
            yield Paragraph(block[start][0], _unwrapped(texts[start:after]), after - start, apart=start == 0)
            start = after


def _wrap_width(texts: Sequence[str]) -> int:
    """The column at which the lines were wrapped, or 0: a sentence must run over the end of a full line to show it."""
    widths = sorted(len(text) for text in texts if len(text) <= _WIDEST_WRAP and " " in text)
    if not widths:
        return 0
    width = widths[math.ceil((len(widths) - 1) * _NOT_OVERLONG)]
    full = [(one, two) for one, two in pairwise(texts) if _is_full(one, two, width)]
    if any(not ended(one) and (starts_low(two) or reads_as_sentence(one)) for one, two in full):
        return width
    a_title = len(full) == len(texts) - 1 and width >= _NARROWEST_TITLE_WRAP and all(kind(text) == "title" for text in texts)
    return width if a_title else 0


def _is_full(line: str, after: str, width: int) -> bool:
    """Whether the next line's first word would not have fitted on this line: how every editor wraps."""
    return max(len(line), len(after)) <= _WIDEST_WRAP and len(line) + 1 + len(after.split()[0]) > width


def _goes_on(texts: Sequence[str], start: int, after: int, width: int) -> bool:
    """Whether line `after` belongs to the paragraph that began at line `start`."""
    before, here = texts[after - 1], texts[after]
    if continues(before, here):
        return True
    if not width or not _is_full(before, here, width):
        return False
    if ended(before) and _title_lines(texts, after, width):
        return False
    return not (start == 0 or ended(texts[start - 1])) or after - start != _title_lines(texts, start, width)


def _title_lines(texts: Sequence[str], at: int, width: int) -> int:
    """How many lines from `at` on are a title right above its text, or 0: the last is short, or stands out by its capitals."""
    if starts_low(texts[at]):
        return 0
    for last in range(at, min(at + _MOST_TITLE_LINES, len(texts) - 1)):
        line, below = texts[last], texts[last + 1]
        if stopped(line) or reads_as_sentence(line):
            return 0
        capitals = share_of_capitals(line)
        stands_out = capitals >= _TITLE_CAPITALS and capitals - share_of_capitals(below) >= _CONTRAST
        short = capitals >= _SOME_CAPITALS and not _is_full(line, below, width)
        if not starts_low(below) and (stands_out or short):
            return last + 1 - at
    return 0


def _unwrapped(texts: Sequence[str]) -> str:
    """The lines as one; a word that was broken at its hyphen is whole again."""
    pieces = [texts[0]]
    for above, line in pairwise(texts):
        at_hyphen = re.search(r"\w-$", above[-2:]) and re.match(r"(?!(?:and|or|to)\s)\w", line)
        if at_hyphen and _is_broken_word(above, line):
            pieces[-1] = pieces[-1][:-1]
        pieces += [line] if at_hyphen else [" ", line]
    return "".join(pieces)


def _is_broken_word(above: str, line: str) -> bool:
    """Whether the hyphen at the end of a line is the typesetter's: what it divides is a word, and commoner than one of its parts."""
    begun, rest = _LAST_LETTERS.search(above), _FIRST_LETTERS.match(line)
    if begun is None or rest is None:
        return False
    one, two = fold(begun[1]), fold(rest[0])
    count = _count(one + two)
    return count > 0 and count > min(_count(one), _count(two)) * _WRITTEN_APART


def _count(word: str) -> int:
    """How often a word or its singular stands in print."""
    known = frequencies()
    return max(known.get(word, 0), known.get(word.removesuffix("s"), 0))
