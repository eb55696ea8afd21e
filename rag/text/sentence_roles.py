"""What a sentence does in its abstract: state the problem, the approach, the result, or point to code. By cue words and place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text.cues import alternatives
from rag.types import Role as Role
from rag.types import SentenceRole

Part = SentenceRole

_CODE = re.compile(
    r"https?://|www\.|\b(?:code|implementation|models?|project page|dataset) (?:and [\w ]{1,60} )?(?:is|are|will be|can be)? ?(?:made )?(?:publicly )?(?:available|found|released)\b"
)
_DATA = "sentence_roles.txt"


def _any(name: str) -> str:
    return f"(?:{alternatives(_DATA, name)})"


_RESULT = re.compile(rf"\b{_any('result')}(?!\w)")
_FINDING = re.compile(rf"\b{_any('finding')}\b")
_LEFT_OPEN = re.compile(rf"\b{_any('left_open')}\b")
_APPROACH = re.compile(
    rf"\b{_any('authors')} (?:\w+ ){{0,2}}?{_any('approach_verbs')}|"
    rf"\b(?:is|are) (?:proposed|introduced|presented)\b|\b{_any('approach_phrases')}\b"
)
_STUDIES = re.compile(rf"\b{_any('authors')} (?:\w+ ){{0,2}}?{_any('study_verbs')}")
_PROPOSES = re.compile(rf"\b{_any('proposing_authors')} (?:\w+ ){{0,2}}?{_any('proposing_verbs')}s?\b")
_PROBLEM = re.compile(rf"\b{_any('problem')}\b")


def parts(sentences: Sequence[str], labels: Sequence[str] = ()) -> list[Part]:
    """One part a sentence, in order. An approach, once stated, ends the background; results come after it.

    `labels` holds for each sentence the name of the part that the abstract itself puts it in (`Methods`), or an empty text; a name that
    tells a role decides it, and the wording only how strongly.
    """
    found: list[Part] = []
    for index, sentence in enumerate(sentences):
        place = index / max(1, len(sentences) - 1)
        part = _part(sentence, place, any(part.role == "approach" for part in found))
        role = role_of(labels[index]) if index < len(labels) and part.role != "code" else None
        found.append(part if role is None else Part(role, LABELLED + (part.strength if part.role == role else 0.0)))
    return found


def role_of(label: str) -> Role | None:
    """The role that a label such as `Results` or `Study design` tells, if any."""
    return next((role for name, role in _LABELS if name.search(label)), None)


LEFT_OPEN = 0.2
"""Strength of a sentence that only tells what a study leaves open: less than that of any other result. Chosen."""
LABELLED = 1.0
"""Strength of a sentence under a label, before its wording: as much as one telling phrase."""
_LABELLED_ROLES: tuple[Role, ...] = ("result", "approach", "problem", "background")
_LABELS = tuple((re.compile(rf"(?i)\b{_any(f'labels_{role}')}\b"), role) for role in _LABELLED_ROLES)


def _part(sentence: str, place: float, approach_seen: bool) -> Part:
    sentence = sentence.lower()  # the patterns are in lower case, which is found three times as fast as any case
    if _CODE.search(sentence) and len(sentence.split()) < 25:
        return Part("code", 1.0)
    approach, result, problem = (float(len(pattern.findall(sentence))) for pattern in (_APPROACH, _RESULT, _PROBLEM))
    if approach_seen:
        result += 0.7 * len(_FINDING.findall(sentence))
        if _LEFT_OPEN.search(sentence) and max(approach, result) < 1.0:
            return Part("result", LEFT_OPEN)
    else:
        approach += len(_STUDIES.findall(sentence))
    scores: dict[Role, float] = {
        "approach": 1.6 * approach + 0.5 * bool(_PROPOSES.search(sentence)) + (0.4 if 0.2 < place < 0.8 else 0.0),
        "result": 1.0 * result + 0.8 * max(0.0, place - 0.5) + (0.3 if approach_seen else -0.8),
        "problem": 1.0 * problem + 0.8 * max(0.0, 0.5 - place) - (0.9 if approach_seen else 0.0),
        "background": 0.9 - 2.0 * place - (0.5 if approach_seen else 0.0),
    }
    best = max(scores, key=lambda role: scores[role])
    return Part(best, scores[best]) if scores[best] > 0.3 or not approach_seen else Part("approach", 0.3)
