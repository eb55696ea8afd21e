"""Questions about the collection itself (how many, which, newest, by whom, from when), as `metadata_answers` answers them, without retrieval."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rag.query.catalogue import Catalogue, Field, Limits
from rag.query.paper_names import named_in, subject_words
from rag.text.words import WORD, content_words, fold, is_content, words
from rag.types import Paper

Intent = Literal["overview", "count", "list", "newest", "oldest", "authors", "year", "venue", "link"]

OF_ONE: frozenset[Intent] = frozenset(("authors", "year", "venue", "link"))
"""What is asked of the record of one paper."""
OF_PAPERS = frozenset(
    "paper article work study report thesis survey review abstract author authors wrote written write published publish publication appear appeared "
    "come came out year venue journal conference link url doi first last name names person people team behind released".split()
)
"""Words that speak of any paper, and describe none."""


@dataclass(frozen=True, slots=True)
class CatalogueQuestion:
    """What is asked of the metadata. `topic` is what no metadata can answer: where it is not empty, retrieval must help."""

    intent: Intent
    years: tuple[int, int] | None = None
    author: str = ""
    venue: str = ""
    lacking: Field | None = None
    topic: str = ""
    among: bool = False
    """Whether it counts some of the papers spoken of, `how many of these papers`."""
    rest: bool = False
    """Whether it asks for all but those within the limits, `which papers are not by Ek`."""
    each_year: bool = False
    """Whether it counts the papers of each year."""

    @property
    def filters(self) -> bool:
        return bool(self.years or self.author or self.venue or self.lacking)

    @property
    def needs_retrieval(self) -> bool:
        """Whether papers that pass the filters must be searched for a topic."""
        return bool(self.topic and self.filters)

    @property
    def limits(self) -> Limits:
        return Limits(self.years, self.author, self.venue, self.lacking)


_PAPERS = r"(?:papers?|articles?|works?|publications?|abstracts?|studies|titles?|entries|documents?)"
_INTENTS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        "authors",
        re.compile(
            r"\bwho (?:wrote|authored|are the (?:authors|people|researchers)(?! (?:in|here)\b)|is the author|were the authors|published|made|is behind|are behind|created)\b|^ (?:and |so )?(?:(?:who|what) (?:is|are|were|was) |(?:please )?(?:list|name|give|show|tell) (?:me )?)?(?:the |all )*(?:authors?|byline) of\b|\bwritten by whom\b|\bby whom\b|\bwho s the author\b"
            r"|\bwho (?:is|was|s|are|were) (?:the |its )?(?:first|lead|main|last|senior|corresponding) authors?\b|^ (?:and |so )?(?!(?:what|how|why|which|when|where|do|does|did) (?!is |are |were ))(?:\w+ ){1,40}s authors? $"
        ),
    ),
    (
        "year",
        re.compile(
            r"^ (?:when (?:and where )?(?:was|were|did|is)|(?:in )?(?:what|which) year)\b.*\b(?:published|appear|appeared|out|released|written|from|come (?:from|out)|date|dated)\b|\b(?:publication (?:year|date)|year of publication)\b|\bhow (?:old|recent) is\b|^ (?:in |from |of )?(?:what|which) year (?:is|was) (?:(?!to |in |first )\w+ ){1,6}(?:paper|article|work|thesis|survey|review|study) $|^ (?:when|(?:in )?(?:what|which) year) (?:was|were) (?:(?!first |to |in |by )\w+ ){1,8}(?:introduced|proposed|presented) $"
        ),
    ),
    (
        "venue",
        re.compile(
            r"^ (?:where (?:was|were|did)|(?:at |in )?(?:what|which) (?:venue|conference|journal))\b.*\b(?:published|appear|appeared|presented|accepted|paper)\b|\bvenue of\b"
        ),
    ),
    (
        "link",
        re.compile(
            r"(?:^ (?:\w+ ){0,3}?|\b(?:give|send|show|find|get|have|need|want|is|s|there) (?:\w+ ){0,3}?)(?:link|url|arxiv (?:id|number|link|page)|web ?page|doi) (?:to|of|for)\b|\bwhere can i (?:find|read|download)\b.{0,300}\b(?:paper|article)\b"
        ),
    ),
    (
        "overview",
        re.compile(
            rf"\boverview of (?:the|this|your|my) (?:whole |entire )?(?:collection|library|papers|page)\b"
            rf"|\b(?:summari[sz]e|sum up) everything\b"
            rf"|\b(?:summari[sz]e|sum up) (?:the |this |all |your )+(?:whole |entire )?(?:collection|library|papers|page) $"
            rf"|\bwhat (?:is|are) (?:in )?(?:the|this|these|your) (?:collection|library|{_PAPERS}|page) (?:all )?about $"
            rf"|^ (?:what|which) (?:are |is )?(?:the )?(?:main |major |different )*(?:topics|subjects|themes|areas|fields)\b"
        ),
    ),
    (
        "count",
        re.compile(
            rf"\bhow many (?:(?:of (?:the|these|those|your) )?(?:\w+ )?{_PAPERS}|are there|do you have)\b|\bnumber of {_PAPERS}\b|\bhow (?:big|large) is (?:the|this|your) (?:collection|library)\b|\bcount (?:of )?(?:the |all )?{_PAPERS}"
        ),
    ),
    (
        "newest",
        re.compile(
            rf"\b(?:newest|latest|most recent|youngest) (?:\w+ )?(?:{_PAPERS}|one|ones)\b|\bwhat is (?:new|newest|latest)\b|\b{_PAPERS} (?:\w+ ){{0,4}}(?:newest|latest|most recent)\b|\bwhich is the (?:newest|latest|most recent)\b"
        ),
    ),
    (
        "oldest",
        re.compile(
            rf"\b(?:oldest|earliest|first published) (?:\w+ )?(?:{_PAPERS}|one|ones)\b|\b{_PAPERS} (?:\w+ ){{0,4}}(?:oldest|earliest)\b|\bwhich is the (?:oldest|earliest)\b"
        ),
    ),
    (
        "list",
        re.compile(
            rf"\b(?:list|show|give|name|enumerate|print|display)\b.{{0,300}}\b{_PAPERS}\b|\b(?:which|what|any|all) (?:\w+ )?{_PAPERS}\b|^ {_PAPERS} (?:not )?(?:by|from|of|in|at|with|without|published|between|before|after|since)\b|^ (?:\w+ ){{0,4}}{_PAPERS} (?:\w+ )*(?:from|in|of|since|after|before|until|between|published) (?:19|20)\d\d(?: (?:and|to|or) (?:19|20)\d\d)?(?: on| onwards?)? $|\bwhat (?:was|were|has been|did they) (?:published|written|released|publish)\b|\bwhat is in (?:the|this|your) (?:collection|library)\b|\bdid .{{0,300}} (?:write|publish|author)\b|\bhas .{{0,300}} (?:written|published|authored)\b"
        ),
    ),
)
_NOISE = re.compile(
    rf"\b(?:{_PAPERS}|how|per|each|overview|summari[sz]e|sum|main|major|different|themes|areas|fields|subjects|cover|covers|covered|everything|about|many|number|count|list|show|give|name|print|display|enumerate|newest|latest|oldest|earliest|first|most|recent|recently|youngest|new|published|"
    r"appeared|appear|out|came|come|released|written|wrote|write|publish|authored|author|authors|unknown|coauthored|co|by|from|year|years|between|before|after|since|until|till|later|earlier|than|"
    r"collection|library|page|corpus|set|database|index|hold|holds|contain|contains|have|has|there|here|total|altogether|overall|every|venue|conference|journal|link|links|url|without|no|missing|"
    r"known|lack|lacks|lacking|which|what|who|whose|all|any|please|me|do|does|did|you|is|are|was|were|in|on|at|of|to|the|a|an|and|or|that|this|these|those|your|our|my|it|with|one|ones|title|"
    r"titles|can|could|i|read|see|right|now|currently|s|date|dated|big|large|anything|something|been|available|presented|accepted|indexed|stored|long|exactly|up|only|just|daily|else|not|"
    r"conferences|venues|proceedings|sorted|chronologically|order|been|get|got|find|tell|information|record|recorded|stated|given|say|says|for|me|us)\b"
)
_EACH_YEAR = re.compile(r"\b(?:per|by|each|every|a) year\b")
_YEAR = r"(?P<{}>(?:19|20)\d\d)"
_BETWEEN = re.compile(
    rf"\b(?:between|from) {_YEAR.format('low')} (?:and|to|until|till|through) {_YEAR.format('high')}\b|\b{_YEAR.format('low2')} (?:to|until) {_YEAR.format('high2')}\b"
)
_BEFORE = re.compile(rf"\b(?:before|earlier than|older than|prior to) {_YEAR.format('year')}\b")
_UNTIL = re.compile(rf"\b(?:until|till|up to|no later than) {_YEAR.format('year')}\b")
_AFTER = re.compile(rf"\b(?:after|later than|newer than) {_YEAR.format('year')}\b")
_SINCE = re.compile(
    rf"\b(?:since|from) {_YEAR.format('year')} (?:on(?= (?:$|(?:on|about|that|which|who|in|by|at|and|or|but|with|for|dealing|are|is|have|not)\b))|onwards?\b|or later\b)|\b{_YEAR.format('year3')} (?:or|and) (?:later|after|newer)\b|\bsince {_YEAR.format('year2')}\b"
)
_IN_YEAR = re.compile(rf"\b{_YEAR.format('year')}\b")
_AUTHOR_MARKS = frozenset("by from author authored did has of coauthored professor dr prof and".split())
_LACKING: tuple[tuple[Field, re.Pattern[str]], ...] = (
    (
        "url",
        re.compile(
            r"\b(?:without|no|missing|lack\w*|not have)\b.{0,20}\b(?:links?|urls?)\b|\blinks? (?:is|are) (?:missing|unknown)\b"
        ),
    ),
    (
        "year",
        re.compile(
            r"\b(?:without|no|missing|lack\w*|unknown|not have)\b.{0,20}\b(?:years?|dates?)\b|\byears? (?:is|are) (?:missing|unknown|not known)\b"
        ),
    ),
    (
        "authors",
        re.compile(
            r"\b(?:without|no|missing|lack\w*|unknown|not have)\b.{0,20}\bauthors?\b|\bauthors? (?:is|are) (?:missing|unknown|not known)\b"
        ),
    ),
)


_LEADING = re.compile(r"^ (?:(?:and|so|but|then|ok|okay) )+")
_WHO_MADE = re.compile(
    r"^ (?:so |and )?who (?:first |originally )?(?:proposed|introduced|developed|invented|designed|built|presented|came up with|proposes|introduces|presents) "
)
"""Asks for authors where it names a paper; else the answer is in an abstract."""
_FIELDS: Mapping[str, Intent] = {
    "author": "authors", "authors": "authors", "year": "year", "date": "year", "venue": "venue", "journal": "venue", "conference": "venue",
    "link": "link", "url": "link", "doi": "link",
}  # fmt: skip
_BY_FIELD = re.compile(
    rf"^ (?:(?:who|what) (?:is|are|was|were) (?:the )?)?(?!(?:who|whom|whose|what|which|how|why|when|where|is|are|was|were|do|does|did|can|could) )"
    rf"(?P<named>(?:\w+ ){{1,8}})(?P<field>{'|'.join(_FIELDS)}) $"
)
"""`Barlow Twins authors`, `Who are the Barlow Twins authors?`."""
_FIELD_OF = re.compile(
    rf"^ (?:(?:what|who) (?:is|are|was|were) |(?:please )?(?:give|tell|show|name) (?:me )?)?(?:the )?(?P<field>{'|'.join(_FIELDS)}) of (?P<named>(?:\w+ )+)$"
)
"""`the year of Barlow Twins`."""
_NEWER = re.compile(
    r"^ which (?:one |paper |of (?:the two|them|these|those|both) )?(?:is|was|came|appeared) (?:the )?(?:out )?"
    r"(?:(?P<later>newer|more recent|later|published later)|older|earlier|first|published (?:first|earlier|before))\b"
)
"""Asks for the years of the papers that it names: `Which of the two is newer, A or B?`."""
_ONE_PAPER = re.compile(r"\b(?:paper|article|work|publication|study|thesis|survey|review|report|one)\b")
_HOW_MANY_OF = re.compile(rf"\bhow many of (?:the|these|those|your) (?:\w+ )?{_PAPERS}\b")
_ENDS_IN_S = re.compile(r"(?<=[sS])['’](?=\s)")
"""The possessive of a name that ends in s: `Barlow Twins' authors`."""
_ASKS_MORE = re.compile(r" (?:and|or|but) (?:what|how|why|which|whether|did|does|do|is|are|was|were) ")
"""A further question, which no record answers: `When did X appear, and what did it change?`."""
_QUOTED = re.compile(r"“[^”]{1,400}”")
"""A title in quotation marks, which asks nothing."""
_OF_A_PAPER = re.compile(rf"\b(?:{_PAPERS}|study|published|publication|appeared?|written|released|arxiv|doi)\b")
"""Without one of these, a question for a year or a link means a paper only where it names one: `How old is the river?`"""
_PLACE = re.compile(rf"\b(?:{_PAPERS}|published|appeared|appear|presented|accepted|released|journal|conference|venue) ")
_PASSED_OVER = re.compile(r"(?:of|in|at|by|from)|the|(?:of|in|at|by|from) the")
_LONGEST_VENUE = 20
"""Words of a venue's name that is looked up."""


