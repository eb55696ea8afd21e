"""Which sentences of an answer claim something: list numbers, headings, courtesies and talk about the passages are none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eval.answers.markers import Cited, cited_sentences
from eval.answers.types import Source, SystemAnswer
from rag.text.words import content_words

_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)]|[a-z][.)])\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s")
_EMPHASIS = re.compile(r"(\*\*|__|`)")
_ABOUT_SOURCES = re.compile(
    r"(?i)^(?:based on|according to|as (?:stated|mentioned|described|noted|reported) in|from|in|per) (?:the )?(?:(?:given|provided|above|retrieved|following|available) )*"
    r"(?:passages?|context|sources?|documents?|texts?|excerpts?|information|articles?|abstracts?|papers?)(?: (?:provided|given|above|\d{1,2}(?:(?:,| and) \d{1,2}){0,5}))?"
    r"(?:,| states? that| says? that|:)\s*"
)
_SAYS = re.compile(
    r"(?i)^(?:the )?(?:passage|source|document|context|text|excerpt|article|abstract)s?(?: \d{1,2}(?:(?:,| and) \d{1,2}){0,5})? "
    r"(?:also )?(?:says?|states?|mentions?|notes?|explains?|describes?|reports?|suggests?|indicates?|shows?)(?: that)?\s+"
)
_COURTESY = re.compile(
    r"(?i)^(?:i hope (?:this|that)|hope (?:this|that)|let me know|feel free|please (?:let me know|note that i)|if you (?:have|need|would like)|is there anything|"
    r"sure[,!.]|certainly[,!.]|of course[,!.]|great question|here (?:is|are) (?:the|a|an|some|your)\b[^.]{0,80}:$|in summary:?$|as an ai\b|you'?re welcome|thank you)"
)
_NUMBER = re.compile(r"\d{1,2}")
LEAST_WORDS = 2
"""Content words below which a stretch says nothing that could be checked."""


def claims_of(answer: SystemAnswer) -> list[Cited]:
    """The claims of an answer in order, each with the numbers it cites; those that the system gives itself where it gives any.

    A claim in other words than the answer's is taken as it is given, and the answer's sentences are not counted beside it.
    """
    if answer.claims:
        return [Cited(text.strip(), numbers) for text, numbers in answer.claims if text.strip()]
    return [one for found in cited_sentences(answer.answer, answer.sources) if (one := _claim(found)) is not None]


def _claim(found: Cited) -> Cited | None:
    if _HEADING.match(found.text):
        return None
    text = _EMPHASIS.sub("", _BULLET.sub("", found.text)).strip()
    if _COURTESY.match(text) or (text.endswith(":") and not found.numbers):
        return None
    told = _SAYS.sub("", _ABOUT_SOURCES.sub("", text, count=1), count=1).strip()
    spoken = tuple(map(int, _NUMBER.findall(text[: len(text) - len(told)])))  # "passage 2 says" cites as well
    if len(content_words(told)) < LEAST_WORDS and not any(sign.isdigit() for sign in told):
        return None
    return Cited(told[:1].upper() + told[1:], found.numbers or spoken)


def refuses(text: str) -> bool:
    """Whether an answer as a whole says that the sources do not hold it."""
    return _REFUSAL.search(text[:400]) is not None


_REFUSAL = re.compile(
    r"(?i)^(?:i(?:'m| am) (?:sorry|unable|not able)|i (?:do not|don't|cannot|can't) (?:know|have|find|answer)|(?:unable to answer|no answer|not answerable|unanswerable)\b|"
    r"(?:the |none of the )?(?:given |provided |available )?(?:passages?|context|sources?|documents?|texts?|papers?|information)\b[^.]{0,60}\b(?:do(?:es)? not|don't|doesn't|no)\b"
    r"[^.]{0,40}\b(?:answer|contain|provide|mention|say|specify|state|include|enough|information)|there is (?:no|not enough) information)"
)


def texts(sources: Sequence[Source], numbers: Sequence[int]) -> list[str]:
    """The texts of the sources with these numbers; numbers that stand for none are passed over."""
    return [sources[number - 1].text for number in numbers if 1 <= number <= len(sources)]
