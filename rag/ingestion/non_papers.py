"""Says what a text looks like that is no page of papers: a script, a log, a letter, prose of another kind.

Whether prose reads as an abstract was learned: `rag/data/abstract_words.tsv` holds, for the 420 words that tell most, the logarithm of how
much more often a paragraph of an abstract has them than one of manuals, licences, source code and news (clipped to ±2.5).
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import islice
from statistics import fmean, median

from rag.ingestion.page import PageImporter
from rag.types import Paper

FEWEST_POINTS = 2.0
"""Mean score of a page's abstracts. Of 1,500 held-out abstracts all had more; of other paragraphs, nine in ten less than 1.5."""
FEWEST_OF_PAPERS = 1.1
"""The same where a DOI, an arXiv id or the word “Abstract” on a line of its own says that it is about papers."""
YOU = 2.0
"""Points taken off a text that speaks to its reader: four abstracts in a thousand do. Chosen."""
FEWEST_UNDER_HEADING = 3.5
"""The same for a single text under a title of three words or fewer, as headings have. Of 2,000 abstracts, one in two hundred has less."""
SHORTEST = 80
"""Characters of a text that may be an abstract. Chosen."""
LONG_TITLE, PER_WORD, MOST_OFF = 5, 0.1, 0.7
"""Titles of more words than headings have lower what is asked of the abstracts: by so much a word, and at most. Chosen."""
FEWEST_WORDS = 3.5
"""Mean number of words of several titles. Of 2,000 titles of papers, one in a hundred has three or fewer, half have ten or more."""
FEWEST_SECTIONS = 3
"""So many different headings of sections make a text one paper, report or manual, and no list of papers."""
_WORD = re.compile(r"[a-z']{2,}")
_ENGLISH = frozenset("the of and to in is for with that on are by as an be this from at or it was".split())
_SHARE_OF_ENGLISH = 0.12
"""Share of words that are among the commonest of English, from which a text counts as English. Chosen."""
_LONG_ENOUGH = 400
"""Characters of a mean abstract, from which its words are judged. Chosen."""
_MOST_JUDGED = 30
"""Abstracts of a page whose words are judged. Chosen."""
_MANY_LOST, _SOME_LOST = 6, 3
"""Lines that would be titles without text, or text without a title: where most are, it is no page of titles and abstracts."""

_XML = re.compile(r"\A\s*+<(?:\?xml\b|[A-Za-z][\w.:-]{0,60}+[^<>]{0,2000}+>)")
_LOG = re.compile(
    r"^\s*+(?:\[?(?:[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}|[0-9]{2}[-/][A-Z][a-z]{2}[-/][0-9]{4}|[A-Z][a-z]{2} +[0-9]{1,2})[T ,:]+[0-9]{2}:[0-9]{2}|\[?[0-9]{2}:[0-9]{2}:[0-9]{2}|"
    r"\[? ?(?:INFO|WARN|WARNING|ERROR|DEBUG|TRACE|FATAL|CRITICAL)\b|\[ *[0-9]+\.[0-9]{3,}\]|[0-9]{1,3}(?:\.[0-9]{1,3}){3} - )"
)
_CODE = re.compile(
    r"^\s*+(?:(?:def|class|function|fn|func|impl|struct|enum|interface|public|private|protected|static|const|let|var|return|elif|else|for|while|switch|case|namespace|"
    r"package|using|typedef|template|async|await|export|local|echo|then|fi|done|esac|sudo|apt-get|pip|cd|git|docker|SELECT|INSERT|CREATE|UPDATE|FROM|RUN|COPY)\b.*[(){};:=\[\]$/\"'*]|"
    r"(?:if|elif|while|for|switch)\b.*[:{;]\s*$|import [\w.{]+|from [\w.]+ import |#(?:include|define|ifdef|endif|if|pragma|!)|[\w.\[\]\"'$-]+ *[+*/-]?= *\S.*|.*[{};]\s*$|[\])}]++[;,)]*+\s*+$|"
    r"//|/\*|\* |@\w+(?:\(|$)|[\w.]+\([^()]*\)\s*+;?\s*+$|<[/!?A-Za-z][^<>]*>\s*$|\$ ?\w+)"
)
_SETTING = re.compile(r"^\s*+(?:(?:-\s++)?[\w.\"'/-]{1,40}\s*+[:=]\s*+\S.{0,80}|\[[\w .-]+\]|-\s\S.{0,60}|[#;])")
_CHAT = re.compile(
    r"^\s*+(?:\[?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[AaPp][Mm])?\]?[ ,-]+\S|<[\w @.-]{1,30}> |([A-Z][\w .'-]{0,24}): \S|\[[0-9./-]+,? [0-9:]+\] )"
)
_GREETING = re.compile(
    r"^\s*+(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|to whom it may concern|sehr geehrte|liebe[rs]?|hallo|cher|chère|bonjour)\b[^.]{0,60}[,:!]?\s*$",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"^\s*+(?:yours?(?: sincerely| faithfully| truly)?|(?:kind|best|warm|many) (?:regards|wishes|thanks)|sincerely|regards|cheers|mit freundlichen grüßen|viele grüße|cordialement)\b.{0,30}$",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?:From|To|Subject|Date|Sent|Cc|Reply-To|Message-ID|Received): \S")