_ALL_BUT = re.compile(
    r"\b(?:not|other than|except|(?:is|are|was|were|do|does|did) ?n ?t) (?:for )?(?:(?:those|ones|papers|the) ){0,2}+(?:by|from|in|at|of|published|written|authored|appear(?:ed)?|since|after|before)\b"
)
"""`not by Ek`, `aren't from 2021`."""


def understand_catalogue(question: str, papers: Catalogue) -> CatalogueQuestion | None:
    """The question as one about the collection, or nothing. Authors and venues are recognised by the papers' own."""
    question = _ENDS_IN_S.sub("'s", question)
    lowered = _LEADING.sub(" ", f" {' '.join(words(question))} ")
    intent: Intent | None = next((intent for intent, pattern in _INTENTS if pattern.search(lowered)), None)
    if intent is None and (field := _field_of_named(lowered, question, papers)):
        return CatalogueQuestion(field, topic=question)
    if (newer := _NEWER.fullmatch(lowered.rstrip())) is not None:
        return CatalogueQuestion("newest" if newer["later"] else "oldest")
    if intent in OF_ONE:
        if _ASKS_MORE.search(f" {' '.join(words(_QUOTED.sub(' ', question)))} "):
            return None
        sure = intent in ("authors", "venue") or _OF_A_PAPER.search(lowered) or named_in(question, papers)
        return CatalogueQuestion(intent, topic=question) if sure else None
    years, rest = _years(lowered)
    lacking = next((field for field, pattern in _LACKING if pattern.search(rest)), None)
    author, venue = _author(rest, papers, question), _venue(rest, papers)
    in_venue = {word for name in papers.venues(venue) for word in words(name)} if venue else set()
    topic = " ".join(word for word in _NOISE.sub(" ", rest).split() if word not in in_venue and not _beside(author, word, papers))
    plain = not content_words(topic)
    if plain and (intent is not None or years or author or venue):
        among = _HOW_MANY_OF.search(lowered) is not None
        rest_of_all = intent in ("list", "count") and lacking is None and _ALL_BUT.search(lowered) is not None
        each_year = intent == "count" and _EACH_YEAR.search(lowered) is not None
        return CatalogueQuestion(
            intent or "list", years, author, venue, lacking, among=among, rest=rest_of_all, each_year=each_year
        )
    if intent is None and author and _has_no_small_words(lowered):
        intent = "list"
    limited = intent in ("list", "count") and (years or author or venue)
    return CatalogueQuestion(intent, years, author, venue, topic=topic) if intent and limited else None


