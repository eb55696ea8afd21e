"""What of an answer speaks to the reader or about the sources, and nothing of the matter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.grounding.foreign_talk import FOREIGN_TALK, SILENT_ABROAD
from rag.text.words import content_words

_ENDS = '.!?:;…"”。！？'
_BULLET = re.compile(r"^\s*(?:(?:[-*•–▪◦‣·]|\(?\d{1,2}[.):]|\(?[a-zA-Z]\)|[a-z]\.(?=\s+[^a-z])|\(?[ivx]{1,4}[.)])\s+)+")
"""A capital with a stop may be an initial, a genus: such lists are known by their lines (`rag.grounding.answer_markup`)."""
_STEP = re.compile(
    r"(?i)^(?:step|point|tip|reason|item|part|option|method|phase)\s+(?:\d{1,2}|[a-d]|one|two|three|four|five|six)\s*[:.)–-]\s+"
)
_EMPHASIS = re.compile(r"\*\*|__|`")
_ASIDE = re.compile(
    r"(?i)^(?:thus|therefore|so|however|unfortunately|additionally|furthermore|moreover|also|hence|but|and|finally|(?:that (?:being )?said|having said that|in contrast|by contrast|on the other hand)(?=,))[, ]\s*"
)

_LIST_NUMBER = re.compile(r"\(?\d{1,2}[.)]")
_YES_OR_NO = re.compile(
    r"(?i)(?:(?:the (?:short )?answer is )?(?:yes|no)|ja|nein|maybe|true|false|correct|both|neither|unknown)[.!,]?"
)
_NUMBER = re.compile(r"\d{1,2}")
_SPELLED = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
LEAST_WORDS = 2
"""Content words below which a stretch without a full stop says nothing that could be checked."""

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
    r"(?:do(?:es)? |(?:goes|go) on to )?(?:says?|states?|said|stated|mentions?|mentioned|notes?|noted|explains?|explained|describes?|described|reports?|reported|suggests?|suggested|"
    r"indicates?|indicated|shows?|showed|claims?|adds?|confirms?|confirmed|argues?|argued|finds?|found|concludes?(?! (?:by|with))|concluded|points? out|makes? (?:it )?clear|tells? us|emphasi[sz]es?|highlights?|"
    r"recommends?|agrees?|provides? (?:information|details) (?:that|on|about|showing))"
)
_AUTHOR = (
    r"(?:[A-Z][\w'’-]{1,40}(?: et al\.?| and (?:colleagues|co-?workers)| (?:and|&) [A-Z][\w'’-]{1,40})?\s?\x00\d{1,6}\x01"
    r"|(?:[Bb]oth )?\x00\d{1,6}\x01(?:(?:, and|,| and| &)? ?\x00\d{1,6}\x01){0,6})"
)
"""A name with its year, which is held as a marker by then, or markers alone."""
_CLEAR = r"it (?:is|appears|seems|can be (?:seen|inferred|concluded))(?: clear| stated| mentioned| said| reported)? that"
_PREFIXES = (
    re.compile(
        r"(?i)^(?:(?:final |short |brief )?(?:answer|response|summary|conclusion|note|n\.b\.|important|disclaimer|tl;dr|a)\s*:|please note(?: that)?[,:]?|"
        r"i(?:['’]m| am) not (?:entirely |quite |really |completely )?sure\b[^.]{0,60}?,? but\s|i (?:do not|don['’]t) know\b[^.]{0,60}?,? but\s(?:i (?:do )?know that\s)?|"
        r"it(?: is|['’]s) (?:also )?(?:worth (?:noting|mentioning)|important to note) that|(?:note|remember|be aware|(?:keep|bear) in mind)(?: also)? that|in (?:summary|short|conclusion|brief)[,:]|to (?:summari[sz]e|sum up|conclude|answer your question)(?: (?:the |these |both )?(?:two |three |four |given |provided )?(?:documents|sources|passages|texts|articles|papers|findings|results|points))?[,:]|from what i (?:could |can )?(?:gather(?:ed)?|see|found|understand|tell),|"
        r"overall,|(?:yes|no)(?:,|\s?[—–]\s)|(?:sure|certainly|of course|absolutely|definitely)[,!.]|great question[,!.]|the (?:short |simple |quick |direct )?answer is(?: that|:))\s*"
    ),
    re.compile(
        rf"(?i)^(?:based (?:up)?on|according to|as per|per|from|in|going by|looking (?:at|through)|judging (?:by|from)|{_TOLD_IN}|using) (?:what (?:i|we) (?:can |could )?(?:see|tell|find|found|gather) (?:in|from) )?{_SOURCES}"
        rf"(?:,? (?:{_CLEAR}|i can (?:say|tell you|see) that|we (?:know|learn|see|can say) that)|,|:)\s*"
    ),
    re.compile(
        rf"^(?:(?:According to|As per|(?i:{_TOLD_IN})) {_AUTHOR},|As {_AUTHOR} {_TELLS}(?: (?:in|on) [^,.]{{1,60}})?,|{_AUTHOR} (?:also )?{_TELLS}(?: that\b|:))\s+"
    ),
    re.compile(
        rf"(?i)^(?:it|they|the authors?) (?:also |then |further |explicitly |only |just |merely ){{0,2}}{_TELLS} that\b\s+"
    ),
    re.compile(
        rf"(?i)^(?:while|although|though|even though) {_SOURCES} (?:(?:do(?:es)?|did)(?: not|n['’]t)\b[^,.]{{0,80}}|(?:is|are) (?:not|silent)\b[^,.]{{0,80}}),\s*"
    ),
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
    r"|\b(?:Quellen?|Dokument(?:en?)?|Textstellen?|Fundstellen?|Passagen?|Abschnitt(?:en?)?)(?P<german> \d{1,2}(?:(?:,| und) ?\d{1,2}){0,6})"
)
_ONLY_SOURCES = re.compile(rf"(?i)^(?:sources?:? )?{_SOURCES}(?:(?:,|;| and)+ {_SOURCES}){{0,6}}[.]?$")
_INFORMED = (
    r"(?:mention(?:ed|s)?|provided?|provides|contain(?:ed|s)?|specif(?:y|ied|ies)|states?d?|says?|said|give[ns]?|includ(?:e|ed|es)|answer(?:ed|s)?|information|details?|discuss(?:ed|es)?|"
    r"names?|reports?|reported|lists?|listed|reveals?|revealed|disclosed?|discloses|quantif(?:y|ied|ies)|address(?:ed|es)?|enough|sufficient|explicitly|describe[ds]?|possible|clear|determine)"
)
_SILENT = re.compile(
    rf"(?i)^(?:(?:{_SOURCES}|i (?:could|can)(?: ?not|n['’]t)|it is not|we (?:can|could)(?: ?not|n['’]t))\b[^.]{{0,60}}?"
    rf"\b(?:not|no|never|n['’]t|find|determine)\b[^.]{{0,60}}?\b{_INFORMED}\b|(?:{_SOURCES}) (?:do(?:es)?n['’]t)\b[^.]{{0,40}}?\b{_INFORMED}\b|"
    r"there(?: is|['’]s| are)(?: not| no|n['’]t| nothing)\b[^.]{0,40}?\b(?:information|mention(?:ed|s)?|details?|specifics|answer|explicit|(?:enough|sufficient) (?:\w{1,12} )?(?:context|data))\b|"
    rf"(?:no|none of the|neither of the|neither) {_GIVEN}{_THING}{_WHICH}\b[^.]{{0,60}}?\b{_INFORMED}\b|"
    rf"(?:no|nothing)\b[^.]{{0,80}}\b{_INFORMED} (?:in|by|anywhere in) {_SOURCES}|[^.]{{1,120}}?\b(?:is|are|was|were) (?:not|never)\b[^.]{{0,40}}?\b{_INFORMED} (?:in|by) {_SOURCES})"
)
"""A sentence that says what the sources do not hold."""
_ABOUT_SOURCES = re.compile(
    rf"(?i)^(?:the |this |these |all |both )?{_GIVEN}(?:passages?|contexts?|sources?|documents?|excerpts?|snippets?|texts?|articles?|search results|references?){_WHICH} (?:only |mainly |mostly |primarily |merely |all |both |do(?:es)?(?: not|n['’]t) ){{0,2}}"
    r"(?:discuss(?:es)?|covers?|focus(?:es)?|deals?|conflicts?|differs?|disagrees?|refers?|break|lacks?|(?:is|are) (?:about|silent|unclear|inconsistent|limited|focused))\b"
)
_UNABLE = re.compile(
    r"(?i)^(?:i(?:['’]m| am) (?:sorry|afraid|unable|not (?:able|sure))|(?:unable|impossible|not possible) to\b|i (?:could|can)(?: ?not|n['’]t) (?:find|locate|determine|see|tell|confirm|verify)\b|"
    r"i (?:do not|don['’]t|cannot|can['’]t) (?:know|have|find|answer|see|tell|determine|provide)|it is (?:therefore |thus )?(?:(?:not possible|impossible) to (?:determine|say|answer|tell|know|give|provide|conclude|confirm|identify|verify)|unclear (?:from|based on|given))\b|it depends[.!]?$|"
    r"no (?:answer|information)\b|not answerable|unanswerable\b|"
    r"(?:without|given|due to)\b[^.,]{0,80}\b(?:information|context|details?|data)\b,? (?:i|it|we|one)\b[^.]{0,20}\b(?:cannot|can(?: no|['’])t|not possible|impossible))"
)
_COURTESY = re.compile(
    r"(?i)^(?:i hope|hope (?:this|that|it)|let me know|feel free|(?:please )?(?:do not|don['’]t) hesitate|please (?:let|feel|ask)|"
    r"if you (?:have|need|would like|want|['’]d like)\b[^.]{0,60}\b(?:questions?|ask|help|assist|know|clarif\w+|details?|information)|is there anything|would you like|"
    r"do you (?:want|need)|(?:sure(?: thing)?|certainly|of course|absolutely|definitely)(?:[!.,]|$)|great question|good question|thanks?\b(?! to\b)|thank you|you['’]?re welcome|good luck|best of luck|enjoy\b|"
    r"let(?:['’]s| us| me)\b|thought:|(?:the |this |my )?(?:answer|response|summary)(?: (?:above|below|given here))? (?:is|was) (?:based|drawn|taken|compiled)\b|"
    r"(?:this|it|the above) (?:is|does) not (?:(?:intended|meant) as |constitute )?(?:medical|legal|financial|professional|tax|investment) advice\b|"
    r"happy (?:to|\w+ing)\b|glad to|cheers(?:[!.,]|$)|have a (?:great|nice|good|lovely)|as an ai\b|i(?:['’]m| am) (?:an ai|a language model|happy to|glad|here to)|"
    r"i(?:['’]d| would) be (?:happy|glad)|i(?:['’]ll| will| can) (?:help|do my best|answer|summari[sz]e|provide|explain|try)|"
    r"here(?:['’]s| is| are) (?:the|a|an|some|your|what|my|how)\b|(?:the following|below) (?:is|are)\b|"
    rf"(?:these|those|this) (?:are|is) (?:the|some|just|all|a)\b[^.]{{0,60}}\b(?:mentioned|listed|given|found|provided)\b[^.]{{0,20}}\b{_THING}|that['’]s (?:it|all)\b|"
    rf"this (?:answer|(?:summary|response|information|overview) (?:is|was) (?:based|drawn|taken|compiled))|(?:if you\b[^.]{{0,120}}, )?(?:please|do(?: not|n['’]t) hesitate|feel free|just let me know)\b|"
    rf"(?:generated|compiled|summari[sz]ed|drawn) (?:from|on) (?:the |these |\d{{1,3}} )?(?:given |provided )?{_THING}[.]?$|"
    rf"for (?:more|further|additional|full) (?:information|details|help)\b|i(?:['’]d| would)? (?:recommend|suggest|advise)\b|"
    rf"i(?:['’]ve| have)? (?:found|searched|looked|reviewed|checked|went through|analy[sz]ed)\b[^.]{{0,80}}\b{_THING})"
)
_ONLY_LEADS = re.compile(
    r"(?i)(?:see(?: also)?|cf|via|from|(?:sources?|references?|citations?|documents?|passages?|quellen?)(?: (?:used|cited|consulted|verwendet))?)[.:]*"
)
"""What is left of a line that only points at sources."""
_SELF_RATING = re.compile(r"(?i)^(?:overall )?(?:confidence|certainty|relevance|konfidenz)(?: (?:score|level|rating))?\s?[:=]")

_TALK = (_COURTESY, _UNABLE, _SILENT, _ABOUT_SOURCES, _ONLY_SOURCES, _SELF_RATING, *FOREIGN_TALK)


def of_the_matter(sentence: str) -> tuple[str, tuple[int, ...]]:
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


def is_silent(sentence: str) -> bool:
    """Whether a sentence says what the sources do not hold, or that the question cannot be answered."""
    bare = _ASIDE.sub("", of_the_matter(sentence)[0])
    return any(pattern.match(bare) for pattern in (_UNABLE, _SILENT, *SILENT_ABROAD))


def says_nothing(text: str, cites: bool) -> bool:
    """Whether what is left of a sentence (`of_the_matter`) claims nothing; `cites` tells whether it has a marker."""
    bare = _ASIDE.sub("", text)
    if any(pattern.match(bare) for pattern in _TALK) or text.endswith("?"):
        return True
    if text.endswith(":") and not cites:
        return True
    if any(pattern.fullmatch(bare) for pattern in (_LIST_NUMBER, _YES_OR_NO, _ONLY_LEADS)):
        return True
    least = 1 if cites or text[-1:] in _ENDS else LEAST_WORDS
    return len(content_words(text)) < least and not any(sign.isdigit() for sign in text)


def _named(text: str) -> Iterator[int]:
    """The numbers of `passage 2`, `passages 1 and 3`, `the second source`."""
    for found in _NAMED_SOURCE.finditer(text):
        if found["which"]:
            yield _SPELLED[found["which"].lower()]
        word = (found["number"] or found["german"] or "").strip().lower()
        yield from (_SPELLED[word],) if word in _SPELLED else map(int, _NUMBER.findall(word))
