"""A follow-up question made to stand alone, by rule: pronouns get their subject, a fragment gets the question that it continues."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.terms import content_words, words

SubjectOf = Callable[[str], str | None]
"""What a question that stands alone is about: the name of a paper, or nothing."""

REMEMBERED_QUESTIONS = 6
"""Earlier questions that are looked at; a conversation rarely points further back."""

_THING = (
    r"(?:paper|article|work|study|survey|thesis|method|approach|model|technique|network|networks|framework|architecture|system|algorithm|scheme|one|idea|"
    r"authors?|methods|papers|approaches|models|dataset|data set|operator|representation|analysis|strategy|solution|procedure|proposal)"
)
_POINTING = re.compile(
    rf"(?i)\b(?:(?:this|that|these|those|the same|said|the former|the latter|the) {_THING}\b(?! (?:that|which|who|of|on|about|for|with|where|from|by|to|in|behind|using)\b)|"
    r"(?:this|that)(?=\s*(?:[?.!,]|$|(?:is|was|does|do|did|has|can|work|help|mean|compare|differ|perform)\b))|\bit\b(?!\s+(?:possible|true|known|clear|likely|important|easy|hard|common|worth|the case)\b)|"
    r"\b(?:they|them|he|she)\b|\b(?:these|those)(?=\s*(?:[?.!,]|$)))"
)
_POSSESSIVE = re.compile(r"(?i)\b(?:its|their|his|her)\b")
_CONTINUES = re.compile(
    r"(?i)^\s*(?:and|but|or|also|so|then|ok(?:ay)?|what about|how about|what of|why(?: not| so)?\s*\?|how so|how come\s*\?|which ones?\b|any others?\b|anything else|who else|which others?|"
    r"what else|same (?:for|with|question)|instead|more (?:details?|on)|go on|tell me more|really\s*\?|for example|such as)"
)
_OTHERS = re.compile(r"(?i)\b(?:which|what|who|any|are there) (?:\w+ )?(?:others?|else)\b|\bother (?:papers?|works?|methods?|ones)\b")
_BOUND_AFTER = 6
"""A pronoun behind so many content words of its own question mostly points into that question."""
_FRAGMENT = 2
"""A question with at most so many content words is taken as a fragment of the one before."""


def standalone(question: str, history: Sequence[str], subject_of: SubjectOf) -> str:
    """The question as it would be asked with no conversation before it; unchanged where it needs none."""
    earlier: list[str] = []
    for asked in [*list(history)[-REMEMBERED_QUESTIONS:], question]:
        earlier.append(_resolved(asked, earlier, subject_of) if earlier else asked.strip())
    return earlier[-1]


def _resolved(question: str, earlier: Sequence[str], subject_of: SubjectOf) -> str:
    """`earlier` holds questions that stand alone already, the latest last."""
    question = question.strip()
    pointing = _first_free(question)
    continues = _CONTINUES.match(question) is not None
    if pointing is None and not continues and not _is_fragment(question, subject_of):
        return question
    before = next((one for one in reversed(earlier) if content_words(one)), None)
    if before is None:
        return question
    if _OTHERS.search(question):
        return f"{question.rstrip(' ?.!')}: {before}"
    subject = subject_of(before)
    if pointing is not None and subject is not None:
        return _with_subject(question, pointing, subject)
    if continues and subject is not None and len(content_words(question)) > _FRAGMENT:
        return f"{question.rstrip(' ?.!')} ({subject})?"
    return f"{question.rstrip(' ?.!')} — {before}" if subject is None or subject.casefold() in before.casefold() else f"{question.rstrip(' ?.!')} ({subject}) — {before}"


def _first_free(question: str) -> re.Match[str] | None:
    """The first pronoun that nothing in its own question explains."""
    found = [match for pattern in (_POINTING, _POSSESSIVE) if (match := pattern.search(question)) is not None]
    first = min(found, key=lambda match: match.start(), default=None)
    if first is None or len(content_words(question[: first.start()])) >= _BOUND_AFTER:
        return None
    return first


def _is_fragment(question: str, subject_of: SubjectOf) -> bool:
    return 0 < len(words(question)) and len(content_words(question)) <= _FRAGMENT and len(words(question)) <= 7 and subject_of(question) is None


def _with_subject(question: str, pointing: re.Match[str], subject: str) -> str:
    """The pronoun replaced by the subject; later ones may stay, as the subject is now before them."""
    if subject.casefold() in question.casefold():
        return question
    possessive = _POSSESSIVE.fullmatch(pointing.group()) is not None
    name = f"{subject}'s" if possessive else subject
    return question[: pointing.start()] + name + question[pointing.end() :]