def _field_of_named(lowered: str, question: str, papers: Catalogue) -> Intent | None:
    """What is asked of the record of papers that the question names; nothing where it names none."""
    found = _BY_FIELD.search(lowered) or _FIELD_OF.search(lowered)
    newer = _NEWER.search(lowered) is not None
    if newer and compared_by_age(question):
        return "year"
    if not (found or newer or _WHO_MADE.search(lowered)) or not (called := named_in(question, papers)):
        return None
    if newer:
        return "year" if len(called) > 1 else None
    if found is None:
        return "authors"
    own = {word for paper in called for word in subject_words(question, paper)} | OF_PAPERS
    return _FIELDS[found["field"]] if own.issuperset(content_words(found["named"])) else None


def compared_by_age(question: str) -> tuple[str, ...]:
    """The two papers whose years are asked for, as they are described: `Which is newer, the study on bees or the one on sand?`; else none."""
    newer = _NEWER.match(f" {' '.join(words(question))} ")
    sides = tuple(re.split(r"(?i) or ", question.partition(",")[2].strip(" ?.!")))
    described = newer and len(sides) == 2 and all(_ONE_PAPER.search(fold(side)) and content_words(side) for side in sides)
    return sides if described else ()


def asks_record(question: str) -> bool:
    """Whether it sounds as if it asked for what the record of a paper holds: its authors, year, venue or link."""
    lowered = _LEADING.sub(" ", f" {' '.join(words(_ENDS_IN_S.sub(chr(39) + 's', question)))} ")
    if found := _BY_FIELD.search(lowered) or _FIELD_OF.search(lowered):
        return bool(content_words(found["named"]))
    return any(pattern.search(lowered) for pattern in (_WHO_MADE, *(pattern for intent, pattern in _INTENTS if intent in OF_ONE)))


