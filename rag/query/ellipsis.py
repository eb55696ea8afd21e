"""Questions that leave out what the one before them said: `And in men?`, `What about mice?`, `Why?`"""

from __future__ import annotations

import re

from rag.query.yes_no import begins_as_whether
from rag.text.cues import lists, word_list
from rag.text.words import FUNCTION_WORDS, content_words, words

_PARTICIPANTS = "|".join(sorted(word_list("english.txt", "participants")))
_COMPARED = r"compared (?:to|with)|versus|vs\.?|relative to|in comparison (?:to|with)"
_PREPOSITION = (
    r"(?:in|on|for|with|without|at|against|under|by|from|among|amongst|after|before|during|over|within|between|until|through|than|"
    rf"{_COMPARED})"
)
_PHRASE = re.compile(
    r"(?i)^\W*(?P<continues>(?:(?:and|but|or|so|also|ok(?:ay)?|then|(?:what|how) about|what of)\b[\s,]*){0,3})"
    rf"(?:as )?(?P<phrase>(?:(?P<preposition>{_PREPOSITION}) )?[^?!.:;—]{{2,80}}?)(?:,? (?:too|as well|also|either|then|instead|now))?\W*$"
)
_ASKS = re.compile(
    r"(?i)\b(?:what|which|whom?|whose|how|why|when|where|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|if)\b"
)
"""Words of a whole question, or of one that asks something else."""
_SET_PHRASE = re.compile(
    r"(?i)^(?:in (?:more |greater |some |full )?(?:detail|depth|short|brief|general|particular|other words|total|all|summary|conclusion)|for (?:example|instance|sure)|"
    r"by the way|at (?:all|least|most))\b"
)
_GROUP = re.compile(rf"(?i)(?:\b(?P<preposition>{_PREPOSITION}) (?:[\w/-]+ ){{0,3}})?\b(?:{_PARTICIPANTS})\b")
_REASON = re.compile(r"(?i)^\W*(?:(?:and|but|so|ok(?:ay)?)\b\W*)*(?:why(?: not| so| is (?:that|this|it))?|how so|how come)\W*$")
_BEGINNING = re.compile(r"(?i)^\W*(?:(?:and|so|but|or|ok(?:ay)?)\b\W*)+")
_LEAST = 3
"""Words of an earlier question at least: less says nothing that could be asked of something else. Chosen."""
_SHORT_TAIL = 5
"""Words up to which what stands behind the last such preposition is taken for a phrase of its own. Chosen."""


def completed(question: str, before: str) -> str:
    """The earlier question with the phrase that is all the new one says in place of its counterpart, or behind it; empty where it says another thing.

    >>> completed("And in men?", "Do lamps tire the eyes in women?")
    'Do lamps tire the eyes in men?'
    """
    found = _PHRASE.match(question)
    asked = _BEGINNING.sub("", before.rpartition(" — ")[2]).rstrip(" ?.!")
    if found is None or len(words(asked)) < _LEAST or _ASKS.search(found["phrase"]) or _SET_PHRASE.match(found["phrase"]):
        return ""
    preposition = (found["preposition"] or "").casefold()
    phrase = preposition + found["phrase"][len(preposition) :]
    own = content_words(phrase[len(preposition) :])
    of_group = _is_group(phrase)
    if not own or not (preposition or (found["continues"].strip() and of_group)):
        return ""
    if re.fullmatch(_COMPARED, preposition):
        return f"{phrase[0].upper()}{phrase[1:]} — {asked}?"
    said = _in_place_of_group(asked, phrase, preposition) if of_group else ""
    said = said or _in_place_of_last(asked, phrase, preposition) or f"{asked} {phrase if preposition else f'in {phrase}'}"
    return f"{said}?"


def asks_group(question: str) -> bool:
    """Whether all that it says is whom it asks about: `what about children?`"""
    found = _PHRASE.match(question)
    return found is not None and _ASKS.search(found["phrase"]) is None and _is_group(found["phrase"])


def unmentioned_group(question: str, text: str) -> str:
    """The group that alone the question turns to, `children` in `And in children?`, where the text speaks of no such group; else empty."""
    group = words(question)[-1] if asks_group(question) and words(question) else ""
    said = next((line.split() for line in lists("english.txt")["groups"] if line.split()[0] == group), [])
    return group if said and set(said).isdisjoint(words(text)) else ""


def asks_reason(question: str) -> bool:
    """Whether it asks for the reason of what was said, and says nothing else."""
    return _REASON.match(question) is not None


def reason_of(before: str) -> str:
    """`Why?` as a question for the reason of what the question before it asks about."""
    asked = _BEGINNING.sub("", before)
    return f"Why {asked[0].lower()}{asked[1:]}" if begins_as_whether(asked) else f"Why — {before}"


def _is_group(phrase: str) -> bool:
    last = words(phrase)[-1:]
    return bool(last) and last[0] in word_list("english.txt", "participants")


def _in_place_of_group(asked: str, phrase: str, preposition: str) -> str:
    groups = [*_GROUP.finditer(asked)]
    if not groups:
        return ""
    last = groups[-1]
    own = phrase[len(preposition) :].strip()
    if last["preposition"] is None:
        return f"{asked[: last.start()]}{own}{asked[last.end() :]}"
    start = last.start("preposition")
    between = words(asked[last.end("preposition") : last.end()])[:-1]
    if any(word in FUNCTION_WORDS for word in between[1:]):  # another phrase has begun
        start = last.end() - len(asked[: last.end()].split()[-1])
        return f"{asked[:start]}{own}{asked[last.end() :]}"
    put = phrase if preposition else f"{last['preposition']} {own}"
    return f"{asked[:start]}{put}{asked[last.end() :]}"


def _in_place_of_last(asked: str, phrase: str, preposition: str) -> str:
    """The question with the phrase for the one at its end that begins with the same preposition."""
    if not preposition:
        return ""
    place = asked.casefold().rfind(f" {preposition.casefold()} ")
    tail = asked[place:].split()[1:]
    if place < 0 or len(tail) > _SHORT_TAIL or not content_words(" ".join(tail)) or not content_words(asked[:place]):
        return ""
    return f"{asked[:place]} {phrase}"
