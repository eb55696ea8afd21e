"""What makes a claim no more than partly supported, though its words are met: a part that no source has, or one put in by force.

A doubt is weaker than a fault: such claims are more often wrong than right, but a true one may read like that.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from rag.grounding.entities import missing_names
from rag.grounding.overclaims import overclaim
from rag.grounding.scorer import WHOLE, Claimed, Met
from rag.text.polarity import one_sided_denial
from rag.text.relations import agreed
from rag.text.words import content_words, is_content, words

UNMET = 0.17
"""Share of the claim's meaning that no source has, from which it adds something."""
_UNMET_CAUSE = 0.25
"""The same for what stands behind `because`."""
_CAUSE = re.compile(r"(?i)\b(?:because|due to|owing to|stem(?:s|med|ming)? from|caused by|thanks to)\b")
_GENERIC = frozenset("we our it its this these that they their such here".split())
"""Words by which a sentence is about something named before it."""
_CLAUSES = re.compile(r"[,;:](?! which)|\b(?:while|whereas|and (?:is|are|has|can|also))\b")
_REPORTING = re.compile(r"^(?:\W*+\w++){1,6}? that ")
"""`Moreover, we show that`"""
_SAID = 0.5
"""Share of what the claim says of its subject that one line must hold."""
_OPENING = 4
"""Words at the start of a sentence among which its subject is."""


def lasting_doubt(claim: Claimed, found: Met, near: Sequence[str], texts: int) -> str:
    """The doubt that stays where the learned reader has read the claim: a coined name that no source has, and a subject of one source that
    gets what another of the `texts` says of something else. The others only weigh in its score."""
    if found.names and len(near) <= WHOLE:
        return _unknown(found.names[0])
    return _foreign_subject(claim, found, near) if texts > 1 else ""


def doubt(claim: Claimed, found: Met, near: Sequence[str]) -> str:
    """What is doubtful about the claim, in words; empty if nothing is, and where whole abstracts are the source: they are summed up
    in other words, so that there the signs mean little."""
    if len(near) > WHOLE:
        return ""
    names = dict.fromkeys((*found.names, *found.capitals))
    if names:
        return _unknown(next(iter(names)))
    denied = one_sided_denial(claim.text, near)
    if denied:
        return f"“{denied}” is denied on one side, in the claim or in the source, and not on the other"
    if found.reversed and not agreed(claim.text, near):
        return "the source has the opposite of a word of the claim"
    strong = overclaim(claim.text, near)
    if strong:
        return f"the source does not say “{strong}”"
    if found.unmet_share > UNMET:
        return f"nothing in the source about {_quoted(found.missing or claim.words[:1])}"
    return _invented_cause(claim, found) or _foreign_subject(claim, found, near)


def _unknown(name: str) -> str:
    return f"nothing in the source about “{name}”"


def _quoted(missing: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in missing[:3])


def _invented_cause(claim: Claimed, found: Met) -> str:
    """Where the claim gives a reason of which the sources do not have enough."""
    cause = _CAUSE.search(claim.text)
    if cause is None:
        return ""
    first = sum(is_content(word) for word in words(claim.text[: cause.start()]))
    first += sum(is_content(word) for word in words(cause.group()))
    weights, unmet = claim.weights[first:], found.unmet[first:]
    whole = float(sum(weights))
    if not whole or sum(own * gap for own, gap in zip(weights, unmet, strict=True)) / whole <= _UNMET_CAUSE:
        return ""
    return f"the source does not give this reason (“{cause.group().lower()} …”)"


def _foreign_subject(claim: Claimed, found: Met, near: Sequence[str]) -> str:
    """Where the claim's subject comes from one source, and all that is said of it from another, which says it of something else."""
    if _CLAUSES.search(claim.text):
        return ""
    for at, (source, held) in enumerate(zip(near, found.held, strict=True)):
        first = held.index(True) if any(held) else 0
        others = found.held[:at] + found.held[at + 1 :]
        said_of_it = _weight(claim, held, first)
        if first and said_of_it >= _SAID and any(all(row[:first]) and _weight(claim, row, first) < said_of_it for row in others):
            other = _own_subject(source, claim.text)
            if other:
                return f"the source says this of “{other}”, not of “{' '.join(claim.words[:first])}”"
    return ""


def _weight(claim: Claimed, held: Sequence[bool], first: int) -> float:
    """The share of the claim from its n-th word on that a line holds."""
    whole = float(claim.weights[first:].sum())
    return (
        math.fsum(float(own) for own, there in zip(claim.weights[first:], held[first:], strict=True) if there) / whole
        if whole
        else 0.0
    )


def _own_subject(source: str, claim: str) -> str:
    """What a sentence is about, if it names it: a coined name that the claim has not, or the words that it begins with."""
    names = missing_names(source, [claim])
    if names:
        return names[0]
    said = _REPORTING.sub("", source)
    opening = words(said)[:_OPENING]
    return "" if _GENERIC & set(opening) else " ".join(content_words(said)[:2])