def asks_who_made(question: str) -> bool:
    """Whether it asks who proposed or built something."""
    return _WHO_MADE.search(f" {' '.join(words(question))} ") is not None


_INSIDE = re.compile(
    r"\bwho (?:wrote|authored|published|made|created|is behind|are behind|are the authors of) (?:the |its |their |most of |all |an? ){0,3}(?P<what>(?:[\w-]+ ){1,5}?)"
    r"(?P<beside>in|of|for|that|which|used|behind|from|to) "
)
_SEVERAL = re.compile(r"\bwho (?:wrote|authored) (?:most of |all )?the (?:[\w-]{1,40} ){0,4}?[\w-]{2,40}s in ")
"""Things that somebody wrote, `the grain petitions in Castile`, are no paper, though its title may have their name."""
_ASKS_ELSE = re.compile(r"^ (?:which|how|why)\b")
_PAPER = re.compile(rf"\b(?:{_PAPERS}|study|thesis|survey|review)\b")
_WHOLE = re.compile(
    rf"\b(?:{_PAPERS}|study|thesis|survey|review|code|models?|methods?|systems?|approach|frameworks?|tools?|benchmarks?|data|datasets?|algorithms?|"
    r"networks?|techniques?|idea)\b"
)
"""What may stand for the paper itself: `Who wrote the paper on bees?`, `Who made the data set of X?`; not so `… the data set in X?`."""


