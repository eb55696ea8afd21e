"""What a question takes for granted, held against the paper it is about: `Why does X need Y?` where X obviates Y."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.text.no_finding import NO_FINDING
from rag.text.polarity import opposition, polar_words
from rag.text.relations import agreed, turned_round
from rag.text.words import content_words, is_content, stem, words
from rag.types import Refusal

_WHY = re.compile(
    r"(?i)^(?:so |and |but |ok |then |please )*(?:(?:can you |could you )?(?:explain|tell me|do you know) )?(?:why is it that|why|how come|for what reason)\s+(?!\w+n['’]t\b|not\b)(?:(?:do|does|is|are|did|was|were|has|have|can|would)\b(?! not\b))?"
)
_HOW_FAR = re.compile(
    r"(?i)\b(?:how much|how many times|to what (?:extent|degree))\s++(?P<more>worse|better|slower|faster|quicker|cheaper|larger|smaller|higher|lower|more \w+|less \w+)\s++(?P<verb>is|are|was|were|does|do|did)\s++"
    r"(?P<one>.{2,80}?)\s++than\s++(?P<other>.{2,80}?)(?=\s++(?:when|if|on|at|for|in)\b|[?.!,]|$)"
)
_ASKS_WHETHER = re.compile(
    r"(?i)^(?:and |so |but |ok |then |now )*(?:does|do|did|is|are|was|were|can|could|has|have|had|must|should|will|would)\b|\b(?:whether|any|and (?:does|do|did|is|are|was|were|can|has|have|had))\b"
)
_UNHARMED = r"(?:\w+ ){0,3}?(?:loss|losing|hurting|harming|sacrific\w+|compromis\w+|degrad\w+|affecting|impairing|reducing|changing|altering|damag\w+)\b"
_DOES_AWAY = re.compile(
    rf"(?i)\b(?:without(?! {_UNHARMED})|obviat\w+|avoid\w*|eliminat\w+|circumvent\w*|bypass\w*|free (?:of|from)|omit\w*|dispens\w+ with|instead of|rather than|as opposed to|no need (?:for|of|to)|"
    rf"(?:(?:does|do|did)(?: not|n['’]t)|no longer|not) (?:need|require|rely on|depend on|use|assume|involve)\w*)\s+(?P<what>(?:(?!\b(?:and thus|and thereby|as well|to|while|by)\b)[^.;:()]){{3,120}})"
)
DONE_AWAY = 6
"""Words behind `without` that it speaks of."""
LONG_ENOUGH = 5
"""Letters of a word that names a thing; `two` or `size` may stand anywhere."""
_AVOIDS = re.compile(
    r"(?i)\b(?:avoid\w*|without|not|no|never|needs?|needed|necessary|requir\w+|instead|drop\w*|remov\w+|rid|eliminat\w+|obviat\w+|circumvent\w*|bypass\w*|omit\w*|replac\w+|spare\w*|save\w*|do away|(?:get|work)\w* (?:by|around)|prevent\w*|escap\w+|stop\w*|counter\w*|protect\w*|guard\w*|mitigat\w+|overcom\w+|dont|doesnt|cant|isnt|arent)\b|n['’]t\b"
)


def premise(question: str) -> str:
    """The statement that a question takes for granted: what it wants a reason or a degree for; empty where there is none."""
    if asking := _WHY.match(question):
        return question[asking.end() :].strip(" ?.!")
    more = _HOW_FAR.search(question)
    return f"{more['one']} is {more['more']} than {more['other']}" if more else ""


def premise_fault(question: str, abstract: Sequence[str], near: Sequence[str]) -> Refusal | None:
    """What the question supposes and the abstract's sentences deny; `near` are those that speak of it. None where nothing is."""
    claim = premise(question)
    return Refusal("opposite_premise") if claim and _opposed(claim, near, abstract) else None


def contradiction(question: str, abstract: Sequence[str], near: Sequence[str], fault: Refusal) -> int | None:
    """The place, among the abstract's sentences, of the one that clearly denies what the question supposes; None where no single one does.

    `fault` is what `premise_fault` or `supposed` found.
    """
    if fault.code == "premise_done_without":
        asked = {stem(word) for name in fault.names for word in content_words(name)}
        without = (
            place for place, text in enumerate(abstract) if (asked and asked <= _done_away(text)) or _denies_all(asked, text)
        )
        return next(without, None)
    claim = premise(question)
    return next((abstract.index(text) for text in near if _opposed(claim, [text], abstract)), None)


def _opposed(claim: str, near: Sequence[str], abstract: Sequence[str]) -> bool:
    found = [text for text in near if not NO_FINDING.search(text)]
    return bool(opposition(claim, found, abstract, agreed(claim, abstract)) or turned_round(claim, found, abstract))


def supposed(question: str, abstract: Sequence[str], subject: Collection[str]) -> Refusal | None:
    """What a question asks more about and the abstract only does without: the parts of an ensemble, where there is none.

    `subject`: the words that name the paper. Whoever asks whether, or himself speaks of doing without, supposes nothing.
    """
    if _ASKS_WHETHER.search(question) or _AVOIDS.search(question):
        return None
    away = frozenset[str]().union(*map(_done_away, abstract))
    kept = {stem(word) for text in abstract for word in words(_DOES_AWAY.sub(" ", text))}
    asked = [word for word in content_words(question) if len(word) >= LONG_ENOUGH and word not in subject]
    gone = [word for word in asked if stem(word) in away - kept]
    if not gone:
        return None
    told = words(question)
    behind = told[told.index(gone[-1]) + 1 :][:1]
    thing = " ".join([gone[-1], *filter(is_content, behind)])
    return Refusal("premise_done_without", (thing,))


def _done_away(sentence: str) -> frozenset[str]:
    """The stems of what the sentence says is done without."""
    return frozenset(stem(word) for found in _DOES_AWAY.finditer(sentence) for word in words(found["what"])[:DONE_AWAY])


def _denies_all(wanted: Collection[str], sentence: str) -> bool:
    return bool(wanted) and set(wanted) <= {word.stem for word in polar_words(sentence) if word.denied}
