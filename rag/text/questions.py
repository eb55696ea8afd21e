"""Sentences that ask, or say what was to be found out: an abstract often does either before it answers."""

from __future__ import annotations

import re

from rag.text.connectives import opening

_ASKING = re.compile(
    r"(?i)[“\"'‘(]{0,3}+(?:who|whom|whose|what|which|how|why|when|where|whether|do|does|did|is|are|was|were|has|have|had|can|could|should|would|will|may|might|must|"
    r"(?:in|to|at|for|on|under|by|from|with|of) (?:what|which|whom))\b"
)


def is_question(sentence: str) -> bool:
    """Whether the sentence asks from its first word on; one that says something before it asks (“It is open: can …?”) does not."""
    return sentence.rstrip(" ”\"'’)").endswith("?") and _ASKING.match(sentence, opening(sentence)) is not None


_STUDY = (
    r"(?:ask|test|study|see|learn|assess|evaluate|examine|investigate|explore|determine|establish|ascertain|clarify|compare|estimate|identify|measure|verify|"
    r"summari[sz]e|understand|describe|characteri[sz]e|find out)"
)
_STUDIED = r"(?:asked|tested|studied|assessed|evaluated|examined|investigated|explored|determined|(?:ask|test|study|assess|evaluate|examine|investigate|explore)s?)"
_AUTHORS = r"(?:we|i|the authors|(?:this|the|our|the present|the current) (?:study|paper|trial|work|review|article|experiment))"
_LABEL = r"(?-i:[A-Z]{3,20}(?: [A-Z]{3,20}){0,2}:? )?"
_ALONE = re.compile(rf"(?i){_LABEL}to (?:\w+ly )?{_STUDY}\b[^,;:]*+$")
"""Nothing but what was to be done, as stands under “Objective”."""
_AIM = re.compile(
    rf"(?i){_LABEL}(?:(?:here|therefore|in (?:this|the present) (?:study|paper|work|review|article)),? )?(?:"
    rf"{_AUTHORS} (?:(?:have|then|also|\w+ly) )?{_STUDIED} (?:whether|if|how)\b|"
    rf"{_AUTHORS} (?:(?:have|then|also) )?(?:aims?|aimed|sought|set out|wanted) to (?:\w+ly )?{_STUDY}\b|"
    rf"(?:the|our) (?:\w+ )?(?:aim|objective|purpose|goal) (?:of [^,;:.]{{1,80}} )?(?:is|was) to (?:\w+ly )?{_STUDY}\b)"
)
_TELLS_MORE = re.compile(r"(?i)\b(?:using|by \w+ing|with|where|find|finds|found|show|shows|showed)\b|[:;]|\d")
"""What says how it was done or what came out."""


def is_aim(sentence: str) -> bool:
    """Whether the sentence says only what the authors wanted to find out: `To determine whether …`, `We asked whether …`."""
    start = opening(sentence)
    if _ALONE.match(sentence, start):
        return True
    aim = _AIM.match(sentence, start)
    return aim is not None and _TELLS_MORE.search(sentence, aim.end()) is None