def asks_within(asked: CatalogueQuestion, paper: Paper) -> bool:
    """Whether a question for a paper's authors asks for something in it: `Who wrote the reference answers in X?`."""
    lowered = f" {' '.join(words(asked.topic))} "
    if _ASKS_ELSE.search(lowered):
        return True
    inside = _INSIDE.search(lowered)
    if inside is None or (_PAPER if inside["beside"] == "in" else _WHOLE).search(inside["what"]):
        return False
    own = subject_words(asked.topic, paper) | set(words(paper.title))
    what = content_words(inside["what"])
    return bool(what) and (_SEVERAL.search(lowered) is not None or not any(word in own for word in what))


def _years(lowered: str) -> tuple[tuple[int, int] | None, str]:
    """The first and last year asked for, and the text without them."""
    for pattern, span in (
        (_BETWEEN, lambda years: (min(years), max(years))),
        (_BEFORE, lambda years: (0, years[0] - 1)),
        (_UNTIL, lambda years: (0, years[0])),
        (_AFTER, lambda years: (years[0] + 1, 9999)),
        (_SINCE, lambda years: (years[0], 9999)),
    ):
        if found := pattern.search(lowered):
            return span([int(year) for year in found.groups() if year]), pattern.sub(" ", lowered)
    years = [int(found["year"]) for found in _IN_YEAR.finditer(lowered)]
    return ((min(years), max(years)) if years else None), _IN_YEAR.sub(" ", lowered)


