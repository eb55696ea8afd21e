"""Cuts an answer into the claims that it makes: list numbers, headings, courtesies, questions and talk about the passages are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.grounding.answer_markup import HEADING, plain_answer
from rag.grounding.citation_markers import Cited, Held, Source, hold_markers
from rag.grounding.clauses import clauses
from rag.text.words import content_words

_BULLET = re.compile(r"^\s*(?:(?:[-*•–▪◦‣·]|\(?\d{1,2}[.):]|\(?[a-zA-Z][.)]|\(?[ivx]{1,4}[.)])\s+)+")
_STEP = re.compile(
    r"(?i)^(?:step|point|tip|reason|item|part|option|method|phase)\s+(?:\d{1,2}|[a-d]|one|two|three|four|five|six)\s*[:.)–-]\s+"
)
_EMPHASIS = re.compile(r"\*\*|__|`")
_ASIDE = re.compile(
    r"(?i)^(?:thus|therefore|so|however|unfortunately|additionally|furthermore|moreover|also|hence|but|and|finally)[, ]\s*"
)

_GIVEN = r"(?:(?:given|provided|above|following|retrieved|available|supplied|same|attached|other|search|your|first|second|third|fourth|fifth|two|three|these|those) ){0,3}"
_THING = (
    r"(?:passages?|contexts?|sources?|documents?|texts?|excerpts?|snippets?|articles?|abstracts?|papers?|search results?|results|information|references?|"
    r"materials?|paragraphs?)"
)
_WHICH = (
    r"(?: (?:provided|given|above|retrieved|you (?:gave|provided)|at hand)){0,2}"
    r"(?: (?:#|no\. ?|number )?\d{1,2}(?:(?:, and|,| and| or|-|–| &) ?(?:passage |source |document )?\d{1,2}){0,6}| (?:one|two|three|four|five)\b)?"
)
_SOURCES = rf"(?:the |this |these |all |both |all of the |each of the )?{_GIVEN}{_THING}{_WHICH}"
_TOLD_IN = r"as (?:(?:is|was) )?(?:stated|mentioned|described|noted|reported|shown|seen|explained|discussed|indicated|outlined|suggested|listed) (?:in|by)"
_TELLS = (
    r"(?:do(?:es)? )?(?:says?|states?|said|stated|mentions?|mentioned|notes?|noted|explains?|explained|describes?|described|reports?|reported|suggests?|suggested|"
    r"indicates?|indicated|shows?|showed|claims?|adds?|confirms?|confirmed|argues?|points? out|makes? (?:it )?clear|tells? us|emphasi[sz]es?|highlights?|"
    r"recommends?|agrees?|provides? (?:information|details) (?:that|on|about|showing))"
)
_AUTHOR = r"[A-Z][\w'’-]{1,40}(?: et al\.?| (?:and|&) [A-Z][\w'’-]{1,40})?\s?\x00\d{1,6}\x01"
"""A name with its year, which is held as a marker by then."""
_CLEAR = r"it (?:is|appears|seems|can be (?:seen|inferred|concluded))(?: clear| stated| mentioned| said| reported)? that"
_PREFIXES = (
    re.compile(
        r"(?i)^(?:(?:final |short |brief )?(?:answer|response|summary|conclusion|note|n\.b\.|important|tl;dr|a)\s*:|please note(?: that)?[,:]?|"
        r"it(?: is|['’]s) (?:also )?(?:worth (?:noting|mentioning)|important to note) that|note that|in (?:summary|short|conclusion|brief)[,:]|to (?:summari[sz]e|sum up|conclude|answer your question),|"
        r"overall,|yes,|no,|sure[,!.]|certainly[,!.]|of course[,!.]|great question[,!.]|the answer is(?: that|:))\s*"
    ),
    re.compile(
        rf"(?i)^(?:based (?:up)?on|according to|as per|per|from|in|going by|judging (?:by|from)|{_TOLD_IN}|using) {_SOURCES}"
        rf"(?:,? (?:{_CLEAR}|i can (?:say|tell you|see) that|we (?:know|learn|see|can say) that)|,|:)\s*"
    ),
    re.compile(rf"^(?:(?:According to|As per) {_AUTHOR},|{_AUTHOR} (?:also )?{_TELLS}(?: that\b|:)?)\s+"),
    re.compile(
        rf"(?i)^\[?{_SOURCES}\]?(?::| (?:also |further |clearly |explicitly |specifically |all |both ){{0,2}}{_TELLS}(?: that\b|:)?,?)\s+"
    ),
)
"""Words that open a sentence and say nothing of the matter: to the reader, and about the sources."""
_SAID_BEHIND = re.compile(
    rf"(?i)(?:,|\s\(|\s[-–—])? ?(?:{_TOLD_IN}|according to|as per|based on|see|source:) {_SOURCES}\)?(?=[\s.!?;,\x00\x01\d]*$)"
)
_IN_BRACKETS = re.compile(rf"(?i)\s?\((?:see |from |source: |cf\. )?{_SOURCES}\)")
_LABEL = re.compile(r"^[^:.?!]{1,60}: ")
_NAMED_SOURCE = re.compile(
    rf"(?i)\b(?:(?P<which>first|second|third|fourth|fifth) )?{_THING}(?P<number> (?:#|no\. ?|number )?\d{{1,2}}(?:(?:, and|,| and| or| &) ?\d{{1,2}}){{0,6}}| (?:one|two|three|four|five)\b)?"
)
_ONLY_SOURCES = re.compile(rf"(?i)^(?:sources?:? )?{_SOURCES}(?:(?:,|;| and)+ {_SOURCES}){{0,6}}[.]?$")
_INFORMED = (
    r"(?:mention(?:ed|s)?|provided?|provides|contain(?:ed|s)?|specif(?:y|ied|ies)|states?d?|says?|said|give[ns]?|includ(?:e|ed|es)|answer(?:ed|s)?|information|details?|discuss(?:ed|es)?|"
    r"address(?:ed|es)?|enough|sufficient|explicitly|describe[ds]?|possible|clear|determine)"
)
_SILENT = re.compile(
    rf"(?i)^(?:(?:{_SOURCES}|there (?:is|are)|i (?:could|can)(?: ?not|n['’]t)|it is not|we (?:can|could)(?: ?not|n['’]t))\b[^.]{{0,60}}?"
    rf"\b(?:not|no|never|n['’]t|find|determine)\b[^.]{{0,60}}?\b{_INFORMED}\b|(?:{_SOURCES}) (?:do(?:es)?n['’]t)\b[^.]{{0,40}}?\b{_INFORMED}\b|"
    rf"(?:no|none of the|neither of the|neither) {_GIVEN}{_THING}{_WHICH}\b[^.]{{0,60}}?\b{_INFORMED}\b)"
)
"""A sentence that says what the sources do not hold."""
_UNABLE = re.compile(
    r"(?i)^(?:i(?:['’]m| am) (?:sorry|afraid|unable|not (?:able|sure))|(?:unable|impossible|not possible) to\b|"
    r"i (?:do not|don['’]t|cannot|can['’]t) (?:know|have|find|answer|see|tell|determine|provide)|it is (?:therefore |thus )?(?:not possible|impossible|unclear)|"
    r"no (?:answer|information)\b|not answerable|unanswerable\b)"
)
_COURTESY = re.compile(
    r"(?i)^(?:i hope|hope (?:this|that|it)|let me know|feel free|(?:please )?(?:do not|don['’]t) hesitate|please (?:let|feel|ask)|"
    r"if you (?:have|need|would like|want|['’]d like)\b[^.]{0,60}\b(?:questions?|ask|help|assist|know|clarif\w+|details?|information)|is there anything|would you like|"
    r"do you (?:want|need)|sure\b|certainly\b|of course\b|absolutely\b|great question|good question|thanks?\b|thank you|you['’]?re welcome|good luck|best of luck|enjoy\b|"
    r"happy (?:to|\w+ing)\b|glad to|cheers|have a (?:great|nice|good|lovely)|as an ai\b|i(?:['’]m| am) (?:an ai|a language model|happy to|glad|here to)|"
    r"i(?:['’]d| would) be (?:happy|glad)|i(?:['’]ll| will| can) (?:help|do my best|answer|summari[sz]e|provide|explain|try)|"
    r"here(?:['’]s| is| are) (?:the|a|an|some|your|what|my|how)\b|(?:the following|below) (?:is|are)\b|"
    rf"(?:these|those|this) (?:are|is) (?:the|some|just|all|a)\b[^.]{{0,60}}\b(?:mentioned|listed|given|found|provided)\b[^.]{{0,20}}\b{_THING}|that['’]s (?:it|all)\b|this answer)"
)
_LIST_NUMBER = re.compile(r"\(?\d{1,2}[.)]")
_YES_OR_NO = re.compile(r"(?i)(?:yes|no|maybe|true|false|correct|both|neither|unknown)[.!,]?")
_NUMBER = re.compile(r"\d{1,2}")
_SPELLED = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_END = '.!?:;…"”'
LEAST_WORDS = 2
"""Content words below which a stretch without a full stop says nothing that could be checked."""


def decompose(answer: str, sources: Sequence[Source]) -> list[Cited]:
    """The claims of an answer in order, each with the numbers of the sources it cites; `passage 2 says …` cites the second.

    A long sentence comes as its clauses (`rag.grounding.clauses`); one without markers of its own has those behind it, or else all of
    its sentence's.
    """
    held = hold_markers(plain_answer(answer), sources)
    return [claim for sentence in held.sentences for claim in _claims(sentence, held, len(sources))]


def claim_in(sentence: str) -> str:
    """What a sentence without citation markers claims, whole; empty if it claims nothing."""
    bare = "" if HEADING.match(sentence[:200]) else _strip_citations(sentence)[0]
    return "" if not bare or _says_nothing(bare, cites=False) else bare[:1].upper() + bare[1:]


def _claims(sentence: str, held: Held, count: int) -> list[Cited]:
    bare, named = _strip_citations(sentence)
    spoken = tuple(number for number in named if number <= count)
    parts = [held.cited(part) for part in clauses(bare)]
    whole = held.cited(sentence).numbers or spoken
    behind: tuple[int, ...] = ()
    found: list[Cited] = []
    for part in reversed(parts):
        behind = part.numbers or behind
        text, named = _strip_citations(part.text)
        own = tuple(number for number in named if number <= count)
        if not _says_nothing(text, bool(part.numbers)):
            ended = text if len(parts) == 1 or text[-1:] in _END else f"{text}."
            found.append(Cited(ended[:1].upper() + ended[1:], part.numbers or own or behind or whole))
    return found[::-1]


def _strip_citations(sentence: str) -> tuple[str, tuple[int, ...]]:
    """What is said, without list numbers, emphasis and words that only introduce a source or address the reader; and the sources named."""
    text, before = _EMPHASIS.sub("", sentence).strip(), ""
    named = tuple(_named(text))
    text = _IN_BRACKETS.sub("", text)
    while text != before:
        before, text = text, _opened(_STEP.sub("", _BULLET.sub("", text)).strip())
    at = max(0, len(text) - 200)
    end = _SAID_BEHIND.search(text, at)
    return (text[: end.start()] + text[end.end() :] if end else text).strip(), named


def _opened(text: str) -> str:
    """The text without one opening that says nothing, behind its label or a word such as `however` too."""
    for start in (0, *(found.end() for pattern in (_ASIDE, _LABEL) if (found := pattern.match(text)))):
        for pattern in _PREFIXES:
            if found := pattern.match(text[start:]):
                label = text[:start] if text[:start].endswith(": ") else ""
                return label + text[start + found.end() :]
    return text


def _says_nothing(text: str, cites: bool) -> bool:
    bare = _ASIDE.sub("", text)
    if any(pattern.match(bare) for pattern in (_COURTESY, _UNABLE, _SILENT, _ONLY_SOURCES)) or text.endswith("?"):
        return True
    if text.endswith(":") and not cites:
        return True
    if _LIST_NUMBER.fullmatch(text) or _YES_OR_NO.fullmatch(text):
        return True
    least = 1 if cites or text[-1:] in _END else LEAST_WORDS
    return len(content_words(text)) < least and not any(sign.isdigit() for sign in text)


def _named(text: str) -> Iterator[int]:
    """The numbers of `passage 2`, `passages 1 and 3`, `the second source`."""
    for found in _NAMED_SOURCE.finditer(text):
        if found["which"]:
            yield _SPELLED[found["which"].lower()]
        word = (found["number"] or "").strip().lower()
        yield from (_SPELLED[word],) if word in _SPELLED else map(int, _NUMBER.findall(word))