_TAG = re.compile(
    r"(?:[A-Z][A-Z0-9]{1,3} {0,2}- ?|%[0-9A-Z] |--[A-Z]{2}-- |[A-Z][A-Z0-9] \S|[A-Z][A-Za-z0-9-]{1,20}\. ?[A-Z]{2} -)"
)
_STEP = re.compile(
    r"^\s*+(?:[0-9½¼¾⅓]+(?:[/.][0-9]+)? ?(?:g|kg|ml|l|dl|cups?|tbsp|tsp|oz|lb|tablespoons?|teaspoons?|cloves?|pinch|eggs?|EL|TL)\b|(?:ingredients|method|directions|instructions|serves|preparation|zutaten)\b[ :0-9]*$)",
    re.IGNORECASE,
)
_TRACE = re.compile(
    r"^\s*+(?:Traceback \(most recent|File \"[^\"]++\", line [0-9]|at [\w.$<>]+\(|[\w.]{0,80}(?:Error|Exception)\b:?|Caused by: )"
)
_ROW = re.compile(r"^(?:(?:[^;]*+;){3}|(?:[^\t]*+\t){3}|(?:[^|]*+\|){3}|(?:[^,]*+,(?! )){4})")
_DIFF = re.compile(r"(?:diff --git |@@ -[0-9]+|\+\+\+ |--- [ab]/)")
_OURS = re.compile(
    r"^[^\w\n]{0,9}(?:(?:daily|trending) papers\W{0,9}|upvote\b.*|submitted by\b.*|(?:https?://)?(?:www\.)?arxiv\.org/\S+|arXiv:\s?[0-9]{4}\..*)$",
    re.IGNORECASE | re.MULTILINE,
)
"""Lines of a page of *Daily Papers* or of arXiv."""
_OF_PAPERS = re.compile(
    r"\b10\.[0-9]{4,9}/\S|\barXiv:\s?[0-9]{4}|\barxiv\.org/|^\W{0,9}abstract\W{0,9}$", re.IGNORECASE | re.MULTILINE
)
_MARKUP = re.compile(r"</?[A-Za-z][\w:.-]{0,40}+(?:\s[^<>]{0,300}+)?/?>")
_FIELD = re.compile(r"\"[\w:.-]{1,40}+\"\s?:")
_MOST_TAGS, _MOST_FIELDS = 5, 3
"""An abstract with more tags (those of HTML are removed before) or more of JSON's fields is data of some format. Chosen."""
_YOU = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\A(?:[0-9]{1,3}\.[0-9]{1,3}(?:\.[0-9]{1,3}){0,3}\.?\s|[*+:>|=~-]\s?\S|\.\.\s|(?:question|problem|exercise|task|part|section|chapter|lecture|session|week|day|step|unit|module|lesson|work package|item|article|appendix|figure|table|slide|"
    r"bonus|aufgabe|frage|kapitel|teil|abschnitt|woche|tag|schritt)\W{0,3}(?:[0-9]+|[ivxlc]+|[a-h]|one|two|three|four|five|six|seven|eight|nine|ten)\b)",
    re.IGNORECASE,
)
"""A heading that counts, of an exam, a course, a plan, a book, a paper's section; or an item of a list."""
_SECTIONS = frozenset(
    "introduction|background|related work|motivation|methods|method|methodology|materials and methods|data|experiments|experimental setup|evaluation|results|"
    "discussion|conclusion|conclusions|limitations|future work|references|acknowledgements|acknowledgments|appendix|contents|table of contents|overview|"
    "installation|usage|getting started|requirements|license|contributing|features|examples|prerequisites|instructions|grading|schedule|budget|agenda|objectives|"
    "history|plan|summary|strengths|weaknesses|questions|einleitung|methoden|ergebnisse|diskussion|fazit|literatur|zusammenfassung".split(
        "|"
    )
)
_BEFORE_SECTION = re.compile(r"\A[\W\d]{0,12}|\W{0,3}\Z")


def kind_of_non_paper(text: str) -> str:
    """What it looks like, with an article, where it is no page of papers; empty if it may be one."""
    lines = [line for line in text.splitlines() if line.strip()][:2000]
    return _by_lines(lines) or _by_words(text)


def _by_lines(lines: Sequence[str]) -> str:
    if not lines:
        return ""
    if lines[0].startswith("#!"):
        return "a script"
    if lines[0].startswith("BEGIN:V"):
        return "a calendar or an address book"
    if _XML.match(lines[0].lstrip("\ufeff")):
        return "XML of a kind that is not known"
    for what, sign, fewest, share in (
        ("a patch", _DIFF, 2, 0.02), ("a report of a program's error", _TRACE, 3, 0.25), ("a log", _LOG, 3, 0.4), ("a list of records in a tagged format that is not known", _TAG, 4, 0.5),
        ("program code", _CODE, 4, 0.35), ("a file of settings", _SETTING, 5, 0.7), ("a recipe", _STEP, 3, 0.15), ("a table without a column of titles", _ROW, 3, 0.7),
    ):  # fmt: skip
        found = sum(bool(sign.match(line)) for line in lines)
        if found >= fewest and found >= share * len(lines):
            return what
    if _is_chat(lines):
        return "a chat"
    greeted = any(_GREETING.match(line) for line in lines[:15])
    signed = any(_FAREWELL.match(line) for line in lines[-12:])
    if (greeted and (signed or len(lines) < 60)) or sum(bool(_MAIL.match(line)) for line in lines[:25]) >= 3:
        return "a letter or a mail"
    return ""


def _is_chat(lines: Sequence[str]) -> bool:
    """Whether most lines say when or by whom; names must come again, as `Name: what it does` is how titles are written."""
    found = [match for line in lines if (match := _CHAT.match(line))]
    if len(found) < 4 or len(found) < len(lines) / 2:
        return False
    named = [match[1] for match in found if match[1]]
    return 2 * len(set(named)) <= len(named) or 2 * len(named) < len(found)


def _by_words(text: str) -> str:
    if _OURS.search(text):
        return ""
    sections = {_BEFORE_SECTION.sub("", line).lower() for line in text.splitlines() if len(line) < 60} & _SECTIONS
    if len(sections) >= FEWEST_SECTIONS:
        return "one text with sections, such as a report or a whole paper"
    found = list(islice(PageImporter().read(io.StringIO(text, newline=None), ""), 4 * _MOST_JUDGED))
    papers = [each for each in found if isinstance(each, Paper)][:_MOST_JUDGED]
    lost = sum(not isinstance(each, Paper) and each.kind == "no_text" for each in found)
    of_papers = bool(_OF_PAPERS.search(text))
    if lost >= (_MANY_LOST if of_papers else _SOME_LOST) and lost > 2 * len(papers):
        return "a text of another kind"
    return _by_papers(papers, of_papers) if papers else ""


def _by_papers(papers: Sequence[Paper], of_papers: bool) -> str:
    """What titles and texts look like that the reader of pages would take for papers."""
    if any(_is_data(f"{each.title} {each.abstract}") for each in papers):
        return "data or markup with other lines above it (remove these lines)"
    words = [_words_of_title(each.title) for each in papers]
    headings = min(median(words), fmean(words)) < FEWEST_WORDS
    if headings and len(papers) > 1:
        return "a text of another kind"
    english = [each.abstract for each in papers if _is_english(each.abstract)]
    if not english:
        long = sum(len(each.abstract) for each in papers) >= _LONG_ENOUGH * len(papers)
        return "" if long and (of_papers or not headings) else "a text that is no abstract of a paper"
    points = fmean(points_of(abstract) - YOU * bool(_YOU.search(abstract)) for abstract in english)
    fewest = FEWEST_UNDER_HEADING if headings else FEWEST_POINTS - min(max(fmean(words) - LONG_TITLE, 0) * PER_WORD, MOST_OFF)
    return "" if points >= (FEWEST_OF_PAPERS if of_papers else fewest) else "a text of another kind"


def _is_data(text: str) -> bool:
    return len(_MARKUP.findall(text)) > _MOST_TAGS or len(_FIELD.findall(text)) > _MOST_FIELDS


def _words_of_title(title: str) -> int:
    """None in a heading that only counts, or in an item of a list."""
    return 0 if _NUMBERED.match(title) else len(title.split())


def reads_as_abstracts(texts: Sequence[str]) -> bool:
    """Whether texts of which one does not know what they are, such as a table's descriptions, are those of papers."""
    english = [text for text in texts if len(text) >= SHORTEST and _is_english(text)]
    points = math.fsum(points_of(text) - YOU * bool(_YOU.search(text)) for text in english)
    return bool(english) and points >= FEWEST_POINTS * len(english)


def points_of(text: str) -> float:
    """How much its words are those of an abstract: their summed weights over the square root of their number."""
    words = sorted(set(_WORD.findall(text.lower())))
    return math.fsum(_weights().get(word, 0.0) for word in words) / math.sqrt(len(words) + 1)


def _is_english(text: str) -> bool:
    words = _WORD.findall(text.lower())
    return bool(words) and sum(word in _ENGLISH for word in words) >= _SHARE_OF_ENGLISH * len(words)


@cache
def _weights() -> dict[str, float]:
    text = (resources.files("rag") / "data" / "abstract_words.tsv").read_text(encoding="utf-8")
    return {word: float(weight) for word, weight in (line.split("\t") for line in text.splitlines())}
