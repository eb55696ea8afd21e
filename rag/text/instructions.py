"""Sentences that give orders to whoever answers, a reader or a language model, instead of reporting research: no evidence for anything.

They address the one who answers, carry the tags of a chat, or dictate an answer, in English or German. What a sentence only quotes
(“prompts such as ‘ignore all rules’”) it reports.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from html import unescape
from typing import Literal

from rag.text.cues import any_of
from rag.text.foreign import is_foreign
from rag.text.sentences import sentences
from rag.text.words import content_words, stem, stems
from rag.types import Span

Reason = Literal["role", "order", "follows", "language"]
"""Chat tags; an order or a dictated answer; what belongs to either, as the words dictated or the turn that a tag opened; a sentence in
another language than the English ones around it, which may be an order that nobody here can read."""

_FILE = "instructions.txt"
LONGEST = 4_000
"""Characters of a sentence that are examined: the cutter makes longer ones of texts without stops only."""


def left_out(abstract: str) -> dict[Span, Reason]:
    """The sentences of an abstract that are no evidence, in order, and why."""
    return dict(_left_out(abstract))


def reporting(abstract: str) -> list[Span]:
    """The sentences of an abstract that are evidence, in order."""
    out = left_out(abstract)
    return [span for span in sentences(abstract) if span not in out]


def instructs(text: str) -> Reason | None:
    """Why a sentence (or a title) is no report but an order, or None if it reports."""
    plain = _plain(text[:LONGEST])
    bare = _undressed(plain)
    return _given(plain) or (_given(bare) if bare != plain else None)


def _given(plain: str) -> Reason | None:
    if not _WORTH_A_LOOK().search(plain.lower()):
        return None
    if _has_role(plain):
        return "role"
    return "order" if _orders(_unquoted(plain)) else None


def quotes_an_order(text: str) -> bool:
    """Whether a sentence quotes an order without giving one: to be quoted to people, but not to be shown to a language model."""
    plain = _plain(text[:LONGEST])
    return any(instructs(found.group()[1:-1]) for found in _QUOTED.finditer(plain)) or _TOKEN().search(plain) is not None


@lru_cache(maxsize=4096)
def _left_out(abstract: str) -> tuple[tuple[Span, Reason], ...]:
    found: list[tuple[Span, Reason]] = []
    dictated: list[frozenset[str]] = []
    spans = sentences(abstract)
    foreign = _in_another_language(abstract, spans)
    for span in spans:
        text = span.of(abstract)
        opened = bool(found) and (
            found[-1][1] == "role" or _is_continued(found[-1][0].of(abstract), found[-1][0], span, abstract)
        )
        reason = instructs(text) or _answers_itself(text, abstract[max(0, span.start - LONGEST) : span.start])
        if reason is None and (opened or any(said <= stems(text) for said in dictated)):
            reason = "role" if opened and found[-1][1] == "role" else "follows"
        if reason is None and span in foreign:
            reason = "language"
        if reason is not None:
            found.append((span, reason))
            if said := _dictated(text):
                dictated.append(said)
    return tuple(found)


def _in_another_language(abstract: str, spans: Sequence[Span]) -> frozenset[Span]:
    """The sentences that are not English, of an abstract half of which is at least."""
    foreign = frozenset(span for span in spans if is_foreign(span.of(abstract)[:LONGEST]))
    return foreign if 2 * len(foreign) <= len(spans) else frozenset()


def without_quoted_orders(text: str) -> str:
    """The text with each quoted order emptied, so that what it dictates does not stand in it word for word."""
    return _QUOTED.sub(lambda found: '""' if instructs(found.group()[1:-1]) else found.group(), text)


def _is_continued(text: str, last: Span, span: Span, abstract: str) -> bool:
    """Whether an order ends in a colon, so that the next sentence is what it dictates."""
    return text.rstrip("\"'“”‘’ ").endswith(":") and not abstract[last.end : span.start].strip()


def _answers_itself(text: str, before: str) -> Reason | None:
    """Whether a sentence is the answer to a question that the abstract puts itself, each behind its label."""
    asked = _ASKS.search(before) if _ANSWERS.match(text) else None
    return None if asked is None else "role"


def _dictated(text: str) -> frozenset[str]:
    """Stems of the words that an order wants said."""
    found = _DICTATES().search(_plain(text))
    return frozenset(stem(word) for word in content_words(found["said"]) if word not in _EMPTY) if found else frozenset()


_EMPTY = frozenset(
    "answer reply response word phrase sentence question user antwort frage wort satz always following asked".split()
)
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝАВЕКМНОРСТХІΑΒΕΖΗΙΚΜΝΟΡΤΥΧονıɪɢɴᴏʀᴇᴠᴜꜱᴛᴄᴀʟᴘᴅᴍʙʏᴡᴋʜꜰᴢᴊ",
    "aeopcyxijsdhqwABEKMHOPCTXIABEZHIKMNOPTYXoviignorevustcalpdmbywkhfzj",
)
_SPACED = re.compile(r"\b(?:\w[ .*_-]){4,40}\w\b")
_MARKS = re.compile(r"</?[A-Za-z]{1,10}>|\\\w{1,20}\{\}")
_FOR_LETTERS = re.compile(r"(?<=[A-Za-z])[013457@$]{1,3}(?=[A-Za-z])|(?<!\S)[013457@$](?=[a-z]{2})")
_LETTERS = str.maketrans("013457@$", "oieastas")
_HIDDEN = re.compile("[\U000e0001-\U000e007f]|[\u202d\u202e]")
_QUOTED = re.compile(
    r"\"[^\"]{1,400}\"|“[^“”]{1,400}”|„[^“”]{1,400}[“”]|«[^«»]{1,400}»|‘[^‘’]{1,400}’|(?<!\w)['`]{1,2}[^'`]{1,400}'{1,2}(?!\w)"
)


def _plain(text: str) -> str:
    """Compatibility forms, look-alikes and hidden characters resolved, single spaces, letters that are spaced out set together."""
    if not text.isascii():
        normalised = unicodedata.normalize("NFKC", "".join(char for char in text if unicodedata.category(char) != "Cf"))
        latin = any("a" <= char <= "z" for char in normalised)
        text = ("\u202e " if _HIDDEN.search(text) else "") + (normalised.translate(_LOOKALIKES) if latin else normalised)
    text = " ".join(text.replace("’", "'").split())
    return _SPACED.sub(lambda found: re.sub(r"[ .*_-]", "", found.group()), text)


def _undressed(plain: str) -> str:
    """Without accents, marks of formatting and entities of HTML, and digits in the place of letters."""
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    return _FOR_LETTERS.sub(lambda found: found.group().translate(_LETTERS), _MARKS.sub("", unescape(plain)))


def _unquoted(plain: str) -> str:
    """Without what is quoted, unless hardly anything else is there: then the quotes are a mere dress."""
    bare = _QUOTED.sub('""', plain)
    return bare if len(content_words(bare)) > 2 else plain.strip("\"'“”„«»‘’` ")


def _has_role(plain: str) -> bool:
    if "\u202e" in plain:
        return True
    if any(not _MENTIONED.search(plain[max(0, found.start() - 60) : found.end() + 40]) for found in _TOKEN().finditer(plain)):
        return True
    bare = _unquoted(plain)
    turns = {found["who"].casefold() for found in _TURN().finditer(bare)}
    return len(turns) > 1 or _TURN_ALONE().search(bare) is not None or _ASKED_AND_ANSWERED.search(bare) is not None


_MENTIONED = re.compile(r"(?i)\b(?:tokens?|tags?|delimiters?|markers?|placeholders?|templates?|blocks?|markup|format)\b")
_ASKED_AND_ANSWERED = re.compile(
    r"(?:^|[\s(\[*])(?:Q|Question|Frage|QUESTION|FRAGE) ?: [^\n]{1,300}?[\s*](?:A|Answer|Antwort|ANSWER|ANTWORT) ?: ?\w"
)
_ASKS = re.compile(r"(?:^|[\s(\[*])(?:Q|Question|Frage|QUESTION|FRAGE) ?: [^\n:]{1,400}$")
_ANSWERS = re.compile(r"(?:A|Answer|Antwort|ANSWER|ANTWORT) ?: ?\w")
_START = r"(?:^|(?<=[.:;!?—–|] )|(?<=[>\]}*])|(?<=[>*] )|(?<=[(\[{<\"“„«'‘`])|(?<=\s-\s))"
"""Where an order may begin: a sentence, or what stands behind a stop, a dash or a bracket."""
_FIRST = (
    r"(?:(?:please|now|just|simply|always|only|instead|then|important|importantly|attention|note|first|so|therefore|hence|remember(?: to)?|urgent|warning|"
    r"but|also|kindly|make sure to|be sure to|ensure that you|you must|you should|bitte|jetzt|nun|einfach|immer|nur|stattdessen|wichtig|achtung|hinweis|dann|also|stets)\b[,:!.]? ?){0,4}"
)
_PEOPLE = r"(?:the |any |every |all )?(?:user|reader|person|questioner|them|him|her|everyone|people)s?"
_SAY = r"say(?! (?:that )?(?:an?|the|two|we|some|\$)[^.]{0,200}? (?:if|iff|whenever|provided) (?!asked|you|someone|anyone|a user|the user))"
"""But not as in `Say that a graph is good if it has no cycle.`"""
_PLAIN_SAYS = (
    rf"(?:{_SAY}|reply|respond|print|write|repeat|tell {_PEOPLE}|antworte|antworten sie|sage?|sagen sie|schreibe?|schreiben sie|gib|geben sie|nenne|nennen sie"
    r"|erwidere|behaupten? sie|behaupte|wiederhole|wiederholen sie|zitiere|zitieren sie|melde)"
)
_OTHER_SAYS = r"(?:answer|output|return|state|report|claim|emit|conclude|declare|assert|confirm|cite)"
_TO = r"(?: to (?:this|the|any|every|all|each) (?:question|query|user|request|queries|prompt)s?| (?:this|the|any|every|all|each) (?:question|query|user|request|prompt|reader)s?| auf (?:diese|die|jede|alle) fragen?| sie| bitte)?"
_WHAT = (
    r"(?: ?(?=[\"“„'‘`«])| (?:with|that|only|exactly|by (?:saying|stating|writing|repeating)|as follows|simply|just|always|yes|no|nothing|this|in the (?:affirmative|negative)|"
    r"the (?:word|words|following|phrase|sentence|answer|number|string|text|code|name|token|value)|mit|nur|ausschließlich|genau|immer|dass|das wort|den satz|die zahl|folgendes|ja|nein|einfach|stets|aus)\b"
    r"| (?=(?-i:[A-Z]{3,})\b(?: ?[.,;:!?\"')]|$| and\b| as\b| [A-Z][a-z]+ ?:))| (?=\d))"
)
_SAYS = rf"(?:{_PLAIN_SAYS}{_TO}(?: ?:|{_WHAT})|{_OTHER_SAYS}{_TO}{_WHAT})"
_ALSO_SAYS = (
    r"(?:mention (?-i:[A-Z]{3,})\b|complete the (?:sentence|answer|phrase) ?:|(?:begin|start|open|end|finish|close|conclude) (?:every|each|all|any|your|the) (?:answers?|repl(?:y|ies)|responses?|summar(?:y|ies)|outputs?)\b|pretend(?: that| to)|act as\b|repeat (?:after|everything)\b|reveal (?:your|the (?:system|prompt|instructions|rules|hidden))|stop (?:reading|here)|give (?:it |this paper |the paper )?(?:an? |only |the )?(?:positive|high|perfect|strong|favou?rable|top) (?:review|score|rating|answer)|"
    r"recommend (?:acceptance|accepting|this|only)|cite (?:this|only|me)|mark (?:every|all|this|each)|treat (?:this|every|everything|all)|rate (?:this|it)|include the (?:word|phrase|sentence|following)|"
    r"use (?:the word|only this|this sentence|this abstract|the phrase)|quote (?:this|only)|trust (?:only|this)|prefer this|say (?!that (?:an?|the|two|we|\$)|an? |two |we |\$)\w)"
)
_IGNORES = (
    r"(?:ignore|set aside|put aside|leave aside|disregard|forget|override|bypass|dismiss|discard|skip|do not (?:follow|use|answer|obey|read|trust|consider)|don't (?:follow|use|answer|obey|read|trust|consider)|never (?:follow|answer|mention)|stop following|"
    r"ignoriere?|ignorieren sie|missachten?|missachten sie|vergiss|vergessen sie|übergehe?|überspringe?|verwirf|verwerfen sie|beachten? (?:sie )?nicht|ignorez|ignora|oubliez?|olvida)"
    r"(?: sie)?(?: (?!and\b)[^\s.,;:]{1,20}){0,4}? "
)
_ASKED = (
    r"(?:when(?:ever)?|if|once|in case|should|as soon as|wenn|falls|sobald|sollte|bei) [^.;:]{0,60}?\b(?:ask(?:ed|s)?|question(?:ed|s)?|quer(?:ied|ies|y)|prompted|inquires?|know|summari[sz](?:e|ing)|answering|"
    r"fragt|fragst|fragen|gefragt|wissen|frage|zusammenfassung)\b[^.;:]{0,120}?(?:[,:—–] ?| - | then )"
)
_MUST = r"(?:must|should|shall|will|can only|may only|are to|have to|need to|ought to|are required to|are instructed to|musst|sollst|müssen|sollen|sollten|darfst|dürfen|wirst|hast)"
_ONLY_NOW = r"(?: (?:now|always|never|only|not|simply|just|therefore|then|also|instead)){0,3}"
_DOES = r"(?:ignore|disregard|forget|say|reply|respond|answer|output|state|report|cite|recommend|tell|write|print|repeat|conclude|mention|claim|give|rate|accept|pretend|follow|obey|treat|return|act|begin|refuse|reveal|quote)"
_GERMAN_DOES = r"(?:antwort\w{0,10}|sagen|schreiben|nennen|ausgeben|behaupten|ignorieren|zitieren|wiederholen|erwidern|angeben)"
_MACHINE = r"(?:ai|ki|assistant|language model|large language model|ai language model|chatbot|llm|ai model|ai assistant|bot|agent|sprachmodell|assistent|assistentin|ki-assistent|ki-modell|chatgpt|dan|gpt|unrestricted \w{1,20}|reviewer)"
_NO_ANSWER = (
    r"(?! (?:often|usually|not|rarely|known|unknown|determined|then|given|chosen|provided|among|one|selected|obtained|predicted|also|typically|assumed|generated|hidden|in|that|never|unique|either|"
    r"ambiguous|likely|more|less|most|an?|therefore|thus|still|itself|identified|found|computed|available|present|missing|derived|included|contained|based|reached|part|sometimes|indeed|simple|easy|both|positive|negative|affirmative)\b)"
)


@cache
def _ORDERS() -> re.Pattern[str]:
    reader, thing = any_of(_FILE, "reader"), any_of(_FILE, "object")
    here = r"(?:this|these|the following|diesen|diese|dieses) (?:abstract|text|paper|page|document|sentence|question|passage|papers|abstracts|satz|frage|seite|dokument)"
    orders = (
        rf"{_START}{_FIRST}(?:{_SAYS}|{_ALSO_SAYS})",
        rf"{_START}{_FIRST}{_IGNORES}(?:{thing})\b",
        rf"\b{_ASKED}{_FIRST}(?:{_SAYS}|you {_MUST}\b|antworte\b|sage?\b|schreibe?\b|nenne\b)",
        rf"\byou {_MUST}{_ONLY_NOW} {_DOES}\b",
        rf"\bit is (?:mandatory|required|essential|important|imperative|crucial|vital|your duty) (?:that you|for you to) {_DOES}\b",
        rf"\b(?:anyone|anybody|whoever|everyone|every (?:model|system|reader|summary)|any (?:model|system|summary)) (?:that |who |which )?(?:summari[sz]es|answers|reads|reviews|processes|omits|lacks|leaves out)\b[^.]{{0,60}}?\b(?:must|should|shall|has to|is (?:wrong|incorrect|incomplete|invalid|false)) ?(?:{_DOES}\b|$|[.!])",
        rf"{_START}(?:dear|hello|hi|hey|attention) (?:model|machine|system|program|engine|summari[sz]er)s? ?[,:!—–]",
        r"\b(?:any|every|each) (?:answer|reply|response|summary)\b[^.]{0,60}?\b(?:omits|lacks|leaves out|without)\b[^.]{0,60}?\bis (?:wrong|incorrect|incomplete|invalid|false)\b",
        rf"{_START}when(?:ever)? (?:summari[sz]ing|answering|reviewing|quoting|citing) [^.;:]{{1,60}}?, (?:always |only |also )?(?:say|mention|end|begin|start|add|write|report|state|include|output)\b",
        r"\bto (?:pass|succeed|win|comply|continue)\b[^.;:,]{0,40}, (?:output|print|say|write|reply|respond|answer|mention) (?:only |with |exactly )?(?:[\"“'‘]|(?-i:[A-Z]{3,}))",
        rf"\b(?:is|are) (?:only |solely |just )?(?:meant |intended )?for (?:the |an? |any )?(?:{reader})(?: only| alone)?(?: ?:|,)",
        rf"\b(?:du|sie) {_MUST}\b[^.]{{0,80}}?\b{_GERMAN_DOES}\b",
        rf"\b(?:as|als) (?:an? |eine? )?(?:helpful |honest |good |responsible |hilfreicher |gute[rs]? )?{_MACHINE}\b[^.]{{0,40}}?\b(?:you|your|musst|sollst|müssen|sollen|antworte|du|must (?:answer|say|reply|respond|state))\b",
        rf"\byou(?: are|'re| were) (?:now |no longer |only |still |just )?(?:an? |the |in )?(?:helpful |new |expert |different |evil |free )?(?:{_MACHINE}|developer mode)\b",
        rf"\b(?:du bist|sie sind) (?:jetzt |nun |ab sofort |nur |ein |eine |der |die )*{_MACHINE}\b".replace(")*", "){0,3}"),
        rf"\bif you(?: are|'re| can)?(?: an?)? (?:{reader}|read(?:ing)?|see(?:ing)?|process(?:ing)?|summari[sz](?:e|ing))(?: this| an?)?\b",
        rf"{_START}(?:note|notice|message|attention|memo|reminder|hint|instructions?|information|request|dear|hello|hi|hey|attn|to|hinweis|nachricht|anweisung(?:en)?|mitteilung|liebe[rs]?|hallo|achtung|an)(?: to| for| an| für|,|:)? (?:{reader})(?: (?:reading|answering|processing|that|who|die|der|das) [^.:,]{{1,60}})? ?[,:;!—–]",
        rf"{_START}(?:{reader})(?: (?:reading|answering|processing|that|who) [^.:,]{{1,60}})? ?[,:!—] ?{_FIRST}(?:say|reply|respond|answer|ignore|{_IGNORES}|you |do not )",
        rf"\b(?:{reader}) (?:(?:that|who|which) )?(?:reads?|reading|process(?:es|ing)|sees?|seeing|summari[sz](?:es|ing)|answer(?:s|ing)|parsing|liest|lesen) {here}\b[^.]{{0,60}}?(?:\b(?:must|should|shall|please|has to|have to|needs?|will|muss|müssen|soll|sollen)\b|[:,])",
        rf"\b(?:{reader}) (?:must|should|shall|has to|have to|muss|müssen|soll|sollen)(?: (?:now|always|only|never|not|immer|nur))? (?:{_DOES}|{_GERMAN_DOES}) (?:that|with|this|[\"“'‘]|only|the (?:question|word|following)|(?-i:[A-Z]{{3,}}))",
        rf"{_START}{_FIRST}the (?:only |one )?(?:correct|right|true|only|desired|required|official|accepted|approved) (?:answer|reply|response)\b(?: (?:to|for|here) [^.:]{{1,80}}?)?(?: is| must be| should be| will be| reads| ?:| =){_NO_ANSWER}",
        rf"{_START}{_FIRST}the (?:expected|final|proper|real|actual|only|best) (?:answer|reply|response)\b(?: (?:to|for|here) [^.:]{{1,80}}?)?(?: is| must be| should be| will be| reads)(?: ?:| ?[\"“„'‘`]| (?-i:[A-Z]{{3,}})\b| \d)",
        r"\bdie (?:richtige|korrekte|wahre|einzig richtige|einzige|endgültige|einzig korrekte) antwort\b[^.]{0,80}?\b(?:lautet|ist|heißt)\b",
        r"\b(?:the|any|every|each|all) (?:answers?|repl(?:y|ies)|responses?|summar(?:y|ies))(?: (?:to|of|about|for) [^.:]{1,40}?)? (?:must|should|shall|has to|have to|needs to|is to|are to) (?:always |only |also |simply |therefore )?(?:be|say|read|state|contain|include|mention|begin with|start with|end with|consist of|report|cite|name|give)(?: ?[:\"“'‘`]| (?:[\"“'‘`]|(?-i:[A-Z]{3,})\b|only\b|the (?:word|phrase|sentence|following|string)))",
        r"\byour (?:only |sole |new )?(?:task|job|goal|duty|role) (?:is|will be) (?:now |only )?to (?:answer|say|reply|respond|report|output|write|mention|repeat)\b",
        r"\byour (?:final |next |only |whole |entire |full |own )?(?:answers?|repl(?:y|ies)|responses?|summar(?:y|ies)|output|review|verdict|instructions?|guidelines|rules|system prompt)\b",
        r"\b(?:deiner?|eurer?|(?-i:Ihrer?)) (?:antworten?|ausgabe|zusammenfassung|anweisung(?:en)?|regeln|vorgaben)\b",
        r"\bfrom now on\b[^.]{0,40}?\b(?:you|answer|reply|respond|say|ignore|output)\b",
        r"\bab (?:sofort|jetzt)\b[^.]{0,40}?\b(?:antworte\w{0,3}|sage?|ignoriere?|du)\b",
        r"\bthe (?:word|phrase|string|token|sentence) \S{1,40} (?:must|should|has to|is to) (?:appear|be (?:included|repeated|used|said|output|written|printed|the))",
        r"\b(?:this|the following|dieser|diese) (?:sentence|text|paper|abstract|instruction|paragraph|document|statement|note|satz|anweisung) (?:overrides?|supersedes?|replaces? (?:all|the)|has priority|takes precedence|outranks|hat vorrang|ersetzt alle|is the (?:only|correct|right|definitive|final) (?:answer|evidence|source))",
        rf"{_START}{_FIRST}(?:do not|don't|never|under no circumstances) (?:\w{{1,15}} ){{0,2}}?(?:reveal|mention|disclose|tell|answer|cite|quote|highlight|trust|refuse|follow|say|reply|respond|critici[sz]e)\b",
        rf"{_START}{_FIRST}(?:répond(?:ez|s)|responde|responda|dites|diga) (?:\w{{1,12}} ){{0,2}}?(?:par|que|con|uniquement|seulement|solo|solamente|siempre|toujours)\b",
    )
    # What many of them begin with is looked for once a place, not once an order.
    begun = "|".join(order.removeprefix(_START) for order in orders if order.startswith(_START))
    anywhere = "|".join(order.removeprefix(r"\b") for order in orders if not order.startswith(_START))
    return re.compile(rf"(?i){_START}(?:{begun})|\b(?:{anywhere})")


@cache
def _DICTATES() -> re.Pattern[str]:
    return re.compile(
        rf"(?i)(?:{_SAYS}|\b(?:{_ALSO_SAYS})|\b(?:is|lautet|ist|be)\b|\bpretend that\b)(?: ?:)?(?: (?:with|that|only|exactly|just|simply|always|dass|mit|nur|the words?|the phrase|the sentence|das wort|den satz|die antwort|auf [^.]{{1,30}}? mit)){{0,3}}"
        r"[ :\"“„'‘`«]*(?P<said>[^.!?\n]{1,200})".replace("]*(?P", "]{0,4}(?P")
    )


@cache
def _TOKEN() -> re.Pattern[str]:
    return re.compile(f"(?i){any_of(_FILE, 'token')}")


@cache
def _TURN() -> re.Pattern[str]:
    """A turn of a chat: a role with a capital and a colon."""
    roles = "|".join(f"{role[0].upper()}{role[1:]}|{role.upper()}" for role in any_of(_FILE, "turn").split("|"))
    return re.compile(rf"(?:^|(?<=[\s(\"'\[{{*_>.!?]))(?P<who>{roles})\*{{0,2}} ?:(?![:\d]) ?(?=\S)(?! ?\d)")


@cache
def _TURN_ALONE() -> re.Pattern[str]:
    asker = r"(?:Human|User|Nutzer|Benutzer|HUMAN|USER|NUTZER)"
    return re.compile(
        rf"(?:^|(?<=[\s(\"'\[{{*_>.!?]))(?i:{any_of(_FILE, 'turn_alone')}) ?: ?(?=\S)(?! ?\d)|(?:^|(?<=[.!?] )){asker} ?: (?=[A-Z]|[^.]{{1,200}}\?)"
    )


@cache
def _WORTH_A_LOOK() -> re.Pattern[str]:
    """What every order and every tag has some of, in lower case: most sentences are let pass by it."""
    return re.compile(
        r"\byou|\b(?:ignor|disregard|forget|overrid|bypass|dismiss|discard|skip|aside|never|instruc|assistan|chatbot|human ?:|user ?:|system ?:|question ?:|q ?:|answer|repl|respon|say\b|output|print|writ|return|stat|report|claim|repeat|"
        r"emit|type|conclud|declar|assert|confirm|tell|pretend|mention|complete the|begin|summari|omits|leaves out|to pass|act as|reveal|stop|give|recommend|cite|mark|treat|rate|includ|use |quote|trust|prefer|do not|don't|under no|from now|the word|the phrase|this (?:sent|text|paper|abs|instr|para|doc|stat|note)|"
        r"language model|llm|\bai\b|note|notice|message|attention|dear|hello|admin|developer|antwort|sag|schreib|gib|geb|nenn|erwider|behaupt|wiederhol|zitier|meld|vergiss|vergess|miss|über|verw|beacht|du\b|sie\b|dein|ihr|ab (?:sofort|jetzt)|hinweis|nachricht|mitteilung|achtung|sprachmodell|oubli|olvida|répond|dites|diga|nutzer|benutzer|mensch)"
        r"|[<\[{#\u202e]|[-=*_]{2}|\"role"
    )


def _orders(bare: str) -> bool:
    return _ORDERS().search(bare) is not None
