"""When the papers do not hold the answer: the subject is foreign to them, or they speak of it but not of the point asked.

Rules, each with its reason in words and with limits chosen on questions of our own. For lists, topics and comparisons they decide; for
facts and explanations `rag.abstention.classifier` weighs most of them together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.abstention.answer_types import counted, gives_count, gives_name, to_name
from rag.abstention.unknown_names import names_in, stranger
from rag.query.paper_names import coined, subject_words
from rag.query.question import Question
from rag.retrieval.sentence_ranker import Match
from rag.text.domain_terms import field_terms_in, stands_in, stands_in_text
from rag.text.words import fold, is_content, stem, words

FOREIGN = 0.33
"""Mean best cosine of the question's content words under which the nearest papers speak of something else."""
FAR = 0.335
"""Cosine of the question and the nearest sentence under which a question that names no paper is about something else."""
FAR_WORDS = 0.55
"""Mean best cosine of its content words under which such a question's words only resemble those of the papers."""
FARTHER = 0.2
"""How much nearer the words must be for each point that the nearest sentence is farther."""
UNMET = 0.35
"""Best cosine under which a word that the collection lacks has no counterpart in the papers found."""
UNMET_SHARE = 0.5
"""From this share of unmet content words on, the question is about something else."""
UNMET_TERM = 0.67
"""Mean best cosine of its words under which a term of the field that no paper in view uses has no counterpart either."""
COUNTED = 0.5
"""Best cosine, in a sentence with a number, of the thing that is to be counted or measured."""
FIGURE_BEHIND = 0.05
"""Where the best sentence with a number is no further behind the best of all, it is taken for the answer."""

FIGURE_FAR = 0.3
"""So far behind, a sentence with a number speaks of something else."""

_ASKED = re.compile(
    r"(?i)\b(?=(?:what|which|whose|who|how many|how much|exact|uses?|used|using|with|on|about|any|number of|how (?:does|do|did|can|is|are|was|were)|why (?:does|do|did))\b((?:[^\w?.!,;]+[\w-]+){1,5}))"
)
_TIME = re.compile(r"(?i)\b(?:(?:milli|micro)?seconds?|minutes?|hours?|days?|weeks?|months?|ms|real[- ]time)\b")
_TIME_ASKED = re.compile(
    r"(?i)\bhow (?:long|many (?:\w+ )?(?:seconds|minutes|hours|days|weeks|months))\b.{0,80}\b(?:take|takes|took|need|needs|needed|run|runs|train|trained|training|compile|last|lasts)\b"
)
_DIGITS = re.compile(r"(?<![A-Za-z\d-])\d")
_DIMENSION = re.compile(r"\b(?:\d\+)?\d ?D\b|\bE\(\d\)|\bSO\(\d\)|[A-Za-z]+-\d+")
_NUMBER_WORD = re.compile(
    r"(?i)\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|half|twice|double|triple|single(?!-)|pair|both|orders? of magnitude)\b"
)
_MEASURED = re.compile(
    r"(?i)\b(?:how many|how much|what|which|exact)\s+((?:(?!(?:is|are|was|were|do|does|did|has|have|can|could|will|would|should|must|in|on|of|for|to|with|the|that|from|by|"
    r"at|it|they|we|and|or)\b)[\w'’/-]+\s*){1,5})"
)
_NOT_HELD = re.compile(
    r"(?i)\b(?:(?:most|least|highly|widely|often|times)[- ]cited|citation counts?|(?:number of|how many|many) citations|impact factor|h-index|(?:most|least) (?:popular|read|downloaded|upvoted|influential) paper|upvotes|github stars)\b"
)
_CODE_ASKED = re.compile(
    r"(?i)\b(?:is|are|where|any|link|url|find|get|share|release[sd]?|available|publish\w*|provide[sd]?)\b.{0,40}\b(?:code|github|repo(?:sitory)?|implementation)\b|\b(?:code|repo(?:sitory)?|implementation)\b.{0,30}\b(?:available|released?|public|online|open|link|url)\b"
)
_VAGUE = frozenset(
    "kind kinds type types sort sorts way ways number numbers exact exactly much share percentage percent proportion fraction factor margin extent degree degrees "
    "figure figures amount one two three four first second main different distinct separate times time".split()
)


def missing_point(question: Question, matches: Sequence[Match], holds: Callable[[str], bool]) -> str | None:
    """Why these sentences (best first) cannot answer, in words; nothing when they may. `holds`: whether the collection has the word."""
    if not matches:
        return "nothing in the collection speaks of it"
    if beyond_records(question):
        return "the collection knows nothing of how often papers are cited, read or rated"
    asked = [word for word in matches[0].words if is_content(word)]
    best = {word: max(match.words[word] for match in matches) for word in asked}
    if not asked:
        return None
    if another_subject(question, matches, holds):
        return "no paper of the collection treats this subject"
    if question.foreign:
        return unmet_term(question, matches, best)
    if no_code(question, matches):
        return "no code or link is given where the papers speak of this"
    unmet = [word for word in asked if best[word] < UNMET and not holds(word)]
    if len(unmet) >= 2 and len(unmet) >= UNMET_SHARE * len(asked):
        return f"no paper of the collection speaks of {_quoted(unmet)}"
    return (
        stranger(question, matches, best, holds)
        or unmet_term(question, matches, best)
        or unmet_number(question, matches)
        or unmet_thing(question, matches)
    )


