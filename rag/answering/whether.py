"""Yes or no: how an answer to “does …?” begins, where its best sentence says it clearly; elsewhere the quote speaks for itself."""

from __future__ import annotations

import re
from typing import Literal

from rag.protocols import ClaimReader
from rag.query.plan import QueryPlan
from rag.retrieval.sentence_ranker import Match
from rag.text.polarity import leans_otherwise, opposition
from rag.text.relations import agreed, turned_round
from rag.text.words import content_words, stem, stems

Whether = Literal["yes", "no"]
SURE = 2.5
"""The reader's log-odds from which a sentence clearly answers."""
CLEAR = 0.5
"""The reader's probability that the sentence supports, or contradicts, what is asked, from which the word is put: under its title and alone. Of 185 “yes”
and 61 “no” to questions of the reading set that their abstracts answer, 12 and 19 were wrong by the rules alone, as we read them; 122 and 15 are left, of which 2 and 1 are
wrong."""
SHARED = 0.75
"""The share of the question's content words that a sentence must have to say just what is asked."""

_ASKS = re.compile(
    r"(?i)^(?:and |so |but |then )*(?:does|do|did|is|are|was|were|can|could|has|have|had|must|should|will|would)\s+"
)
_MORE = re.compile(r"(?i)\b(?:or|who|whom|whose|what|which|where|when|how|why|i|you|we|my|any|anything)\b|,|\?\s*+\w")
"""What makes a question more than one statement that holds or not."""
_QUALIFIES = re.compile(
    r"(?i)\b(?:always|only|all|every|each|best|most|alone|fully|never|equally|still|reliably|completely|solely|entirely|just|enough)\b"
)
_DENIES = re.compile(
    r"(?i)\b(?:no|not|nor|neither|never|none|without|cannot|rather than|instead of|except|unlike|lack\w*|fail\w*|insufficient\w*|hardly|rarely|little|few|avoid\w*|eliminat\w*|obviat\w*|free|giv(?:e|es|ing) up|los(?:e|es|ing)|sacrific\w*|hurts?|harms?)\b|n['’]t\b|-free\b"
)
_OFTEN = r"(?:often|usually|widely|commonly|generally|frequently|traditionally|sometimes|long|popularly)"
_HELD = r"(?:said|believed|thought|held|claimed|assumed|supposed|argued|alleged|cited|regarded|considered|seen|hypothesi[sz]ed|suspected|feared|hoped|called)"
_NOT_FOUND = re.compile(
    rf"(?i)\b(?:is|are|was|were|been|being) (?:{_OFTEN} )?{_HELD}\b|\b{_OFTEN} (?:explained|described|presented|portrayed|attributed|promoted|recommended)\b|"
    r"\b(?:hypothesi[sz]e[sd]?|whether|supposedly|allegedly|reportedly|may|might|perhaps|possibly|seems?|appears?)\b|"
    r"(?<!\bwe )(?<!\bi )\b(?:claim(?:s|ed)?|believe[sd]?|think|thinks|thought|argue[sd]?|assume[sd]?|suppose[sd]?|suspect(?:s|ed)?) (?:that|the|it)\b"
)
"""What others hold, what is to be tested, and what only may be: no finding that a “Yes” or “No” could rest on."""


def asks_whether(text: str) -> bool:
    """Whether a question is one statement that holds or not: `Does X need Y?`."""
    asking = _ASKS.match(text)
    return asking is not None and _MORE.search(text, asking.end()) is None


def whether(question: QueryPlan, best: Match, claims: ClaimReader | None = None) -> Whether | None:
    """What the best sentence says to a yes/no question; None if another thing is asked, or it is not clear: by rules and, if it is there, the learned reader."""
    asking = _ASKS.match(question.text)
    if asking is None or question.foreign or _MORE.search(question.text, asking.end()):
        return None
    claim, text = question.text[asking.end() :].rstrip(" ?.!"), best.text
    if _NOT_FOUND.search(text) and not _NOT_FOUND.search(claim):
        return None
    if opposition(claim, [text], [text], agreed(claim, [text])) or turned_round(claim, [text], [text]):
        says: Whether = "no"
    elif _says_just_that(claim, best):
        says = "yes"
    else:
        return None
    return says if claims is None or _is_clear(says, claim, best, claims) else None


def _is_clear(says: Whether, claim: str, best: Match, claims: ClaimReader) -> bool:
    """Whether the learned reader finds the same in the sentence, under its title and alone."""
    found = claims.verdicts(claim, [(best.evidence.paper.title, best.text), ("", best.text)])
    return all((supported if says == "yes" else contradicted) >= CLEAR for supported, _, contradicted in found)


def _says_just_that(claim: str, best: Match) -> bool:
    """Whether the reader is sure of the sentence, it has the claim's words, and neither denies or qualifies anything."""
    text = best.text
    if best.answers is None or best.answers < SURE or leans_otherwise(claim, [text]):
        return False
    if any(pattern.search(part) for pattern in (_DENIES, _QUALIFIES) for part in (claim, text)):
        return False
    asked = [stem(word) for word in content_words(claim)]
    shared = sum(word in stems(text) for word in asked)
    return bool(asked) and shared >= SHARED * len(asked)
