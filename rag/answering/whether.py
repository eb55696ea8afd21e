"""Yes or no: how an answer to “does …?” begins, where its best sentence says it clearly; elsewhere the quote speaks for itself."""

from __future__ import annotations

import re
from typing import Literal

from rag.protocols import ClaimReader
from rag.query.plan import QueryPlan
from rag.query.yes_no import asks_whether
from rag.retrieval.sentence_ranker import Match

Whether = Literal["yes", "no"]
CLEAR = 0.9
"""The reader's probability that the sentence affirms, or denies, what is asked, from which the word is put: under its title and alone. Chosen on
317 yes/no questions over abstracts that the reader was not trained on: the word is put before 83 gold sentences, twice wrongly; from 0.8 on before
125, nine times wrongly."""

_OFTEN = r"(?:often|usually|widely|commonly|generally|frequently|traditionally|sometimes|long|popularly)"
_HELD = r"(?:said|believed|thought|held|claimed|assumed|supposed|argued|alleged|cited|regarded|considered|seen|hypothesi[sz]ed|suspected|feared|hoped|called)"
_NOT_FOUND = re.compile(
    rf"(?i)\b(?:is|are|was|were|been|being) (?:{_OFTEN} )?{_HELD}\b|\b{_OFTEN} (?:explained|described|presented|portrayed|attributed|promoted|recommended)\b|"
    r"\b(?:hypothesi[sz]e[sd]?|whether|supposedly|allegedly|reportedly|may|might|perhaps|possibly|seems?|appears?)\b|"
    r"(?<!\bwe )(?<!\bi )\b(?:claim(?:s|ed)?|believe[sd]?|think|thinks|thought|argue[sd]?|assume[sd]?|suppose[sd]?|suspect(?:s|ed)?) (?:that|the|it)\b"
)
"""What others hold, what is to be tested, and what only may be: no finding that a “Yes” or “No” could rest on."""


def whether(question: QueryPlan, best: Match, claims: ClaimReader) -> Whether | None:
    """What the best sentence says to a yes/no question, by the learned reader; None if another thing is asked, or it is not clear."""
    if question.foreign or not asks_whether(question.text):
        return None
    if _NOT_FOUND.search(best.text) and not _NOT_FOUND.search(question.text):
        return None
    found = claims.verdicts(question.text, [(best.evidence.paper.title, best.text), ("", best.text)])
    if all(affirmed >= CLEAR for affirmed, _, _ in found):
        return "yes"
    return "no" if all(denied >= CLEAR for _, _, denied in found) else None
