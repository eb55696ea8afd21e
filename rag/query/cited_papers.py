"""What a follow-up says of the papers that the last answer cited: `the second one`, `which of them`, `compared to X`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from rag.query.paper_names import named, quoted_name, short_name
from rag.query.question import understand
from rag.text.words import content_words, words
from rag.types import Paper, Refusal

Cited = TypeVar("Cited")
"""A paper, or its id."""

_PLACES = {"first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "latter": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4, "sixth": 5, "6th": 5, "seventh": 6, "7th": 6, "eighth": 7, "8th": 7, "ninth": 8, "9th": 8, "tenth": 9, "10th": 9, "last": -1}  # fmt: skip
_NTH = re.compile(
    r"(?i)\bthe (?:(?P<place>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|1st|2nd|3rd|[4-9]th|10th)(?: (?:one|paper|article|study|work)| of (?:those|these|them)|(?=\W*$))|"
    r"(?P<of_two>former|latter)(?: (?:one|paper|article|study|work))?)(?P<own>['’]s)?\b(?! (?:to|that|which|who|of|on)\b| in (?!(?:more |greater |some )?(?:detail|depth|full|short|brief)\b)| about \w)"
)
OF_THOSE = re.compile(
    r"(?i)\b(?:which|what|any|some|how many|one|none|all|most) (of (?:those|these|them|the ones))\b"
    r"|\b(?:only|just) (those|these|the ones)\b(?! (?:who|whose)\b)|^\W*(?:(?:and|so|but) )?which (ones?)\b(?! (?:of|or)\b)"
)
"""Some of the papers that were cited: `which of them`, `only those from 2024`, `which one`."""
_NOUN = re.compile(r"(?i)^ (?:two |three |few )?(?:papers|articles|works|studies|publications|ones)\b")
_SINGULAR = re.compile(r"(?i) (?:is|has|does|was|[a-z]{2,20}[a-rt-z]s)\b")
"""A verb that speaks of one paper: `which of those gives …`."""
_HOW_MANY = re.compile(
    r"(?i)^\W*(?:(?:and|so|but|ok(?:ay)?) )?how many (?:is|are|were) (?:that|those|these|they|there|it)(?: in (?:all|total))?\W*$"
)
_ALL_OF_THEM = re.compile(r"(?i)\b(?:they|them)\b")
_OF_PAPERS = re.compile(r"(?i)\b(?:papers|articles|works|publications|studies|abstracts)\b")
_THESE_PAPERS = re.compile(r"(?i)\bthese papers\b")
_WHICH = re.compile(r"(?i)^\W*(?:(?:and|so|but) )?which (?:one|of (?:the two|them|these|those|both))\b")
_THEY = re.compile(
    r"(?i)\b(?:(?P<own>their)|they(?! say\b)|them|(?:these|those|the) two(?: (?:papers|methods|models|approaches))?|both(?: of them)?)\b"
)
_VERSUS = re.compile(
    r"(?i)^\W*(?:(?:and|but|so) )?(?:(?:as |how is (?:it|that) )?compared (?:to|with)|vs\b\.?|versus|in comparison (?:to|with)|relative to) (?P<other>[^?]{2,100})\W*$"
)
_INSTEAD = re.compile(r"(?i)^\W*(?:(?:and|but|so|ok(?:ay)?) )?(?:what|how) about\b(?P<what>[^?]{2,100})\W*$")
_SIMILAR = re.compile(
    r"(?i)\b(?:(?:any|some)thing|papers?|works?|studies|articles?|ones?) (?:else )?(?:similar|comparable|like (?:it|this|that)(?: one)?)\b|\bsimilar (?:papers?|works?|studies|articles?|ones)\b"
)


def resolved(question: str, before: str, cited: Sequence[Paper]) -> str:
    """The question with the names of those papers where it points to them; empty where it does not.

    `before` is the question that the answer was given to, and `cited` its papers, in the order of their numbers.
    """
    if (versus := _VERSUS.match(question)) and not _tells_of(cited[0], versus["other"]):
        return f"Compare {short_name(cited[0])} with {versus['other'].strip()}"
    if _SIMILAR.search(question) and len(content_words(question)) <= _FEW:
        return f"Which other papers are about the same as “{cited[0].title.rstrip(' .')}”?"
    return of_compared(question, before, cited)


def _tells_of(paper: Paper, other: str) -> bool:
    """Whether what a paper is to be compared with, such as a placebo, is in it: then no other paper is meant."""
    own = content_words(other)
    return bool(own) and set(own) <= set(words(f"{paper.title} {paper.abstract}"))


def of_compared(question: str, before: str, cited: Sequence[Paper]) -> str:
    """The question with the names of the two papers that `before` compared, where it points to both; else empty."""
    return _of_two(question, [short_name(paper) for paper in cited]) if _are_compared(before, cited) else ""


_FEW = 4
"""Content words of a question for something similar that names nothing else. Chosen."""


def listed(cited: Sequence[Sequence[Cited]]) -> Sequence[Cited]:
    """What the last answer that cited at least two papers cited, of answers in their order: what comes after may be about one of them."""
    return next((own for own in reversed(cited) if len(own) > 1), ())


def among(question: str, before: str, cited: Sequence[Cited]) -> bool:
    """Whether a question asks about some of the papers, at least two, that were cited, or about all of those of a list."""
    return len(cited) > 1 and of_papers(question, before) != question


def of_papers(question: str, before: str) -> str:
    """`which of them` as a question that stands alone among those papers; itself where it asks of no such papers.

    `before` is the question before it; where that asked for papers, `they` are those.
    """
    if _HOW_MANY.match(question):
        return "How many of these papers are there?"
    if found := OF_THOSE.search(question):
        place = next(group for group in (1, 2, 3) if found[group])
        rest = _NOUN.sub("", question[found.end() :])
        one = found[3] == "one" or _SINGULAR.match(rest)
        said = "of these papers" if "how many" in found[0].casefold() else "paper" if one else "papers"
        return f"{question[: found.start(place)]}{said}{rest}"
    if _OF_PAPERS.search(before) and (they := _ALL_OF_THEM.search(question)) and len(content_words(question[: they.start()])) < 2:
        return f"{question[: they.start()]}these papers{question[they.end() :]}"
    return question


def of_these_papers(question: str) -> bool:
    """Whether it speaks of `these papers`."""
    return _THESE_PAPERS.search(question) is not None


def not_cited(question: str, cited: Sequence[Sequence[Paper]]) -> Refusal | None:
    """Why `the third one` means no paper, where the answer that it points to cites fewer; one that they speak of, `the second study`, may be meant."""
    own = listed(cited) or next((own for own in reversed(cited) if own), ())
    found = _NTH.search(question)
    if found is None or not own or found["of_two"] or _PLACES[found["place"].casefold()] < len(own):
        return None
    said = f" {' '.join(words(found.group())[1:])} "
    if any(said in f" {' '.join(words(paper.abstract))} " for paper in own):
        return None
    return Refusal("too_few_cited", tuple(short_name(paper) for paper in own))


def is_about_another(question: str, paper: Paper) -> bool:
    """Whether it puts something in place of what was asked that the paper has nowhere: `And what about physics?`"""
    found = _INSTEAD.match(question)
    own = content_words(found["what"]) if found else []
    return bool(own) and set(own).isdisjoint(words(f"{paper.title} {paper.abstract}"))


def at_place(question: str, cited: Sequence[Paper]) -> str:
    """The question with the name of the paper that it means by its place among those; empty where it means none."""
    found = _NTH.search(question)
    if found is None or not cited:
        return ""
    place = _PLACES[(found["place"] or found["of_two"]).casefold()]
    if found["of_two"] and len(cited) != 2:
        return ""
    if place >= len(cited):
        return question
    return f"{question[: found.start()]}{quoted_name(cited[place])}{found['own'] or ''}{question[found.end() :]}"


def _are_compared(before: str, cited: Sequence[Paper]) -> bool:
    return len(cited) == 2 and (len(named(before, cited)) == 2 or understand(before).kind == "compare")


def _of_two(question: str, called: Sequence[str]) -> str:
    if _WHICH.match(question):
        return f"{question.rstrip(' ?.!')}, {called[0]} or {called[1]}?"
    found = _THEY.search(question)
    if found is None:
        return ""
    both = f"{called[0]} and {called[1]}{'’s' if found['own'] else ''}"
    return question[: found.start()] + both + question[found.end() :]