def _is_far(question: Question, matches: Sequence[Match], met: float) -> bool:
    """Whether neither the whole question nor its words are near; a paper that has a name of the question is near, and topics are too short to tell."""
    if question.foreign or question.kind in ("list", "summary"):
        return False
    papers = {match.evidence.paper.id: match.evidence.paper for match in matches}.values()
    meaning = max(match.meaning for match in matches)
    if meaning >= FAR or met >= FAR_WORDS + FARTHER * (FAR - meaning):
        return False
    names = [set(words(name)) for name in names_in(question.text)]
    return not any(name <= set(words(f"{paper.title} {paper.abstract}")) for name in names for paper in papers)


def unmet_term(question: Question, matches: Sequence[Match], best: dict[str, float]) -> str | None:
    """Why a term of the field is missing, in words: the question asks about it and none of the papers in view uses it, in any of its forms."""
    papers = {match.evidence.paper.id: match.evidence.paper for match in matches}
    texts = [[stem(word) for word in words(f"{paper.title} {paper.abstract}")] for paper in papers.values()]
    asked = question.text if question.kind in ("list", "summary") else _asked_for(question.text)
    stemmed = [stem(word) for word in words(asked)]
    for term in field_terms_in(asked):
        meant = {part for form in term.naming if stands_in_text(form, stemmed) for part in form}
        own = [best[word] for word in best if is_content(word) and stem(word) in meant]
        if sum(own) / max(1, len(own)) < UNMET_TERM and not any(stands_in(term, text) for text in texts):
            name = next((name for name in coined(asked) if term in field_terms_in(name)), term.name)
            return f"nothing is said of “{name}” where the papers speak of this"
    return None


def _asked_for(text: str) -> str:
    """The stretches of a question that name what it is after: behind an asking word, behind `use`, `with`, `on`; and all coined names."""
    return " · ".join([*(found.group(1) for found in _ASKED.finditer(text)), *coined(text)])


def another_subject(question: Question, matches: Sequence[Match], holds: Callable[[str], bool]) -> bool:
    """Whether the nearest papers (there is one, and the question has a content word) speak of something else; none that is called by name does."""
    papers = {match.evidence.paper.id: match.evidence.paper for match in matches}.values()
    if any(subject_words(question.text, paper) for paper in papers):
        return False
    best = {word: max(match.words[word] for match in matches) for word in matches[0].words if is_content(word)}
    met = [score for word, score in best.items() if holds(word) or not question.foreign]
    return not met or sum(met) / len(met) < FOREIGN or _is_far(question, matches, sum(met) / len(met))


def beyond_records(question: Question) -> bool:
    """Whether it asks what no abstract and no record holds: how often a paper is cited, read or rated."""
    return _NOT_HELD.search(question.text) is not None


def no_code(question: Question, matches: Sequence[Match]) -> bool:
    """Whether code is asked for and none is given."""
    return _CODE_ASKED.search(question.text) is not None and not any(
        match.role == "code" or "://" in match.text for match in matches
    )


def unmet_number(question: Question, matches: Sequence[Match]) -> str | None:
    """Why no figure answers, where a number is wanted and no sentence that has one speaks of the thing counted."""
    if "number" not in question.wants:
        return None
    found = _MEASURED.search(question.text)
    thing = [
        word
        for word in (words(found.group(1)) if found else [])
        if word in matches[0].words and is_content(word) and word not in _VAGUE
    ]
    counting = "how many" in fold(question.text)
    if _TIME_ASKED.search(question.text):
        nearest = matches[0].evidence.paper.abstract
        return None if _TIME.search(nearest) else "no time is given for it"
    numeric = [match for match in matches if has_number(match.text, counting, "dimension" in fold(question.text))]
    if not numeric:
        return "the papers that speak of this give no figure for it"
    behind = matches[0].score - max(match.score for match in numeric)
    if behind > FIGURE_FAR:
        return "the papers that speak of this give no figure for it"
    met = max((match.words[word] for match in numeric for word in thing), default=1.0)
    if behind > FIGURE_BEHIND and met < COUNTED:
        return f"no figure is given for {_quoted(thing)}"
    return None


def unmet_thing(question: Question, matches: Sequence[Match]) -> str | None:
    """Why a thing is missing: patients are to be counted, or a robot to be named, and no sentence near the best does."""
    near = [match.text for match in matches if match.score >= matches[0].score - FIGURE_FAR]
    count = counted(question.text)
    if count is not None and not any(gives_count(count, text) for text in near):
        return f"no number of {_quoted([count.asked])} is given where the papers speak of this"
    name = to_name(question.text)
    own = [question.text, *(match.evidence.paper.title for match in matches)]
    if name is not None and not any(gives_name(name, text, own) for text in near):
        return f"no {_quoted([name.asked])} is named where the papers speak of this"
    return None


def has_number(sentence: str, counting: bool = False, dimensions: bool = False) -> bool:
    """Whether the sentence states a number; number words count when counting, `3D` and `CIFAR-10` when dimensions are asked for."""
    bare = sentence if dimensions else _DIMENSION.sub(" ", sentence)
    return _DIGITS.search(bare) is not None or (counting and _NUMBER_WORD.search(bare) is not None)


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
