"""Where a text spells out an abbreviation: `antiretroviral therapy (ART)`, `ART (antiretroviral therapy)`, `ART, or antiretroviral therapy`.

The letters are matched as Schwartz and Hearst do (A simple algorithm for identifying abbreviation definitions in biomedical text, PSB 2003).
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 12
"""Characters of the longest abbreviation that is looked for. Chosen."""
_REACH = 160
"""Characters beside an abbreviation in which its words are looked for. Chosen."""
_MORE_WORDS = 5
"""Words that a long form may have more than the abbreviation has letters, but no more than twice as many (Schwartz and Hearst)."""
_OPENED = re.compile(r"[(\[]\s?(?:the |i\.e\.,? |abbreviated (?:as )?|hereafter |henceforth |or |[^()\[\]]{1,40}[;,] )?$")
_JOINED_BEFORE = re.compile(
    r",? (?:or|i\.e\.,?|abbreviated(?: as| to)?|abbr\.|shortened to|known as|called|termed) (?:the |an? )?[\"“']?$"
)
_JOINED_AFTER = re.compile(
    r"^[\"”']?(?: ?[(\[]|,? (?:or|i\.e\.|that is|short for|standing for|which stands for|which is short for|stands? for|is short for|abbreviates|means)|:|,)"
    r"[,\s]*(?:for |the |an? |from )?"
)
_WORD = re.compile(r"\S+")
_END = re.compile(r"[)\].;,:]")
_GREEK = re.compile("alpha|beta|gamma|delta|epsilon|theta|kappa|lambda|sigma|omega")


def spells_out(short: str, sentence: str) -> bool:
    """Whether the sentence has the abbreviation, in the plural perhaps, beside the words that it stands for."""
    if not 1 < len(short) <= LONGEST:
        return False
    flags = 0 if any(map(str.isupper, short)) else re.IGNORECASE
    bare = short.removesuffix("s") if len(short) > 2 else short
    for found in re.finditer(rf"(?<![^\W_]){re.escape(bare)}s?(?![^\W_])", sentence, flags):
        before = sentence[max(0, found.start() - _REACH) : found.start()]
        if any(
            _ends_with(bare, before[: joined.start()])
            for pattern in (_OPENED, _JOINED_BEFORE)
            if (joined := pattern.search(before))
        ):
            return True
        after = sentence[found.end() : found.end() + _REACH]
        if (joined := _JOINED_AFTER.match(after)) and _begins_with(bare, after[joined.end() :]):
            return True
    return False


def _ends_with(short: str, text: str) -> bool:
    """Whether the last words of a text are those of an abbreviation: from its last letter on backwards, the first one begins a word."""
    words = list(_WORD.finditer(text.rstrip(" ,\"“”'")))[-_most_words(short) :]
    long = text[words[0].start() : words[-1].end()] if words else ""
    at = _matched(short, long)
    return at is not None and len(long) - at > len(short)


def _begins_with(short: str, text: str) -> bool:
    """Whether the first words of a text are those of an abbreviation, and nothing else stands before its end or a comma."""
    end = _END.search(text)
    long = text[: end.start()] if end else text
    words = [found.end() for found in _WORD.finditer(long)][: _most_words(short)]
    return any(_matched(short, long[:end]) == 0 and end > len(short) for end in words)


def _most_words(short: str) -> int:
    return min(len(short) + _MORE_WORDS, 2 * len(short))


def _matched(short: str, long: str) -> int | None:
    """Where the words begin that the letters of the abbreviation are found in, the last letter first."""
    wanted, text = _latin(short), _latin(long)
    at = len(text)
    for place in range(len(wanted) - 1, -1, -1):
        char = wanted[place]
        if not char.isalnum():
            continue
        at = text.rfind(char, 0, at)
        while at >= 0 and place == 0 and at > 0 and text[at - 1].isalnum():
            at = text.rfind(char, 0, at)
        if at < 0:
            return None
    return at


def _latin(text: str) -> str:
    """In lower case, with each Greek letter as the first letter of its name."""
    return "".join(_initial(char) if "\u0370" <= char <= "\u03ff" else char for char in text.casefold())


def without_greek(text: str) -> str:
    """In lower case, with Greek letters and their names as first letters: `nf-kb` for `NF-κB` and for `NF-kappaB`."""
    return _GREEK.sub(lambda name: name[0][0], _latin(text))


def _initial(letter: str) -> str:
    return unicodedata.name(letter, "? ? ? ?").split()[-1][0].casefold()
