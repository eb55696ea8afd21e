"""What a follow-up says of the papers that the last answer cited: `the second one`, `which of them`, `compared to X`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.query.paper_names import named, short_name
from rag.query.question import understand
from rag.text.words import content_words, words
from rag.types import Paper

_PLACES = {"first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "latter": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4, "last": -1}  # fmt: skip
_NTH = re.compile(
    r"(?i)\bthe (?:(?P<place>first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)(?: (?:one|paper|article|study|work)| of (?:those|these|them)|(?=\W*$))|"
    r"(?P<of_two>former|latter)(?: (?:one|paper|article|study|work))?)(?P<own>['’]s)?\b(?! (?:to|that|which|who|of|on|in)\b| about \w)"
)
_OF_THOSE = re.compile(r"(?i)\b(?:which|what|any|some|how many|one|none|all|most) (of (?:those|these|them))\b")
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
    if found := _NTH.search(question):
        return _with_place(question, found, cited)
    if versus := _VERSUS.match(question):
        return f"Compare {short_name(cited[0])} with {versus['other'].strip()}"
    if _SIMILAR.search(question) and len(content_words(question)) <= _FEW:
        return f"Which other papers are about the same as “{cited[0].title.rstrip(' .')}”?"
    return _of_two(question, [short_name(paper) for paper in cited]) if _are_compared(before, cited) else ""


_FEW = 4
"""Content words of a question for something similar that names nothing else. Chosen."""


def among(question: str, cited: Sequence[str]) -> bool:
    """Whether a question asks which of the papers, at least two, that were cited."""
    return len(cited) > 1 and _OF_THOSE.search(question) is not None


def of_papers(question: str) -> str:
    """`which of them` as a question that stands alone among those papers."""
    found = _OF_THOSE.search(question)
    return question if found is None else f"{question[: found.start(1)]}papers{question[found.end(1) :]}"


def is_about_another(question: str, paper: Paper) -> bool:
    """Whether it puts something in place of what was asked that the paper has nowhere: `And what about physics?`"""
    found = _INSTEAD.match(question)
    own = content_words(found["what"]) if found else []
    return bool(own) and set(own).isdisjoint(words(f"{paper.title} {paper.abstract}"))


def _with_place(question: str, found: re.Match[str], cited: Sequence[Paper]) -> str:
    place = _PLACES[(found["place"] or found["of_two"]).casefold()]
    if found["of_two"] and len(cited) != 2:
        return ""
    if place >= len(cited):
        return question
    return f"{question[: found.start()]}{short_name(cited[place])}{found['own'] or ''}{question[found.end() :]}"


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