def _author(lowered: str, papers: Catalogue, question: str) -> str:
    """The family name, known to the collection, that stands behind a word such as `by`, alone or with its first names.

    Where it may be a common word (`from long sequences`), a capital or what stands around it must show the name. Among keywords, the
    name in full stands for itself: `Ada Ek maps`.
    """
    capital = {fold(word) for word in WORD.findall(question) if word[0].isupper()}
    asked = lowered.split()
    for index, word in enumerate(asked):
        if is_content(word) and papers.has("family", word):
            before = index - 1
            while before >= 0 and papers.has("given", f"{word} {asked[before]}"):
                before -= 1
            follows_papers = before > 0 and re.fullmatch(rf"{_PAPERS}|written|authored|published", asked[before - 1]) is not None
            shown = word in capital or follows_papers or not is_content(asked[index + 1] if index + 1 < len(asked) else "")
            in_full = index - before > 1 and {word, asked[index - 1]} <= capital and _has_no_small_words(lowered)
            if (
                in_full
                or (before >= 0 and asked[before] in _AUTHOR_MARKS and shown)
                or set(asked[index + 1 : index + 3])
                & {
                    "written",
                    "write",
                    "wrote",
                    "author",
                }
            ):
                return word
    return ""


def _has_no_small_words(lowered: str) -> bool:
    """Whether it consists of keywords, and asks nothing."""
    return all(map(is_content, lowered.split()))


def _beside(author: str, word: str, papers: Catalogue) -> bool:
    """Whether a word belongs to the name of an author with this family name."""
    pair = f"{author} {word}"
    return bool(author) and (word == author or papers.has("given", pair) or papers.has("beside", pair))


def _venue(lowered: str, papers: Catalogue) -> str:
    """A telling word of a venue that the collection knows: its abbreviation, such as `neurips`, or its name where papers appear."""
    asked = lowered.split()
    if found := next((word for word in asked if papers.has("venue acronym", word)), ""):
        return found
    placed = sorted(name for name in _placed(lowered) if papers.has("venue", name))
    return next((content_words(name)[-1] for name in placed if content_words(name)), "")


def _placed(lowered: str) -> set[str]:
    """What may be the name of a venue: words after such as `published in`, which may begin with a preposition or an article itself."""
    found: set[str] = set()
    for match in _PLACE.finditer(lowered):
        after = lowered[match.end() :].removeprefix("not ").split()[: _LONGEST_VENUE + 2]
        for start in range(3):
            if start and not _PASSED_OVER.fullmatch(" ".join(after[:start])):
                break
            found |= {" ".join(after[start:end]) for end in range(start + 1, len(after) + 1)}
    return found
