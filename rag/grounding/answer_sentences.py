"""The sentences of one line of an answer: as of an abstract, but German dates and abbreviations and short quotations stay whole."""

from __future__ import annotations

import re

from rag.text.sentences import sentences

LONGEST_QUOTE = 400
"""Characters of a quotation that is kept whole though sentences end in it. Chosen."""
_LONGEST_END = 12
"""Characters of the longest abbreviation, with its spaces."""
_ABBREVIATION = re.compile(
    r"(?<!\w)(?:z\.\s?B|d\.\s?h|u\.\s?a|i\.\s?d\.\s?R|z\.\s?T|o\.\s?ä|bzw|ca|vgl|evtl|ggf|inkl|zzgl|sog|Nr|Abs|Abb|Mio|Mrd)\.\Z"
)
_HALF = re.compile(r"(?<!\w)[zdu]\.\Z")
_OTHER_HALF = re.compile(r"[BTha]\.")
"""`z. B.`, cut within."""
_DAY = re.compile(r"(?<![\d.,])\d{1,2}\.\Z")
_MONTH = re.compile(r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b")
_OPENED = re.compile(r'(?:^|(?<=[\s(]))"(?=\S)|[„“](?=\S)')
_CLOSED = re.compile(r'(?<=\S)"(?!\w)|(?<=\S)[”“](?!\w)')


def answer_sentences(line: str) -> list[str]:
    """The sentences in order, without surrounding white space."""
    spans = sentences(line)
    found: list[str] = []
    start = 0
    for at, span in enumerate(spans):
        said = line[spans[start].start : span.end]
        if at + 1 == len(spans) or not _goes_on(said, spans[at + 1].of(line)):
            found.append(said)
            start = at + 1
    return found


def _goes_on(said: str, following: str) -> bool:
    """Whether a sentence that was cut after `said` goes on."""
    end = max(0, len(said) - _LONGEST_END)
    halved = _HALF.search(said, end) and _OTHER_HALF.match(following)
    if halved or _ABBREVIATION.search(said, end) or (_DAY.search(said, end) and _MONTH.match(following)):
        return True
    shut = _CLOSED.search(following[:LONGEST_QUOTE])
    return shut is not None and len(said) < LONGEST_QUOTE and len(_OPENED.findall(said)) > len(_CLOSED.findall(said))
